# SPDX-License-Identifier: GPL-3.0-or-later
"""Telephones: desk sets with a handset, flip and sliding phones, keyed and touch phones."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .desk_phones import desk
from .keypads import keypad, window
from .metres import Metres
from .palette import BLACK, casing, contrast
from .pieces import block, keys, plain_plate


def sample(rng: np.random.Generator) -> Program:
    """One of five kinds; pocket phones lie flat or stand upright."""
    d = Draw(rng)
    style = d.one_of("desk", "desk", "touch", "bar", "flip", "flip", "slide")
    if style == "desk":
        return desk(d)
    return _pocket(d, style)


def _pocket(d: Draw, style: str) -> Program:
    body = casing(d)
    long = d.between(0.13, 0.17) if style == "touch" else d.between(0.09, 0.14)
    wide = long * d.between(0.44, 0.54)
    thick = {"touch": 0.008, "bar": 0.015, "flip": 0.012, "slide": 0.01}[style] * d.between(0.8, 1.4)
    upright = d.chance(0.5) and style != "flip"
    face = "front" if upright else "top"
    bench = Metres.root(wide, thick, long) if upright else Metres.root(wide, long, thick)
    form = d.one_of("box", "rounded box", "tablet y" if upright else "tablet z")
    nodes: list[Node] = [block(body, bench.box(), form, d.one_of("abs", "aluminium", "glass"))]
    m = 0.06 * wide
    if style == "touch":
        nodes += _touch(d, bench, face, body, wide, long, upright, form.startswith("tablet"))
        return bench.program("phone", nodes)
    key = contrast(d, body) if d.chance(0.6) else d.near(body, 0.25)
    if style == "bar":
        split = d.between(0.45, 0.6)
        nodes.append(
            window(d, bench, bench.region(face, 2 * m, wide - 2 * m, (split + 0.06) * long, 0.9 * long))
        )
        nodes += keypad(d, bench, face, key, m, wide - m, 0.04 * long, split * long)
        return bench.program("phone", nodes)
    # what lies over the keys leaves them room
    pad = keypad(d, bench, face, key, m, wide - m, 0.05 * long, d.between(0.55, 0.92) * long)
    nodes[0].children += pad
    room = 0.0035
    if upright:
        bench = Metres.root(wide, thick + room, long)
        nodes[0].values.update(bench.box(y0=room))
    else:
        bench = Metres.root(wide, long, thick + room)
        nodes[0].values.update(bench.box(z1=thick))
    if style == "slide":
        nodes.append(_upper(d, bench, upright, wide, thick, long, body))
        return bench.program("phone", nodes)
    lid_t = thick * d.between(0.6, 1.0)
    own = bench.child(wide, long, lid_t)
    inside = window(d, bench, own.region("bottom", 1.5 * m, wide - 1.5 * m, 0.12 * long, 0.85 * long))
    lid = node(
        "door",
        body if d.chance(0.7) else contrast(d, body),
        [inside],
        **bench.region("top", 0, wide, 0, long),
        depth=bench(lid_t),
        mount="overlay",
        hinge="top",
        leaves="one",
        style="plain",
        border=0.02,
        range=d.between(2.2, 2.9),
        open=d.between(0.6, 1.0) if d.chance(0.8) else 0.0,
        material="abs",
    )
    if d.chance(0.7):
        lid.children.append(
            window(d, bench, own.region("top", 0.25 * wide, 0.75 * wide, 0.3 * long, 0.6 * long))
        )
    return bench.program("phone", [*nodes, lid])


def _touch(
    d: Draw, bench: Metres, face: str, body: RGB, wide: float, long: float, upright: bool, rounded: bool
) -> list[Node]:
    """A screen over nearly all of the front, keys at the edge, perhaps a home key; the camera behind."""
    b, chin = wide * d.between(0.02, 0.06), long * d.one_of(d.between(0.01, 0.03), d.between(0.08, 0.13))
    if rounded:  # the screen ends before the corners do
        chin = max(chin, 0.08 * long)
    nodes = [window(d, bench, bench.region(face, b, wide - b, chin, long - max(b, 0.8 * chin)))]
    depth = bench(0.0012)
    if chin > 0.07 * long:
        r = min(0.36 * chin, 0.12 * wide)
        nodes.append(
            keys(
                d,
                d.near(body, 0.3),
                bench.about(face, wide / 2, chin / 2, r),
                columns=1,
                rows=1,
                depth=depth,
                form="round",
            )
        )
    side = d.one_of("left", "right")
    half = 0.2 * (bench.d if upright else bench.h)
    at, high = d.between(0.55, 0.8) * long, 0.06 * long
    if upright:
        place = bench.about(side, bench.d / 2, at, half, high)
    else:
        place = bench.about(side, at if side == "right" else long - at, bench.h / 2, high, half)
    nodes.append(
        keys(
            d,
            d.near(body, 0.2),
            place,
            columns=1 if upright else 2,
            rows=2 if upright else 1,
            depth=depth,
            form="box",
        )
    )
    back = "back" if upright else "bottom"
    if upright:
        nodes.append(
            plain_plate(
                BLACK,
                bench.region(back, 0.06 * wide, 0.4 * wide, 0.78 * long, 0.96 * long),
                bench(0.0012),
            )
        )
    return nodes


def _upper(d: Draw, bench: Metres, upright: bool, wide: float, thick: float, long: float, body: RGB) -> Node:
    """The upper half with the screen, which slides off the keys."""
    t = thick * d.between(0.7, 1.1)
    if upright:
        place = {"x0": 0.0, "x1": 1.0, "y0": -min(t / thick, 0.25), "y1": 0.0, "z0": 0.0, "z1": 1.0}
        own, face, way = bench.child(wide, 0.25 * thick, long), "front", "top"
    else:
        place = {"x0": 0.0, "x1": 1.0, "y0": 0.0, "y1": 1.0, "z0": 1.0, "z1": 1.25}
        own, face, way = bench.child(wide, long, 0.25 * thick), "top", "back"
    m = 0.08 * wide
    return node(
        "tray",
        body if d.chance(0.6) else contrast(d, body),
        [
            window(d, bench, own.region(face, m, wide - m, 0.2 * long, 0.93 * long)),
            keys(
                d,
                contrast(d, body),
                own.about(face, wide / 2, 0.1 * long, 0.1 * wide, 0.06 * long),
                columns=1,
                rows=1,
                depth=bench(0.0014),
                form=d.one_of("round", "box"),
            ),
        ],
        **place,
        form=d.one_of("box", "rounded box"),
        way=way,
        wall=0.01,
        travel=d.between(0.35, 0.55),
        open=d.between(0.5, 1.0) if d.chance(0.7) else 0.0,
        material="abs",
    )


CATEGORY = Category("phone", "Telephone", sample, bulk=1000)
