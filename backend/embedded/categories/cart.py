# SPDX-License-Identifier: GPL-3.0-or-later
"""A cart: platform trolley, shelf trolley, tub on wheels, or a sack barrow."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node
from .common import clutter
from .metres import Metres

BLACK: RGB = (0.09, 0.09, 0.1)


def sample(rng: np.random.Generator) -> Program:
    """Four wheels under a platform, shelves or a tub, with a handle at one or both ends; or two wheels and a nose."""
    d = Draw(rng)
    style = d.one_of("platform", "shelves", "shelves", "tub", "barrow")
    return _barrow(d) if style == "barrow" else _four(d, style)


def _four(d: Draw, style: str) -> Program:
    wide = d.between(0.55, 1.0)  # along x, the way it rolls
    deep = wide * d.between(0.5, 0.75)
    r = d.between(0.04, 0.09)
    high = {"platform": d.between(0.8, 1.0), "shelves": d.between(0.7, 1.0), "tub": d.between(0.7, 1.0)}[
        style
    ]
    m = Metres.root(wide, deep, high)
    frame = d.one_of(d.metal(), d.colour(), BLACK)
    plate = d.colour()
    bar = d.between(0.02, 0.032)
    floor = 2 * r + 0.015
    thick = d.between(0.02, 0.05)
    metal = d.one_of("steel", "stainless steel", "aluminium")
    nodes: list[Node] = []
    # beams along the way carry a wheel at each end, on their outsides; what is above covers the wheels
    tread = d.between(0.022, 0.035)
    over = tread + 0.008
    x = 0.1 * wide
    rubber = BLACK if d.chance(0.8) else d.colour()
    for y0, y1, side in ((0.0, 0.03, "front"), (deep - 0.03, deep, "back")):
        nodes.append(
            node(
                "block",
                frame,
                form="box",
                **m.box(0.5 * x, wide - 0.5 * x, y0, y1, 0.9 * r, floor),
                material=metal,
            )
        )
        nodes.append(
            node(
                "wheel",
                rubber,
                **m.on(side, x - r, wide - x + r, 0.0, 2 * r),
                columns=2,
                rows=1,
                depth=m(tread),
                stem=m(0.002),
                form="disc",
                open=0.0,
                material="rubber",
            )
        )
    box = (0.0, wide, -over, deep + over, floor, floor + thick)
    wood = d.chance(0.4)
    made = "plywood" if wood else metal
    if style == "tub":
        top = floor + (high - floor) * d.between(0.6, 0.95)
        nodes.append(
            node(
                "carcass",
                plate,
                clutter(d, m.longest, "front"),
                **m.box(0.04 * wide, 0.96 * wide, -over, deep + over, floor, top),
                opening="top",
                wall=m(0.012),
                shelves=0,
                dividers=0,
                material=d.one_of("polypropylene", metal, "plywood"),
            )
        )
        nodes.append(_handle(d, m, 0.96 * wide, wide, deep, min(top + 0.05, high), bar, frame, metal))
        return boxed("cart", wide, deep, high, nodes)
    nodes.append(
        node(
            "block",
            plate,
            clutter(d, m.longest, "front"),
            form=d.one_of("box", "rounded box"),
            **m.box(*box),
            material=made,
        )
    )
    if style == "platform":
        nodes.append(_hoop(m, bar / 2, bar, deep, floor + thick, high, bar, frame, metal))
        if d.chance(0.3):
            nodes.append(_hoop(m, wide - bar / 2, bar, deep, floor + thick, high, bar, frame, metal))
        return boxed("cart", wide, deep, high, nodes)
    count = d.whole(1, 2)
    top = high - d.between(0.0, 0.12)
    for k in range(count):
        z = floor + thick + (top - floor - thick) * (k + 1) / count
        nodes.append(
            node(
                "block",
                plate,
                form=d.one_of("box", "rounded box"),
                **m.box(0, wide, -over, deep + over, z - thick, z),
                material=made,
            )
        )
    nodes.append(
        node(
            "strut",
            frame,
            **m.line((bar / 2, bar / 2, floor), (bar / 2, bar / 2, top)),
            width=m(bar),
            form=d.one_of("round", "square"),
            copies="four",
            material=metal,
        )
    )
    nodes.append(_handle(d, m, wide, wide + 0.1, deep, high, bar, frame, metal))
    return boxed("cart", wide, deep, high, nodes)


def _hoop(
    m: Metres, x: float, y: float, deep: float, z0: float, z1: float, bar: float, colour: RGB, metal: str
) -> Node:
    """A bent tube standing across the platform's end."""
    return node(
        "pipe",
        colour,
        **m.line((x, y, z0), (x, deep - y, z0)),
        width=m(bar),
        bow=m(z1 - z0 - bar / 2),
        form="gooseneck",
        material=metal,
    )


