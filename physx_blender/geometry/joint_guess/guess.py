# SPDX-License-Identifier: GPL-3.0-or-later
"""One guess of a joint."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...model.joint import JointKind
from ..pose import Vec3, unit, vec3


@dataclass(frozen=True)
class JointGuess:
    """How a body may move against another, in the frame that both were given in.

    axis: unit direction of turning or sliding; a positive position opens.  anchor: a point (metres) on the axis.
    range: (low, high) from rest, radians for hinge, cylindrical and ball (there low is 0), metres for slide; None = no limit.
    travel: the same for the sliding of a cylindrical joint, metres.
    why: what speaks for it, in a few words.  score: only for comparing guesses of one pair of bodies.
    """

    kind: JointKind
    axis: Vec3
    anchor: Vec3
    range: tuple[float, float] | None
    why: str
    travel: tuple[float, float] | None = None
    score: float = field(default=0.0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "axis", unit(self.axis, "axis of a guess"))
        object.__setattr__(self, "anchor", vec3(self.anchor, "anchor of a guess"))
