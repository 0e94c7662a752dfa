# SPDX-License-Identifier: GPL-3.0-or-later
"""Dispensers: pump bottles, soap boxes with a push bar, water coolers with taps."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import WHITE, casing, contrast
from .pieces import block, plain_plate, posts
from .water_coolers import cooler


def sample(rng: np.random.Generator) -> Program:
    """One of three kinds; pump bottles most of all."""
    d = Draw(rng)
    kind = d.one_of("pump", "pump", "pump", "wall box", "cooler", "cooler")
    if kind == "pump":
        return _pump(d)
    return _wall_box(d) if kind == "wall box" else cooler(d)


def _pump(d: Draw) -> Program:
    """A bottle with a collar, and a head with a spout that is pressed down on its stem."""
    bottle_h = d.between(0.1, 0.2)
    wide = bottle_h * d.between(0.38, 0.75)
    head_h = d.between(0.01, 0.022)
    stroke = d.between(0.012, 0.025)
    neck = max(0.24 * wide, 0.02) * d.between(0.8, 1.1)
    collar = d.between(0.012, 0.02)
    bench = Metres.root(wide, wide, bottle_h + collar + stroke + head_h)
    body = d.colour() if d.chance(0.7) else d.near(WHITE, 0.05)
    trim = d.one_of(d.near(WHITE, 0.04), (0.1, 0.1, 0.11), d.metal(), d.metal(), d.colour())
    square = d.chance(0.3)
    z2, z3 = bottle_h + collar, bottle_h + collar + stroke
    c = wide / 2
    nodes: list[Node] = []
    share = min(neck / wide, 0.9)
    if square:
        form = d.one_of("rounded box", "tablet z", "tablet z", "box")
        nodes.append(block(body, bench.box(z1=bottle_h), form, d.one_of("polypropylene", "ceramic", "glass")))
    else:
        r0 = d.between(0.8, 1.0)
        shoulder = d.between(share, 1.0)
        nodes.append(
            node(
                "turned",
                body,
                **bench.box(z1=bottle_h),
                wall=bench(0.002),
                r0=r0,
                r1=1.0,
                r2=d.between(0.85, 1.0),
                r3=d.between(0.8, 1.0),
                r4=max(shoulder, 0.6),
                r5=share,
                form="solid",
                material=d.one_of("polypropylene", "ceramic", "glass", "stainless steel"),
            )
        )
    # the collar is a cup around the stem, so that the stem can go down into it
    ring = neck / 2 * 1.15
    nodes.append(
        node(
            "turned",
            trim,
            **bench.box(c - ring, c + ring, c - ring, c + ring, bottle_h, z2),
            wall=bench(0.18 * ring),
            **{f"r{k}": 1.0 for k in range(6)},
            form="open",
            material="polypropylene",
        )
    )
    hr = d.between(0.55, 0.95) * ring
    head = bench.child(2 * hr, 2 * hr, head_h)
    spout = d.between(0.02, 0.045) * (0.6 + 3 * wide)
    side = d.one_of("front", "left", "right", "front")
    spout_w = d.between(0.35, 0.6) * head_h
    stem = 0.45 * ring
    children = [
        posts(
            trim,
            head.about("bottom", hr, hr, stem / 2),
            bench(stroke + 0.25 * collar),
            bench(stem),
            material="polypropylene",
        ),
        posts(
            trim,
            head.about(side, hr, 0.6 * head_h, spout_w / 2),
            bench(spout),
            bench(spout_w),
            form=d.one_of("round", "square", "tapered"),
            material="polypropylene",
        ),
    ]
    nodes.append(
        node(
            "tray",
            trim,
            children,
            **bench.box(c - hr, c + hr, c - hr, c + hr, z3, z3 + head_h),
            form="cylinder",
            way="bottom",
            wall=0.01,
            travel=min(0.5 * collar / head_h, 0.8 * stroke / head_h, 1.0),
            open=d.opened(),
            material="polypropylene",
        )
    )
    if d.chance(0.5) and square:
        nodes.append(
            plain_plate(
                contrast(d, body),
                bench.region("front", 0.15 * wide, 0.85 * wide, 0.25 * bottle_h, 0.75 * bottle_h),
                0.004,
                "box",
                "cardboard",
            )
        )
    return bench.program("dispenser", nodes)


def _wall_box(d: Draw) -> Program:
    """A box with a window and a bar to push at its lower front; its cover opens."""
    h = d.between(0.2, 0.32)
    w, depth = h * d.between(0.42, 0.65), h * d.between(0.35, 0.5)
    bench = Metres.root(w, depth, h)
    body = d.near(WHITE, 0.05) if d.chance(0.6) else casing(d)
    low = h * d.between(0.18, 0.3)
    form = d.one_of("box", "rounded box", "arch")
    nodes = [
        block(body, bench.box(z0=low), form),
        block(d.near(body, 0.15), bench.box(0.05 * w, 0.95 * w, 0.45 * depth, depth, 0, low), "box"),
    ]
    bar = contrast(d, body) if d.chance(0.5) else d.near(body, 0.12)
    nodes.append(
        node(
            "tray",
            bar,
            **bench.box(0.1 * w, 0.9 * w, 0.05 * depth, 0.3 * depth, 0.1 * low, 0.94 * low),
            form=d.one_of("box", "rounded box", "tray"),
            way="back",
            wall=bench(0.003),
            travel=d.between(0.25, 0.5),
            open=d.opened(),
            material="abs",
        )
    )
    if form != "arch" and d.chance(0.7):
        nodes.append(
            plain_plate(
                d.one_of((0.2, 0.25, 0.3), (0.6, 0.7, 0.75)),
                bench.about(
                    "front", w / 2, low + 0.45 * (h - low), d.between(0.06, 0.14) * w, 0.25 * (h - low)
                ),
                0.006,
                "box",
                "glass",
            )
        )
    return bench.program("dispenser", nodes)


CATEGORY = Category("dispenser", "Dispenser of soap or water", sample, bulk=200)
