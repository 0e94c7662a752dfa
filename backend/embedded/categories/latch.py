# SPDX-License-Identifier: GPL-3.0-or-later
"""A latch on a wall or door: a bolt that slides through keepers, a bar that turns, a hasp that swings."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node
from .metres import Metres


def sample(rng: np.random.Generator) -> Program:
    """Two plates side by side, and what joins them."""
    d = Draw(rng)
    return d.one_of(_bolt, _bolt, _turn, _hasp)(d)


def _metal(d: Draw) -> tuple[RGB, str]:
    return d.one_of(
        ((0.75, 0.76, 0.78), "steel"),
        ((0.75, 0.6, 0.32), "brass"),
        ((0.1, 0.1, 0.11), "cast iron"),
        (d.colour(), "steel"),
        (d.metal(), "stainless steel"),
    )


def _plates(
    d: Draw,
    m: Metres,
    split: float,
    gap: float,
    wide: float,
    deep: float,
    high: float,
    thick: float,
    colour: RGB,
    material: str,
) -> list[Node]:
    """The long plate on the left and the short one on the right, with their screws."""
    out = []
    for x0, x1, columns in ((0.0, split - gap / 2, d.whole(2, 3)), (split + gap / 2, wide, d.whole(1, 2))):
        box = (x0, x1, deep - thick, deep, 0.0, high)
        r = 0.06 * high
        screws = node(
            "post",
            d.near(colour, 0.3),
            **m.inside(*box).on("front", x0 + 0.5 * r, x1 - 0.5 * r, 0.5 * r, high - 0.5 * r),
            columns=columns,
            rows=2,
            length=m(0.0006),
            width=m(2 * r),
            form="round",
            material="steel",
        )
        out.append(
            node(
                "block",
                colour,
                [screws],
                form=d.one_of("box", "rounded box"),
                **m.box(*box),
                material=material,
            )
        )
    return out


def _bolt(d: Draw) -> Program:
    wide = d.log_between(0.06, 0.22)
    high = wide * d.between(0.28, 0.42)
    thick = max(wide * d.between(0.015, 0.03), 0.0015)
    r = high * d.between(0.13, 0.2)
    bar = 0.0035 + 0.02 * wide  # of the keepers
    deep = thick + 2 * r + 0.004 + bar
    m = Metres.root(wide, deep, high)
    colour, material = _metal(d)
    split = wide * d.between(0.66, 0.76)
    gap = wide * d.between(0.01, 0.06)
    nodes = _plates(d, m, split, gap, wide, deep, high, thick, colour, material)
    c, y = high / 2, deep - thick - r - 0.002
    half = r + 0.002 + bar
    length = bar * d.between(1.5, 3.0)
    for x in (0.1 * wide, split - gap / 2 - 0.05 * wide - length, split + gap / 2 + 0.06 * wide):
        nodes.append(
            node(
                "ring",
                d.near(colour, 0.1),
                **m.box(x, x + length, y - half, y + half, c - half, c + half),
                axis="x",
                width=m(bar),
                form="flat frame",
                fill="open",
                material=material,
            )
        )
    x0, x1 = 0.04 * wide, split - gap / 2 - 0.02 * wide
    knob = 0.34 * wide
    rod = (x0, x1, y - r, y + r, c - r, c + r)
    inner = m.inside(*rod)
    k = 0.9 * r
    grip = node(
        "knob_handle",
        d.near(colour, 0.2),
        **inner.on("front", knob - k, knob + k, c - k, c + k),
        depth=m(2.4 * r),
        form=d.one_of("ball", "disc"),
        material=material,
    )
    reach = split + gap / 2 + 0.06 * wide + length - x1
    nodes.append(
        node(
            "tray",
            d.one_of(colour, (0.75, 0.76, 0.78), d.metal()),
            [grip],
            form=d.one_of("cylinder", "cylinder", "box"),
            **m.box(*rod),
            way="right",
            wall=m(0.001),
            travel=min(reach / (x1 - x0), 0.9),
            open=d.one_of(0.0, 1.0, d.between(0, 1)),
            material="steel",
        )
    )
    # the knob stops before the next keeper
    stop = split - gap / 2 - 0.05 * wide - length - knob - k - 0.003
    nodes[-1].values["travel"] = min(nodes[-1].values["travel"], max(stop, 0.004) / (x1 - x0))
    return boxed("latch", wide, deep, high, nodes)


def _turn(d: Draw) -> Program:
    wide = d.log_between(0.05, 0.16)
    high = wide * d.between(0.3, 0.5)
    thick = max(wide * d.between(0.02, 0.05), 0.002)
    deep = thick + wide * 0.1
    m = Metres.root(wide, deep, high)
    colour, material = _metal(d)
    split = wide * d.between(0.55, 0.68)
    nodes = _plates(d, m, split, 0.02 * wide, wide, deep, high, thick, colour, material)
    c = high / 2
    x0 = split * 0.45
    bar = high * d.between(0.2, 0.32)
    host = (0.0, split - 0.01 * wide, deep - thick, deep, 0.0, high)
    nodes[0].children.append(
        node(
            "lever",
            d.one_of(colour, d.metal(), (0.1, 0.1, 0.1)),
            **m.inside(*host).on("front", x0, min(1.2 * split, wide * 0.95), c - bar / 2, c + bar / 2),
            columns=1,
            rows=1,
            depth=m(d.between(0.09, 0.13) * wide),
            width=m(bar),
            axis="normal",
            grip=d.one_of("none", "ball"),
            range=d.between(2.2, 3.2),
            open=d.one_of(0.0, 1.0, d.between(0, 1)),
            material=material,
        )
    )
    # the hook that the bar turns behind stands beyond its reach
    hook = (0.92 * wide, 0.98 * wide, deep - thick - 0.06 * wide, deep - thick, 0.3 * high, 0.7 * high)
    nodes.append(node("block", d.near(colour), form="box", **m.box(*hook), material=material))
    return boxed("latch", wide, deep, high, nodes)


def _hasp(d: Draw) -> Program:
    wide = d.log_between(0.07, 0.2)
    high = wide * d.between(0.26, 0.4)
    thick = max(wide * d.between(0.015, 0.03), 0.0015)
    staple = 0.12 * wide
    deep = 3 * thick + staple
    m = Metres.root(wide, deep, high)
    colour, material = _metal(d)
    split = wide * d.between(0.3, 0.4)
    nodes = _plates(d, m, split, 0.03 * wide, wide, deep, high, thick, colour, material)
    c = high / 2
    y1 = deep - thick - 0.0012
    strap = (split - 0.06 * wide, wide * 0.97, y1 - thick, y1, 0.18 * high, 0.82 * high)
    eye = 0.78 * wide
    slot, half = 0.1 * wide, 0.16 * high
    s = m.inside(*strap)
    # the strap has a slot for the staple: four pieces around it
    pieces = [
        (strap[0], eye - slot, strap[4], strap[5]),
        (eye + slot, strap[1], strap[4], strap[5]),
        (eye - slot, eye + slot, strap[4], c - half),
        (eye - slot, eye + slot, c + half, strap[5]),
    ]
    tone = d.near(colour, 0.15)
    children = [
        node("block", tone, form="box", **s.box(a, b, strap[2], strap[3], e, f), material=material)
        for a, b, e, f in pieces
    ]
    r = 0.075 * wide
    nodes.append(
        node(
            "ring",
            d.near(colour, 0.2),
            **m.box(
                eye - r,
                eye + r,
                deep - thick - staple,
                deep - thick + 0.4 * r,
                c - 0.5 * half,
                c + 0.5 * half,
            ),
            axis="z",
            width=m(half),
            form="round bar",
            fill="open",
            material="steel",
        )
    )
    nodes.append(
        node(
            "flap",
            colour,
            children,
            form="pin",
            **m.box(*strap),
            axis="z",
            pivot="low middle",
            sense="backward",
            range=d.between(1.2, 2.2),
            open=d.one_of(0.0, d.between(0, 1), d.between(0.5, 1.0)),
            material=material,
        )
    )
    return boxed("latch", wide, deep, high, nodes)


CATEGORY = Category("latch", "Latch, bolt or hasp on a plate", sample, fixed_base=True)
