# SPDX-License-Identifier: GPL-3.0-or-later
"""Computer keyboards: blocks of keys that press down, with or without number pad, arrows and feet."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import casing, contrast
from .pieces import block, keys


def sample(rng: np.random.Generator) -> Program:
    """A flat tray or wedge with keys; what is laid out follows from its width."""
    d = Draw(rng)
    pitch = d.between(0.016, 0.0195)
    functions = d.chance(0.6)
    numbers, arrows = d.chance(0.3), d.chance(0.3)
    if functions and numbers and arrows:  # all three have more keys than a sequence holds
        arrows = False
    rows = d.one_of(3, 4, 4)
    m = pitch * d.between(0.3, 1.2)
    main, pad = 13 * pitch, 4 * pitch
    w = 2 * m + main + (3.4 * pitch if arrows else 0.0) + (pad + 0.4 * pitch if numbers else 0.0)
    depth = (
        2 * m
        + (rows + 1) * pitch
        + (1.4 * pitch if functions else 0.0)
        + (d.between(0.5, 2.5) * pitch if d.chance(0.2) else 0.0)
    )
    h = d.between(0.009, 0.03)
    bench = Metres.root(w, depth, h)
    body = casing(d)
    form = d.one_of("box", "rounded box", "tablet z")
    nodes: list[Node] = [block(body, bench.box(), form, d.one_of("abs", "abs", "aluminium"))]
    key = d.near(body, 0.15) if d.chance(0.45) else contrast(d, body)
    other = d.near(key, 0.25) if d.chance(0.7) else d.colour()
    tall = d.between(0.002, 0.009)
    shape = "box"

    def field(u0: float, u1: float, v0: float, v1: float, columns: int, count: int, colour: RGB) -> None:
        nodes.append(
            keys(
                d,
                colour,
                bench.region("top", u0, u1, v0, v1, inset=0.06 * pitch),
                columns=columns,
                rows=count,
                depth=bench(tall),
                form=shape,
            )
        )

    top = m + pitch
    # digits and letters; the outer columns are of another colour on many boards
    wide = pitch * d.between(1.2, 1.6)
    columns = d.whole(8, 10)
    field(m, m + wide, top, top + rows * pitch, 1, rows, other)
    field(m + wide, m + main - wide, top, top + rows * pitch, columns, rows, key)
    field(m + main - wide, m + main, top, top + rows * pitch, 1, rows, other)
    # the bottom row around the space bar
    space0, space1 = m + 3.6 * pitch, m + 3.6 * pitch + d.between(5.0, 6.4) * pitch
    field(m, space0, m, m + pitch, 3, 1, other)
    field(space0, space1, m, m + pitch, 1, 1, key)
    field(space1, m + main, m, m + pitch, d.whole(2, 3), 1, other)
    if functions:
        v = top + rows * pitch + 0.4 * pitch
        if not (numbers or arrows):
            field(m, m + pitch, v, v + pitch, 1, 1, other)
        field(m + 1.8 * pitch, m + main, v, v + pitch, d.one_of(4, 6, 8), 1, key)
    at = m + main + 0.4 * pitch
    if arrows:
        field(at, at + 3 * pitch, m, m + pitch, 3, 1, other)
        field(at + pitch, at + 2 * pitch, m + pitch, m + 2 * pitch, 1, 1, other)
        field(at, at + 3 * pitch, top + (rows - 2) * pitch, top + rows * pitch, 3, 2, other)
        at += 3.4 * pitch
    if numbers and functions:
        field(at, at + 3 * pitch, m, top + rows * pitch, 3, rows + 1, key)
    elif numbers:
        field(at, at + 3 * pitch, top, top + rows * pitch, 3, rows, key)
        field(at, at + 3 * pitch, m, m + pitch, 2, 1, key)
    if numbers:
        field(at + 3 * pitch, at + 4 * pitch, m, top + rows * pitch, 1, 3, other)
    if d.chance(0.12) and functions:
        nodes.append(
            node(
                "dial",
                d.metal(),
                **bench.about("top", w - m - 0.5 * pitch, depth - m - 0.5 * pitch, 0.5 * pitch),
                columns=1,
                rows=1,
                depth=bench(0.012),
                top=1.0,
                ridge=0.0,
                ridge_width=0.2,
                range=6.5,
                open=0.0,
                material="aluminium",
            )
        )
    return bench.program("keyboard", nodes)


CATEGORY = Category("keyboard", "Computer keyboard", sample, bulk=550)
