# SPDX-License-Identifier: GPL-3.0-or-later
"""Joint positions that show what an asset can do."""

from __future__ import annotations

import math

from physx_blender.model import Asset, Joint, JointKind

OPENING = 0.75
"""Share of a joint's range: enough to see the inside, and it still covers less of what is behind than all of it."""
LARGEST_TURN = math.radians(110)
_FREE_TURN = math.radians(35)
_FREE_TRAVEL = 0.05
_FREE_TILT = math.radians(20)


def opened_positions(asset: Asset) -> dict[str, tuple[float, ...]]:
    """A position for every joint that moves by itself; followers follow, fixed and free ones stay."""
    found: dict[str, tuple[float, ...]] = {}
    for joint in asset.joints:
        if joint.mimic is None and (position := _opened(joint)) is not None:
            found[joint.name] = position
    return found


def _opened(joint: Joint) -> tuple[float, ...] | None:
    if joint.kind is JointKind.HINGE:
        return (_angle(joint),)
    if joint.kind is JointKind.SLIDE:
        return (_travel(joint),)
    if joint.kind is JointKind.CYLINDRICAL:
        return (_angle(joint), _travel(joint))
    if joint.kind is JointKind.BALL:
        cone = _FREE_TILT if joint.angle_limits is None else min(_FREE_TILT, OPENING * joint.angle_limits[1])
        return (math.cos(cone / 2), math.sin(cone / 2), 0.0, 0.0)
    return None


def _angle(joint: Joint) -> float:
    if joint.angle_limits is None:
        return _FREE_TURN
    angle = OPENING * _farther(joint.angle_limits)
    return math.copysign(min(abs(angle), LARGEST_TURN), angle)


def _travel(joint: Joint) -> float:
    return _FREE_TRAVEL if joint.travel_limits is None else OPENING * _farther(joint.travel_limits)


def _farther(limits: tuple[float, float]) -> float:
    return max(limits, key=lambda value: (abs(value), value))
