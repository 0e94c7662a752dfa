# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of single values, shared by the dataclasses of the model."""

from __future__ import annotations

import math
from typing import Any

from ..errors import AssetError


def number(
    value: Any,
    where: str,
    what: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
) -> float:
    """Return a finite float within [low, high] ((low, high] with `open_low`), or name the element and the field."""
    try:
        x = float(value)
    except (TypeError, ValueError):
        raise AssetError(f"{what} must be a number, got {value!r}", where=where) from None
    if not math.isfinite(x) or x < low or x > high or (open_low and x <= low):
        bounds = (
            f"{'above' if open_low else 'at least'} {low:g}"
            if high == math.inf
            else f"from {low:g} to {high:g}"
        )
        if low == -math.inf and high == math.inf:
            bounds = "finite"
        raise AssetError(f"{what} must be {bounds}, got {value!r}", where=where)
    return x


def pair(value: Any, where: str, what: str) -> tuple[float, float]:
    """Return (low, high) with low <= high."""
    try:
        low, high = (float(v) for v in value)
    except (TypeError, ValueError):
        raise AssetError(f"{what} must be two numbers, got {value!r}", where=where) from None
    if not (math.isfinite(low) and math.isfinite(high)):
        raise AssetError(f"{what} must be finite (use None for no limit), got {value!r}", where=where)
    if low > high:
        raise AssetError(f"{what}: the lower limit {low:g} is above the upper limit {high:g}", where=where)
    return (low, high)
