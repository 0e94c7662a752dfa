# SPDX-License-Identifier: GPL-3.0-or-later
"""Repairs of what `joints` finds."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..errors import AssetError
from ..geometry.pose import Vec3
from ..model import Joint, JointKind
from ..model.edits import Edit, SetJoint
from .finding import Finding
from .fix import Fix
from .registry import Subject, union

Limits = tuple[float, float]


def _clamped(value: float, limits: Limits | None) -> float:
    return value if limits is None else min(max(value, limits[0]), limits[1])


def _position_within(joint: Joint) -> Joint:
    q = joint.position or ()
    if joint.kind is JointKind.HINGE:
        q = (_clamped(q[0], joint.angle_limits),)
    elif joint.kind is JointKind.SLIDE:
        q = (_clamped(q[0], joint.travel_limits),)
    elif joint.kind is JointKind.CYLINDRICAL:
        q = (_clamped(q[0], joint.angle_limits), _clamped(q[1], joint.travel_limits))
    return replace(joint, position=q)


def _clamp_position(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    return (SetJoint(_position_within(subject.culprit_joint(finding))),)


def _around_rest(limits: Limits | None) -> Limits | None:
    return None if limits is None else (min(limits[0], 0.0), max(limits[1], 0.0))


def _limits_around_rest(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    joint = subject.culprit_joint(finding)
    widened = replace(
        joint,
        angle_limits=_around_rest(joint.angle_limits),
        travel_limits=_around_rest(joint.travel_limits),
    )
    return (SetJoint(widened),)


def _limit_travel(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    """From rest to four fifths of the length of the moved parts along the slide, as a drawer runs."""
    joint = subject.culprit_joint(finding)
    boxes = [subject.part_bounds[p.name] for p in subject.parts_of(joint.child)]
    low, high = union(boxes) if boxes else subject.bounds
    length = float(np.abs(np.array(joint.sliding_direction)) @ (high - low))
    if not length > 0.0:
        raise AssetError("moves nothing; give its link a part first", where=finding.element)
    limits = (0.0, math.floor(0.8 * length * 1000.0) / 1000.0 or 0.8 * length)
    return (SetJoint(_position_within(replace(joint, travel_limits=limits))),)


def _anchor_to_parts(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    """The anchor goes to the nearest point of the box around the moved parts; without parts, around the asset."""
    joint = subject.culprit_joint(finding)
    boxes = [subject.part_bounds[p.name] for p in subject.parts_of(joint.child)]
    low, high = union(boxes) if boxes else subject.bounds
    x, y, z = (float(v) for v in np.clip(np.array(joint.anchor), low, high))
    anchor: Vec3 = (x, y, z)
    return (SetJoint(replace(joint, anchor=anchor)),)


FIXES = (
    Fix(
        "clamp_position",
        "Move within Limits",
        "Move the joint to the nearest end of its range; the limits stay",
        _clamp_position,
    ),
    Fix(
        "limits_around_rest",
        "Widen to Rest",
        "Widen the range just enough that the rest position (0) lies within; the joint can then move further",
        _limits_around_rest,
    ),
    Fix(
        "limit_travel",
        "Limit Travel",
        "Let the joint slide from rest to four fifths of the length of what it moves; correct the range afterwards",
        _limit_travel,
    ),
    Fix(
        "anchor_to_parts",
        "Pivot to Parts",
        "Move the joint's anchor to the nearest point of the box around the parts that it moves; no part moves",
        _anchor_to_parts,
    ),
)
