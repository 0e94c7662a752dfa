# SPDX-License-Identifier: GPL-3.0-or-later
"""Screens and keypads of telephones."""

from __future__ import annotations

from ..program.node import RGB, Node
from .base import Draw
from .metres import Metres
from .palette import SCREENS, contrast
from .pieces import keys, plain_plate


def window(d: Draw, bench: Metres, place: dict[str, float]) -> Node:
    return plain_plate(d.one_of(*SCREENS, (0.55, 0.62, 0.5)), place, bench(0.0009), "box", "glass")


def keypad(
    d: Draw, bench: Metres, face: str, colour: RGB, u0: float, u1: float, v0: float, v1: float
) -> list[Node]:
    """Twelve digits and, above them, a pad or a row of soft keys."""
    depth = bench(0.0016)
    split = v0 + (v1 - v0) * d.between(0.66, 0.78)
    form = d.one_of("box", "box", "round")
    gap = 0.02 * (v1 - v0)
    nodes = [
        keys(
            d, colour, bench.region(face, u0, u1, v0, split - gap), columns=3, rows=4, depth=depth, form=form
        )
    ]
    middle, r = (u0 + u1) / 2, (v1 - split) / 2 * 0.9
    nodes.append(
        keys(
            d,
            contrast(d, colour),
            bench.about(face, middle, (split + v1) / 2, r),
            columns=1,
            rows=1,
            depth=depth,
            form=d.one_of("round", "box"),
        )
    )
    side = (u1 - u0) / 2 - 1.25 * r
    if side > 0.05 * (u1 - u0):
        rows = d.whole(1, 2)
        for a, b in ((u0, u0 + side), (u1 - side, u1)):
            nodes.append(
                keys(
                    d,
                    colour,
                    bench.region(face, a, b, split + gap, v1),
                    columns=1,
                    rows=rows,
                    depth=depth,
                    form="box",
                )
            )
    return nodes
