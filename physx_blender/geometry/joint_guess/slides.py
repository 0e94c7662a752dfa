# SPDX-License-Identifier: GPL-3.0-or-later
"""Candidates for the direction that a body slides along."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...model.joint import JointKind
from ..pose import Array
from .body import Body, Contact
from .clearance import slide_clearance
from .guess import JointGuess
from .hinges import BACK, SMALL, UP

DRAWER_SHARE = 0.85  # of its depth that a drawer comes out
PRESS_SHARE = 0.9  # of the gap under a button


def slide_guesses(child: Body, parent: Body, contact: Contact) -> Iterator[JointGuess]:
    """One guess for each axis of the child's box, with what is in the way."""
    extents = [float(np.ptp(child.points @ axis)) for axis in child.axes]
    ahead = [
        (
            slide_clearance(child, parent, axis, 1.5 * extent),
            slide_clearance(child, parent, -axis, 1.5 * extent),
        )
        for axis, extent in zip(child.axes, extents, strict=True)
    ]
    shares = [tuple(min(c / extent, 1.0) for c in pair) for pair, extent in zip(ahead, extents, strict=True)]
    all_loose = all(max(pair) > 0.5 for pair in shares)
    small = child.diagonal < SMALL * parent.diagonal
    facing = int(np.argmax(np.abs(child.axes @ contact.normal)))
    for k, axis in enumerate(child.axes):
        plus, minus = shares[k]
        score = 1.0 + 1.6 * max(plus, minus) - 0.5 * (plus > 0.9 and minus > 0.9)
        others = [max(shares[j]) for j in range(3) if j != k]
        score += 0.8 * (1.0 - max(others))
        reasons = []
        if max(others) < 0.3 and max(plus, minus) > 0.5:
            reasons.append("the only way that is free")
        panel = child.thin_axis
        if panel is not None and not all_loose:
            score += 0.5 if k != panel else -0.3
        toward = axis if plus >= minus else -axis
        if all_loose and small:
            flat = [extents[j] for j in range(3) if j != facing]
            stands = extents[facing] > 0.9 * min(flat) or max(flat) > 1.8 * min(flat)
            if k == facing:
                yield _pressed(child, contact, axis, ahead[k], score + (0.1 if stands else 1.2))
                continue
            score += (0.6 if stands else 0.0) + 0.3 * abs(float(axis @ UP))
            reasons.append("a grip along its face")
        if abs(plus - minus) < 0.2:
            toward = _usual(axis, contact)
            if all_loose and small and abs(float(axis @ UP)) > 0.7:
                toward = axis if axis @ UP < 0 else -axis  # levers are pressed down
        if all_loose and not small:
            score += 0.7 * contact.flat * abs(float(axis @ contact.normal))
        if not small and (panel is None or abs(float(child.axes[panel] @ BACK)) < 0.7):
            # what has depth comes out to the front
            score += 0.6 * abs(float(axis @ BACK)) - (0.0 if all_loose else 0.3) * abs(float(axis @ UP))
        free = plus if toward @ axis > 0 else minus
        clear = ahead[k][0] if toward @ axis > 0 else ahead[k][1]
        most = DRAWER_SHARE * extents[k] if not np.isfinite(clear) else min(clear, extents[k])
        travel = max(most if free > 0.02 else DRAWER_SHARE * extents[k], 1e-3)
        yield _slide(toward, child.centre, (0.0, travel), ", ".join(reasons) or "room to move", score)


def _usual(axis: Array, contact: Contact) -> Array:
    """Of two free ways: out of the contact, else to the front, else up, else to the right."""
    out = float(axis @ contact.normal)
    if abs(out) > 0.5:
        return axis if out > 0 else -axis
    for way in (-BACK, UP, np.array([1.0, 0.0, 0.0])):
        if abs(float(axis @ way)) > 0.5:
            return axis if axis @ way > 0 else -axis
    return axis


def _pressed(
    child: Body, contact: Contact, axis: Array, ahead: tuple[float, float], score: float
) -> JointGuess:
    """A button: out of its face, and pressed in as far as there is room."""
    out = axis if axis @ contact.normal > 0 else -axis
    room = ahead[1] if out @ axis > 0 else ahead[0]
    depth = float(np.ptp(child.points @ axis))
    deep = min(PRESS_SHARE * room, 0.5 * depth) if np.isfinite(room) and room > 0 else 0.3 * depth
    return _slide(out, child.centre, (-max(deep, 1e-4), 0.0), "a button on its face", score)


def _slide(axis: Array, anchor: Array, span: tuple[float, float], why: str, score: float) -> JointGuess:
    x, y, z = (float(v) for v in axis)
    a, b, c = (float(v) for v in anchor)
    return JointGuess(JointKind.SLIDE, (x, y, z), (a, b, c), span, why, score=score)
