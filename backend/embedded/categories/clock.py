# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks on walls and tables, alarm clocks, long-case clocks."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .clock_faces import clock_face
from .metres import Metres
from .palette import BLACK, contrast
from .pieces import block


def sample(rng: np.random.Generator) -> Program:
    """A round or square case with a face, marks and two or three hands."""
    d = Draw(rng)
    style = d.one_of("round", "round", "round", "square", "alarm", "alarm", "mantel", "long case")
    case = d.one_of(d.colour(), d.metal(), d.near(BLACK), d.near((0.45, 0.28, 0.15), 0.2))
    if style == "long case":
        return _long_case(d)
    across = {"alarm": d.between(0.07, 0.16), "mantel": d.between(0.14, 0.32)}.get(
        style, d.log_between(0.16, 0.6)
    )
    thick = across * (d.between(0.25, 0.6) if style in ("alarm", "mantel") else d.between(0.07, 0.22))
    w = h = across
    if style == "mantel":
        w, h = across * d.between(0.7, 1.6), across
    bench = Metres.root(w, thick, h)
    form = "cylinder y" if style in ("round", "alarm") and d.chance(0.9) else d.one_of("box", "rounded box")
    material = d.one_of("abs", "steel", "oak", "brass")
    nodes = [block(case, bench.box(), form, material)]
    r = 0.5 * min(w, h) * (d.between(0.8, 0.94) if form == "cylinder y" else d.between(0.72, 0.96))
    cu, cv = w / 2, h / 2 if style != "mantel" else h * d.between(0.5, 0.6)
    r = min(r, h - cv)
    face = d.one_of("disc", "disc", "disc", "box") if form != "cylinder y" else "disc"
    nodes += clock_face(d, bench, case, "front", cu, cv, r, face, d.chance(0.3 if style == "alarm" else 0.75))
    if style == "alarm":
        nodes += _alarm(d, bench, case)
    if style == "mantel":
        o = d.between(0.0, 0.08) * w
        nodes.append(
            block(d.near(case, 0.1), bench.box(-o, w + o, -o, thick + o, -0.08 * h, 0), "box", material)
        )
        if d.chance(0.5):
            nodes.append(
                block(d.near(case, 0.1), bench.box(-o / 2, w + o / 2, -o / 2, thick, h, 1.06 * h), "box")
            )
    return bench.program("clock", nodes)


def _alarm(d: Draw, bench: Metres, case: RGB) -> list[Node]:
    """Legs, and bells with a hammer, a button or a handle on top."""
    w, thick, h = bench.w, bench.d, bench.h
    metal = d.metal()
    leg, low = d.between(0.03, 0.05) * w, d.between(0.12, 0.22) * h
    form = d.one_of("cylinder z", "ellipsoid")
    nodes = [
        block(metal, bench.box(x - leg, x + leg, thick / 2 - leg, thick / 2 + leg, -low, 0.14 * h), form)
        for x in (0.27 * w, 0.73 * w)
    ]
    if d.chance(0.65):
        r = d.between(0.17, 0.22) * w
        for x in (0.27 * w, 0.73 * w):
            nodes.append(
                block(
                    metal,
                    bench.box(x - r, x + r, thick / 2 - r, thick / 2 + r, 0.94 * h, 0.94 * h + 1.2 * r),
                    "ellipsoid",
                    "brass",
                )
            )
        nodes.append(
            node(
                "lever",
                d.metal(),
                **bench.about("top", w / 2, thick / 2, 0.02 * w),
                columns=1,
                rows=1,
                depth=bench(0.2 * h),
                width=bench(0.04 * w),
                axis="up",
                grip="ball",
                range=0.2,
                open=0.0,
                material="steel",
            )
        )
        if d.chance(0.5):
            nodes.append(
                node(
                    "bar_handle",
                    metal,
                    **bench.about("top", w / 2, thick / 2, 0.36 * w, 0.03 * w),
                    depth=bench(0.4 * h),
                    width=bench(0.03 * w),
                    form="round",
                    material="steel",
                )
            )
    else:
        nodes.append(
            node(
                "button",
                (contrast(d, case), case),
                **bench.about("top", w / 2, thick / 2, d.between(0.1, 0.2) * w, min(0.3 * thick, 0.1 * w)),
                columns=1,
                rows=1,
                depth=bench(d.between(0.05, 0.1) * h),
                stem=0.002,
                form=d.one_of("box", "round"),
                travel=0.5,
                open=0.0,
                material="abs",
            )
        )
    if d.chance(0.4):
        nodes.append(
            node(
                "dial",
                (metal, metal),
                **bench.about("back", w / 2, 0.4 * h, 0.2 * w, 0.08 * w),
                columns=2,
                rows=1,
                depth=bench(0.1 * w),
                top=1.0,
                ridge=0.4,
                ridge_width=0.2,
                range=6.5,
                open=0.0,
                material="brass",
            )
        )
    return nodes


def _long_case(d: Draw) -> Program:
    """A tall case on the floor: plinth, trunk with a door, hood with the face."""
    h = d.between(1.6, 2.2)
    w, depth = h * d.between(0.18, 0.27), h * d.between(0.12, 0.18)
    bench = Metres.root(w, depth, h)
    wood = d.near(d.one_of((0.42, 0.25, 0.13), (0.3, 0.17, 0.1), (0.6, 0.42, 0.24)), 0.15)
    z1, z2 = h * d.between(0.14, 0.25), h * d.between(0.66, 0.76)
    s = w * d.between(0.06, 0.16)
    trunk = bench.child(w - 2 * s, depth - s, z2 - z1)
    wall = 0.06 * w
    door = node(
        "door",
        (d.near(wood, 0.05), (0.5, 0.6, 0.66)),
        [
            node(
                "knob_handle",
                d.metal(),
                **trunk.about("front", 0.88 * trunk.w, 0.5 * trunk.h, 0.03 * w),
                depth=bench(0.06 * w),
                form="ball",
                material="brass",
            )
        ],
        **trunk.region("front", 0, trunk.w, 0.03 * trunk.h, 0.97 * trunk.h),
        depth=bench(0.05 * w),
        mount="overlay",
        hinge=d.one_of("left", "left"),
        leaves="one",
        style=d.one_of("glazed", "panelled", "plain"),
        border=bench(0.12 * w),
        range=d.between(1.2, 2.0),
        open=d.opened(),
        material="oak",
    )
    nodes = [
        block(wood, bench.box(z1=z1), "box", "oak"),
        node(
            "carcass",
            wood,
            [door],
            **bench.box(s, w - s, s, depth, z1, z2),
            opening="front",
            wall=bench(wall),
            shelves=0,
            dividers=0,
            material="oak",
        ),
        block(wood, bench.box(z0=z2, z1=0.97 * h), "box", "oak"),
        block(d.near(wood, 0.1), bench.box(-0.05 * w, 1.05 * w, -0.05 * w, depth, 0.97 * h, h), "box", "oak"),
    ]
    nodes += clock_face(
        d,
        bench,
        wood,
        "front",
        w / 2,
        (z2 + 0.97 * h) / 2,
        0.46 * min(w, 0.97 * h - z2),
        d.one_of("disc", "box"),
        False,
    )
    return bench.program("clock", nodes)


CATEGORY = Category("clock", "Clock with hands", sample, bulk=300, fixed_base=True)
