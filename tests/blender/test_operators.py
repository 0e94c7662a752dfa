# SPDX-License-Identifier: GPL-3.0-or-later
"""The operators, as a script or a user calls them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.blender.zoo import Load, cabinet, differences, names, zoo


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


def load(from_extension: Load, path: Path) -> Any:
    return from_extension("physx_blender.formats.convert").load_asset(path)


def test_package_goes_out_and_comes_in_again(bpy: Any, from_extension: Load, tmp_path: Path) -> None:
    asset = zoo(names(from_extension))
    from_extension("physx_blender.scene").asset_to_scene(asset, bpy.context)
    assert bpy.ops.simready.export_package(directory=str(tmp_path / "out")) == {"FINISHED"}
    written = sorted(p.suffix for p in (tmp_path / "out").iterdir() if p.is_file())
    assert written == [".json", ".urdf", ".xml"]
    assert differences(asset, load(from_extension, tmp_path / "out")) == []
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    assert bpy.ops.simready.import_asset(filepath=str(tmp_path / "out" / "asset.json")) == {"FINISHED"}
    back = from_extension("operators.common").read_asset(bpy.context, [])
    assert differences(asset, back) == []


@pytest.mark.parametrize(("operator", "suffix"), [("export_mjcf", ".xml"), ("export_urdf", ".urdf")])
def test_export_and_import_keep_the_kinematics(
    bpy: Any, from_extension: Load, rig: Any, tmp_path: Path, operator: str, suffix: str
) -> None:
    before = from_extension("operators.common").read_asset(bpy.context, [])
    path = tmp_path / f"shelf{suffix}"
    assert getattr(bpy.ops.simready, operator)(filepath=str(path)) == {"FINISHED"}
    assert path.is_file()
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    assert bpy.ops.simready.import_asset(filepath=str(path)) == {"FINISHED"}
    after = from_extension("operators.common").read_asset(bpy.context, [])
    assert {j.name: j.kind for j in after.joints} == {j.name: j.kind for j in before.joints}
    mass = from_extension("physx_blender.model.inertia").link_mass_properties
    for link in before.links:
        assert mass(after, link.name).mass == pytest.approx(mass(before, link.name).mass, rel=1e-6)
    q = {"door hinge": (-1.0,), "drawer slide": (0.2,)}
    here, there = before.link_poses(q), after.link_poses(q)
    for link in before.links:
        assert np.allclose(here[link.name].matrix, there[link.name].matrix, atol=1e-6)


def test_export_with_an_edited_concave_part_needs_no_backend(
    bpy: Any, from_extension: Load, rig: Any, tmp_path: Path
) -> None:
    body = bpy.data.objects["body"]
    body.data.vertices[0].co.x -= 0.01
    assert bpy.ops.simready.export_mjcf(filepath=str(tmp_path / "cabinet.xml")) == {"FINISHED"}
    text = (tmp_path / "cabinet.xml").read_text()
    assert text.count('mesh="') > 4
    convex = from_extension("physx_blender.scene.convex")
    asset = convex.with_convex_collision(from_extension("operators.common").read_asset(bpy.context, []), [])
    inside = next(p for p in asset.parts if p.name == "body").collision
    assert 5 <= len(inside) <= 12
    hand = np.array([0.0, -0.1, 0.4]) + 0.05 * np.random.default_rng(0).normal(size=(200, 3)).clip(-1, 1)
    for piece in inside:
        mesh = piece.mesh()
        a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
        normal = np.cross(b - a, c - a)
        outside = ((hand[:, None] - a) * normal).sum(axis=2).max(axis=1)
        assert (outside > 0).all(), "a piece fills the inside of the cabinet"


def test_origin_of_an_export_can_be_the_asset(
    bpy: Any, from_extension: Load, rig: Any, tmp_path: Path
) -> None:
    rig.location = (3.0, 2.0, 1.0)
    bpy.ops.simready.export_mjcf(filepath=str(tmp_path / "scene.xml"))
    bpy.ops.simready.export_mjcf(filepath=str(tmp_path / "asset.xml"), placement="ASSET")
    here, there = (load(from_extension, tmp_path / f"{n}.xml") for n in ("asset", "scene"))
    shift = np.array(there.joints[0].anchor) - np.array(here.joints[0].anchor)
    assert np.allclose(shift, (3.0, 2.0, 1.0), atol=1e-6)


def test_undo_takes_an_import_back_and_redo_brings_it_again(
    bpy: Any, from_extension: Load, tmp_path: Path
) -> None:
    asset = cabinet(names(from_extension))
    from_extension("physx_blender.formats.package").write_package(asset, tmp_path / "cabinet")
    bpy.ops.ed.undo_push(message="Before")
    before = {
        name: sorted(getattr(bpy.data, name).keys())
        for name in ("objects", "meshes", "armatures", "materials", "collections")
    }
    bpy.ops.simready.import_asset("EXEC_DEFAULT", True, filepath=str(tmp_path / "cabinet"))
    assert "cabinet" in bpy.data.objects
    bpy.ops.ed.undo()
    after = {name: sorted(getattr(bpy.data, name).keys()) for name in before}
    assert after == before
    bpy.ops.ed.redo()
    back = from_extension("operators.common").read_asset(bpy.context, [])
    assert differences(asset, back) == []


def test_undo_takes_an_edit_of_a_joint_back(bpy: Any, from_extension: Load, rig: Any) -> None:
    bpy.ops.ed.undo_push(message="Before")
    settings = rig.pose.bones["door"].simready_joint
    settings.kind = "slide"
    bpy.ops.ed.undo_push(message="Changed")
    bpy.ops.ed.undo()
    back = from_extension("operators.common").read_asset(bpy.context, [])
    assert differences(cabinet(names(from_extension)), back) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "neither XML nor JSON"), ("<robot", "line 1"), ("<html/>", "<html>"), ("{}", "asset.json")],
)
def test_bad_files_are_refused_and_nothing_is_made(bpy: Any, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.urdf"
    path.write_text(text)
    with pytest.raises(RuntimeError, match=message):
        bpy.ops.simready.import_asset(filepath=str(path))
    assert not bpy.data.objects


def test_check_finds_the_culprit_and_selects_it(bpy: Any, from_extension: Load, rig: Any) -> None:
    bpy.data.objects["drawer"].location.z += 3.0
    bpy.data.objects["knob"].simready_part.density = 0.01
    bpy.ops.simready.check()
    panel = bpy.context.window_manager.simready
    assert panel.checked == "cabinet"
    index = next(i for i, f in enumerate(panel.findings) if f.element.startswith("part"))
    bpy.ops.simready.select_element(index=index)
    assert bpy.context.active_object.name in panel.findings[index].element


def test_unreadable_scene_is_the_first_problem(bpy: Any, rig: Any) -> None:
    rig.scale = (1, 2, 1)
    with pytest.raises(RuntimeError, match="same scale"):
        bpy.ops.simready.check()
    assert "same scale" in bpy.context.window_manager.simready.findings[0].message


def test_material_from_the_table_counts_as_confirmed(bpy: Any, from_extension: Load, rig: Any) -> None:
    door = bpy.data.objects["door"]
    for obj in bpy.context.view_layer.objects.selected:
        obj.select_set(False)
    bpy.context.view_layer.objects.active = door
    door.select_set(True)
    materials = from_extension("physx_blender.model.materials").MATERIALS
    name = sorted(materials)[0]
    assert bpy.ops.simready.set_material(material=name) == {"FINISHED"}
    part = next(
        p for p in from_extension("operators.common").read_asset(bpy.context, []).parts if p.name == "door"
    )
    assert part.material.name == name
    assert part.material.density == pytest.approx(materials[name].density)
    assert not part.material.estimated


def test_open_and_close(bpy: Any, from_extension: Load, rig: Any) -> None:
    read = from_extension("operators.common").read_asset
    bpy.ops.simready.open_pose(share=1.0)
    assert {j.name: round(j.position[0], 4) for j in read(bpy.context, []).joints} == {
        "door hinge": -1.9,
        "drawer slide": 0.3,
    }
    bpy.ops.simready.rest_pose()
    assert all(abs(j.position[0]) < 1e-6 for j in read(bpy.context, []).joints)


def test_flipped_axis_and_moved_anchor_leave_the_parts_alone(
    bpy: Any, from_extension: Load, rig: Any
) -> None:
    read = from_extension("operators.common").read_asset
    before = read(bpy.context, [])
    bpy.context.view_layer.objects.active = bpy.data.objects["door"]
    bpy.context.scene.cursor.location = (0.0, -0.2, 0.1)
    bpy.ops.simready.flip_joint_axis()
    bpy.ops.simready.joint_move_pivot(target="CURSOR")
    after = read(bpy.context, [])
    joint = after.joint_of["door"]
    assert np.allclose(joint.axis, (0, 0, -1), atol=1e-6)
    assert np.allclose(joint.anchor, (0.0, -0.2, 0.1), atol=1e-6)
    assert differences(before.parts, after.parts, tolerance=2e-6) == []
    rig.pose.bones["door"].rotation_euler.y = -1.0
    assert read(bpy.context, []).joint_of["door"].position == pytest.approx((-1.0,), abs=1e-6)


def test_armature_of_an_artist_becomes_an_asset(bpy: Any, from_extension: Load) -> None:
    bpy.ops.object.armature_add(location=(0, 0, 0))
    armature = bpy.context.object
    bpy.ops.mesh.primitive_cube_add(size=0.2, location=(0, 0, 0.1))
    cube = bpy.context.object
    cube.parent = armature
    bpy.context.view_layer.objects.active = armature
    assert bpy.ops.simready.make_asset() == {"FINISHED"}
    asset = from_extension("operators.common").read_asset(bpy.context, [])
    assert (asset.name, [p.name for p in asset.parts]) == ("Armature", ["Cube"])
    assert asset.parts[0].shapes[0].volume_properties().mass == pytest.approx(0.008, rel=1e-5)


def test_generate_says_what_is_missing(
    bpy: Any, from_extension: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuntimeError, match="choose a picture"):
        bpy.ops.simready.generate()
    with pytest.raises(RuntimeError, match="does not exist"):
        bpy.ops.simready.generate(image=str(tmp_path / "none.png"))
    extension = from_extension("operators.extension")
    monkeypatch.delenv(extension.PYTHON_VARIABLE, raising=False)
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"x")
    with pytest.raises(RuntimeError, match="set it up"):
        bpy.ops.simready.generate(image=str(picture))


def test_physx_anything_folder_comes_in_and_goes_out(bpy: Any, from_extension: Load, tmp_path: Path) -> None:
    physx_anything = from_extension("physx_blender.formats.physx_anything")
    physx_anything.write_result_folder(cabinet(names(from_extension)), tmp_path / "result")
    assert bpy.ops.simready.import_asset(filepath=str(tmp_path / "result" / "basic_info.txt")) == {"FINISHED"}
    asset = from_extension("operators.common").read_asset(bpy.context, [])
    assert sorted(j.kind.value for j in asset.joints if j.kind.value != "fixed") == ["hinge", "slide"]
    assert bpy.ops.simready.export_package(directory=str(tmp_path / "out")) == {"FINISHED"}
    again = load(from_extension, tmp_path / "out")
    assert [p.name for p in again.parts] == [p.name for p in asset.parts]


def test_jpeg_texture_is_exported_for_simulators_as_png(
    bpy: Any, from_extension: Load, rig: Any, tmp_path: Path
) -> None:
    image = bpy.data.images.new("paint", 8, 8)
    image.pixels = [0.9, 0.1, 0.1, 1.0] * 64
    image.file_format = "JPEG"
    image.save(filepath=str(tmp_path / "paint.jpg"))
    material = bpy.data.objects["body"].active_material
    node = material.node_tree.nodes.new("ShaderNodeTexImage")
    node.image = bpy.data.images.load(str(tmp_path / "paint.jpg"))
    shader = next(n for n in material.node_tree.nodes if n.bl_idname == "ShaderNodeBsdfPrincipled")
    material.node_tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])
    bpy.ops.simready.export_package(directory=str(tmp_path / "out"))
    textures = {p.suffix: p.read_bytes() for p in (tmp_path / "out" / "textures").iterdir()}
    assert textures[".jpg"] == (tmp_path / "paint.jpg").read_bytes()
    assert textures[".png"].startswith(b"\x89PNG")
    assert ".png" in (tmp_path / "out" / "cabinet.xml").read_text()
