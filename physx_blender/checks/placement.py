# SPDX-License-Identifier: GPL-3.0-or-later
"""The asset stands on the floor, in the middle, and has a sensible size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .finding import Finding, Severity
from .registry import Subject

SMALL, LARGE = 0.005, 20.0  # m, of the longest side
FLOOR = 0.002  # m
OFF_CENTRE = 0.05  # of the longer side of the footprint
OFF_CENTRE_LEAST = 0.01  # m


def check_placement(subject: Subject) -> Iterator[Finding]:
    """Not on z = 0, footprint not centred on the origin, or of an absurd size."""
    if not subject.asset.parts:
        return
    element = f"asset '{subject.asset.name}'"
    low, high = subject.bounds
    longest = float((high - low).max())
    if not SMALL <= longest <= LARGE:
        yield Finding(
            Severity.WARNING,
            "size.absurd",
            element,
            f"its longest side is {longest:.3g} m",
            "lengths are in metres; scale the asset to its real size",
            "rescale",
        )
    if abs(low[2]) > FLOOR:
        free = not subject.asset.fixed_base
        side = "above" if low[2] > 0 else "below"
        yield Finding(
            Severity.ERROR if free else Severity.INFO,
            "place.floor",
            element,
            f"its lowest point is {abs(low[2]) * 1000:.1f} mm {side} the floor (z = 0)",
            "move it so that it stands on z = 0" if free else "",
            "stand_on_floor",
        )
    middle = (low[:2] + high[:2]) / 2.0
    off = float(np.linalg.norm(middle))
    if off > max(OFF_CENTRE_LEAST, OFF_CENTRE * float((high - low)[:2].max())):
        yield Finding(
            Severity.WARNING,
            "place.centre",
            element,
            f"the middle of its footprint is {off:.3g} m from the origin",
            "move it so that its footprint is centred",
            "centre",
        )
