# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells a change of joints from a mere pose, cheaply enough for every redraw while things move.

A pose carries signs along without changing them; then only matrices are read, all at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
from bpy.types import Context, Object

from ...physx_blender.geometry.pose import Array
from ...physx_blender.scene.joint_view import parts_by_bone

Rig = tuple[Object, dict[str, list[Object]]]
"""An armature with its parts by bone."""
PLACE = {
    "location": 3,
    "rotation_euler": 3,
    "rotation_quaternion": 4,
    "rotation_axis_angle": 4,
    "scale": 3,
    "matrix_parent_inverse": 16,
    "bound_box": 24,
}
"""What says where a part is on its bone, and how large it is; and how many numbers each has."""
JOINT = (
    "kind",
    "use_slide_axis",
    "slide_axis",
    "name",
    "use_angle_limits",
    "angle_low",
    "angle_high",
    "use_travel_limits",
    "travel_low",
    "travel_high",
    "mimic_joint",
)
DIRECTIONS = 4
"""The bone's name and the first of these: what says that there is a joint, and which way it points."""


def shown_rigs(context: Context) -> list[Rig]:
    """The assets that have anything visible."""
    found = []
    for rig in context.view_layer.objects:
        if rig.type != "ARMATURE" or not rig.simready_asset.is_asset or rig.mode == "EDIT":
            continue
        parts = parts_by_bone(rig)
        if rig.visible_get() or any(p.visible_get() for many in parts.values() for p in many):
            found.append((rig, parts))
    return found


def structure(context: Context, rigs: Sequence[Rig]) -> tuple[Any, ...]:
    """Equal as long as nothing but poses has changed, and where the assets are."""
    collisions = tuple(
        (c.rig, c.joint, c.end, c.value) for c in context.window_manager.simready_viewport.collisions
    )
    return (
        collisions,
        tuple(_of_rig(rig, parts) for rig, parts in rigs),
        _places([p for _, parts in rigs for many in parts.values() for p in many]),
    )


def _of_rig(rig: Object, parts: dict[str, list[Object]]) -> tuple[Any, ...]:
    joints = []
    for bone in rig.pose.bones:
        settings = bone.simready_joint
        values = [getattr(settings, name) for name in JOINT]
        values[2] = tuple(values[2])
        joints.append((bone.name, *values))
    hung = tuple((bone, tuple(p.name for p in many)) for bone, many in parts.items())
    scale = tuple(round(s, 5) for s in rig.matrix_world.to_scale())
    return tuple(joints), (rig.name, scale, hung, _matrices(rig.data.bones, "matrix_local").tobytes())


def changed_settings(before: tuple[Any, ...] | None, now: tuple[Any, ...]) -> set[tuple[str, str]] | None:
    """Rig and bone of the joints that differ, where only limits, names and leaders do; None where more does.

    before, now: as `structure` has them.  Known collisions depend on limits: where there are any, more does.
    """
    if before is None or now[0] or before[0] or before[2] != now[2]:
        return None
    if [rest for _, rest in before[1]] != [rest for _, rest in now[1]]:
        return None
    found = set()
    for (old, _), (new, (rig, *_)) in zip(before[1], now[1], strict=True):
        if [j[:DIRECTIONS] for j in old] != [j[:DIRECTIONS] for j in new]:
            return None
        found |= {(rig, b[0]) for a, b in zip(old, new, strict=True) if a != b}
    return found


def _places(parts: Sequence[Object]) -> bytes:
    """Channels of the parts. All objects are read, in one go each; that is quicker than a few one by one."""
    objects = bpy.data.objects
    rows = {o.as_pointer(): k for k, o in enumerate(objects)}
    wanted = [rows[p.as_pointer()] for p in parts]
    found = []
    for name, size in PLACE.items():
        values = np.empty(len(objects) * size, np.float32)
        objects.foreach_get(name, values)
        found.append(values.reshape(len(objects), size)[wanted].tobytes())
    return b"".join(found)


def _matrices(bones: Any, name: str) -> Array:
    """Matrices (N, 4, 4) of all bones; Blender hands them out column by column."""
    values = np.empty(16 * len(bones), np.float32)
    bones.foreach_get(name, values)
    return values.reshape(-1, 4, 4).transpose(0, 2, 1)


class Frames:
    """The frames of some joints of one rig, each held by the bone above it as that is posed."""

    def __init__(self, rig: Object, bones: Sequence[str]) -> None:
        """bones: of the joints, none of them without a parent."""
        numbers = {b.name: k for k, b in enumerate(rig.pose.bones)}
        rest = [np.array(b.bone.matrix_local, float) for b in rig.pose.bones]
        self._above = [numbers[rig.pose.bones[name].parent.name] for name in bones]
        mine = [numbers[name] for name in bones]
        pairs = zip(self._above, mine, strict=True)
        self._rest = np.array([np.linalg.inv(rest[a]) @ rest[m] for a, m in pairs]).reshape(-1, 4, 4)

    def now(self, rig: Object) -> Array:
        """Matrices (N, 4, 4) in the world."""
        posed = _matrices(rig.pose.bones, "matrix")[self._above]
        frames: Array = np.array(rig.matrix_world, float) @ posed @ self._rest
        return frames
