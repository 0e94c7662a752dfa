# SPDX-License-Identifier: GPL-3.0-or-later
"""Move or turn a joint's axis in a rig, while all parts stay where they are at rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import bpy
import numpy as np
from bpy.types import Context, EditBone, Object
from mathutils import Matrix, Vector

from .exact import flat, matrix_array, read_record, write_record
from .joint_rig import apply_joint
from .placement import bone_parent_matrix


def move_anchor(context: Context, rig: Object, bone: str, anchor: Vector) -> None:
    """Put the anchor of a joint (metres, in the asset's frame) elsewhere; its axis keeps its direction."""

    def change(edited: EditBone) -> None:
        shift = anchor - edited.head
        edited.head, edited.tail = edited.head + shift, edited.tail + shift

    _change(context, rig, bone, change)


def flip_axis(context: Context, rig: Object, bone: str) -> None:
    """Turn a joint's axis round, so that it opens to the other side with the same limits."""

    def change(edited: EditBone) -> None:
        across = edited.z_axis.copy()
        edited.tail = edited.head - (edited.tail - edited.head)
        edited.align_roll(across)

    _change(context, rig, bone, change)


def _change(context: Context, rig: Object, name: str, change: Callable[[EditBone], None]) -> None:
    before = bone_parent_matrix(rig.data.bones[name])
    with _editing(context, rig):
        change(rig.data.edit_bones[name])
    bone = rig.data.bones[name]
    correction = Matrix((np.linalg.inv(bone_parent_matrix(bone)) @ before).tolist())
    for child in rig.children:
        if child.parent_type == "BONE" and child.parent_bone == name:
            child.matrix_parent_inverse = correction @ child.matrix_parent_inverse
    _record(rig, name)
    apply_joint(rig.pose.bones[name])


@contextmanager
def _editing(context: Context, rig: Object) -> Iterator[None]:
    view = context.view_layer
    active = view.objects.active
    view.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    mirror, rig.data.use_mirror_x = rig.data.use_mirror_x, False
    try:
        yield
    finally:
        rig.data.use_mirror_x = mirror
        bpy.ops.object.mode_set(mode="OBJECT")
        view.objects.active = active


def _record(rig: Object, name: str) -> None:
    """The new place is where the joint now belongs: what else the link has (its inertia) has not moved with it."""
    bone = rig.pose.bones[name]
    record = read_record(bone.simready_joint.record, f"bone {name!r}")
    if not record:
        return
    rest = matrix_array(bone.bone.matrix_local)
    record["rest"] = flat(rest)
    joint: dict[str, Any] | None = record.get("joint")
    if joint:
        joint["axis"] = [float(v) for v in rest[:3, 1]]
        joint["anchor"] = [float(v) for v in rest[:3, 3]]
    bone.simready_joint.record = write_record(record)
