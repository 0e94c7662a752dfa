# SPDX-License-Identifier: GPL-3.0-or-later
"""Water coolers."""

from __future__ import annotations

from ..program.node import RGB, Program
from .base import Draw, node
from .metres import Metres
from .palette import WHITE, casing, contrast
from .pieces import block, keys


def cooler(d: Draw) -> Program:
    """A cabinet with a recess, taps over a drip tray, perhaps a bottle on top and a door below."""
    tall = d.chance(0.65)
    w = d.between(0.28, 0.36)
    h = d.between(0.9, 1.15) if tall else d.between(0.4, 0.55)
    depth = w * d.between(0.95, 1.15)
    bench = Metres.root(w, depth, h)
    body = d.near(WHITE, 0.05) if d.chance(0.5) else casing(d)
    dark = contrast(d, body) if d.chance(0.6) else d.near(body, 0.25)
    z0, z1 = h - (0.42 if tall else 0.36), h - 0.12
    recess = depth * d.between(0.35, 0.5)
    nodes = [
        block(body, bench.box(z1=z0), "box"),
        block(dark, bench.box(0, w, recess, depth, z0, z1), "box"),
        block(body, bench.box(z0=z1), d.one_of("box", "rounded box", "arch")),
    ]
    drip = node(
        "tray",
        d.near((0.15, 0.15, 0.16)),
        **bench.box(0.12 * w, 0.88 * w, 0.02 * depth, recess - 0.01, z0, z0 + 0.03),
        form=d.one_of("tray", "rack"),
        way="front",
        wall=bench(0.004),
        travel=0.6,
        open=0.0,
        material="abs",
    )
    nodes.append(drip)
    for k in range(2):  # the recess's cheeks
        x = 0.0 if k == 0 else 0.94 * w
        nodes.append(block(body, bench.box(x, x + 0.06 * w, 0, recess, z0, z1), "box"))
    back = bench.child(w, depth - recess, z1 - z0)
    count = d.whole(2, 3)
    for k in range(count):
        u = w * (0.5 + 0.24 * (k - (count - 1) / 2))
        colour: RGB = ((0.75, 0.1, 0.1), (0.1, 0.3, 0.75), (0.9, 0.9, 0.9))[k]
        nodes[1].children.append(
            node(
                "lever",
                colour,
                **back.about("front", u, 0.72 * back.h, 0.018),
                columns=1,
                rows=1,
                depth=bench(d.between(0.04, 0.07)),
                width=bench(0.018),
                axis="across",
                grip=d.one_of("none", "bar", "ball"),
                range=0.8,
                open=0.0,
                material="abs",
            )
        )
    if d.chance(0.4):
        nodes.append(
            keys(
                d,
                contrast(d, body),
                bench.region("front", 0.3 * w, 0.7 * w, z1 + 0.04, z1 + 0.07),
                columns=3,
                rows=1,
                depth=bench(0.006),
            )
        )
    if d.chance(0.65):
        r = 0.4 * w
        high = 0.24 * h
        nodes.append(
            node(
                "turned",
                d.near((0.5, 0.68, 0.85), 0.15),
                **bench.box(w / 2 - r, w / 2 + r, depth / 2 - r, depth / 2 + r, h, h + high),
                wall=0.002,
                r0=0.35,
                r1=1.0,
                r2=0.96,
                r3=1.0,
                r4=1.0,
                r5=0.9,
                form="solid",
                material="polypropylene",
            )
        )
    if tall and d.chance(0.6):
        nodes.append(
            node(
                "door",
                (d.near(body, 0.08), body),
                **bench.region("front", 0.08 * w, 0.92 * w, 0.06 * h, z0 - 0.05 * h),
                depth=bench(0.015),
                mount="overlay",
                hinge=d.one_of("left", "right"),
                leaves="one",
                style="plain",
                border=0.02,
                range=1.5,
                open=d.opened() if d.chance(0.4) else 0.0,
                material="abs",
            )
        )
    return bench.program("dispenser", nodes)
