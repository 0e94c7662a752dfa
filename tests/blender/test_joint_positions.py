# SPDX-License-Identifier: GPL-3.0-or-later
"""Sliders, poses of all joints, sweeping; limits, keyframes, actions and library overrides."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.blender.rigs import read, select, undone_in_one_step
from tests.blender.zoo import Load, cabinet, differences, names, zoo


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


@pytest.fixture
def zoo_rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(zoo(names(from_extension)), bpy.context)


def inside(value: float, limits: tuple[float, float] | None) -> bool:
    return limits is None or limits[0] - 2e-6 <= value <= limits[1] + 2e-6


def test_sliders_run_from_closed_to_open_and_stay_in_the_range(
    bpy: Any, from_extension: Load, rig: Any
) -> None:
    asset = read(from_extension, bpy)
    door, drawer = rig.pose.bones["door"], rig.pose.bones["drawer"]
    for bone, name, limits in (
        (door, "simready_angle_share", asset.joint_of["door"].angle_limits),
        (drawer, "simready_travel_share", asset.joint_of["drawer"].travel_limits),
    ):
        closed, opened = sorted(limits, key=abs)
        for share in (0.0, 0.25, 1.0):
            setattr(bone, name, share)
            bpy.context.view_layer.update()
            assert getattr(bone, name) == pytest.approx(share, abs=1e-6)
            (position,) = read(from_extension, bpy).joint_of[bone.name].position
            assert position == pytest.approx(closed + share * (opened - closed), abs=2e-6)


def test_random_poses_are_inside_the_limits_and_repeat_with_the_seed(
    bpy: Any, from_extension: Load, zoo_rig: Any
) -> None:
    seen = []
    for seed in (1, 2, 1):
        assert bpy.ops.simready.random_pose(seed=seed) == {"FINISHED"}
        asset = read(from_extension, bpy)
        seen.append([j.position for j in asset.joints])
        for joint in asset.joints:
            if joint.kind.value in ("hinge", "cylindrical") and joint.mimic is None:
                assert inside(joint.position[0], joint.angle_limits), joint.name
            if joint.kind.value in ("slide", "cylindrical") and joint.mimic is None:
                assert inside(joint.position[-1], joint.travel_limits), joint.name
            if joint.kind.value == "ball":
                w, x, y, z = joint.position
                tilt = 2.0 * math.atan2(math.sqrt(x * x + y * y + z * z), w)
                assert inside(tilt, joint.angle_limits)
    assert seen[0] == seen[2]
    assert seen[0] != seen[1]


def test_open_close_and_reset(bpy: Any, from_extension: Load, zoo_rig: Any) -> None:
    start = read(from_extension, bpy)
    assert bpy.ops.simready.open_pose(share=1.0) == {"FINISHED"}
    for joint in read(from_extension, bpy).joints:
        limits = joint.angle_limits if joint.kind.value == "hinge" else joint.travel_limits
        if joint.kind.value in ("hinge", "slide") and limits is not None and joint.mimic is None:
            assert joint.position[0] == pytest.approx(max(limits, key=abs), abs=2e-6)
    assert bpy.ops.simready.close_pose() == {"FINISHED"}
    for joint in read(from_extension, bpy).joints:
        if joint.kind.value in ("hinge", "slide") and joint.mimic is None:
            limits = (joint.angle_limits if joint.kind.value == "hinge" else joint.travel_limits) or (-9, 9)
            assert joint.position[0] == pytest.approx(min(max(0.0, limits[0]), limits[1]), abs=2e-6)
    assert bpy.ops.simready.rest_pose() == {"FINISHED"}
    bones = [b for b in zoo_rig.pose.bones if not b.simready_joint.mimic_joint]
    assert [b.name for b in bones if not b.matrix_basis.is_identity] == []
    assert len(start.joints) == len(read(from_extension, bpy).joints)


@pytest.mark.parametrize("name", ["rest_pose", "close_pose", "open_pose", "random_pose"])
def test_each_pose_is_one_step(bpy: Any, rig: Any, name: str) -> None:
    rig.pose.bones["door"].rotation_euler.y = -0.4

    def state() -> Any:
        bone = bpy.data.objects["cabinet"].pose.bones["door"]
        return round(bone.rotation_euler.y, 5)

    undone_in_one_step(bpy, state, getattr(bpy.ops.simready, name))


def test_sweep_visits_both_ends_of_every_joint_and_puts_all_back(
    bpy: Any, from_extension: Load, zoo_rig: Any
) -> None:
    before = read(from_extension, bpy)
    sweep = from_extension("physx_blender.scene.joint_sweep")
    run = sweep.Sweep(zoo_rig)
    reached: dict[str, list[float]] = {}
    kinds: set[str] = set()
    steps = int(run.seconds * 20) + 2
    for k in range(steps):
        name = run.at(k / 20)
        if name:
            bone = zoo_rig.pose.bones[name]
            joint = bone.simready_joint
            kinds.add(joint.kind)
            if joint.kind == "ball":
                tilt = joint.angle_high if joint.use_angle_limits else sweep.WIDEST_TILT
                w, x, y, z = bone.rotation_quaternion
                angle = 2.0 * math.atan2(math.sqrt(x * x + y * y + z * z), abs(w))
                assert angle < tilt + 1e-4
                reached.setdefault(name, []).append(angle / tilt)
            if joint.kind in ("slide", "cylindrical"):
                reached.setdefault(f"{name}, travel", []).append(bone.simready_travel_share)
            if joint.kind in ("hinge", "cylindrical"):
                reached.setdefault(name, []).append(bone.simready_angle_share)
            others = [b for b in zoo_rig.pose.bones if b.name != name]
            assert all(
                np.allclose(b.rotation_euler, run.saved[b.name][1], atol=1e-6)
                for b in others
                if not b.simready_joint.mimic_joint
            )
    assert run.at(run.seconds + 1) == ""
    assert kinds == {"hinge", "slide", "cylindrical", "ball"}
    assert {name.removesuffix(", travel") for name in reached} == set(run.names)
    for name, shares in reached.items():
        assert min(shares) < 0.03, name
        assert max(shares) > 0.97, name
    run.stop()
    assert differences(before, read(from_extension, bpy)) == []


def test_posing_in_pose_mode_stops_at_the_limits(bpy: Any, from_extension: Load, rig: Any) -> None:
    select(bpy, rig)
    bpy.ops.object.mode_set(mode="POSE")
    low, high = read(from_extension, bpy).joint_of["door"].angle_limits
    bone = rig.pose.bones["door"]
    for angle in (low - 1.0, high + 1.0):
        bone.rotation_euler.y = angle
        bpy.context.view_layer.update()
        (position,) = read(from_extension, bpy).joint_of["door"].position
        assert position == pytest.approx(min(max(angle, low), high), abs=5e-6)
    bone.location = (1.0, 1.0, 1.0)  # locked against the mouse, and so not part of a hinge's position
    assert tuple(bone.lock_location) == (True, True, True)


def test_the_list_follows_the_active_part_and_makes_joints_active(
    bpy: Any, from_extension: Load, rig: Any
) -> None:
    bones = rig.pose.bones
    select(bpy, bpy.data.objects["knob"])
    assert rig.simready_joint_index == bones.find("door")
    rig.simready_joint_index = bones.find("drawer")
    assert bpy.context.active_object == rig
    assert rig.data.bones.active.name == "drawer"
    assert rig.simready_joint_index == bones.find("drawer")
    assert from_extension("operators.joint_edit").joint_bone_name(bpy.context) == "drawer"


def key(bone: Any, frame: int, angle: float) -> None:
    bone.rotation_euler.y = angle
    assert bone.keyframe_insert("rotation_euler", index=1, frame=frame)


def test_a_keyed_joint_is_exported_as_it_is_at_the_frame(
    bpy: Any, from_extension: Load, rig: Any, tmp_path: Path
) -> None:
    bone = rig.pose.bones["door"]
    key(bone, 1, 0.0)
    key(bone, 21, -1.0)
    for curve in curves(rig):
        for point in curve.keyframe_points:
            point.interpolation = "LINEAR"
    load = from_extension("physx_blender.formats.convert").load_asset
    for frame, angle in ((1, 0.0), (11, -0.5), (21, -1.0)):
        bpy.context.scene.frame_set(frame)
        path = tmp_path / f"at_{frame}"
        assert bpy.ops.simready.export_package(directory=str(path)) == {"FINISHED"}
        (position,) = load(path).joint_of["door"].position
        assert position == pytest.approx(angle, abs=1e-5)


def curves(rig: Any) -> Any:
    """Curves of the rig's action, in the layered actions of new versions and in the plain ones of old."""
    animation = rig.animation_data
    action = animation.action
    if hasattr(action, "fcurves"):
        return list(action.fcurves)
    bag = action.layers[0].strips[0].channelbag(animation.action_slot)
    return list(bag.fcurves)


