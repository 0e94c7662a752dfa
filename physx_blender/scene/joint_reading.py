# SPDX-License-Identifier: GPL-3.0-or-later
"""The joint that a pose bone stands for: first its raw numbers and texts, then, from a cache, what they mean."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from bpy.types import PoseBone

from ..errors import AssetError
from ..formats.shapes_json import NoBlobs, from_json
from ..geometry.pose import Array, Vec3
from ..model import Joint, JointKind, Mimic
from .exact import affine_inverse, as_vec3, known_record, matrix_array, settle, settle_all, unmoved
from .joint_pose import read_position

SAME_POSITION = 2e-6
_TURNING = (JointKind.HINGE, JointKind.CYLINDRICAL, JointKind.BALL)
_SLIDING = (JointKind.SLIDE, JointKind.CYLINDRICAL)


class RawJoint(NamedTuple):
    """Everything in the scene that a joint follows from; a limit that is not used is None."""

    name: str
    bone: str
    parent: str
    child: str
    record: str
    kind: str
    rest: bytes
    position: tuple[float, ...]
    angle_limits: tuple[float, float] | None
    travel_limits: tuple[float, float] | None
    slide_axis: tuple[float, float, float] | None
    damping: float
    friction_loss: float
    stiffness: float
    armature: float
    mimic: tuple[str, float, float] | None


def raw_joint(
    bone: PoseBone, evaluated: PoseBone, name: str, parent: str, child: str, *, follows: bool
) -> RawJoint:
    """What the scene says now.

    evaluated: the same bone of the evaluated armature object.  follows: another joint leads it.
    """
    settings = bone.simready_joint
    return RawJoint(
        name,
        bone.name,
        parent,
        child,
        settings.record,
        settings.kind,
        matrix_array(bone.bone.matrix_local).tobytes(),
        read_position(bone, evaluated),
        (settings.angle_low, settings.angle_high) if settings.use_angle_limits else None,
        (settings.travel_low, settings.travel_high) if settings.use_travel_limits else None,
        tuple(settings.slide_axis) if settings.use_slide_axis else None,
        settings.damping,
        settings.friction_loss,
        settings.stiffness,
        settings.armature,
        (settings.mimic_joint, settings.mimic_multiplier, settings.mimic_offset) if follows else None,
    )


def moved_since(now: Array, recorded: list[float] | None) -> Array | None:
    """Motion (4, 4) of a bone's rest matrix `now` since it was recorded; None = it has not moved."""
    if recorded is None or unmoved(now, recorded):
        return None
    return now @ affine_inverse(np.array(recorded).reshape(4, 4))


@lru_cache(maxsize=4096)
def read_joint(raw: RawJoint) -> Joint:
    """The joint, exact where it has not been touched. Raises AssetError for limits that are swapped."""
    where = f"joint {raw.name!r}"
    record = known_record(raw.record, f"bone {raw.bone!r}")
    data = record.get("joint")
    given = from_json(data, Joint, NoBlobs(), where) if data else None
    kind = JointKind(raw.kind)
    rest = np.frombuffer(raw.rest).reshape(4, 4)
    shift = moved_since(rest, record.get("rest"))
    axis, anchor = as_vec3(rest[:3, 1]), as_vec3(rest[:3, 3])
    if given is not None:
        axis, anchor = given.axis, given.anchor
        if shift is not None:
            axis = as_vec3(shift[:3, :3] @ np.array(given.axis))
            anchor = as_vec3(shift[:3, :3] @ np.array(given.anchor) + shift[:3, 3])
    angles = raw.angle_limits
    if angles is not None and kind is JointKind.BALL:
        angles = (0.0, angles[1])
    turns, slides = kind in _TURNING, kind in _SLIDING
    return Joint(
        name=raw.name,
        kind=kind,
        parent=raw.parent,
        child=raw.child,
        axis=axis,
        anchor=anchor,
        angle_limits=_limits(angles, given.angle_limits if given else None, where, "angle")
        if turns
        else None,
        travel_limits=_limits(raw.travel_limits, given.travel_limits if given else None, where, "travel")
        if slides
        else None,
        slide_axis=_slide_axis(raw, given, shift) if kind is JointKind.CYLINDRICAL else None,
        position=_position(
            raw, given if given is not None and given.kind is kind else None, record.get("read")
        ),
        damping=settle(raw.damping, given.damping if given else None),
        friction_loss=settle(raw.friction_loss, given.friction_loss if given else None),
        stiffness=settle(raw.stiffness, given.stiffness if given else None),
        armature=settle(raw.armature, given.armature if given else None),
        mimic=_mimic(raw, given),
    )


def _slide_axis(raw: RawJoint, given: Joint | None, shift: Array | None) -> Vec3 | None:
    if raw.slide_axis is None:
        return None
    axis = np.array(settle_all(raw.slide_axis, given.slide_axis if given else None))
    return as_vec3(axis if shift is None else shift[:3, :3] @ axis)


def _position(raw: RawJoint, given: Joint | None, seen: list[float] | None) -> tuple[float, ...] | None:
    position = raw.position
    if (
        given is not None
        and seen is not None
        and len(seen) == len(position)
        and all(abs(a - b) <= SAME_POSITION for a, b in zip(seen, position, strict=True))
    ):
        return given.position
    return position


def _mimic(raw: RawJoint, given: Joint | None) -> Mimic | None:
    if raw.mimic is None:
        return None
    leader, multiplier, offset = raw.mimic
    old = given.mimic if given else None
    return Mimic(
        leader,
        settle(multiplier, old.multiplier if old else None),
        settle(offset, old.offset if old else None),
    )


def _limits(
    shown: tuple[float, float] | None, given: tuple[float, float] | None, where: str, what: str
) -> tuple[float, float] | None:
    if shown is None:
        return None
    low, high = settle_all(shown, given)
    if low > high:
        unit = math.degrees if what == "angle" else float
        raise AssetError(
            f"its lower {what} limit {unit(low):g} is above its upper limit {unit(high):g}; swap them",
            where=where,
        )
    return (low, high)
