# SPDX-License-Identifier: GPL-3.0-or-later
"""The asset stands on the floor, in the middle, and has a sensible size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..errors import AssetError
from ..geometry import Pose
from ..model.edits import Edit, MoveAsset
from .finding import Finding, Severity
from .fix import Fix
from .registry import Subject

SMALL, LARGE = 0.005, 20.0  # m, of the longest side
PLAUSIBLE = (0.02, 5.0)  # m: what a prop measures, when a unit has to be guessed
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


def _rescale(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    """As if the numbers had been millimetres, centimetres, inches or metres written as millimetres."""
    low, high = subject.bounds
    longest = float((high - low).max())
    for factor in (0.001, 0.01, 0.0254, 1000.0, 100.0, 10.0):
        if PLAUSIBLE[0] <= longest * factor <= PLAUSIBLE[1] and (factor < 1.0) == (longest > LARGE):
            return (MoveAsset(scale=factor),)
    raise AssetError(
        f"is {longest:.3g} m long, which no mixed-up unit explains; type its real size", where=finding.element
    )


def _stand_on_floor(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    return (MoveAsset(Pose((0.0, 0.0, -float(subject.bounds[0][2])))),)


def _centre(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    low, high = subject.bounds
    x, y = (float(v) for v in -(low[:2] + high[:2]) / 2.0)
    return (MoveAsset(Pose((x, y, 0.0))),)


FIXES = (
    Fix(
        "rescale",
        "Convert Unit",
        "Scale the asset as if its lengths had been typed in another unit (mm, cm, inch); masses follow",
        _rescale,
    ),
    Fix(
        "stand_on_floor",
        "Stand on Floor",
        "Move the whole asset up or down until its lowest point is at z = 0",
        _stand_on_floor,
    ),
    Fix(
        "centre",
        "Centre",
        "Move the whole asset so that the middle of its footprint is the origin; leave it where assets stand side by side",
        _centre,
    ),
)
