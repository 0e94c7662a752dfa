# SPDX-License-Identifier: GPL-3.0-or-later
"""Move or turn a joint's axis in a rig, while all parts stay where they are at rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import bpy
from bpy.types import Context, EditBone, Object, PoseBone
from mathutils import Matrix, Quaternion, Vector

from ..errors import AssetError
from .exact import affine_inverse, flat, matrix_array, read_record, write_record
from .joint_rig import apply_joint, slide_direction
from .placement import bone_parent_matrix

SHORTEST_AXIS = 1e-6


def move_anchor(context: Context, rig: Object, bone: str, anchor: Vector) -> None:
    """Put the anchor of a joint (metres, in the asset's frame at rest) elsewhere; its axis keeps its direction."""
    set_frame(context, rig, bone, anchor=anchor)


def flip_axis(context: Context, rig: Object, bone: str) -> None:
    """Turn a joint's axis round, so that it opens to the other side with the same limits."""

    def change(edited: EditBone) -> None:
        across = edited.z_axis.copy()
        edited.tail = edited.head - (edited.tail - edited.head)
        edited.align_roll(across)

    _change(context, rig, bone, change)


def set_frame(
    context: Context, rig: Object, bone: str, *, anchor: Vector | None = None, axis: Vector | None = None
) -> None:
    """Give a joint another anchor (metres) or axis (any length), both in the asset's frame at rest; None = as it is.

    Parts, limits and joint positions stay: limits and positions count from rest, and nothing moves at rest. A joint that
    stands open swings its parts about the new line. Raises AssetError for an axis of no length and for a rig that
    cannot be edited.
    """
    if axis is not None and axis.length < SHORTEST_AXIS:
        raise AssetError("gives no direction; choose an edge with some length", where=f"axis of {bone!r}")

    def change(edited: EditBone) -> None:
        head = edited.head.copy() if anchor is None else anchor.copy()
        line, across = edited.tail - edited.head, edited.z_axis.copy()
        if axis is not None:
            turn = line.rotation_difference(axis)
            across = turn @ across
            line = axis.normalized() * line.length
        edited.use_connect = False
        edited.head, edited.tail = head, head + line
        edited.align_roll(across)

    _change(context, rig, bone, change)


def _change(context: Context, rig: Object, name: str, change: Callable[[EditBone], None]) -> None:
    before, frame = bone_parent_matrix(rig.data.bones[name]), _axes(rig, name)
    with editing_bones(context, rig):
        for child in rig.data.edit_bones[name].children:
            child.use_connect = False
        change(rig.data.edit_bones[name])
    keep_objects(rig, {name: before})
    rebase_record(rig, name)
    bone = rig.pose.bones[name]
    _keep_turn(bone, frame.T @ _axes(rig, name))
    apply_joint(bone)


@contextmanager
def editing_bones(context: Context, rig: Object) -> Iterator[None]:
    """Edit mode on a rig, from object mode and back to it; the active object stays. Raises AssetError."""
    where = f"asset {rig.name!r}"
    if rig.library or rig.data.library or rig.override_library:
        raise AssetError(
            "is linked from another file, where its bones must be edited; here it can be posed", where=where
        )
    if rig.name not in context.view_layer.objects or rig.hide_viewport:
        raise AssetError(
            "its armature is disabled in the viewport; enable it to edit its joints", where=where
        )
    view = context.view_layer
    active, hidden = view.objects.active, rig.hide_get()
    rig.hide_set(False)
    view.objects.active = rig
    try:
        bpy.ops.object.mode_set(mode="EDIT")
        mirror, rig.data.use_mirror_x = rig.data.use_mirror_x, False
        try:
            yield
        finally:
            rig.data.use_mirror_x = mirror
            bpy.ops.object.mode_set(mode="OBJECT")
    finally:
        view.objects.active = active
        rig.hide_set(hidden)


def keep_objects(rig: Object, before: dict[str, Any]) -> None:
    """Let the objects on some bones stay where they are at rest although the bones have changed.

    before: what `bone_parent_matrix` was for each bone name.
    """
    for child in rig.children:
        if child.parent_type == "BONE" and child.parent_bone in before:
            now = bone_parent_matrix(rig.data.bones[child.parent_bone])
            inverse = (
                affine_inverse(now) @ before[child.parent_bone] @ matrix_array(child.matrix_parent_inverse)
            )
            child.matrix_parent_inverse = Matrix(inverse.tolist())


def _axes(rig: Object, name: str) -> Any:
    return matrix_array(rig.data.bones[name].matrix_local)[:3, :3]


def _keep_turn(bone: PoseBone, change: Any) -> None:
    """Joints whose channels are in the bone's own axes keep their motion when those axes turn by `change` (3, 3)."""
    kind = bone.simready_joint.kind
    turn = Matrix(change.tolist()).to_quaternion()
    if kind in ("ball", "free"):
        bone.rotation_quaternion = turn.conjugated() @ Quaternion(bone.rotation_quaternion) @ turn
        bone.location = turn.conjugated() @ Vector(bone.location)
    elif kind == "cylindrical":
        before = turn @ Vector(slide_direction(bone))
        travel = Vector(bone.location).dot(
            before if bone.simready_joint.use_slide_axis else Vector((0, 1, 0))
        )
        bone.location = [travel * c for c in slide_direction(bone)]


def rebase_record(rig: Object, name: str) -> None:
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
