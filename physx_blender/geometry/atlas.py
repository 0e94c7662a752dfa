# SPDX-License-Identifier: GPL-3.0-or-later
"""Packing of rectangular uv charts into the unit square, all at one scale (even texel density)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 1.5
MARGIN = 0.006  # of the atlas, around each chart, so that baking may bleed a few pixels


@dataclass(frozen=True)
class Slot:
    """Where a chart lies: its lower left corner in the atlas, and atlas units per metre along u and v."""

    u: float
    v: float
    scale_u: float
    scale_v: float


def _shelves(
    sizes: Sequence[tuple[float, float]], order: Sequence[int], width: float
) -> tuple[list[tuple[float, float]], float]:
    """Place rectangles on shelves of this width, highest first; returns corners and the height used."""
    places = [(0.0, 0.0)] * len(sizes)
    x = y = shelf = 0.0
    for k in order:
        w, h = sizes[k]
        if x > 0.0 and x + w > width * (1.0 + 1e-12):
            x, y, shelf = 0.0, y + shelf, 0.0
        places[k] = (x, y)
        x += w
        shelf = max(shelf, h)
    return places, y + shelf


def pack(sizes: Sequence[tuple[float, float]]) -> list[Slot]:
    """Slots in [0, 1]^2 for charts of these sizes (metres); charts never overlap, and keep their proportions.

    A chart longer than 1.5 times the side of a square of the whole area is shortened to that: the atlas would else be
    mostly empty for a rod or a rail. A hair-thin chart is widened to a visible one.
    """
    if not sizes:
        return []
    limit = LONGEST * math.sqrt(sum(w * h for w, h in sizes))
    floor = limit / 100.0
    used = [(min(max(w, floor), limit), min(max(h, floor), limit)) for w, h in sizes]
    order = sorted(range(len(used)), key=lambda k: (-used[k][1], -used[k][0], k))
    widest = max(w for w, _ in used)
    area = sum(w * h for w, h in used)
    best: tuple[float, list[tuple[float, float]], list[tuple[float, float]]] | None = None
    pad = 0.0
    for _ in range(2):  # the margin is a share of the side, which is known only after a first packing
        padded = [(w + 2 * pad, h + 2 * pad) for w, h in used]
        best = None
        for step in range(12):
            width = max(widest + 2 * pad, math.sqrt(area) * (0.8 + 0.15 * step))
            places, height = _shelves(padded, order, width)
            across = max(p[0] + s[0] for p, s in zip(places, padded, strict=True))
            side = max(across, height)
            if best is None or side < best[0]:
                best = (side, places, padded)
        pad = MARGIN * best[0] / max(1.0 - 2 * MARGIN * math.sqrt(len(used)), 0.3) if best else 0.0
    assert best is not None
    side, places, padded = best
    margin = (padded[0][0] - used[0][0]) / 2.0
    slots = []
    for (x, y), (w, h), (real_w, real_h) in zip(places, used, sizes, strict=True):
        slots.append(Slot((x + margin) / side, (y + margin) / side, w / real_w / side, h / real_h / side))
    return slots
