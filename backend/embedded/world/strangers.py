# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects that are not of this world: animals, people, plants and heaps, drawn from the words of the grammar.

The model never learns from them. They show what it says of a picture it cannot know, so that its confidence can be set.
"""

from __future__ import annotations

import math

import numpy as np

from ..categories import CATEGORIES
from ..categories.base import Draw, boxed, filling, node
from ..program.node import Node, Program
from .sampling import sample_view


def _ball(d: Draw, x: float, y: float, z: float, rx: float, ry: float, rz: float, colour: object) -> Node:
    return node(
        "block",
        colour,  # type: ignore[arg-type]
        form="ellipsoid",
        **filling(x - rx, x + rx, y - ry, y + ry, z - rz, z + rz),
        material="fabric",
    )


def _limb(
    d: Draw, a: tuple[float, float, float], b: tuple[float, float, float], width: float, colour: object
) -> Node:
    return node(
        "strut",
        colour,  # type: ignore[arg-type]
        x0=a[0],
        y0=a[1],
        z0=a[2],
        x1=b[0],
        y1=b[1],
        z1=b[2],
        width=width,
        form=d.one_of("round", "tapered"),
        copies="one",
        material="fabric",
    )


def _animal(d: Draw) -> list[Node]:
    """Four legs, a body along x, a head with ears and a nose, a tail."""
    coat, dark = d.colour(), d.colour(0.0, 0.4)
    back, thick, legs = d.between(0.45, 0.65), d.between(0.12, 0.2), d.between(0.04, 0.09)
    out = [_ball(d, 0.5, 0.5, back, d.between(0.28, 0.36), thick * 1.6, thick, coat)]
    for x in (0.26, 0.74):
        for y in (0.36, 0.64):
            foot = x + d.between(-0.1, 0.1)
            out.append(_limb(d, (x, y, back), (foot, y, 0.0), legs, coat))
    high = back + d.between(0.12, 0.3)
    out += [_limb(d, (0.78, 0.5, back), (0.88, 0.5, high), 0.7 * thick, coat)]
    out += [
        _ball(d, 0.9, 0.5, high, 0.1, 0.14, 0.11, coat),
        _ball(d, 1.0, 0.5, high - 0.03, 0.06, 0.06, 0.05, dark),
    ]
    out += [_ball(d, 0.86, y, high + 0.12, 0.03, 0.04, d.between(0.04, 0.12), dark) for y in (0.42, 0.58)]
    tail = d.between(-0.1, 0.35)
    return [*out, _limb(d, (0.2, 0.5, back), (0.0, 0.5, back + tail), 0.5 * legs, coat)]


def _person(d: Draw) -> list[Node]:
    """Standing or striding, arms anyhow."""
    shirt, trousers, skin = d.colour(), d.colour(), d.one_of((0.85, 0.65, 0.52), (0.45, 0.3, 0.22))
    out = [_ball(d, 0.5, 0.5, 0.63, 0.2, 0.25, 0.2, shirt), _ball(d, 0.5, 0.5, 0.92, 0.1, 0.16, 0.09, skin)]
    for x in (0.42, 0.58):
        out.append(_limb(d, (x, 0.5, 0.48), (x + d.between(-0.15, 0.15), 0.5, 0.0), 0.09, trousers))
    for x, away in ((0.32, -1), (0.68, 1)):
        out.append(
            _limb(d, (x, 0.5, 0.76), (x + away * d.between(0.0, 0.3), 0.3, d.between(0.4, 1.1)), 0.06, shirt)
        )
    return out


def _plant(d: Draw) -> list[Node]:
    """A stem and a crown of many leaves."""
    green = d.one_of((0.25, 0.45, 0.2), (0.4, 0.55, 0.2), (0.2, 0.35, 0.25))
    out = [
        _limb(
            d, (0.5, 0.5, 0.0), (0.5 + d.between(-0.1, 0.1), 0.5, 0.6), d.between(0.03, 0.09), (0.4, 0.3, 0.2)
        )
    ]
    for _ in range(d.whole(6, 16)):
        x, y, z = (d.between(0.1, 0.9), d.between(0.1, 0.9), d.between(0.4, 0.95))
        out.append(
            _ball(
                d, x, y, z, d.between(0.05, 0.2), d.between(0.05, 0.2), d.between(0.03, 0.15), d.near(green)
            )
        )
    return out


def _heap(d: Draw) -> list[Node]:
    """Rounded lumps and sticks, anyhow."""
    out = []
    for _ in range(d.whole(4, 10)):
        x, y, z = (d.between(0.15, 0.85) for _ in range(3))
        out.append(
            _ball(d, x, y, z, d.between(0.05, 0.3), d.between(0.05, 0.3), d.between(0.05, 0.3), d.colour())
        )
    for _ in range(d.whole(0, 4)):
        a, b = ((d.between(0, 1), d.between(0, 1), d.between(0, 1)) for _ in range(2))
        out.append(_limb(d, a, b, d.between(0.03, 0.1), d.colour()))
    return out


def sample_stranger(rng: np.random.Generator) -> Program:
    """Something no category draws, with a view; the category that the program names means nothing."""
    d = Draw(rng)
    draw, proportions = d.one_of(
        (_animal, (1.0, 0.4, 0.8)),
        (_person, (0.45, 0.3, 1.0)),
        (_plant, (0.8, 0.8, 1.0)),
        (_heap, (1.0, 1.0, 1.0)),
    )
    size = d.log_between(0.1, 1.8)
    w, depth, h = (size * p * d.between(0.8, 1.25) for p in proportions)
    program = boxed(sorted(CATEGORIES)[0], w, depth, h, draw(d))
    program.view = sample_view(rng)
    program.view.azimuth += d.one_of(0.0, math.pi / 2, -math.pi / 2)
    return program
