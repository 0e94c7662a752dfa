# SPDX-License-Identifier: GPL-3.0-or-later
"""A rotary knob, alone on its base or on a small panel."""

from __future__ import annotations

import numpy as np

from ..program.node import Program
from .base import Category, Draw, boxed, filling, node, on


def sample(rng: np.random.Generator) -> Program:
    """A disc base with a knob that fills it, or a plate with one to four knobs."""
    d = Draw(rng)
    base, knob = d.pair()
    mark = d.one_of((0.8, 0.1, 0.1), (0.95, 0.95, 0.95), (0.05, 0.05, 0.05), d.colour())
    material = d.one_of("abs", "abs", "aluminium", "rubber")
    if d.chance(0.55):
        across = d.log_between(0.02, 0.15)
        height = across * d.between(0.05, 0.5)
        reach = across * d.between(0.25, 0.9)
        r = d.between(0.36, 0.5)
        face, dims = "top", (across, across, height)
        if d.chance(0.25):
            height = max(height, reach)  # or the knob would pull it over
            face, dims = "front", (across, height, across)
        # a drum on its side would roll away; a knob that faces forward stands on a block
        form = "cylinder z" if face == "top" and d.chance(0.75) else "box"
        region = on(face, 0.5 - r, 0.5 + r, 0.5 - r, 0.5 + r)
        grid = (1, 1)
    else:
        grid = (d.whole(1, 4), 1)
        if d.chance(0.3):
            grid = (grid[1], grid[0])
        pitch = d.log_between(0.03, 0.1)
        w, h = grid[0] * pitch * d.between(1.0, 1.4), grid[1] * pitch * d.between(1.0, 1.6)
        thick = pitch * d.between(0.4, 1.0)
        face = d.one_of("front", "front", "top")
        dims = (w, thick, h) if face == "front" else (w, h, thick)
        form = d.one_of("box", "rounded box")
        mu, mv = d.between(0.06, 0.2), d.between(0.06, 0.3)
        region = on(face, mu, 1 - mu, mv, 1 - mv)
        reach = pitch * d.between(0.15, 0.6)
    longest = max(dims)
    nodes = [
        node("block", base, form=form, **filling(), material=material),
        node(
            "dial",
            (knob, mark),
            **region,
            columns=grid[0],
            rows=grid[1],
            depth=reach / longest,
            top=d.between(0.75, 1.0),
            ridge=d.between(0.2, 0.8) if d.chance(0.6) else 0.0,
            ridge_width=d.between(0.12, 0.45),
            range=d.one_of(6.5, 6.25, d.between(1.5, 6.0)),
            open=d.opened(),
            material=material,
        ),
    ]
    return boxed("dial", *dims, nodes)


CATEGORY = Category("dial", "Rotary knob", sample, solidity=0.6, weight=2.0)
