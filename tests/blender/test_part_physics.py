# SPDX-License-Identifier: GPL-3.0-or-later
"""Density and mass, estimates, collision kinds and real size, as the panels edit them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.blender.zoo import Load, cabinet, differences, names


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


def read(bpy: Any, from_extension: Load) -> Any:
    bpy.context.view_layer.update()
    return from_extension("operators.common").read_asset(bpy.context, [])


def part(bpy: Any, from_extension: Load, name: str) -> Any:
    return next(p for p in read(bpy, from_extension).parts if p.name == name)


def weight(bpy: Any, from_extension: Load, name: str) -> float:
    mass = from_extension("physx_blender.model.inertia").part_mass_properties
    return float(mass(part(bpy, from_extension, name)).mass)


def test_mass_follows_density_and_density_follows_mass(bpy: Any, from_extension: Load, rig: Any) -> None:
    door = bpy.data.objects["door"].simready_part
    volume = 0.29 * 0.018 * 0.76
    assert door.shown_mass == pytest.approx(volume * 720.0, rel=1e-5)
    door.density = 500.0
    assert door.shown_mass == pytest.approx(volume * 500.0, rel=1e-5)
    assert weight(bpy, from_extension, "door") == pytest.approx(door.shown_mass, rel=1e-5)
    door.shown_mass = 3.0
    assert door.density == pytest.approx(3.0 / volume, rel=1e-5)
    assert door.use_mass
    assert weight(bpy, from_extension, "door") == pytest.approx(3.0, rel=1e-6)
    door.density = 720.0
    assert not door.use_mass
    assert weight(bpy, from_extension, "door") == pytest.approx(volume * 720.0, rel=1e-5)


def test_the_shown_mass_is_the_one_in_the_scene(bpy: Any, from_extension: Load, rig: Any) -> None:
    rig.scale = (2.0, 2.0, 2.0)
    bpy.data.objects["drawer"].scale = (1.0, 1.0, 2.0)
    bpy.context.view_layer.update()
    bpy.ops.simready.measure()
    drawer = bpy.data.objects["drawer"].simready_part
    assert drawer.shown_mass == pytest.approx(1.5 * 2.0 * 8.0, rel=1e-5)
    assert weight(bpy, from_extension, "drawer") == pytest.approx(drawer.shown_mass, rel=1e-5)
    drawer.shown_mass = 5.0  # typed while scaled: this is what it weighs
    assert weight(bpy, from_extension, "drawer") == pytest.approx(5.0, rel=1e-5)
    bpy.data.objects["drawer"].scale = (1.0, 1.0, 1.0)
    assert weight(bpy, from_extension, "drawer") == pytest.approx(2.5, rel=1e-5)


def test_an_estimate_is_marked_until_it_is_touched(bpy: Any, from_extension: Load, rig: Any) -> None:
    values = from_extension("physx_blender.scene.part_values")
    door = bpy.data.objects["door"].simready_part
    assert all(values.is_estimated(door, prior) for prior in values.PRIORS)
    door.friction = 0.7
    assert not values.is_estimated(door, "FRICTION")
    assert values.is_estimated(door, "DENSITY")
    assert part(bpy, from_extension, "door").material.estimated
    door.shown_mass = 2.0
    assert not values.is_estimated(door, "DENSITY")
    bpy.context.view_layer.objects.active = bpy.data.objects["door"]
    bpy.ops.simready.confirm_estimate(prior="RESTITUTION")
    assert not values.is_estimated(door, "RESTITUTION")
    assert door.restitution == pytest.approx(0.3)
    bpy.ops.simready.confirm_estimate(prior="ALL")
    assert not part(bpy, from_extension, "door").material.estimated


@pytest.mark.parametrize(
    ("mode", "kind", "count"),
    [("PRIMITIVE", "box", 1), ("HULL", "mesh", 1), ("NONE", "", 0), ("SHAPE", "box", 5)],
)
def test_collision_kinds(bpy: Any, from_extension: Load, rig: Any, mode: str, kind: str, count: int) -> None:
    bpy.data.objects["body"].simready_part.collision = mode
    colliders = from_extension("physx_blender.scene.simulators").exported_colliders
    pieces = colliders(part(bpy, from_extension, "body"))
    assert len(pieces) == count
    assert {p.shape.kind for p in pieces} == ({kind} if kind else set())
    if mode in ("PRIMITIVE", "HULL"):
        assert pieces[0].volume_properties().mass == pytest.approx(0.6 * 0.4 * 0.8, rel=1e-4)


def test_quality_makes_more_and_closer_pieces(bpy: Any, from_extension: Load, rig: Any) -> None:
    body = bpy.data.objects["body"]
    body.data.vertices[0].co.x -= 0.004
    body.simready_part.collision = "CONVEX"
    colliders = from_extension("physx_blender.scene.simulators").exported_colliders
    counts, volumes = [], []
    for quality in (0.0, 0.5, 1.0):
        body.simready_part.collision_quality = quality
        pieces = colliders(part(bpy, from_extension, "body"))
        counts.append(len(pieces))
        volumes.append(sum(p.volume_properties().mass for p in pieces))
    assert counts[0] <= counts[1] <= counts[2]
    assert volumes[2] <= volumes[0] * 1.001
    assert counts[2] >= 5


def test_preview_shows_what_is_written(bpy: Any, from_extension: Load, rig: Any, tmp_path: Any) -> None:
    """The pieces that are drawn are those in the exported MJCF, number by number and box by box."""
    body = bpy.data.objects["body"]
    body.data.vertices[0].co.x -= 0.01
    bpy.data.objects["drawer"].simready_part.collision = "PRIMITIVE"
    bpy.data.objects["knob"].simready_part.collision = "NONE"
    bpy.context.view_layer.update()
    gather = from_extension("ui.physics_view.gather").gather
    memo = from_extension("physx_blender.checks").Memo()
    picture = gather(bpy.context, rig, memo, collision=True, ranks=False, inertia=False)
    shown = [piece for pieces in picture.collision.values() for piece in pieces]
    bpy.ops.simready.export_mjcf(filepath=str(tmp_path / "cabinet.xml"))
    written = from_extension("physx_blender.formats.convert").load_asset(tmp_path / "cabinet.xml")
    layout = from_extension("physx_blender.formats.layout")
    theirs = [p for q in written.parts for p in layout.collision_pieces(q)]
    assert len(shown) == len(theirs)
    here = sorted(tuple(np.round([*p.triangles.min((0, 1)), *p.triangles.max((0, 1))], 4)) for p in shown)
    there = sorted(tuple(np.round([*p.mesh().vertices.min(0), *p.mesh().vertices.max(0)], 4)) for p in theirs)
    assert np.allclose(here, there, atol=2e-4)
    assert len({tuple(np.round(p.colour, 3)) for p in shown}) == len(shown)


def test_nothing_is_gathered_twice(bpy: Any, from_extension: Load, rig: Any) -> None:
    gather = from_extension("ui.physics_view.gather").gather
    memo = from_extension("physx_blender.checks").Memo()
    everything = {"collision": True, "ranks": True, "inertia": True}
    gather(bpy.context, rig, memo, **everything)
    assert memo.worked > 0
    gather(bpy.context, rig, memo, **everything)
    assert memo.worked == 0
    bpy.data.objects["knob"].location.z += 0.01
    bpy.context.view_layer.update()
    gather(bpy.context, rig, memo, **everything)
    assert memo.worked == 3  # its colliders, what is seen of it, and its link's inertia


def test_pieces_follow_the_pose(bpy: Any, from_extension: Load, rig: Any) -> None:
    gather = from_extension("ui.physics_view.gather").gather
    memo = from_extension("physx_blender.checks").Memo()
    rig.location, rig.scale = (1.0, 2.0, 0.5), (2.0, 2.0, 2.0)
    bpy.context.view_layer.update()
    picture = gather(bpy.context, rig, memo, collision=True, ranks=False, inertia=True)
    rig.pose.bones["door"].rotation_euler.y = -1.2
    rig.pose.bones["drawer"].location.y = 0.1
    bpy.context.view_layer.update()
    matrices = picture.matrices(rig)
    for bone, name in (("door", "door"), ("drawer", "drawer"), ("base", "body")):
        points = np.concatenate([p.triangles.reshape(-1, 3) for p in picture.collision[bone]])
        m = np.array(matrices[bone])
        drawn = points @ m[:3, :3].T + m[:3, 3]
        world = np.array(bpy.data.objects[name].matrix_world)
        local = np.array([v.co[:] for v in bpy.data.objects[name].data.vertices])
        seen = local @ world[:3, :3].T + world[:3, 3]
        if bone == "door":  # the knob hangs on it as well
            assert (drawn.min(axis=0) <= seen.min(axis=0) + 1e-5).all()
            continue
        assert np.allclose(drawn.min(axis=0), seen.min(axis=0), atol=1e-5)
        assert np.allclose(drawn.max(axis=0), seen.max(axis=0), atol=1e-5)
    inertia = from_extension("physx_blender.model.inertia")
    asset = from_extension("operators.common").read_asset(bpy.context, [])
    total, centre = picture.centre_of_mass(matrices)
    poses = asset.link_poses({j.name: j.position for j in asset.joints})
    masses = [inertia.link_mass_properties(asset, one.name).moved(poses[one.name]) for one in asset.links]
    expected = from_extension("physx_blender.geometry").MassProperties.total(masses)
    assert total == pytest.approx(expected.mass, rel=1e-5)
    assert np.allclose(centre, expected.centre, atol=1e-5)


def test_switches_install_and_remove_their_handler(bpy: Any, from_extension: Load, rig: Any) -> None:
    handlers = bpy.app.handlers.depsgraph_update_post
    before = len(handlers)
    switches = bpy.context.window_manager.simready_physics_view
    switches.show_collision = True
    assert len(handlers) == before + 1
    switches.show_ranks = True
    assert len(handlers) == before + 1
    switches.show_collision = switches.show_ranks = False
    assert len(handlers) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("collision", "HULL"),
        ("collision_primitive", "SPHERE"),
        ("collision_quality", 0.8),
        ("affordance_rank", 3),
    ],
)
def test_a_change_by_a_script_is_noticed(
    bpy: Any, from_extension: Load, rig: Any, name: str, value: Any
) -> None:
    seen: list[str] = []

    def note(scene: Any, depsgraph: Any) -> None:
        seen.extend(u.id.name for u in depsgraph.updates)

    bpy.context.view_layer.update()
    bpy.app.handlers.depsgraph_update_post.append(note)
    try:
        setattr(bpy.data.objects["drawer"].simready_part, name, value)
        bpy.context.view_layer.update()
    finally:
        bpy.app.handlers.depsgraph_update_post.remove(note)
    assert "drawer" in seen


def test_a_scene_that_cannot_be_read_is_not_drawn_but_told(bpy: Any, from_extension: Load, rig: Any) -> None:
    rig.scale = (1.0, 2.0, 1.0)
    bpy.context.view_layer.update()
    switches = bpy.context.window_manager.simready_physics_view
    switches.show_collision = True
    assert "same scale" in switches.problem
    switches.show_collision = False


def test_colliders_become_objects_to_edit(bpy: Any, from_extension: Load, rig: Any) -> None:
    rig.location, rig.scale = (1.0, 0.0, 0.0), (1.5, 1.5, 1.5)
    drawer = bpy.data.objects["drawer"]
    drawer.scale.x = 1.1
    drawer.simready_part.collision = "PRIMITIVE"
    drawer.simready_part.collision_primitive = "CYLINDER"
    bpy.context.view_layer.objects.active = drawer
    before = part(bpy, from_extension, "drawer").collision
    assert bpy.ops.simready.make_own_colliders() == {"FINISHED"}
    assert drawer.simready_part.collision == "OWN"
    after = part(bpy, from_extension, "drawer").collision
    assert [p.shape.kind for p in after] == ["cylinder"]
    for one, other in zip(before, after, strict=True):
        assert np.allclose(one.pose.position, other.pose.position, atol=1e-5)
        assert one.volume_properties().mass == pytest.approx(other.volume_properties().mass, rel=1e-4)
    collider = next(o for o in drawer.children if o.simready_part.role == "COLLIDER")
    collider.scale = (0.5, 0.5, 0.5)
    smaller = part(bpy, from_extension, "drawer").collision
    assert smaller[0].volume_properties().mass == pytest.approx(
        after[0].volume_properties().mass / 8.0, rel=1e-4
    )


def test_any_one_dimension_scales_all(bpy: Any, from_extension: Load, rig: Any) -> None:
    asset = rig.simready_asset
    # the doors stand out in front: deeper than the body
    assert (asset.width, asset.height) == pytest.approx((0.6, 0.8), rel=1e-5)
    depth, mass = asset.depth, weight(bpy, from_extension, "body")
    asset.height = 2.0
    assert rig.scale[:] == pytest.approx((2.5, 2.5, 2.5), rel=1e-5)
    assert (asset.width, asset.depth, asset.height) == pytest.approx((1.5, depth * 2.5, 2.0), rel=1e-5)
    assert weight(bpy, from_extension, "body") == pytest.approx(mass * 2.5**3, rel=1e-5)
    asset.width, asset.height = 0.6, 0.8
    assert rig.scale[:] == pytest.approx((1.0, 1.0, 1.0), rel=1e-5)
    asset.height = 0.0
    assert rig.scale[:] == pytest.approx((1.0, 1.0, 1.0), rel=1e-5)
    rig.rotation_euler.z = 0.7  # sides are those of the asset, however it stands
    bpy.context.view_layer.update()
    bpy.ops.simready.measure()
    assert (asset.width, asset.height) == pytest.approx((0.6, 0.8), rel=1e-4)


def test_two_points_and_their_true_distance(bpy: Any, from_extension: Load, rig: Any) -> None:
    bpy.ops.ed.undo_push(message="Before")
    bpy.ops.simready.scale_to_distance(
        "EXEC_DEFAULT", True, first=(0.0, 0.0, 0.0), second=(0.0, 0.0, 0.8), distance=0.4
    )
    assert bpy.data.objects["cabinet"].simready_asset.height == pytest.approx(0.4, rel=1e-5)
    bpy.ops.ed.undo()
    assert bpy.data.objects["cabinet"].scale[:] == pytest.approx((1.0, 1.0, 1.0))
    with pytest.raises(RuntimeError, match="the same"):
        bpy.ops.simready.scale_to_distance(first=(1, 1, 1), second=(1, 1, 1), distance=0.4)


def test_materials_have_swatches_in_the_search(bpy: Any, from_extension: Load, rig: Any) -> None:
    # without a window Blender makes no icons, but the pixels are there
    swatches = from_extension("physx_blender.scene.swatches")
    assert isinstance(swatches.material_icon("oak"), int)
    edit = from_extension("operators.asset_edit")
    items = edit._material_items(None, bpy.context)
    assert len(items) == len(from_extension("physx_blender.model.materials").MATERIALS)
    assert len({item[4] for item in items}) == len(items)
    assert any("aluminum" in item[2] for item in items)


def test_panels_stand_in_the_properties_editor_too(bpy: Any, from_extension: Load) -> None:
    sidebar = from_extension("ui.panels.part").CLASSES
    for cls in sidebar:
        twin = getattr(bpy.types, f"{cls.bl_idname}_physics")
        assert twin.draw is cls.draw
        assert (twin.bl_space_type, twin.bl_context) == ("PROPERTIES", "physics")
    for cls in from_extension("ui.panels.joint").CLASSES:
        if issubclass(cls, bpy.types.Panel):
            assert getattr(bpy.types, f"{cls.bl_idname}_bone").bl_context == "bone"


@pytest.mark.parametrize(
    ("mode", "primitive", "quality"),
    [("PRIMITIVE", "CYLINDER", 0.5), ("CONVEX", "AUTO", 0.7), ("HULL", "AUTO", 0.5)],
)
def test_the_kind_of_collision_comes_back_from_a_package(
    bpy: Any, from_extension: Load, rig: Any, tmp_path: Path, mode: str, primitive: str, quality: float
) -> None:
    part = next(o for o in rig.children if o.simready_part.role == "PART")
    name, settings = part.name, part.simready_part
    settings.collision, settings.collision_primitive, settings.collision_quality = mode, primitive, quality
    before = next(p for p in read(bpy, from_extension).parts if p.name == name)
    assert bpy.ops.simready.export_package(directory=str(tmp_path / "out")) == {"FINISHED"}
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.simready.import_asset(filepath=str(tmp_path / "out" / "asset.json"))
    settings = bpy.data.objects[name].simready_part
    assert (settings.collision, settings.collision_primitive) == (mode, primitive)
    assert settings.collision_quality == pytest.approx(quality)
    assert not any(c.simready_part.role == "COLLIDER" for c in bpy.data.objects[name].children)
    after = next(p for p in read(bpy, from_extension).parts if p.name == name)
    assert after.collision_fit == before.collision_fit
    assert differences(before.collision, after.collision) == []
    # a change of the part is followed, which own colliders would not do
    bpy.data.objects[name].data.transform(type(bpy.data.objects[name].matrix_world).Scale(2.0, 4))
    bpy.context.view_layer.update()
    grown = next(p for p in read(bpy, from_extension).parts if p.name == name)
    assert differences(after.collision, grown.collision) != []
