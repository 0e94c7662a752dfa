# SPDX-License-Identifier: GPL-3.0-or-later
"""The channels of an object or a pose bone that a simulation moves: kept, set, and put back to the last bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Euler, Matrix, Quaternion

CHANNELS = ("location", "rotation_quaternion", "rotation_axis_angle", "rotation_euler", "scale")
SIZES = {"location": 3, "rotation_quaternion": 4, "rotation_axis_angle": 4, "rotation_euler": 3}
Changes = dict[int, dict[str, tuple[float, ...]]]
"""New values of channels, by the number of the item in its collection."""


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


def write(items: Any, changes: Changes) -> bool:
    """Set channels of some objects or pose bones of a collection in one go; True when any value is another one.

    Unlike a value set by itself this tells nobody: every editor and panel that lists such items would draw itself anew,
    sixty times a second. Who calls this tags what is to be evaluated.
    """
    different = False
    for name in {channel for mine in changes.values() for channel in mine}:
        size = SIZES[name]
        values = np.empty(len(items) * size, np.float32)
        items.foreach_get(name, values)
        table = values.reshape(-1, size)
        before = table.copy()
        for number, mine in changes.items():
            if name in mine:
                table[number] = mine[name]
        if not np.array_equal(table, before):
            items.foreach_set(name, values)
            different = True
    return different


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


def rotation_values(mode: str, rotation: Quaternion, before: Sequence[float]) -> tuple[float, ...]:
    """Values of the channel of a rotation mode, as near as can be to those before: no half turn out of the blue."""
    if mode == "QUATERNION":
        near = rotation if rotation.dot(Quaternion(before)) >= 0.0 else -rotation
        return tuple(near)
    if mode == "AXIS_ANGLE":
        axis, angle = rotation.to_axis_angle()
        return (angle, *axis)
    return tuple(rotation.to_euler(mode, Euler(before, mode)))


def moved_object(
    obj: Any, start: dict[str, tuple[float, ...]], motion: Matrix
) -> dict[str, tuple[float, ...]]:
    """Channels of an object at `motion` (rigid, 4 x 4, in the space of its channels) times where it was at the start."""
    shift = obj.delta_location
    turn = (
        obj.delta_rotation_quaternion
        if obj.rotation_mode in ("QUATERNION", "AXIS_ANGLE")
        else obj.delta_rotation_euler.to_quaternion()
    )
    x, y, z = start["location"]
    before = _start_rotation(obj, start)
    rotation = turn.inverted() @ motion.to_quaternion() @ turn @ before
    channel = rotation_channel(obj.rotation_mode)
    return {
        "location": tuple(motion @ (shift + type(shift)((x, y, z))) - shift),
        channel: rotation_values(obj.rotation_mode, rotation, getattr(obj, channel)[:]),
    }


def _start_rotation(obj: Any, start: dict[str, tuple[float, ...]]) -> Quaternion:
    if obj.rotation_mode == "QUATERNION":
        return Quaternion(start["rotation_quaternion"]).normalized()
    if obj.rotation_mode == "AXIS_ANGLE":
        angle, *axis = start["rotation_axis_angle"]
        return Quaternion(axis, angle)
    return Euler(start["rotation_euler"], obj.rotation_mode).to_quaternion()
