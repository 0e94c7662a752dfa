# SPDX-License-Identifier: GPL-3.0-or-later
"""Joints have usable limits and sit where their parts are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from ..geometry.pose import Array
from ..model import Joint, JointKind
from .finding import Finding, Severity
from .registry import Subject, union

NARROW = {"angle": math.radians(0.5), "travel": 0.0005}  # rad, m: less is no motion that anybody sees
FAR_ANCHOR = 0.25  # of the asset's size outside its box
FAR_AXIS = 0.25  # of the asset's size from the moved parts
MANY_TURNS = 20 * math.pi
TURNING = (JointKind.HINGE, JointKind.CYLINDRICAL, JointKind.BALL)
SLIDING = (JointKind.SLIDE, JointKind.CYLINDRICAL)


def check_joints(subject: Subject) -> Iterator[Finding]:
    """Limits without width, none on a slide, rest or position outside them; axes and anchors far from their parts."""
    low, high = subject.bounds
    around = (tuple(low.tolist()), tuple(high.tolist()))
    parts: dict[str, list[tuple[int, int]]] = {}
    for part in subject.asset.parts:
        parts.setdefault(part.link, []).append(subject.geometry_of[part.name])
    for joint in subject.asset.joints:
        reads = (joint, around, tuple(parts.get(joint.child, ())))
        yield from subject.memo.recall("joints", reads, partial(_faults, subject, joint))


def _faults(subject: Subject, joint: Joint) -> tuple[Finding, ...]:
    return (*_limits(subject, joint), *_place(subject, joint))


def _limits(subject: Subject, joint: Joint) -> Iterator[Finding]:
    element = f"joint '{joint.name}'"
    position = joint.position or ()
    angle = position[0] if joint.kind in (JointKind.HINGE, JointKind.CYLINDRICAL) else None
    travel = position[-1] if joint.kind in SLIDING else None
    for what, limits, now, scale, unit in (
        ("angle", joint.angle_limits, angle, 180.0 / math.pi, "degrees"),
        ("travel", joint.travel_limits, travel, 1000.0, "mm"),
    ):
        if limits is None:
            continue
        low, high = limits
        text = f"{low * scale:.1f} to {high * scale:.1f} {unit}"
        if high - low < NARROW[what]:
            yield Finding(
                Severity.WARNING,
                f"limits.narrow_{what}",
                element,
                f"its {what} limits leave no room: {text}",
                "widen the limits, or make the joint fixed",
            )
        if not low - 1e-9 <= 0.0 <= high + 1e-9:
            yield Finding(
                Severity.ERROR,
                f"limits.rest_outside_{what}",
                element,
                f"its rest (0) is outside its {what} limits {text}",
                "move the limits so that 0 lies within; limits are measured from rest",
                "limits_around_rest",
            )
        if now is not None and not low - 1e-6 <= now <= high + 1e-6:
            yield Finding(
                Severity.WARNING,
                f"limits.position_outside_{what}",
                element,
                f"stands at {now * scale:.1f} {unit}, outside its limits {text}",
                "move it back, or widen the limits",
                "clamp_position",
            )
        if what == "travel" and high - low > 3.0 * max(subject.size, 1e-6):
            yield Finding(
                Severity.WARNING,
                "limits.wide",
                element,
                f"slides by {(high - low) * scale:.0f} mm, over three times the size of the asset",
                "limits of a slide are in metres; correct them",
            )
        if what == "angle" and high - low > MANY_TURNS:
            yield Finding(
                Severity.WARNING,
                "limits.wide",
                element,
                f"turns by {(high - low) * scale:.0f} degrees",
                "limits of a hinge are in radians; correct them, or take them away",
            )
    if joint.kind in SLIDING and joint.travel_limits is None and joint.mimic is None:
        yield Finding(
            Severity.ERROR,
            "limits.none",
            element,
            "slides without limits, and so leaves the asset",
            "give it travel limits",
            "limit_travel",
        )


def _place(subject: Subject, joint: Joint) -> Iterator[Finding]:
    if joint.kind in (JointKind.FIXED, JointKind.FREE) or not subject.asset.parts:
        return
    element = f"joint '{joint.name}'"
    low, high = subject.bounds
    size = max(subject.size, 1e-9)
    anchor = np.array(joint.anchor)
    outside = float(np.linalg.norm(np.maximum(0.0, np.maximum(low - anchor, anchor - high))))
    if outside > FAR_ANCHOR * size:
        yield Finding(
            Severity.WARNING,
            "anchor.far",
            element,
            f"its anchor lies {outside:.3g} m outside the asset",
            "move the anchor to the hinge line",
            "anchor_to_parts",
        )
        return
    if joint.kind not in TURNING:
        return
    boxes = [subject.part_bounds[p.name] for p in subject.parts_of(joint.child)]
    if not boxes:
        return
    box = union(boxes)
    distance = _distance(anchor, np.array(joint.axis) if joint.kind is not JointKind.BALL else None, box)
    if distance > FAR_AXIS * size:
        what = "centre" if joint.kind is JointKind.BALL else "axis"
        yield Finding(
            Severity.WARNING,
            "axis.far",
            element,
            f"its {what} passes {distance:.3g} m from the parts of link '{joint.child}'",
            f"move the {what} to where the part turns",
            "anchor_to_parts",
        )


def _distance(anchor: Array, axis: Array | None, box: tuple[Array, Array]) -> float:
    """Distance (m) of a point, or of a line, from an axis-aligned box."""

    def to_box(points: Array) -> Array:
        distance: Array = np.linalg.norm(
            np.maximum(0.0, np.maximum(box[0] - points, points - box[1])), axis=-1
        )
        return distance

    if axis is None:
        return float(to_box(anchor[None])[0])
    middle = float(((box[0] + box[1]) / 2.0 - anchor) @ axis)
    low = middle - float(np.linalg.norm(box[1] - box[0]))
    high = 2.0 * middle - low
    for _ in range(60):  # the distance along a line from a convex body is convex
        a, b = low + (high - low) / 3.0, high - (high - low) / 3.0
        da, db = to_box(anchor + np.outer([a, b], axis))
        low, high = (low, b) if da < db else (a, high)
    return float(to_box((anchor + (low + high) / 2.0 * axis)[None])[0])
