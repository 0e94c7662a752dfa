# SPDX-License-Identifier: GPL-3.0-or-later
"""How hard a joint moves: the text does not say, and a joint without any friction swings for ever.

Friction holds a part against a tenth (slides) or a fiftieth (hinges: their lever is long) of its weight; damping brings a
moving part to rest in about half a second. Both are priors that the artist may change.
"""

from __future__ import annotations

from dataclasses import replace

from ...model import Joint, JointKind

GRAVITY = 9.81
SLIDE_FRICTION = 0.1
HINGE_FRICTION = 0.02
RATE = 2.0  # 1/s


def with_resistance(joint: Joint, mass: float, size: float) -> Joint:
    """The joint with damping and friction loss for a child of `mass` (kg) and `size` (m, diagonal of its box)."""
    inertia = mass * size * size / 12.0
    weight = mass * GRAVITY
    if joint.kind is JointKind.SLIDE:
        return replace(joint, damping=RATE * mass, friction_loss=SLIDE_FRICTION * weight)
    if joint.kind in (JointKind.HINGE, JointKind.BALL):
        return replace(joint, damping=RATE * inertia, friction_loss=HINGE_FRICTION * weight * size / 2.0)
    if joint.kind is JointKind.CYLINDRICAL:
        # One pair of values serves the turning (N m) and the sliding (N); the turning, in metres of lever, is the weaker.
        return replace(joint, damping=RATE * inertia, friction_loss=HINGE_FRICTION * weight * size / 2.0)
    return joint
