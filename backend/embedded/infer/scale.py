# SPDX-License-Identifier: GPL-3.0-or-later
"""Absolute size: what the model believes, how sure it is of it, and the one dimension that somebody knows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from physx_blender.errors import AssetError

from ..program.build import collect, placed_bounds
from ..program.node import Program

AXES = ("width", "depth", "height")
LEAST, MOST = 1e-3, 100.0
# an unseen category's range is wider than any belief; a belief of no spread at all is none
_LEAST_SPREAD = 0.05


@dataclass(frozen=True)
class KnownDimension:
    """The real size of the object along one axis at rest: "width" (x), "depth" (y) or "height" (z), metres."""

    axis: str
    metres: float

    def __post_init__(self) -> None:
        if self.axis not in AXES:
            raise AssetError(f"must be {', '.join(AXES)}, got {self.axis!r}", where="known dimension")
        if not LEAST <= self.metres <= MOST:
            raise AssetError(f"must be from {LEAST} to {MOST:g} m, got {self.metres}", where=self.axis)


def extents(program: Program) -> tuple[float, float, float]:
    """Width, depth and height (m) of the object at rest."""
    boxes = [placed_bounds(placed) for part in collect(program).parts for placed in part.shapes]
    if not boxes:
        return (0.0, 0.0, 0.0)
    size = np.max([b[1] for b in boxes], axis=0) - np.min([b[0] for b in boxes], axis=0)
    return (float(size[0]), float(size[1]), float(size[2]))


def resized(program: Program, known: KnownDimension) -> Program:
    """The program at the size that makes its known dimension right."""
    now = extents(program)[AXES.index(known.axis)]
    if now <= 0.0:
        return program
    out = program.copy()
    # clearances do not grow with the object, so a second step takes what the first one misses
    for _ in range(2):
        out.size *= known.metres / extents(out)[AXES.index(known.axis)]
    return out


def size_note(program: Program, spread: float, known: KnownDimension | None) -> str:
    """A sentence on the size; two thirds of all objects lie in the range it names."""
    longest = max(extents(program))
    if known is not None:
        return f"Size: {longest:.3g} m on its longest side, from the {known.axis} that was given."
    ratio = math.exp(max(spread, _LEAST_SPREAD))
    return (
        f"Size: estimated, {longest:.2g} m on its longest side, likely {longest / ratio:.2g} to {longest * ratio:.2g} m; "
        "give one dimension that you know."
    )
