# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of lengths and polygons, shared by the shapes."""

from __future__ import annotations

import math
from typing import Any

from ..errors import AssetError

SMALLEST = 1e-6
LARGEST = 1e4
MAX_POINTS = 2000

Point2 = tuple[float, float]
Points2 = tuple[Point2, ...]


def length(value: Any, where: str, what: str, *, zero: bool = False) -> float:
    """Return a length in metres from 1e-6 to 1e4 (or exactly 0 where `zero` allows it)."""
    try:
        x = float(value)
    except (TypeError, ValueError):
        raise AssetError(f"{what} must be a number of metres, got {value!r}", where=where) from None
    if zero and x == 0.0:
        return 0.0
    if not math.isfinite(x) or not SMALLEST <= x <= LARGEST:
        also = "0 or " if zero else ""
        raise AssetError(
            f"{what} must be {also}from {SMALLEST:g} to {LARGEST:g} m, got {value!r}", where=where
        )
    return x


def coordinates(value: Any, where: str, what: str, size: int) -> tuple[float, ...]:
    """Return `size` finite coordinates in metres, none beyond 1e4."""
    try:
        point = tuple(float(v) for v in value)
    except (TypeError, ValueError):
        raise AssetError(f"{what} must be {size} numbers, got {value!r}", where=where) from None
    if len(point) != size or not all(math.isfinite(v) and abs(v) <= LARGEST for v in point):
        raise AssetError(f"{what} must be {size} numbers within {LARGEST:g} m, got {value!r}", where=where)
    return point


def polygon_points(value: Any, where: str, what: str) -> Points2:
    """Return the corners (x, y) of a polygon, at least three."""
    try:
        rows = list(value)
    except TypeError:
        raise AssetError(f"{what} must be a list of points, got {value!r}", where=where) from None
    if not 3 <= len(rows) <= MAX_POINTS:
        raise AssetError(f"{what} needs 3 to {MAX_POINTS} points, got {len(rows)}", where=where)
    points = []
    for k, row in enumerate(rows):
        x, y = coordinates(row, where, f"{what}, point {k}", 2)
        points.append((x, y))
    return tuple(points)
