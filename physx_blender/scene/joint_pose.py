# SPDX-License-Identifier: GPL-3.0-or-later
"""Joint positions: put them on pose bones, and read them back from wherever the bones are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from bpy.types import PoseBone
from mathutils import Matrix

from ..errors import AssetError
from ..geometry.pose import Array, matrix_quaternion
from ..model import Joint, JointKind
from .exact import matrix_array, rigid_part
from .joint_rig import slide_direction

MAX_POSE_SCALE_ERROR = 1e-3
SAME_ANGLE = 1e-3  # of a turn


def set_position(bone: PoseBone, joint: Joint) -> None:
    """Put the bone where the joint's position says; its rig must be built already."""
    rest = matrix_array(bone.bone.matrix_local)
    if joint.kind is JointKind.FIXED:
        return
    if joint.kind in (JointKind.BALL, JointKind.FREE):
        local = np.linalg.inv(rest) @ joint.motion().matrix @ rest
        bone.matrix_basis = Matrix(local.tolist())
        return
    position = joint.position or ()
    if joint.kind is not JointKind.SLIDE:
        bone.rotation_euler = (0.0, position[0], 0.0)
    if joint.kind is not JointKind.HINGE:
        bone.location = [position[-1] * c for c in slide_direction(bone)]


def _motion(bone: Any) -> Array:
    """Matrix (4, 4) from rest to pose in the armature's frame."""
    return matrix_array(bone.matrix) @ np.linalg.inv(matrix_array(bone.bone.matrix_local))


def read_position(bone: PoseBone, evaluated: PoseBone) -> tuple[float, ...]:
    """Position of the bone's joint (as in `Joint.position`), constraints and drivers included.

    bone: original pose bone.  evaluated: the same bone of the evaluated armature object.
    Raises AssetError for a bone that is scaled in pose mode.
    """
    scale = [abs(s) for s in evaluated.matrix.to_scale()]
    if max(abs(s - 1.0) for s in scale) > MAX_POSE_SCALE_ERROR:
        raise AssetError(
            "is scaled in pose mode; clear the scale (Alt S in pose mode)", where=f"bone {bone.name!r}"
        )
    rest = matrix_array(bone.bone.matrix_local)
    moved = (
        _motion(evaluated)
        if bone.parent is None
        else np.linalg.inv(_motion(evaluated.parent)) @ _motion(evaluated)
    )
    local = np.linalg.inv(rest) @ moved @ rest
    rotation = rigid_part(local).rotation
    kind = JointKind(bone.simready_joint.kind) if bone.parent is not None else JointKind.FIXED
    angle = math.atan2(rotation[0, 2] - rotation[2, 0], rotation[0, 0] + rotation[2, 2])
    if bone.rotation_mode not in ("QUATERNION", "AXIS_ANGLE"):
        # the matrix forgets whole turns; the channel knows them, unless a constraint has overruled it
        turns = (evaluated.rotation_euler[1] - angle) / (2.0 * math.pi)
        if abs(turns - round(turns)) < SAME_ANGLE:
            angle += 2.0 * math.pi * round(turns)
    travel = float(local[:3, 3] @ np.array(slide_direction(bone)))
    if kind is JointKind.HINGE:
        return (angle,)
    if kind is JointKind.SLIDE:
        return (travel,)
    if kind is JointKind.CYLINDRICAL:
        return (angle, travel)
    if kind is JointKind.BALL:
        return matrix_quaternion(rigid_part(moved).rotation)
    if kind is JointKind.FREE:
        shift = rest[:3, :3] @ local[:3, 3]
        return (
            float(shift[0]),
            float(shift[1]),
            float(shift[2]),
            *matrix_quaternion(rigid_part(moved).rotation),
        )
    return ()
