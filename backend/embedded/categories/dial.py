# SPDX-License-Identifier: GPL-3.0-or-later
"""A rotary knob, alone on its base or on a small panel."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .mounting import mounted
from .palette import contrast
from .pieces import plain_plate


def sample(rng: np.random.Generator) -> Program:
    """A base with a knob that fills it, a box or plate with one to four knobs, or a knob that drives a pointer."""
    d = Draw(rng)
    base, knob = d.pair()
    if d.chance(0.3):
        knob = contrast(d, base)
    mark = d.one_of((0.8, 0.1, 0.1), (0.95, 0.95, 0.95), (0.05, 0.05, 0.05), contrast(d, knob))
    material = d.one_of("abs", "abs", "aluminium", "rubber")
    if d.chance(0.5):
        return _single(d, base, knob, mark, material)
    grid = (d.whole(1, 4), 1) if d.chance(0.8) else (d.whole(2, 3), 2)
    if d.chance(0.3):
        grid = (grid[1], grid[0])
    pitch = d.log_between(0.03, 0.1)
    w, h = grid[0] * pitch * d.between(1.0, 1.4), grid[1] * pitch * d.between(1.0, 1.6)
    thick = pitch * d.between(0.3, 1.2)
    face = d.one_of("front", "front", "top")
    dims = (w, thick, h) if face == "front" else (w, h, thick)
    form = d.one_of("box", "rounded box", "tablet y" if face == "front" else "tablet z")
    stand = mounted(d, *dims, base, form, material, alone=0.65)
    mu, mv = d.between(0.06, 0.2) * w, d.between(0.06, 0.3) * h
    stand.housing.children.append(
        _knobs(
            d,
            stand.own,
            (knob, mark),
            stand.own.region(face, mu, w - mu, mv, h - mv),
            grid,
            pitch * d.between(0.15, 0.6),
            material,
        )
    )
    if d.chance(0.25):  # a strip with the scale, thinner than the knobs' clearance
        stand.housing.children.append(
            plain_plate(
                contrast(d, base), stand.own.region(face, 0.04 * w, 0.96 * w, 0.04 * h, 0.96 * h), 0.002
            )
        )
    return stand.whole.program("dial", stand.nodes)


def _single(d: Draw, base: RGB, knob: RGB, mark: RGB, material: str) -> Program:
    """One knob on a base of about its width: a puck, a cube, a drum, a thermostat on its plate."""
    across = d.log_between(0.02, 0.2)
    reach = across * d.between(0.2, 0.9)
    upward = d.chance(0.65)
    if upward:
        high = across * d.one_of(d.between(0.05, 0.5), d.between(0.5, 1.2))
        dims, face = (across, across, high), "top"
        form = d.one_of("cylinder z", "cylinder z", "cylinder z", "box", "rounded box", "tablet z", "cone")
    else:
        deep = max(across * d.between(0.3, 1.2), 0.6 * reach)  # or the knob would pull it over
        dims, face = (across, deep, across), "front"
        form = d.one_of("box", "rounded box", "tablet y")
    stand = mounted(d, *dims, base, form, material, alone=0.7)
    own = stand.own
    r = across * d.between(0.22, 0.5) * (0.6 if form == "cone" else 1.0)
    c = across / 2
    children: list[Node] = [_knobs(d, own, (knob, mark), own.about(face, c, c, r), (1, 1), reach, material)]
    if d.chance(0.3):  # a pointer or a grip across the knob's foot, as on a timer
        children.append(
            plain_plate(
                mark,
                own.about(face, c, min(c + r * 1.12, 0.96 * across), 0.03 * across, 0.03 * across),
                0.004,
            )
        )
    stand.housing.children += children
    return stand.whole.program("dial", stand.nodes)


def _knobs(
    d: Draw,
    own: Metres,
    colours: tuple[RGB, RGB],
    place: dict[str, float],
    grid: tuple[int, int],
    reach: float,
    material: str,
) -> Node:
    return node(
        "dial",
        colours,
        **place,
        columns=grid[0],
        rows=grid[1],
        depth=own(reach),
        top=d.between(0.6, 1.0),
        ridge=d.between(0.2, 0.8) if d.chance(0.6) else 0.0,
        ridge_width=d.between(0.1, 0.45),
        range=d.one_of(6.5, 6.25, d.between(1.5, 6.0)),
        open=d.opened(),
        material=material,
    )


CATEGORY = Category("dial", "Rotary knob", sample, bulk=700, weight=2.0)
