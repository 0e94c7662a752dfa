# SPDX-License-Identifier: GPL-3.0-or-later
"""Pens and markers lying on their side: with a button, a cap, or a barrel to twist."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import BLACK, casing
from .pieces import block, plain_plate, posts


def sample(rng: np.random.Generator) -> Program:
    """A barrel along x with a tip at its left; the clip keeps it from rolling."""
    d = Draw(rng)
    style = d.one_of("button", "button", "cap", "cap", "twist", "marker")
    long = d.between(0.12, 0.155)
    t = d.between(0.014, 0.022) if style == "marker" else d.between(0.008, 0.014)
    bench = Metres.root(long, t, t)
    body = casing(d) if d.chance(0.4) else d.colour()
    trim = d.one_of(d.metal(), d.near(BLACK), d.near(body, 0.2))
    tip = d.between(0.05, 0.12) * long
    nodes: list[Node] = []
    material = d.one_of("abs", "abs", "steel", "brass")
    if style in ("button", "twist"):
        end = long - (0.06 * long if style == "button" else 0.0)
        turn = d.between(0.45, 0.6) * long
        nodes.append(block(body, bench.box(0, turn if style == "twist" else end), "cylinder x", material))
        nodes.append(_taper(bench, trim, tip, 0.55 * t, t))
        if d.chance(0.5):
            nodes.append(
                block(
                    d.near((0.12, 0.12, 0.12)),
                    bench.box(1.3 * tip, 0.38 * long, -0.04 * t, 1.04 * t, -0.04 * t, 1.04 * t),
                    "cylinder x",
                    "rubber",
                )
            )
        if style == "button":
            nodes += _clip(d, bench, trim, 0.62 * long, 0.95 * end)
            r = 0.28 * t
            nodes.append(
                node(
                    "tray",
                    trim,
                    **bench.box(end + 0.01 * long, long, t / 2 - r, t / 2 + r, t / 2 - r, t / 2 + r),
                    form="cylinder",
                    way="left",
                    wall=0.01,
                    travel=0.15,
                    open=0.0,
                    material="steel",
                )
            )
            return bench.program("pen", nodes)
        upper = bench.child(long - turn, t, t)
        nodes.append(
            node(
                "turntable",
                d.one_of(body, trim),
                _clip(d, upper, trim, 0.2 * upper.w, 0.9 * upper.w),
                **bench.box(turn, long),
                form="cylinder x",
                axis="across",
                tilt=0.0,
                range=d.between(1.5, 3.0),
                open=0.0,
                material=material,
            )
        )
        return bench.program("pen", nodes)
    cap = d.between(0.28, 0.48) * long
    nodes.append(
        block(body, bench.box(cap, long, 0.03 * t, 0.97 * t, 0.03 * t, 0.97 * t), "cylinder x", material)
    )
    if d.chance(0.5):
        nodes.append(block(trim, bench.box(0.97 * long, long), "cylinder x", material))
    wall = 0.07 * t
    barrel = bench.child(long - cap, t, t)
    nodes[0].children.append(_taper(barrel, trim, 0.5 * cap, 0.5 * t, t))
    own = bench.child(cap, t, t)
    nodes.append(
        node(
            "tray",
            d.one_of(body, trim, d.colour()),
            _clip(d, own, trim, 0.12 * cap, 0.9 * cap),
            **bench.box(0, cap),
            form="sleeve",
            way="left",
            wall=bench(wall),
            travel=d.between(0.7, 1.0),
            open=d.opened(),
            material=material,
        )
    )
    return bench.program("pen", nodes)


def _taper(bench: Metres, colour: RGB, length: float, wide: float, t: float) -> Node:
    """The tip out of the barrel's left end."""
    return posts(
        colour,
        bench.about("left", t / 2, t / 2, wide / 2),
        bench(length),
        bench(wide),
        form="tapered",
        material="steel",
    )


def _clip(d: Draw, bench: Metres, colour: RGB, x0: float, x1: float) -> list[Node]:
    """A clip at the side, which rests on the ground."""
    t = bench.h
    wide = d.between(0.2, 0.4) * t
    return [
        plain_plate(
            colour,
            bench.region("front", x0, x1, 0.02 * t, 0.02 * t + wide),
            bench(0.18 * t),
            "box",
            "steel",
        )
    ]


CATEGORY = Category("pen", "Pen or marker", sample)
