# SPDX-License-Identifier: GPL-3.0-or-later
"""What an artist changes in the scene is in the asset that is read back, and nothing else has changed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.blender.zoo import Load, cabinet, differences, names, zoo


class Rig:
    """An asset in the scene, and how to read it."""

    def __init__(self, bpy: Any, load: Load, make: Any) -> None:
        self.bpy, self.load, self.m = bpy, load, names(load)
        self.scene = load("physx_blender.scene")
        self.errors = load("physx_blender.errors")
        self.before = make(self.m)
        self.armature = self.scene.asset_to_scene(self.before, bpy.context)
        self.notes: list[str] = []

    def read(self, **options: Any) -> Any:
        self.notes.clear()
        depsgraph = self.bpy.context.evaluated_depsgraph_get()
        return self.scene.scene_to_asset(self.armature, depsgraph, notes=self.notes, **options)

    def object(self, name: str) -> Any:
        return self.bpy.data.objects[name]

    def part(self, asset: Any, name: str) -> Any:
        return next(p for p in asset.parts if p.name == name)

    def link_mass(self, asset: Any, name: str) -> Any:
        return self.load("physx_blender.model.inertia").link_mass_properties(asset, name)


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Rig:
    return Rig(bpy, from_extension, cabinet)


@pytest.fixture
def zoo_rig(bpy: Any, from_extension: Load) -> Rig:
    return Rig(bpy, from_extension, zoo)


def corners(part: Any) -> Any:
    """Vertices of a part in the asset frame, sorted."""
    points = np.concatenate([s.mesh().vertices for s in part.shapes])
    return points[np.lexsort(np.round(points, 5).T)]


def test_moved_and_turned_asset_is_exported_where_it_is(zoo_rig: Rig) -> None:
    rig = zoo_rig
    rig.armature.location = (1.0, -2.0, 0.5)
    rig.armature.rotation_euler = (0.3, -0.2, 1.1)
    after = rig.read()
    pose = rig.m.Pose.from_matrix(np.array(rig.armature.matrix_world))
    here, there = (
        rig.before.link_poses(rig.before.current_positions()),
        after.link_poses(after.current_positions()),
    )
    for old, new in zip(rig.before.parts, after.parts, strict=True):
        for a, b in zip(old.shapes, new.shapes, strict=True):
            expected = pose.matrix @ here[old.link].matrix @ a.pose.matrix
            assert np.abs(there[new.link].matrix @ b.pose.matrix - expected).max() < 2e-6, new.name
    assert differences(rig.before, rig.read(placed=False)) == []


def test_uniform_scale_scales_lengths_masses_and_inertia(zoo_rig: Rig) -> None:
    rig = zoo_rig
    rig.armature.scale = (2.0, 2.0, 2.0)
    after = rig.read()
    for link in rig.before.links:
        old, new = rig.link_mass(rig.before, link.name), rig.link_mass(after, link.name)
        assert new.mass == pytest.approx(8.0 * old.mass, rel=1e-6)
        assert np.allclose(new.matrix, 32.0 * old.matrix, rtol=1e-5, atol=1e-9)
        assert np.allclose(new.centre, 2.0 * np.array(old.centre), atol=1e-6)
    for old, new in zip(rig.before.joints, after.joints, strict=True):
        assert np.allclose(new.anchor, 2.0 * np.array(old.anchor), atol=1e-6)
        assert new.angle_limits == old.angle_limits
        if old.travel_limits is not None:
            assert np.allclose(new.travel_limits, 2.0 * np.array(old.travel_limits))
    here, there = (
        rig.before.link_poses(rig.before.current_positions()),
        after.link_poses(after.current_positions()),
    )
    for link in rig.before.links:
        assert np.allclose(there[link.name].position, 2.0 * np.array(here[link.name].position), atol=2e-6)
    kinds = [[s.shape.kind for s in p.shapes] for p in after.parts]
    assert kinds == [[s.shape.kind for s in p.shapes] for p in rig.before.parts]


@pytest.mark.parametrize(("scale", "word"), [((1.0, 1.0, 2.0), "same scale"), ((-1.0, 1.0, 1.0), "negative")])
def test_scale_that_joints_cannot_follow_is_refused(rig: Rig, scale: Any, word: str) -> None:
    rig.armature.scale = scale
    with pytest.raises(rig.errors.AssetError, match=word):
        rig.read()


def test_renamed_part_link_and_asset(rig: Rig) -> None:
    rig.object("door").name = "left door"
    rig.armature.data.bones["door"].name = "wing"
    rig.armature.name = "cupboard"
    after = rig.read()
    assert after.name == "cupboard"
    assert {p.name: p.link for p in after.parts} == {
        "body": "base",
        "left door": "wing",
        "knob": "wing",
        "drawer": "drawer",
    }
    assert after.joint_of["wing"].name == "door hinge"


def test_deleted_part_leaves_and_takes_its_empty_link_along(rig: Rig) -> None:
    rig.bpy.data.objects.remove(rig.object("drawer"))
    after = rig.read()
    assert [p.name for p in after.parts] == ["body", "door", "knob"]
    assert [link.name for link in after.links] == ["base", "door"]
    assert any("drawer" in note for note in rig.notes)


def test_part_of_a_deleted_bone_is_named(rig: Rig) -> None:
    bpy = rig.bpy
    bpy.ops.object.mode_set(mode="EDIT")
    rig.armature.data.edit_bones.remove(rig.armature.data.edit_bones["door"])
    bpy.ops.object.mode_set(mode="OBJECT")
    with pytest.raises(rig.errors.AssetError, match=r"part '(door|knob)'.*bone 'door'"):
        rig.read()


def test_added_part_on_a_bone_and_on_another_part(rig: Rig) -> None:
    bpy = rig.bpy
    bpy.ops.mesh.primitive_cube_add(size=0.1, location=(1.0, 2.0, 3.0))
    cube = bpy.context.object
    bpy.ops.object.select_all(action="DESELECT")
    cube.select_set(True)
    bpy.context.view_layer.objects.active = rig.armature
    rig.armature.select_set(True)
    rig.armature.data.bones.active = rig.armature.data.bones["drawer"]
    bpy.ops.object.parent_set(type="BONE", keep_transform=True)
    sphere = bpy.data.objects.new("ball", bpy.data.meshes["Cube"].copy())
    bpy.context.collection.objects.link(sphere)
    sphere.parent = rig.object("door")
    after = rig.read()
    added = rig.part(after, "Cube")
    assert added.link == "drawer"
    low, high = corners(added).min(axis=0), corners(added).max(axis=0)
    assert np.allclose([low, high], [[0.95, 1.95, 2.95], [1.05, 2.05, 3.05]], atol=1e-6)
    assert rig.link_mass(after, "drawer").mass == pytest.approx(
        1.5 + 0.001 * added.material.density, rel=1e-5
    )
    assert rig.part(after, "ball").link == "door"
    assert np.allclose(corners(rig.part(after, "ball")).mean(axis=0), (-0.15, -0.209, 0.4), atol=1e-6)


def test_edited_mesh_becomes_a_mesh_and_the_rest_stays(zoo_rig: Rig) -> None:
    rig = zoo_rig
    mesh = rig.object("sliding part").data
    owner = mesh.attributes["simready_shape"]
    wanted = {v for p in mesh.polygons if owner.data[p.index].value == 2 for v in p.vertices}
    for v in wanted:
        mesh.vertices[v].co.z *= 1.5
    after = rig.read()
    shapes = rig.part(after, "sliding part").shapes
    old = rig.part(rig.before, "sliding part").shapes
    assert [s.shape.kind for s in shapes] == ["cylinder", "mesh"]
    assert differences(shapes[0], old[0]) == []
    local = old[0].pose.inverse().apply(shapes[1].mesh().vertices)
    expected = old[0].pose.inverse().apply(old[1].mesh().vertices) * (1.0, 1.0, 1.5)
    assert np.allclose(
        [local.min(axis=0), local.max(axis=0)], [expected.min(axis=0), expected.max(axis=0)], atol=1e-6
    )


def test_box_with_a_side_moved_in_edit_mode_stays_a_box(rig: Rig) -> None:
    mesh = rig.object("drawer").data
    for vertex in mesh.vertices:
        if vertex.co.z > 0:
            vertex.co.z += 0.05
    (shape,) = rig.part(rig.read(), "drawer").shapes
    assert shape.shape.kind == "box"
    assert np.allclose(shape.shape.size, (0.25, 0.35, 0.2), atol=1e-6)
    assert np.allclose(shape.pose.position, (0.15, 0.0, 0.625), atol=1e-6)
    for vertex in mesh.vertices:
        if vertex.co.z > 0:
            vertex.co.z -= 0.4  # through the floor of the box: inside out
    (shape,) = rig.part(rig.read(), "drawer").shapes
    assert shape.shape.kind == "mesh"
    rig.object("door").data.vertices[0].co.x += 0.01
    assert rig.part(rig.read(), "door").shapes[0].shape.kind == "mesh"


def test_remeshed_part_is_the_new_mesh(rig: Rig) -> None:
    bpy = rig.bpy
    door = rig.object("door")
    bpy.context.view_layer.objects.active = door
    door.data.remesh_voxel_size = 0.006
    bpy.ops.object.voxel_remesh()
    after = rig.part(rig.read(), "door")
    assert [s.shape.kind for s in after.shapes] == ["mesh"]
    volume = after.shapes[0].volume_properties().mass
    assert volume == pytest.approx(0.29 * 0.018 * 0.76, rel=0.1)
    assert np.allclose(corners(after).mean(axis=0), (-0.15, -0.209, 0.4), atol=0.01)


def test_modifiers_count_as_seen(rig: Rig) -> None:
    door = rig.object("door")
    array = door.modifiers.new("Array", "ARRAY")
    array.count = 2
    array.use_relative_offset, array.use_constant_offset = False, True
    array.constant_offset_displace = (0.0, -0.1, 0.0)
    mass = rig.link_mass(rig.before, "door").mass
    panel = 0.29 * 0.018 * 0.76 * 720.0
    assert rig.link_mass(rig.read(), "door").mass == pytest.approx(mass + panel, rel=1e-5)
    array.show_viewport = False
    assert differences(rig.before, rig.read()) == []


def test_hidden_part_with_modifier_counts_as_well(rig: Rig) -> None:
    door = rig.object("door")
    solid = door.modifiers.new("Subdivision", "SUBSURF")
    solid.subdivision_type, solid.levels = "SIMPLE", 1
    door.hide_set(True)
    shapes = rig.part(rig.read(), "door").shapes
    assert len(shapes[0].mesh().vertices) > 8


def test_part_put_on_another_bone(rig: Rig) -> None:
    knob = rig.object("knob")
    rig.bpy.context.view_layer.update()
    world = knob.matrix_world.copy()
    knob.parent_bone = "drawer"
    rig.bpy.context.view_layer.update()
    knob.matrix_world = world
    after = rig.part(rig.read(), "knob")
    before = rig.part(rig.before, "knob")
    assert after.link == "drawer"
    assert np.allclose(after.shapes[0].pose.matrix, before.shapes[0].pose.matrix, atol=2e-6)
    assert after.shapes[0].shape == before.shapes[0].shape


def test_moved_part_keeps_its_shape(rig: Rig) -> None:
    drawer = rig.object("drawer")
    drawer.location.z -= 0.25
    drawer.rotation_euler.z = math.pi / 2
    (shape,) = rig.part(rig.read(), "drawer").shapes
    assert shape.shape == rig.part(rig.before, "drawer").shapes[0].shape
    assert np.allclose(shape.pose.position, (0.15, 0.0, 0.35), atol=1e-6)
    assert np.allclose(shape.pose.rotation[:, 0], (0, 1, 0), atol=1e-6)


def test_stretched_box_stays_a_box_and_other_shapes_become_meshes(rig: Rig) -> None:
    rig.object("drawer").scale = (1.0, 2.0, 0.5)
    rig.object("knob").scale = (1.0, 2.0, 1.0)
    after = rig.read()
    (box,) = rig.part(after, "drawer").shapes
    assert np.allclose(box.shape.size, (0.25, 0.7, 0.075), atol=1e-6)
    (knob,) = rig.part(after, "knob").shapes
    assert knob.shape.kind == "mesh"
    assert any("knob" in note for note in rig.notes)
    before = rig.part(rig.before, "knob").shapes[0].mesh()
    assert knob.volume_properties().mass == pytest.approx(
        2.0 * rig.m.Mesh(before).volume_properties().mass, rel=1e-4
    )


def test_mirrored_part_is_right_side_out(zoo_rig: Rig) -> None:
    rig = zoo_rig
    rig.object("floating part").scale = (-1.0, 1.0, 1.0)
    (shape,) = rig.part(rig.read(), "floating part").shapes
    before = rig.part(rig.before, "floating part").shapes[0]
    assert shape.volume_properties().mass == pytest.approx(before.volume_properties().mass, rel=1e-5)
    assert any("negative scale" in note for note in rig.notes)


def test_duplicated_part_is_a_part_of_its_own(zoo_rig: Rig) -> None:
    rig = zoo_rig
    hinged = rig.object("hinged part")
    copy = hinged.copy()
    copy.data = hinged.data.copy()
    rig.bpy.context.collection.objects.link(copy)
    copy.location.z += 1.0
    after = rig.read()
    old, new = rig.part(after, "hinged part"), rig.part(after, "hinged part.001")
    assert differences(old, rig.part(rig.before, "hinged part")) == []
    assert new.shapes[0].shape == old.shapes[0].shape
    assert np.allclose(new.shapes[0].pose.position, np.add(old.shapes[0].pose.position, (0, 0, 1)), atol=1e-6)
    assert new.collision is None
    assert any("collider" in note for note in rig.notes)


def test_joined_parts_keep_the_volume_of_both(rig: Rig) -> None:
    bpy = rig.bpy
    door, knob = rig.object("door"), rig.object("knob")
    volume = sum(s.volume_properties().mass for n in ("door", "knob") for s in rig.part(rig.before, n).shapes)
    bpy.ops.object.select_all(action="DESELECT")
    for obj in (door, knob):
        obj.select_set(True)
    bpy.context.view_layer.objects.active = door
    bpy.ops.object.join()
    after = rig.read()
    assert [p.name for p in after.parts] == ["body", "door", "drawer"]
    joined = sum(s.volume_properties().mass for s in rig.part(after, "door").shapes)
    # the knob is a 32-sided prism now
    assert joined == pytest.approx(volume, rel=1e-3)


def test_edit_mode_that_changes_nothing_changes_nothing(zoo_rig: Rig) -> None:
    rig = zoo_rig
    for obj in list(rig.armature.children_recursive):
        if obj.type == "MESH" and not obj.hide_get():
            rig.bpy.context.view_layer.objects.active = obj
            rig.bpy.ops.object.mode_set(mode="EDIT")
            rig.bpy.ops.object.mode_set(mode="OBJECT")
    rig.bpy.context.view_layer.objects.active = rig.armature
    rig.bpy.ops.object.mode_set(mode="EDIT")
    rig.bpy.ops.object.mode_set(mode="OBJECT")
    assert differences(rig.before, rig.read()) == []


def test_rotation_applied_to_a_part_keeps_its_place(rig: Rig) -> None:
    bpy = rig.bpy
    knob = rig.object("knob")
    bpy.ops.object.select_all(action="DESELECT")
    knob.select_set(True)
    bpy.context.view_layer.objects.active = knob
    bpy.ops.object.transform_apply(location=True, rotation=True, scale=True)
    after = rig.part(rig.read(), "knob")
    before = rig.part(rig.before, "knob").shapes[0].mesh().vertices
    points = np.concatenate([s.mesh().vertices for s in after.shapes])
    assert np.allclose([points.min(0), points.max(0)], [before.min(0), before.max(0)], atol=2e-6)


def test_uniformly_scaled_part_with_given_mass(rig: Rig) -> None:
    rig.object("drawer").scale = (2.0, 2.0, 2.0)
    drawer = rig.part(rig.read(), "drawer")
    assert np.allclose(drawer.shapes[0].shape.size, (0.5, 0.7, 0.3), atol=1e-6)
    assert drawer.mass == pytest.approx(12.0, rel=1e-6)


def test_moved_bone_takes_its_anchor_axis_and_parts_along(rig: Rig) -> None:
    bpy = rig.bpy
    bpy.ops.object.mode_set(mode="EDIT")
    bone = rig.armature.data.edit_bones["door"]
    for end in ("head", "tail"):
        setattr(bone, end, getattr(bone, end) + type(bone.head)((0.0, -0.1, 0.0)))
    bpy.ops.object.mode_set(mode="OBJECT")
    after = rig.read()
    joint = after.joint_of["door"]
    assert np.allclose(joint.anchor, (-0.295, -0.3, 0.4), atol=1e-6)
    assert np.allclose(joint.axis, (0, 0, 1), atol=1e-6)
    assert np.allclose(rig.part(after, "door").shapes[0].pose.position, (-0.15, -0.309, 0.4), atol=1e-6)


def test_added_bone_is_a_link_with_a_joint(rig: Rig) -> None:
    bpy = rig.bpy
    bpy.ops.object.mode_set(mode="EDIT")
    bones = rig.armature.data.edit_bones
    bone = bones.new("flap")
    bone.head, bone.tail, bone.parent = (0.1, 0.2, 0.3), (0.3, 0.2, 0.3), bones["door"]
    bpy.ops.object.mode_set(mode="OBJECT")
    knob = rig.object("knob")
    knob.parent_bone = "flap"
    rig.armature.pose.bones["flap"].simready_joint.kind = "hinge"
    after = rig.read()
    joint = after.joint_of["flap"]
    assert (joint.parent, joint.kind.value, joint.angle_limits) == ("door", "hinge", None)
    assert np.allclose(joint.axis, (1, 0, 0), atol=1e-6)
    assert np.allclose(joint.anchor, (0.1, 0.2, 0.3), atol=1e-6)


def test_pose_is_read_back_and_geometry_stays_at_rest(rig: Rig) -> None:
    bones = rig.armature.pose.bones
    bones["door"].rotation_euler.y = -0.7
    bones["drawer"].location.y = 0.123
    after = rig.read()
    assert after.joint_of["door"].position == pytest.approx((-0.7,), abs=1e-6)
    assert after.joint_of["drawer"].position == pytest.approx((0.123,), abs=1e-6)
    assert differences(rig.before.parts, after.parts) == []
    assert differences([j.anchor for j in rig.before.joints], [j.anchor for j in after.joints]) == []


def test_limits_hold_the_pose(rig: Rig) -> None:
    bones = rig.armature.pose.bones
    bones["door"].rotation_euler.y = 3.0
    bones["drawer"].location.y = 2.0
    after = rig.read()
    assert after.joint_of["door"].position == pytest.approx((0.0,), abs=2e-6)
    assert after.joint_of["drawer"].position == pytest.approx((0.3,), abs=2e-6)
    bones["drawer"].simready_joint.travel_high = 0.5
    assert rig.read().joint_of["drawer"].position == pytest.approx((0.5,), abs=2e-6)
    assert rig.read().joint_of["drawer"].travel_limits == pytest.approx((0.0, 0.5))


def test_parts_follow_the_forward_kinematics_of_the_model(zoo_rig: Rig) -> None:
    rig = zoo_rig
    rig.bpy.context.view_layer.update()
    poses = rig.before.link_poses(rig.before.current_positions())
    for part in rig.before.parts:
        if part.link == "follower" or not part.shapes:
            continue  # the driver moves it to where its leader says, not to the stored position
        seen = np.array(rig.object(part.name).matrix_world)
        assert np.abs(seen - (poses[part.link] @ part.shapes[0].pose).matrix).max() < 3e-6, part.name


def test_follower_follows(zoo_rig: Rig) -> None:
    rig = zoo_rig
    rig.armature.pose.bones["hinged"].rotation_euler.y = 0.8
    assert rig.read().joint_of["follower"].position == pytest.approx((0.8 * -0.5 + 0.01,), abs=1e-6)


def test_joint_settings_come_back(rig: Rig) -> None:
    settings = rig.armature.pose.bones["door"].simready_joint
    settings.kind = "ball"
    settings.angle_high = 0.5
    settings.damping = 0.25
    joint = rig.read().joint_of["door"]
    assert (joint.kind.value, joint.angle_limits, joint.damping) == ("ball", (0.0, 0.5), 0.25)


def test_inverted_limits_are_named(rig: Rig) -> None:
    settings = rig.armature.pose.bones["door"].simready_joint
    settings.angle_low, settings.angle_high = 1.0, 0.0
    with pytest.raises(rig.errors.AssetError, match=r"joint 'door hinge'.*57\.2958.*upper"):
        rig.read()


def test_colour_and_texture_edits(zoo_rig: Rig) -> None:
    rig = zoo_rig
    material = rig.object("base part").active_material
    shader = next(n for n in material.node_tree.nodes if n.bl_idname == "ShaderNodeBsdfPrincipled")
    shader.inputs["Base Color"].default_value = (1.0, 0.0, 0.214041, 1.0)
    image = rig.bpy.data.images["label"]
    pixels = list(image.pixels)
    pixels[0:3] = (0.0, 0.0, 0.0)
    image.pixels = pixels
    after = rig.read()
    assert rig.part(after, "base part").colour == pytest.approx((1.0, 0.0, 0.5, 0.5), abs=1e-4)
    texture = rig.part(after, "hinged part").texture
    assert texture.data.startswith(b"\x89PNG")
    assert texture.data != rig.part(rig.before, "hinged part").texture.data


def test_two_assets_of_the_same_names_do_not_mix(rig: Rig) -> None:
    second = rig.scene.asset_to_scene(rig.before, rig.bpy.context)
    assert second.name != rig.armature.name
    rig.armature.location.x = 5.0
    after = rig.scene.scene_to_asset(second, rig.bpy.context.evaluated_depsgraph_get())
    assert differences(rig.before, after) == []


def test_failure_leaves_nothing_behind(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    bpy, module = rig.bpy, rig.load("physx_blender.scene.asset_to_scene")
    before = {
        name: len(getattr(bpy.data, name))
        for name in ("objects", "meshes", "materials", "armatures", "images", "collections")
    }

    def fail(*_: Any) -> None:
        raise rig.errors.AssetError("on purpose")

    monkeypatch.setattr(module, "_record_positions", fail)
    with pytest.raises(rig.errors.AssetError, match="on purpose"):
        rig.scene.asset_to_scene(zoo(rig.m), bpy.context)
    assert {name: len(getattr(bpy.data, name)) for name in before} == before


def test_save_and_load_keeps_everything(zoo_rig: Rig, tmp_path: Any) -> None:
    rig, bpy = zoo_rig, zoo_rig.bpy
    path = str(tmp_path / "zoo.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    rig.armature = bpy.data.objects["zoo.1"]
    assert differences(rig.before, rig.read()) == []


def test_renamed_joint_keeps_its_followers(zoo_rig: Rig) -> None:
    rig = zoo_rig
    rig.armature.pose.bones["hinged"].simready_joint.name = "leader"
    after = rig.read()
    assert after.joint_of["follower"].mimic.joint == "leader"
    rig.armature.pose.bones["hinged"].rotation_euler.y = 0.8
    assert rig.read().joint_of["follower"].position == pytest.approx((0.8 * -0.5 + 0.01,), abs=1e-6)


def test_mesh_edited_without_leaving_edit_mode(rig: Rig) -> None:
    import bmesh

    door = rig.object("door")
    rig.bpy.context.view_layer.objects.active = door
    rig.bpy.ops.object.mode_set(mode="EDIT")
    edited = bmesh.from_edit_mesh(door.data)
    for vertex in edited.verts:
        vertex.co.z *= 0.5
    bmesh.update_edit_mesh(door.data)
    asset = rig.load("operators.common").read_asset(rig.bpy.context, [])
    low, high = corners(rig.part(asset, "door")).min(axis=0), corners(rig.part(asset, "door")).max(axis=0)
    assert np.allclose(high - low, (0.29, 0.018, 0.38), atol=1e-6)


def test_text_becomes_a_part(rig: Rig) -> None:
    bpy = rig.bpy
    bpy.ops.object.text_add()
    label = bpy.context.object
    label.data.extrude = 0.01
    label.parent, label.parent_type, label.parent_bone = rig.armature, "BONE", "door"
    part = rig.part(rig.read(), label.name)
    assert part.link == "door"
    assert sum(s.volume_properties().mass for s in part.shapes) > 1e-4


def test_rig_on_a_scaled_empty(rig: Rig) -> None:
    empty = rig.bpy.data.objects.new("stage", None)
    rig.bpy.context.collection.objects.link(empty)
    empty.scale, empty.location = (2.0, 2.0, 2.0), (0.0, 0.0, 1.0)
    rig.armature.parent = empty
    after = rig.read()
    assert np.allclose(after.joint_of["door"].anchor, (-0.59, -0.4, 1.8), atol=1e-6)


def test_constrained_part_is_exported_where_it_is_seen(rig: Rig) -> None:
    target = rig.bpy.data.objects.new("target", None)
    rig.bpy.context.collection.objects.link(target)
    target.location = (1.0, 2.0, 3.0)
    knob = rig.object("knob")
    knob.constraints.new("COPY_LOCATION").target = target
    (shape,) = rig.part(rig.read(), "knob").shapes
    assert np.allclose(shape.pose.position, (1.0, 2.0, 3.0), atol=1e-5)
