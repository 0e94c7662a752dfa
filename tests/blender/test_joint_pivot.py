# SPDX-License-Identifier: GPL-3.0-or-later
"""Pivots and axes are put on geometry, and no part moves at rest."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.blender.rigs import read, same_parts, select
from tests.blender.zoo import Load, cabinet, names, zoo


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


def edit(bpy: Any, obj: Any, kind: str, index: int) -> None:
    import bmesh

    select(bpy, obj)
    bpy.ops.object.mode_set(mode="EDIT")
    mesh = bmesh.from_edit_mesh(obj.data)
    for element in (*mesh.verts, *mesh.edges, *mesh.faces):
        element.select = False
    chosen = getattr(mesh, kind)
    chosen.ensure_lookup_table()
    chosen[index].select = True
    mesh.select_history.clear()
    mesh.select_history.add(chosen[index])
    bmesh.update_edit_mesh(obj.data)


@pytest.mark.parametrize("angle", [0.0, -0.7])
@pytest.mark.parametrize("kind", ["verts", "edges", "faces"])
def test_pivot_goes_to_the_selected_element_of_the_posed_part(
    bpy: Any, from_extension: Load, rig: Any, kind: str, angle: float
) -> None:
    before = read(from_extension, bpy)
    rig.pose.bones["door"].rotation_euler.y = angle
    door = bpy.data.objects["door"]
    edit(bpy, door, kind, 2)
    mesh = door.data
    numbers = {
        "verts": [2],
        "edges": list(mesh.edges[2].vertices),
        "faces": list(mesh.polygons[2].vertices),
    }[kind]
    local = np.mean([list(mesh.vertices[k].co) for k in numbers], axis=0)
    # the object's own channels are its place at rest
    expected = np.array(door.matrix_basis)[:3, :3] @ local + np.array(door.matrix_basis)[:3, 3]
    assert bpy.ops.simready.joint_move_pivot(target="SELECTION") == {"FINISHED"}
    after = read(from_extension, bpy)
    joint = after.joint_of["door"]
    assert np.allclose(joint.anchor, expected, atol=1e-6)
    assert joint.position == pytest.approx((angle,), abs=1e-6)
    assert joint.angle_limits == before.joint_of["door"].angle_limits
    assert joint.axis == pytest.approx(before.joint_of["door"].axis, abs=1e-6)
    same_parts(before, after)


def test_body_in_edit_mode_gives_the_place_for_the_active_joint(
    bpy: Any, from_extension: Load, rig: Any
) -> None:
    before = read(from_extension, bpy)
    rig.data.bones.active = rig.data.bones["drawer"]
    body = bpy.data.objects["body"]
    edit(bpy, body, "edges", 0)
    a, b = (body.matrix_basis @ body.data.vertices[k].co for k in body.data.edges[0].vertices)
    assert bpy.ops.simready.joint_move_pivot(target="SELECTION") == {"FINISHED"}
    edit(bpy, body, "edges", 0)
    assert bpy.ops.simready.joint_aim_axis(source="SELECTION") == {"FINISHED"}
    after = read(from_extension, bpy)
    joint = after.joint_of["drawer"]
    assert np.allclose(joint.anchor, (a + b) / 2, atol=1e-6)
    assert abs(np.dot(joint.axis, (b - a).normalized())) == pytest.approx(1.0, abs=1e-6)
    same_parts(before, after)


def test_two_vertices_aim_the_axis(bpy: Any, from_extension: Load, rig: Any) -> None:
    import bmesh

    before = read(from_extension, bpy)
    door = bpy.data.objects["door"]
    edit(bpy, door, "verts", 0)
    mesh = bmesh.from_edit_mesh(door.data)
    mesh.verts.ensure_lookup_table()
    mesh.verts[6].select = True
    line = (mesh.verts[6].co - mesh.verts[0].co).normalized()
    assert bpy.ops.simready.joint_aim_axis(source="SELECTION") == {"FINISHED"}
    after = read(from_extension, bpy)
    assert abs(np.dot(after.joint_of["door"].axis, line)) == pytest.approx(1.0, abs=1e-6)
    same_parts(before, after)


def test_a_vertex_has_no_direction(bpy: Any, rig: Any) -> None:
    edit(bpy, bpy.data.objects["door"], "verts", 1)
    with pytest.raises(RuntimeError, match="no direction"):
        bpy.ops.simready.joint_aim_axis(source="SELECTION")


@pytest.mark.parametrize(("source", "flip", "axis"), [("X", False, (1, 0, 0)), ("Y", True, (0, -1, 0))])
def test_axis_by_letter(
    bpy: Any, from_extension: Load, rig: Any, source: str, flip: bool, axis: tuple[float, ...]
) -> None:
    before = read(from_extension, bpy)
    rig.pose.bones["drawer"].location.y = 0.1
    select(bpy, bpy.data.objects["drawer"])
    assert bpy.ops.simready.joint_aim_axis(source=source, flip=flip) == {"FINISHED"}
    after = read(from_extension, bpy)
    assert np.allclose(after.joint_of["drawer"].axis, axis, atol=1e-6)
    assert after.joint_of["drawer"].position == pytest.approx((0.1,), abs=1e-6)
    same_parts(before, after)


def test_contact_of_a_door_is_found_and_places_in_it_can_be_chosen(
    bpy: Any, from_extension: Load, rig: Any
) -> None:
    before = read(from_extension, bpy)
    select(bpy, bpy.data.objects["door"])
    assert bpy.ops.simready.joint_move_pivot(target="CONTACT", place=(0.0, 0.5, 0.5)) == {"FINISHED"}
    after = read(from_extension, bpy)
    # the front rim of the body's left wall: x in -0.3..-0.282 at y = -0.2, as high as the door
    assert np.allclose(after.joint_of["door"].anchor, (-0.295, -0.2, 0.4), atol=0.02)
    same_parts(before, after)


def test_children_and_odd_joints_keep_their_parts_and_motions(bpy: Any, from_extension: Load) -> None:
    m = names(from_extension)
    rig = from_extension("physx_blender.scene").asset_to_scene(zoo(m), bpy.context)
    before = read(from_extension, bpy)
    frame = from_extension("physx_blender.scene.joint_frame")
    from mathutils import Vector

    for joint in before.joints:
        old = before.joint_of[joint.child]
        anchor = Vector(old.anchor) + Vector((0.02, -0.03, 0.05))
        axis = Vector(old.axis) + Vector((0.3, 0.1, -0.2))
        frame.set_frame(bpy.context, rig, joint.child, anchor=anchor, axis=axis)
    after = read(from_extension, bpy)
    same_parts(before, after)
    for old in before.joints:
        new = after.joint_of[old.child]
        assert np.allclose(new.position, old.position, atol=2e-6), old.name
        assert new.angle_limits == old.angle_limits
        assert new.travel_limits == old.travel_limits
        moved = np.array(new.anchor) - np.array(old.anchor)
        assert np.allclose(moved, (0.02, -0.03, 0.05), atol=1e-6)
    for link in before.links:
        old_mass, new_mass = (
            from_extension("physx_blender.model.inertia").link_mass_properties(a, link.name)
            for a in (before, after)
        )
        assert np.allclose(old_mass.centre, new_mass.centre, atol=2e-6)


def test_cursor_beside_a_posed_parent_is_taken_back_to_rest(bpy: Any, from_extension: Load) -> None:
    m = names(from_extension)
    wood = m.Material("oak", 700.0)
    box = m.PlacedShape(m.Box((0.1, 0.1, 0.1)))
    asset = m.Asset(
        "arm",
        tuple(
            m.Part(n, n, (m.PlacedShape(box.shape, m.Pose((x, 0, 0.05))),), wood) for x, n in enumerate("abc")
        ),
        tuple(m.Link(n) for n in "abc"),
        (
            m.Joint("ab", "hinge", "a", "b", (0, 0, 1), (0.5, 0, 0), (-2, 2), position=(math.pi / 2,)),
            m.Joint("bc", "hinge", "b", "c", (0, 0, 1), (1.5, 0, 0), (-2, 2), position=(0.3,)),
        ),
    )
    from_extension("physx_blender.scene").asset_to_scene(asset, bpy.context)
    select(bpy, bpy.data.objects["c"])
    bpy.context.scene.cursor.location = (0.5, 1.2, 0.0)
    assert bpy.ops.simready.joint_move_pivot(target="CURSOR") == {"FINISHED"}
    after = read(from_extension, bpy)
    assert np.allclose(after.joint_of["c"].anchor, (1.7, 0.0, 0.0), atol=1e-6)
    same_parts(asset, after)


@pytest.mark.parametrize("editing", [False, True])
def test_one_undo_step_takes_it_back(bpy: Any, from_extension: Load, rig: Any, editing: bool) -> None:
    if editing:
        edit(bpy, bpy.data.objects["door"], "verts", 2)
    else:
        select(bpy, bpy.data.objects["door"])
    bpy.context.scene.cursor.location = (1.0, 2.0, 3.0)
    bpy.ops.ed.undo_push(message="Before")
    head = tuple(rig.data.bones["door"].head_local)
    target = "SELECTION" if editing else "CURSOR"
    bpy.ops.simready.joint_move_pivot("EXEC_DEFAULT", True, target=target)
    moved = tuple(bpy.data.armatures["cabinet"].bones["door"].head_local)
    assert moved != pytest.approx(head, abs=1e-3)
    bpy.ops.ed.undo()
    assert tuple(bpy.data.armatures["cabinet"].bones["door"].head_local) == pytest.approx(head, abs=1e-7)
    bpy.ops.ed.redo()
    assert tuple(bpy.data.armatures["cabinet"].bones["door"].head_local) == pytest.approx(moved, abs=1e-7)


def test_without_a_joint_there_is_nothing_to_move(bpy: Any, rig: Any) -> None:
    select(bpy, bpy.data.objects["body"])
    assert not bpy.ops.simready.joint_move_pivot.poll()
    assert not bpy.ops.simready.joint_aim_axis.poll()
