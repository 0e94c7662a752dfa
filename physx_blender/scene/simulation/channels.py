# SPDX-License-Identifier: GPL-3.0-or-later
"""The channels of an object or a pose bone that a simulation moves: kept, set, and put back to the last bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bpy
from mathutils import Euler, Matrix, Quaternion

CHANNELS = ("location", "rotation_quaternion", "rotation_axis_angle", "rotation_euler", "scale")


@dataclass(frozen=True)
class Target:
    """An object, or one of its pose bones, by name: names outlive an undo, references do not."""

    object: str
    bone: str = ""

    def find(self) -> Any:
        """The object or pose bone, None when it is gone."""
        obj = bpy.data.objects.get(self.object)
        if obj is None or not self.bone:
            return obj
        return None if obj.pose is None else obj.pose.bones.get(self.bone)

    @property
    def path(self) -> str:
        """What comes before a channel in the path of an F-curve."""
        return f'pose.bones["{bpy.utils.escape_identifier(self.bone)}"].' if self.bone else ""


Kept = dict[Target, dict[str, tuple[float, ...]]]


def keep(targets: Sequence[Target]) -> Kept:
    """The channels as they are."""
    found = ((t, t.find()) for t in targets)
    return {t: {c: tuple(getattr(item, c)) for c in CHANNELS} for t, item in found if item is not None}


def restore(kept: Kept) -> None:
    """Put the channels back; what is gone meanwhile is passed over."""
    for target, channels in kept.items():
        item = target.find()
        if item is None:
            continue
        for name, values in channels.items():
            # the same value again would only make Blender evaluate the object anew
            if tuple(getattr(item, name)) != values:
                setattr(item, name, values)


def rotation_channel(mode: str) -> str:
    """Channel of a rotation mode."""
    return {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}.get(
        mode, "rotation_euler"
    )


def rotation_of(item: Any) -> Quaternion:
    """Rotation of the channels, whatever their mode."""
    if item.rotation_mode == "QUATERNION":
        return item.rotation_quaternion.normalized()
    if item.rotation_mode == "AXIS_ANGLE":
        angle, *axis = item.rotation_axis_angle
        return Quaternion(axis, angle)
    return item.rotation_euler.to_quaternion()


def set_rotation(item: Any, rotation: Quaternion) -> None:
    """Set the rotation channels in their mode, as near as can be to what they are: no half turn out of the blue."""
    if item.rotation_mode == "QUATERNION":
        near = rotation if rotation.dot(item.rotation_quaternion) >= 0.0 else -rotation
        item.rotation_quaternion = near
    elif item.rotation_mode == "AXIS_ANGLE":
        axis, angle = rotation.to_axis_angle()
        item.rotation_axis_angle = (angle, *axis)
    else:
        before: Euler = item.rotation_euler
        item.rotation_euler = rotation.to_euler(item.rotation_mode, before)


def move_object(obj: Any, start: dict[str, tuple[float, ...]], motion: Matrix) -> None:
    """Place an object at `motion` (rigid, 4 x 4, in the space of its channels) times where it was at the start."""
    shift = obj.delta_location
    turn = (
        obj.delta_rotation_quaternion
        if obj.rotation_mode in ("QUATERNION", "AXIS_ANGLE")
        else obj.delta_rotation_euler.to_quaternion()
    )
    x, y, z = start["location"]
    obj.location = motion @ (shift + type(shift)((x, y, z))) - shift
    before = _start_rotation(obj, start)
    set_rotation(obj, turn.inverted() @ motion.to_quaternion() @ turn @ before)


def _start_rotation(obj: Any, start: dict[str, tuple[float, ...]]) -> Quaternion:
    if obj.rotation_mode == "QUATERNION":
        return Quaternion(start["rotation_quaternion"]).normalized()
    if obj.rotation_mode == "AXIS_ANGLE":
        angle, *axis = start["rotation_axis_angle"]
        return Quaternion(axis, angle)
    return Euler(start["rotation_euler"], obj.rotation_mode).to_quaternion()
