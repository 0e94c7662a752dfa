# SPDX-License-Identifier: GPL-3.0-or-later
"""Faces of clocks: a plate, marks and hands."""

from __future__ import annotations

import math

from ..program.node import RGB, Node
from .base import Draw, node
from .metres import Metres
from .palette import BLACK, WHITE, contrast
from .pieces import plain_plate, posts


def clock_face(
    d: Draw, bench: Metres, case: RGB, face: str, cu: float, cv: float, r: float, form: str, twelve: bool
) -> list[Node]:
    """The face plate with marks and hands, r is half its width (m)."""
    paper = d.one_of(
        d.near(WHITE, 0.05), d.near(WHITE, 0.05), d.near((0.9, 0.86, 0.72)), d.near(BLACK), d.colour()
    )
    ink = contrast(d, paper)
    thin = 0.012 * r
    nodes = [plain_plate(paper, bench.about(face, cu, cv, r), bench(thin), form, "cardboard")]
    if d.chance(0.85):
        nodes += _marks(d, bench, ink, face, cu, cv, r * d.between(0.8, 0.92), thin, twelve)
    minute = d.whole(0, 11) / 12 + d.between(0.0, 1 / 12) if d.chance(0.8) else 0.0
    hour = (d.whole(0, 11) + minute) / 12
    shape = d.one_of("bar", "bar", "tapered", "tapered", "spade", "ring")
    wide = r * d.between(0.05, 0.12)
    length = r * d.between(0.72, 0.9)
    hands = [
        (hour, length * d.between(0.55, 0.7), wide * 1.25, shape, ink),
        (minute, length, wide, shape, ink),
    ]
    if d.chance(0.5):
        red = d.one_of((0.75, 0.1, 0.08), ink, d.colour())
        hands.append((float(d.rng.random()), length * d.between(0.9, 1.05), 0.025 * r, "bar", red))
    lift = 2.5 * thin + 0.001
    for at, long, width, outline, colour in hands:
        thick = max(0.012 * r, 5e-4)
        nodes.append(
            node(
                "hand",
                colour,
                **bench.about(face, cu, cv, long),
                lift=bench(lift),
                depth=bench(thick),
                width=bench(width),
                form=outline,
                open=at,
                material="steel",
            )
        )
        lift += thick + max(0.01 * r, 0.0012)
    if d.chance(0.35) and form == "box" and len(nodes) < 7:
        nodes.append(
            node(
                "border",
                d.near(case, 0.2),
                **bench.about(face, cu, cv, 1.03 * r),
                depth=bench(2.0 * lift),
                width=bench(0.05 * r),
                sides="four",
                form="square",
                material="steel",
            )
        )
    return nodes


def _marks(
    d: Draw, bench: Metres, ink: RGB, face: str, cu: float, cv: float, r: float, thin: float, twelve: bool
) -> list[Node]:
    """Marks of the hours: quarters alone, or all twelve (grids of two by two)."""
    width = r * d.between(0.06, 0.14)
    form = d.one_of("round", "square")
    nodes = []
    angles: list[float] = [0.0, math.pi / 2] + ([math.pi / 6, math.pi / 3] if twelve else [])
    for angle in angles:
        half_u, half_v = r * math.sin(angle), r * math.cos(angle)
        wide = width if angle in (0.0, math.pi / 2) else 0.7 * width
        nodes.append(
            posts(
                ink,
                bench.about(face, cu, cv, max(half_u, wide / 2), max(half_v, wide / 2)),
                bench(1.6 * thin),
                bench(wide),
                columns=2 if half_u > width else 1,
                rows=2 if half_v > width else 1,
                form=form,
            )
        )
    return nodes