def test_another_action_moves_the_joint(bpy: Any, from_extension: Load, rig: Any) -> None:
    bone = rig.pose.bones["door"]
    key(bone, 1, -0.3)
    first = rig.animation_data.action
    rig.animation_data.action = bpy.data.actions.new("wide open")
    key(bone, 1, -1.2)
    second = rig.animation_data.action
    assert first != second
    for action, angle in ((first, -0.3), (second, -1.2), (first, -0.3)):
        rig.animation_data.action = action
        if rig.animation_data.action_slot is None:
            rig.animation_data.action_slot = action.slots[0]
        bpy.context.scene.frame_set(2)
        bpy.context.scene.frame_set(1)
        (position,) = read(from_extension, bpy).joint_of["door"].position
        assert position == pytest.approx(angle, abs=1e-5)


def test_a_key_beyond_the_limit_is_held_by_it(bpy: Any, from_extension: Load, rig: Any) -> None:
    low, _ = read(from_extension, bpy).joint_of["door"].angle_limits
    key(rig.pose.bones["door"], 1, low - 1.0)
    bpy.context.scene.frame_set(1)
    (position,) = read(from_extension, bpy).joint_of["door"].position
    assert position == pytest.approx(low, abs=5e-6)


def test_a_linked_asset_is_posed_through_an_override_and_exported(
    bpy: Any, from_extension: Load, rig: Any, tmp_path: Path
) -> None:
    original = read(from_extension, bpy)
    library = tmp_path / "library.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(library))
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    with bpy.data.libraries.load(str(library), link=True) as (_, here):
        here.collections = ["cabinet"]
    scene = bpy.context.scene
    root = here.collections[0].override_hierarchy_create(
        scene, bpy.context.view_layer, do_fully_editable=True
    )
    if root.name not in scene.collection.children:
        scene.collection.children.link(root)
    rig = next(o for o in root.all_objects if o.type == "ARMATURE")
    assert rig.override_library
    select(bpy, rig)
    rig.pose.bones["door"].simready_angle_share = 0.5
    rig.pose.bones["drawer"].location.y = 0.1
    bpy.context.view_layer.update()
    after = read(from_extension, bpy)
    opened = max(original.joint_of["door"].angle_limits, key=abs)
    assert after.joint_of["door"].position == pytest.approx((0.5 * opened,), abs=2e-6)
    assert after.joint_of["drawer"].position == pytest.approx((0.1,), abs=2e-6)
    assert [p.name for p in after.parts] == [p.name for p in original.parts]
    assert bpy.ops.simready.export_mjcf(filepath=str(tmp_path / "out.xml")) == {"FINISHED"}
    # bones of a linked armature cannot be edited here, and the tools say so
    rig.data.bones.active = rig.data.bones["door"]
    assert not bpy.ops.simready.joint_move_pivot.poll()
    # the pose is kept in the file
    saved = tmp_path / "shot.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(saved))
    bpy.ops.wm.open_mainfile(filepath=str(saved))
    rig = next(o for o in bpy.context.scene.objects if o.type == "ARMATURE")
    select(bpy, rig)
    again = read(from_extension, bpy)
    assert again.joint_of["door"].position == pytest.approx((0.5 * opened,), abs=2e-6)
