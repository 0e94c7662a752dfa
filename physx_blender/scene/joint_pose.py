# SPDX-License-Identifier: GPL-3.0-or-later
"""Joint positions: put them on pose bones, and read them back from wherever the bones are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from bpy.types import PoseBone
from mathutils import Matrix

from ..errors import AssetError
from ..geometry.pose import Array, matrix_quaternion
from ..model import Joint, JointKind
from .exact import affine_inverse, matrix_array, rigid_part
from .joint_rig import slide_direction

MAX_POSE_SCALE_ERROR = 1e-3
SAME_ANGLE = 1e-3  # of a turn


def set_position(bone: PoseBone, joint: Joint) -> None:
    """Put the bone where the joint's position says; its rig must be built already."""
    if joint.kind in (JointKind.BALL, JointKind.FREE):
        bone.matrix_basis = local_motion(bone, joint)
        return
    for channel, values in position_channels(bone, joint.kind, joint.position or ()).items():
        setattr(bone, channel, values)


def local_motion(bone: PoseBone, joint: Joint) -> Matrix:
    """Matrix (4, 4) of the bone's own channels at the joint's position."""
    rest = matrix_array(bone.bone.matrix_local)
    return Matrix((affine_inverse(rest) @ joint.motion().matrix @ rest).tolist())


def position_channels(
    bone: PoseBone, kind: JointKind, position: Sequence[float]
) -> dict[str, tuple[float, ...]]:
    """Channels of a bone that turns or slides: the angle (rad) of a hinge, the travel (m) of a slide, or both."""
    channels: dict[str, tuple[float, ...]] = {}
    if kind in (JointKind.HINGE, JointKind.CYLINDRICAL):
        channels["rotation_euler"] = (0.0, position[0], 0.0)
    if kind in (JointKind.SLIDE, JointKind.CYLINDRICAL):
        x, y, z = slide_direction(bone)
        channels["location"] = (position[-1] * x, position[-1] * y, position[-1] * z)
    return channels


def read_position(bone: PoseBone, evaluated: PoseBone) -> tuple[float, ...]:
    """Position of the bone's joint (as in `Joint.position`), constraints and drivers included.

    bone: original pose bone.  evaluated: the same bone of the evaluated armature object.
    Raises AssetError for a bone that is scaled in pose mode.
    """
    above = bone.parent
    turns = bone.rotation_mode not in ("QUATERNION", "AXIS_ANGLE")
    return position_from(
        bone.name,
        bone.simready_joint.kind if above is not None else "fixed",
        matrix_array(bone.bone.matrix_local).tobytes(),
        matrix_array(evaluated.matrix).tobytes(),
        matrix_array(evaluated.bone.matrix_local).tobytes(),
        None if above is None else matrix_array(evaluated.parent.matrix).tobytes(),
        None if above is None else matrix_array(evaluated.parent.bone.matrix_local).tobytes(),
        slide_direction(bone),
        evaluated.rotation_euler[1] if turns else None,
    )


def _motion(matrix: bytes, rest: bytes) -> Array:
    """Matrix (4, 4) from rest to pose in the armature's frame."""
    return _matrix(matrix) @ affine_inverse(_matrix(rest))


def _matrix(data: bytes) -> Array:
    return np.frombuffer(data, dtype=np.float64).reshape(4, 4)


@lru_cache(maxsize=4096)
def position_from(
    name: str,
    joint_kind: str,
    rest_now: bytes,
    matrix: bytes,
    matrix_rest: bytes,
    parent_matrix: bytes | None,
    parent_rest: bytes | None,
    direction: tuple[float, float, float],
    channel: float | None,
) -> tuple[float, ...]:
    """`read_position` from numbers alone. channel: the angle about Y where the rotation mode has one."""
    scale = [abs(s) for s in Matrix(_matrix(matrix).tolist()).to_scale()]
    if max(abs(s - 1.0) for s in scale) > MAX_POSE_SCALE_ERROR:
        raise AssetError(
            "is scaled in pose mode; clear the scale (Alt S in pose mode)", where=f"bone {name!r}"
        )
    rest = _matrix(rest_now)
    moved = _motion(matrix, matrix_rest)
    if parent_matrix is not None and parent_rest is not None:
        moved = affine_inverse(_motion(parent_matrix, parent_rest)) @ moved
    local = affine_inverse(rest) @ moved @ rest
    rotation = rigid_part(local).rotation
    kind = JointKind(joint_kind)
    angle = math.atan2(rotation[0, 2] - rotation[2, 0], rotation[0, 0] + rotation[2, 2])
    if channel is not None:
        # the matrix forgets whole turns; the channel knows them, unless a constraint has overruled it
        turns = (channel - angle) / (2.0 * math.pi)
        if abs(turns - round(turns)) < SAME_ANGLE:
            angle += 2.0 * math.pi * round(turns)
    travel = float(local[:3, 3] @ np.array(direction))
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
