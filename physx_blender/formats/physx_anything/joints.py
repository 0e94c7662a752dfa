# SPDX-License-Identifier: GPL-3.0-or-later
"""Movement of a group to a `Joint`, and back."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ...geometry.pose import Array, Vec3, unit
from ...model import Joint, JointKind
from .description import GroupText, Movement
from .report import Report

FULL_TURN = 360.0
KINDS = {
    Movement.FREE: JointKind.FREE,
    Movement.SLIDE: JointKind.SLIDE,
    Movement.HINGE: JointKind.HINGE,
    Movement.BALL: JointKind.BALL,
    Movement.HINGE_SLIDE: JointKind.CYLINDRICAL,
    Movement.FIXED: JointKind.FIXED,
}


def read_joint(
    group: GroupText,
    name: str,
    parent: str,
    child: str,
    centre: Array,
    to_metres: Callable[[Array], Array],
    voxel: float,
    report: Report,
) -> Joint:
    """The joint of a group.

    centre: (3,) middle of the child, metres.  to_metres: lattice coordinates (N, 3) to metres.  voxel: metres.
    The anchor is the point of the axis nearest to `centre`: the coordinate along an axis says nothing, and the training
    text even puts 0 there.
    """
    place = f"group_{group.id}"
    kind = KINDS[group.movement]
    axis = _direction(group.axis if kind in (JointKind.HINGE, JointKind.CYLINDRICAL) else group.slide_axis)
    slide_axis = _direction(group.slide_axis)
    if kind in (JointKind.HINGE, JointKind.SLIDE, JointKind.CYLINDRICAL) and axis is None:
        if kind is JointKind.CYLINDRICAL and slide_axis is not None:
            report.loss("without an axis it only slides", place=place, field="type")
            kind, axis = JointKind.SLIDE, slide_axis
        else:
            report.loss("without a direction it is fixed", place=place, field="type")
            kind = JointKind.FIXED
    if kind is JointKind.CYLINDRICAL and slide_axis is None:
        report.loss(
            "without a slide direction it slides along its axis", place=place, field="slide direction"
        )
    axis = axis or (0.0, 0.0, 1.0)
    anchor = centre
    if kind in (JointKind.HINGE, JointKind.CYLINDRICAL, JointKind.BALL):
        if group.position is None:
            report.loss(
                "without a position it turns about its own middle", place=place, field="axis position"
            )
        else:
            anchor = to_metres(np.array([group.position]))[0]
            if kind is not JointKind.BALL:
                anchor = anchor + (centre - anchor) @ np.array(axis) * np.array(axis)
    angles = travel = None
    if kind in (JointKind.HINGE, JointKind.CYLINDRICAL):
        angles = _angles(group.angles, place, report)
    if kind in (JointKind.SLIDE, JointKind.CYLINDRICAL):
        travel = _travel(group.travel, voxel, place, report)
    axis, angles, travel = _opening_positive(kind, axis, angles, travel)
    own_slide = None
    if kind is JointKind.CYLINDRICAL and slide_axis is not None and not _same(slide_axis, axis):
        own_slide = slide_axis
    return Joint(
        name, kind, parent, child, axis, (float(anchor[0]), float(anchor[1]), float(anchor[2])),
        angle_limits=angles, travel_limits=travel, slide_axis=own_slide,
    )  # fmt: skip


Limits = tuple[float, float] | None


def _opening_positive(
    kind: JointKind, axis: Vec3, angles: Limits, travel: Limits
) -> tuple[Vec3, Limits, Limits]:
    """A joint that only runs to the negative side is turned round, so that opening counts up; the motion is the same.

    The training text makes x + y + z of a direction positive, which leaves the sign of the range to chance.
    """
    limits = angles if kind is JointKind.HINGE else travel if kind is JointKind.SLIDE else None
    if limits is None or limits[1] > 0.0 or limits[0] == 0.0:
        return axis, angles, travel
    turned = (0.0 - limits[1], -limits[0])
    flipped = (0.0 - axis[0], 0.0 - axis[1], 0.0 - axis[2])
    return (flipped, turned, travel) if kind is JointKind.HINGE else (flipped, angles, turned)


def _direction(value: Vec3 | None) -> Vec3 | None:
    return None if value is None else unit(value, "direction")


def _same(a: Vec3, b: Vec3) -> bool:
    return math.dist(a, b) < 1e-9


def _angles(value: tuple[float, float] | None, place: str, report: Report) -> tuple[float, float] | None:
    """Degrees to radians; a full turn and more has no limits."""
    if value is None:
        report.loss("without a range it turns freely", place=place, field="revolute range")
        return None
    low, high = _with_rest(value, place, "revolute range", report)
    if high - low >= FULL_TURN - 1e-6:
        return None
    return (math.radians(low), math.radians(high))


def _travel(
    value: tuple[float, float] | None, voxel: float, place: str, report: Report
) -> tuple[float, float] | None:
    if value is None:
        report.loss("without a range it slides without end; set its limits", place=place, field="slide range")
        return None
    low, high = _with_rest(value, place, "slide range", report)
    return (low * voxel, high * voxel)


def _with_rest(value: tuple[float, float], place: str, field: str, report: Report) -> tuple[float, float]:
    """The range widened to hold 0, the pose of the voxels: a body at rest outside of its range would jump."""
    low, high = min(value[0], 0.0), max(value[1], 0.0)
    if (low, high) != value:
        report.repair(f"{value} does not hold the pose of the voxels; widened to ({low:g}, {high:g})", place=place,
                      field=field)  # fmt: skip
    return (low + 0.0, high + 0.0)  # -0.0 becomes 0.0
