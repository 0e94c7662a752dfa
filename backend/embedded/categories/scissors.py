# SPDX-License-Identifier: GPL-3.0-or-later
"""Scissors: two blades with finger loops that turn about a rivet."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node
from .metres import Metres


def sample(rng: np.random.Generator) -> Program:
    """Household, tailor's and children's scissors, lying flat, points to any side."""
    d = Draw(rng)
    long = d.log_between(0.09, 0.27)
    pivot = long * d.between(0.4, 0.58)  # handles lie on the left, points on the right
    wide = long * d.between(0.3, 0.42)
    width = long * d.between(0.06, 0.085)
    t = 0.25 * width  # a layer: one half lies on the other
    handle = long * d.between(0.03, 0.055)
    high = max(2 * t + 0.001, 0.8 * handle)
    m = Metres.root(long, wide, high)
    blade_colour = d.one_of((0.78, 0.79, 0.8), (0.7, 0.7, 0.72), (0.1, 0.1, 0.11))
    grip = d.one_of(
        d.colour(), d.colour(), (0.08, 0.08, 0.09), (0.75, 0.1, 0.08), (0.9, 0.45, 0.05), blade_colour
    )
    loop = long * d.between(0.22, 0.3), wide * d.between(0.4, 0.47)
    second = loop[0] * d.between(0.75, 1.25), loop[1]
    style = d.one_of("round bar", "flat band", "round bar frame")
    halves = []
    for side, layer, (lx, ly) in ((-1, 0, loop), (1, 1, second)):
        low = layer * (t + 0.0008)
        half = _half(
            d, m, side, long, wide, high, pivot, width, t, low, handle, (lx, ly), style, blade_colour, grip
        )
        halves.append(half)
    c = wide / 2
    first, other = halves
    r = 0.35 * width
    pin = node(
        "block",
        d.near((0.6, 0.6, 0.6)),
        form="cylinder z",
        **m.box(pivot - r, pivot + r, c - r, c + r, 0, 2 * t + 0.0014),
        material="steel",
    )
    moving = node(
        "flap",
        blade_colour,
        other,
        form="pin",
        **m.box(
            2 * pivot - long if pivot > long / 2 else 0.0,
            long if pivot > long / 2 else 2 * pivot,
            0,
            wide,
            0,
            high,
        ),
        axis="z",
        pivot="middle middle",
        sense="backward",
        range=d.between(0.6, 1.2),
        open=0.0 if d.chance(0.3) else d.between(0.1, 1.0),
        material="steel",
    )
    return boxed("scissors", long, wide, high, [*first, pin, moving])


def _half(
    d: Draw,
    m: Metres,
    side: int,
    long: float,
    wide: float,
    high: float,
    pivot: float,
    width: float,
    t: float,
    low: float,
    handle: float,
    loop: tuple[float, float],
    style: str,
    blade_colour: RGB,
    grip: RGB,
) -> list[Node]:
    """Blade, shank and loop; side -1 has its loop at the front (low y)."""
    if side > 0:
        x0, x1 = (2 * pivot - long, long) if pivot > long / 2 else (0.0, 2 * pivot)
        m = m.inside(x0, x1, 0, wide, 0, high)
    c = wide / 2
    middle = low + t / 2
    lx, ly = loop
    y0, y1 = (0.0, ly) if side < 0 else (wide - ly, wide)
    yc = (y0 + y1) / 2
    blade = node(
        "strut",
        blade_colour,
        **m.line((pivot - 0.6 * width, c, middle), (long, c, middle)),
        width=m(width),
        form="blade, edge right" if side > 0 else "blade, edge left",
        copies="one",
        material="stainless steel",
    )
    shank = node(
        "strut",
        grip,
        **m.line((pivot - 0.2 * width, c, middle), (lx * 0.8, yc - side * 0.22 * ly, middle)),
        width=m(0.8 * width),
        form="flat",
        copies="one",
        material="abs",
    )
    ring = node(
        "ring",
        grip,
        **m.box(0, lx, y0, y1, 0, high),
        axis="z",
        width=m(handle),
        form=style,
        fill="open",
        material="abs",
    )
    return [blade, shank, ring]


CATEGORY = Category("scissors", "Pair of scissors", sample, flat=True)
