# SPDX-License-Identifier: GPL-3.0-or-later
"""A turned profile as a stack of frustum rings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Ring:
    """Between z = low and z = high, from the inner to the outer radius; each radius at (low, high)."""

    low: float
    high: float
    outer: tuple[float, float]
    inner: tuple[float, float]


def rings_of(profile: Sequence[tuple[float, float]]) -> list[Ring]:
    """Exact trapezoid decomposition of a simple closed polygon (r, z), turned about z.

    Between two neighbouring heights of corners no edge begins or ends, so sorted crossings pair up into rings.
    """
    size = max(max(r for r, _ in profile), max(z for _, z in profile) - min(z for _, z in profile))
    step = 1e-7 * size
    heights: list[float] = []
    for z in sorted(z for _, z in profile):
        if not heights or z - heights[-1] > step:
            heights.append(z)
    edges = [
        (a, b) for a, b in zip(profile, (*profile[1:], profile[0]), strict=True) if abs(a[1] - b[1]) > step
    ]
    found: list[Ring] = []
    for low, high in pairwise(heights):
        middle = (low + high) / 2
        crossings = []
        for (r0, z0), (r1, z1) in edges:
            if min(z0, z1) < middle < max(z0, z1):
                slope = (r1 - r0) / (z1 - z0)
                at = [max(r0 + slope * (z - z0), 0.0) for z in (low, middle, high)]
                crossings.append((at[1], at[0], at[2]))
        crossings.sort()
        for inside, outside in zip(crossings[::2], crossings[1::2], strict=True):
            inner = (inside[1], inside[2])
            if max(inner) <= step:
                inner = (0.0, 0.0)
            found.append(Ring(low, high, (outside[1], outside[2]), inner))
    return found
