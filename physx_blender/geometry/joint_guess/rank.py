# SPDX-License-Identifier: GPL-3.0-or-later
"""Guesses of a joint, best first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...model.joint import JointKind
from ..pose import Array
from ..trianglemesh import TriangleMesh
from .body import Body, Contact, body_of, contact_of
from .clearance import turn_clearance
from .guess import JointGuess
from .hinges import SMALL, Line, hinge_lines
from .slides import slide_guesses

MOST = 6
SWEPT = 8  # lines that are tried for room to turn
KNOB_TURN = math.radians(135.0)
TIP = math.radians(30.0)
BALL_CONE = math.radians(45.0)
SAME_DIRECTION = math.cos(math.radians(5.0))
SAME_LINE = 0.03  # of the child's diagonal


def guess_joint(
    child: Sequence[TriangleMesh], parent: Sequence[TriangleMesh], kind: JointKind | str
) -> tuple[JointGuess, ...]:
    """Up to six guesses of how `child` moves against `parent`, best first; there is always one.

    child, parent: the closed meshes of each body at rest, metres, in one frame with z up and the front towards -y; one
    mesh per piece (a door and its knob are two), so that a handle is told from what it is on.
    kind: of joint that is wanted.  Geometry alone is looked at: shape, contact, what is in the way, and customs of
    furniture.  Deterministic.  Raises AssetError for bodies without geometry.
    """
    kind = JointKind(kind)
    parent_body = body_of(parent)
    child_body = body_of(child, parent_body.axes)
    contact = contact_of(child_body, parent_body)
    if kind is JointKind.HINGE:
        found = _hinges(child_body, parent_body, contact)
    elif kind is JointKind.SLIDE:
        found = list(slide_guesses(child_body, parent_body, contact))
    elif kind is JointKind.CYLINDRICAL:
        found = _cylindrical(child_body, parent_body, contact)
    elif kind is JointKind.BALL:
        found = _balls(child_body, contact)
    else:
        found = [_guess(kind, child_body.axes[2], contact.middle, None, "where they touch", 1.0)]
    return tuple(sorted(found, key=lambda g: -g.score)[:MOST])


def _guess(
    kind: JointKind, axis: Array, anchor: Array, span: tuple[float, float] | None, why: str, score: float
) -> JointGuess:
    x, y, z = (float(v) for v in axis)
    a, b, c = (float(v) for v in anchor)
    return JointGuess(kind, (x, y, z), (a, b, c), span, why, score=score)


def _hinges(child: Body, parent: Body, contact: Contact) -> list[JointGuess]:
    lines = _distinct(
        sorted(hinge_lines(child, parent, contact), key=lambda line: -line.score), child.diagonal
    )
    return [_with_range(line, child, parent, contact) for line in lines[:SWEPT]]


def _distinct(lines: list[Line], size: float) -> list[Line]:
    """Without lines that repeat a better one."""
    kept: list[Line] = []
    for line in lines:
        if not any(_same(line, other, size) for other in kept):
            kept.append(line)
    return kept


def _same(a: Line, b: Line, size: float) -> bool:
    if abs(float(a.axis @ b.axis)) < SAME_DIRECTION:
        return False
    shift = a.anchor - b.anchor
    return float(np.linalg.norm(shift - (shift @ b.axis) * b.axis)) < SAME_LINE * size


def _with_range(line: Line, child: Body, parent: Body, contact: Contact) -> JointGuess:
    """The line, with the angle that there is room for."""
    axis, anchor = line.axis, line.anchor
    plus = turn_clearance(child, parent, axis, anchor)
    if line.family == "swing":
        if plus < math.radians(30.0):
            minus = turn_clearance(child, parent, -axis, anchor)
            if minus > plus + math.radians(20.0):
                axis, plus = -axis, minus
        score = line.score + 0.8 * min(plus / math.radians(90.0), 1.0)
        span = (0.0, min(max(plus, math.radians(30.0)), math.radians(110.0)))
        return _guess(JointKind.HINGE, axis, anchor, span, line.why, score)
    if axis @ contact.normal < -0.1:
        axis = -axis
    minus = turn_clearance(child, parent, -axis, anchor)
    score = line.score + 0.8 * min(min(plus, minus) / TIP, 1.0)
    if line.family == "tip":
        span = (-TIP, TIP)
    elif child.diagonal < SMALL * parent.diagonal:
        span = (-KNOB_TURN, KNOB_TURN)
    else:
        return _guess(JointKind.HINGE, axis, anchor, None, line.why, score)
    return _guess(JointKind.HINGE, axis, anchor, span, line.why, score)


def _cylindrical(child: Body, parent: Body, contact: Contact) -> list[JointGuess]:
    """Turning and sliding on one axis: hinges about which the body turns, slides along those lines."""
    hinges, slides = _hinges(child, parent, contact), list(slide_guesses(child, parent, contact))
    found = []
    for hinge in hinges:
        along = max(slides, key=lambda s: abs(float(np.dot(s.axis, hinge.axis))))
        if abs(float(np.dot(along.axis, hinge.axis))) < SAME_DIRECTION:
            continue
        same_way = float(np.dot(along.axis, hinge.axis)) > 0.0
        low, high = along.range or (0.0, 0.1)
        found.append(
            replace(
                hinge,
                kind=JointKind.CYLINDRICAL,
                travel=(low, high) if same_way else (-high, -low),
                score=hinge.score + 0.5 * along.score,
            )
        )
    return found or [
        replace(h, kind=JointKind.CYLINDRICAL, travel=(0.0, 0.1 * child.diagonal)) for h in hinges
    ]


def _balls(child: Body, contact: Contact) -> list[JointGuess]:
    """About the middle of the contact, or of the child when it is a ball itself."""
    extents = np.sort(child.half)
    ball = 1.0 if extents[0] > 0.9 * extents[2] else 0.0
    out = contact.normal
    return [
        _guess(JointKind.BALL, out, contact.middle, (0.0, BALL_CONE), "where they touch", 1.5),
        _guess(JointKind.BALL, out, child.centre, (0.0, BALL_CONE), "middle of the part", 1.0 + ball),
    ]
