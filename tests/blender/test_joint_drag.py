# SPDX-License-Identifier: GPL-3.0-or-later
"""Joints as they are drawn and dragged: where handles are, what they may be set to, and undo; without a window."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.blender.zoo import Load, cabinet, names, zoo


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


def activate(bpy: Any, name: str) -> Any:
    obj = bpy.data.objects[name]
    bpy.context.view_layer.objects.active = obj
    bpy.context.view_layer.update()
    return obj


def middle(obj: Any) -> np.ndarray:
    """Middle of an object's own box, in the world."""
    local = np.array([c[:] for c in obj.bound_box]).mean(axis=0)
    return np.asarray((np.array(obj.matrix_world) @ [*local, 1.0])[:3])


def placed(bpy: Any, rig: Any) -> None:
    """The rig elsewhere, turned and twice as large."""
    rig.location, rig.rotation_euler, rig.scale = (1.0, -2.0, 0.5), (0.3, -0.4, 2.0), (2.0, 2.0, 2.0)
    bpy.context.view_layer.update()


@pytest.mark.parametrize("angle", [0.0, -0.7, -1.9])
def test_a_hinge_points_to_where_its_part_is(bpy: Any, from_extension: Load, rig: Any, angle: float) -> None:
    bpy.data.objects.remove(bpy.data.objects["knob"])  # one box, whose middle is easily told
    placed(bpy, rig)
    rig.pose.bones["door"].rotation_euler[1] = angle
    door = activate(bpy, "door")
    view = from_extension("physx_blender.scene.joint_view").joint_view(rig, "door")
    arm = middle(door) - view.origin
    arm -= (arm @ view.axis) * view.axis
    assert view.angle == pytest.approx(angle, abs=1e-5)
    assert view.direction(view.angle) == pytest.approx(arm / np.linalg.norm(arm), abs=1e-5)


def test_a_rail_goes_where_its_part_goes(bpy: Any, from_extension: Load, rig: Any) -> None:
    placed(bpy, rig)
    drawer = activate(bpy, "drawer")
    joint_view = from_extension("physx_blender.scene.joint_view").joint_view
    before, start = np.array(drawer.matrix_world.translation), joint_view(rig, "drawer")
    rig.pose.bones["drawer"].location[1] = 0.2
    bpy.context.view_layer.update()
    after = joint_view(rig, "drawer")
    assert after.travel == pytest.approx(0.2, abs=1e-6)
    moved = after.on_rail(after.travel) - start.on_rail(start.travel)
    assert moved == pytest.approx(np.array(drawer.matrix_world.translation) - before, abs=1e-5)
    assert np.linalg.norm(moved) == pytest.approx(0.4, abs=1e-5)  # the rig is twice as large


def test_every_kind_of_joint_has_its_handles(bpy: Any, from_extension: Load) -> None:
    rig = from_extension("physx_blender.scene").asset_to_scene(zoo(names(from_extension)), bpy.context)
    bpy.context.view_layer.update()
    joint_view = from_extension("physx_blender.scene.joint_view").joint_view
    views = {b.name: joint_view(rig, b.name) for b in rig.pose.bones}
    nothing = {name for name, view in views.items() if view is None}
    assert nothing == {"base", "floating", "welded"}
    assert views["hinged"].handles == ("ANGLE_LOW", "ANGLE_HIGH", "ANGLE")
    assert views["sliding"].handles == ("TRAVEL_LOW", "TRAVEL_HIGH", "TRAVEL")
    assert views["balled"].handles == ("CONE",)
    assert len(views["twisting"].handles) == 6
    assert views["oblique"].handles == ("ANGLE", "TRAVEL_LOW", "TRAVEL_HIGH", "TRAVEL")
    assert views["follower"].handles == ()
    assert views["follower"].follows == "j hinge"
    assert views["slow"].handles == ("ANGLE",)
    assert views["slow"].angle == pytest.approx(-20.0, abs=1e-4), "turns are counted"
    assert views["sliding"].travel == pytest.approx(0.1, abs=1e-5)


@pytest.mark.parametrize(
    ("part", "handle", "name", "asked", "expected"),
    [
        ("door", "ANGLE_LOW", "angle_low", -1.0, -1.0),
        ("door", "ANGLE_LOW", "angle_low", 0.5, 0.0),  # limits do not cross
        ("door", "ANGLE_HIGH", "angle_high", 0.5, 0.5),
        ("drawer", "TRAVEL_HIGH", "travel_high", 0.123, 0.123),
        ("drawer", "TRAVEL_HIGH", "travel_high", -1.0, 0.0),
        ("drawer", "TRAVEL_LOW", "travel_low", -0.05, -0.05),
    ],
)
def test_set_a_limit(
    bpy: Any, rig: Any, part: str, handle: str, name: str, asked: float, expected: float
) -> None:
    activate(bpy, part)
    value = {"travel" if handle.startswith("TRAVEL") else "angle": asked}
    assert bpy.ops.simready.drag_joint(handle=handle, **value) == {"FINISHED"}
    assert getattr(rig.pose.bones[part].simready_joint, name) == pytest.approx(expected, abs=1e-6)