def _handle(
    d: Draw, m: Metres, x0: float, x1: float, deep: float, z1: float, bar: float, colour: RGB, metal: str
) -> Node:
    """A bow handle at the right end."""
    y = deep * d.between(0.04, 0.2)
    z = z1 - bar
    return node(
        "pipe",
        colour,
        **m.line((x0 - 0.01, y, z), (x0 - 0.01, deep - y, z)),
        width=m(bar),
        bow=m(max(x1 - x0, 0.06)),
        form="handle",
        material=metal,
    )


def _barrow(d: Draw) -> Program:
    """Two wheels, two rails that end in grips, a nose plate to load on."""
    wide = d.between(0.4, 0.55)
    high = d.between(1.0, 1.3)
    deep = d.between(0.4, 0.5)
    r = d.between(0.09, 0.14)
    bar = d.between(0.025, 0.035)
    m = Metres.root(wide, deep, high)
    frame = d.one_of((0.75, 0.1, 0.08), (0.1, 0.25, 0.6), d.metal(), d.colour(), BLACK)
    metal = "steel"
    back = deep - r
    x = 0.22 * wide
    nose = min(0.62 * deep, back - 0.09)  # the frame stands before the wheels, or it would tip over them
    nodes: list[Node] = [
        node(
            "block",
            d.near(frame, 0.2),
            form="box",
            **m.box(0.14 * wide, 0.86 * wide, 0, nose, 0, 0.012),
            material=metal,
        ),
        node(
            "strut",
            frame,
            **m.line((x, nose - bar, 0.006), (x, nose, high - 0.12)),
            width=m(bar),
            form="round",
            copies="mirrored in x",
            material=metal,
        ),
        node(
            "strut",
            BLACK if d.chance(0.6) else d.colour(),
            **m.line((x, nose, high - 0.13), (x, deep - 0.02, high - 0.02)),
            width=m(1.3 * bar),
            form="round",
            copies="mirrored in x",
            material="rubber",
        ),
        node(
            "block",
            frame,
            form="box",
            **m.box(0.004, wide - 0.004, back - 0.012, back + 0.012, r - 0.012, r + 0.012),
            material=metal,
        ),
        node(
            "strut",
            frame,
            **m.line((x + 0.06, back, r), (x, nose, 0.4 * high)),
            width=m(0.7 * bar),
            form="round",
            copies="mirrored in x",
            material=metal,
        ),
    ]
    for k in range(d.whole(2, 4)):
        z = 0.15 * high + k * 0.2 * high
        y = nose - bar + bar * z / high
        nodes.append(
            node(
                "strut",
                frame,
                **m.line((x, y, z), (wide - x, y, z)),
                width=m(0.8 * bar),
                form=d.one_of("round", "square"),
                copies="one",
                material=metal,
            )
        )
    tread = d.between(0.035, 0.055)
    for side in ("left", "right"):
        nodes.append(
            node(
                "wheel",
                (BLACK, d.colour()),
                **m.on(side, back - r, back + r, 0.0, 2 * r),
                columns=1,
                rows=1,
                depth=m(tread),
                stem=m(0.0021),
                form=d.one_of("disc", "rim"),
                open=0.0,
                material="rubber",
            )
        )
    return boxed("cart", wide, deep, high, nodes)


CATEGORY = Category("cart", "Cart on wheels", sample, bulk=300)
