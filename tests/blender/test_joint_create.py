# SPDX-License-Identifier: GPL-3.0-or-later
"""Joints made from nothing: between plain objects, within an asset, and between two assets."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.blender.rigs import box, read, same_parts, select, undone_in_one_step
from tests.blender.zoo import Load, cabinet, names


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


def world_corners(obj: Any) -> Any:
    return np.array([obj.matrix_world @ v.co for v in obj.data.vertices])


def test_two_plain_objects_become_an_asset_with_a_lid(bpy: Any, from_extension: Load) -> None:
    body = box(bpy, "chest", (0.4, 0.3, 0.2), (2.0, 1.0, 0.6))
    lid = box(bpy, "lid", (0.4, 0.3, 0.02), (2.0, 1.0, 0.7105))
    select(bpy, lid, body)
    before = {o.name: world_corners(o) for o in (body, lid)}
    assert bpy.ops.simready.create_joint(kind="hinge") == {"FINISHED"}
    bpy.context.view_layer.update()
    for obj in (body, lid):
        assert np.abs(world_corners(obj) - before[obj.name]).max() < 1e-6
    asset = read(from_extension, bpy)
    (joint,) = asset.joints
    assert (joint.parent, joint.child) == ("chest", "lid")
    assert np.allclose(joint.axis, (-1, 0, 0), atol=1e-3)
    assert np.allclose(joint.anchor[1:], (1.15, 0.7), atol=0.02)
    low, high = joint.angle_limits
    assert low == 0.0
    assert math.radians(80) < high <= math.radians(120)
    assert {p.link for p in asset.parts} == {"chest", "lid"}
    assert bpy.context.active_object == lid


def test_alternatives_can_be_cycled_and_roles_swapped(bpy: Any, from_extension: Load) -> None:
    def made(**options: Any) -> Any:
        bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
        body = box(bpy, "frame", (0.6, 0.4, 0.8), (0, 0, 0.4))
        door = box(bpy, "door", (0.6, 0.02, 0.8), (0, -0.211, 0.4))
        select(bpy, door, body)
        assert bpy.ops.simready.create_joint(kind="hinge", **options) == {"FINISHED"}
        return read(from_extension, bpy).joints[0]

    joints = [made(alternative=k) for k in (1, 2, 3)]
    lines = [str((np.round(j.anchor, 3).tolist(), np.round(j.axis, 3).tolist())) for j in joints]
    assert len(set(lines)) == 3
    assert made(swap=True).child == "frame"
    assert made(alternative=99).kind.value == "hinge"


def test_a_plain_object_joins_an_asset(bpy: Any, from_extension: Load, rig: Any) -> None:
    rig.location = (1.0, 0.0, 0.0)
    rig.rotation_euler.z = 0.4
    rig.pose.bones["door"].rotation_euler.y = -0.5
    before = read(from_extension, bpy)
    bpy.context.view_layer.update()
    place = rig.matrix_world @ bpy.data.objects["body"].matrix_basis.translation
    flap = box(bpy, "flap", (0.5, 0.3, 0.02), (place.x, place.y, 0.82))
    flap.rotation_euler.z = 0.4
    bpy.context.view_layer.update()
    corners = world_corners(flap)
    select(bpy, flap, bpy.data.objects["body"])
    assert bpy.ops.simready.create_joint(kind="slide") == {"FINISHED"}
    bpy.context.view_layer.update()
    assert np.abs(world_corners(flap) - corners).max() < 1e-6
    after = read(from_extension, bpy)
    assert after.joint_of["flap"].parent == "base"
    assert after.joint_of["flap"].kind.value == "slide"
    assert [j.name for j in after.joints][: len(before.joints)] == [j.name for j in before.joints]
    assert after.joint_of["door"].position == pytest.approx(before.joint_of["door"].position, abs=1e-6)


def test_a_part_of_the_same_link_gets_a_link_of_its_own(bpy: Any, from_extension: Load, rig: Any) -> None:
    before = read(from_extension, bpy)
    rig.pose.bones["door"].rotation_euler.y = -0.6
    select(bpy, bpy.data.objects["knob"], bpy.data.objects["door"])
    assert bpy.ops.simready.create_joint(kind="hinge") == {"FINISHED"}
    after = read(from_extension, bpy)
    same_parts(before, after)
    joint = after.joint_of["knob"]
    assert joint.parent == "door"
    assert abs(np.dot(joint.axis, (0, 1, 0))) == pytest.approx(1.0, abs=1e-3)


def test_parts_of_two_links_get_another_joint(bpy: Any, from_extension: Load, rig: Any) -> None:
    before = read(from_extension, bpy)
    select(bpy, bpy.data.objects["drawer"], bpy.data.objects["door"])
    assert bpy.ops.simready.create_joint(kind="slide") == {"FINISHED"}
    after = read(from_extension, bpy)
    assert after.joint_of["drawer"].parent == "door"
    same_parts(before, after)
    select(bpy, bpy.data.objects["body"], bpy.data.objects["door"])
    with pytest.raises(RuntimeError, match="part of the base"):
        bpy.ops.simready.create_joint(kind="hinge")


def test_two_assets_become_one(bpy: Any, from_extension: Load, rig: Any) -> None:
    scene = from_extension("physx_blender.scene")
    first = read(from_extension, bpy)
    other = scene.asset_to_scene(cabinet(names(from_extension)), bpy.context)
    other.location = (0.0, 0.0, 0.8005)
    other.rotation_euler.z = math.pi
    bpy.context.view_layer.update()
    upper = next(o for o in other.children if o.name.startswith("body"))
    seen = {o.name: world_corners(o) for o in other.children if o.type == "MESH"}
    select(bpy, upper, bpy.data.objects["body"])
    assert bpy.ops.simready.create_joint(kind="hinge") == {"FINISHED"}
    bpy.context.view_layer.update()
    for name, corners in seen.items():
        assert np.abs(world_corners(bpy.data.objects[name]) - corners).max() < 2e-6
    asset = read(from_extension, bpy)
    assert len(asset.links) == 2 * len(first.links)
    assert len(asset.joints) == 2 * len(first.joints) + 1
    assert len({j.name for j in asset.joints}) == len(asset.joints)
    # the doors of both open as they did, each about its own line
    old = first.joint_of["door"]
    new = next(j for j in asset.joints if j.child.startswith("door") and j.child != "door")
    assert np.allclose(new.axis, np.array(old.axis) * (-1, -1, 1), atol=1e-6)
    assert np.allclose(new.anchor, np.array(old.anchor) * (-1, -1, 1) + (0, 0, 0.8005), atol=1e-6)
    assert new.angle_limits == old.angle_limits
    assert len([o for o in bpy.data.objects if o.type == "ARMATURE"]) == 1


def test_a_plain_object_can_carry_an_asset(bpy: Any, from_extension: Load, rig: Any) -> None:
    before = read(from_extension, bpy)
    wall = box(bpy, "wall", (2.0, 0.1, 2.0), (0, 0.2505, 1.0))
    select(bpy, bpy.data.objects["body"], wall)
    assert bpy.ops.simready.create_joint(kind="fixed") == {"FINISHED"}
    after = read(from_extension, bpy)
    assert after.links[0].name == "wall"
    assert after.joint_of["base"].parent == "wall"
    assert len(after.parts) == len(before.parts) + 1


def test_a_joint_can_be_guessed_again_as_another_kind(bpy: Any, from_extension: Load, rig: Any) -> None:
    before = read(from_extension, bpy)
    select(bpy, bpy.data.objects["drawer"])
    assert bpy.ops.simready.guess_joint(kind="slide") == {"FINISHED"}
    slide = read(from_extension, bpy).joint_of["drawer"]
    assert np.allclose(slide.axis, (0, -1, 0), atol=1e-3)
    assert bpy.ops.simready.guess_joint(kind="hinge") == {"FINISHED"}
    after = read(from_extension, bpy)
    assert after.joint_of["drawer"].kind.value == "hinge"
    assert after.joint_of["drawer"].name == before.joint_of["drawer"].name
    same_parts(before, after)


def test_making_a_joint_is_one_step(bpy: Any, from_extension: Load) -> None:
    body = box(bpy, "chest", (0.4, 0.3, 0.2), (0, 0, 0.1))
    lid = box(bpy, "lid", (0.4, 0.3, 0.02), (0, 0, 0.2105))
    select(bpy, lid, body)

    def state() -> Any:
        return sorted(bpy.data.objects.keys()), [o.parent_bone for o in bpy.data.objects]

    undone_in_one_step(bpy, state, bpy.ops.simready.create_joint)


def test_one_part_alone_makes_no_joint(bpy: Any, rig: Any) -> None:
    select(bpy, bpy.data.objects["door"])
    assert not bpy.ops.simready.create_joint.poll()