def test_a_position_stops_at_its_limit_and_the_part_goes_along(bpy: Any, rig: Any) -> None:
    drawer = activate(bpy, "drawer")
    before = drawer.matrix_world.translation.copy()
    assert bpy.ops.simready.drag_joint(handle="TRAVEL", travel=2.0) == {"FINISHED"}
    bpy.context.view_layer.update()
    assert rig.pose.bones["drawer"].location[1] == pytest.approx(0.3, abs=1e-6)
    assert (drawer.matrix_world.translation - before).length == pytest.approx(0.3, abs=1e-5)
    activate(bpy, "door")
    assert bpy.ops.simready.drag_joint(handle="ANGLE", angle=-3.0) == {"FINISHED"}
    assert rig.pose.bones["door"].rotation_euler[1] == pytest.approx(-1.9, abs=1e-6)


def test_a_free_hinge_turns_as_often_as_asked(bpy: Any, rig: Any) -> None:
    activate(bpy, "door")
    rig.pose.bones["door"].simready_joint.use_angle_limits = False
    assert bpy.ops.simready.drag_joint(handle="ANGLE", angle=-17.0) == {"FINISHED"}
    bpy.context.view_layer.update()
    assert rig.pose.bones["door"].rotation_euler[1] == pytest.approx(-17.0, abs=1e-5)
    with pytest.raises(RuntimeError, match="no lower angle limit"):
        bpy.ops.simready.drag_joint(handle="ANGLE_LOW", angle=-1.0)


def test_the_cone_of_a_ball_ends_at_half_a_turn(bpy: Any, rig: Any) -> None:
    settings = rig.pose.bones["door"].simready_joint
    settings.kind, settings.use_angle_limits = "ball", True
    activate(bpy, "door")
    assert bpy.ops.simready.drag_joint(handle="CONE", angle=9.0) == {"FINISHED"}
    assert settings.angle_high == pytest.approx(math.pi, abs=1e-6)


def test_a_follower_is_dragged_by_its_leader_only(bpy: Any, from_extension: Load) -> None:
    from_extension("physx_blender.scene").asset_to_scene(zoo(names(from_extension)), bpy.context)
    activate(bpy, "follower part")
    assert not bpy.ops.simready.drag_joint.poll()
    activate(bpy, "hinged part")
    assert bpy.ops.simready.drag_joint.poll()


def test_one_drag_is_one_step_to_undo(bpy: Any, rig: Any) -> None:
    bpy.ops.ed.undo_push(message="Before")
    activate(bpy, "door")
    bpy.ops.ed.undo_push(message="Chosen")
    for angle in (-1.2, -0.8):
        bpy.ops.simready.drag_joint("EXEC_DEFAULT", True, handle="ANGLE_LOW", angle=angle)

    def low() -> float:
        return float(bpy.data.objects["cabinet"].pose.bones["door"].simready_joint.angle_low)

    assert low() == pytest.approx(-0.8)
    bpy.ops.ed.undo()
    assert low() == pytest.approx(-1.2)
    bpy.ops.ed.undo()
    assert low() == pytest.approx(-1.9)
    bpy.ops.ed.redo()
    assert low() == pytest.approx(-1.2)


def test_automatic_keyframes_take_the_position_and_not_the_limits(bpy: Any, rig: Any) -> None:
    bpy.context.scene.tool_settings.use_keyframe_insert_auto = True
    activate(bpy, "door")
    bpy.ops.simready.drag_joint(handle="ANGLE_LOW", angle=-1.5)
    assert rig.animation_data is None or rig.animation_data.action is None
    bpy.ops.simready.drag_joint(handle="ANGLE", angle=-0.5)
    bag = rig.animation_data.action.layers[0].strips[0].channelbags[0]
    assert [(c.data_path, c.array_index) for c in bag.fcurves] == [('pose.bones["door"].rotation_euler', 1)]
    assert bag.fcurves[0].keyframe_points[0].co[1] == pytest.approx(-0.5)


@pytest.mark.parametrize(("bone", "handle"), [("drawer", "TRAVEL"), ("door", "ANGLE")])
def test_a_drag_of_a_handle_reads_what_the_mouse_points_at(
    bpy: Any, from_extension: Load, rig: Any, bone: str, handle: str
) -> None:
    placed(bpy, rig)
    drag = from_extension("operators.joint_drag")
    Ray = from_extension("physx_blender.geometry.dragging").Ray
    view = from_extension("physx_blender.scene.joint_view").joint_view(rig, bone)
    eye = view.origin + 3.0 * (view.axis + 0.3 * view.zero) + 2.0 * np.cross(view.slide, view.zero)

    def at(value: float) -> Any:
        point = view.on_rail(value) if handle == "TRAVEL" else view.origin + 0.2 * view.direction(value)
        return Ray(eye, point - eye)

    read = drag.raw_reader(view, handle, at(0.0), 0.2)
    for value in (-0.3, 0.0, 0.2, 0.9):
        assert read(at(value)) == pytest.approx(value, abs=1e-6)


def test_the_handles_can_be_switched_off_and_need_a_joint(bpy: Any, from_extension: Load, rig: Any) -> None:
    group = from_extension("ui.gizmos.group").SIMREADY_GGT_joint
    activate(bpy, "door")
    assert group.poll(bpy.context)
    bpy.context.window_manager.simready_viewport.show_handles = False
    assert not group.poll(bpy.context)
    bpy.context.window_manager.simready_viewport.show_handles = True
    activate(bpy, "body")
    assert not group.poll(bpy.context)


def test_what_the_handles_say_has_a_translation(from_extension: Load) -> None:
    drag = from_extension("operators.joint_drag")
    table = from_extension("ui.translations.japanese").JAPANESE
    shown = [drag.HELP, *(text for item in drag.HANDLES for text in item[1:])]
    assert [text for text in shown if text not in table] == []
