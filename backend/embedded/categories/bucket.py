# SPDX-License-Identifier: GPL-3.0-or-later
"""A bucket or pail with a bail handle, round or square."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, node, profile
from .metres import Metres


def sample(rng: np.random.Generator) -> Program:
    """A tapered vessel with a rim, ears and a handle that swings over it."""
    d = Draw(rng)
    wide = d.log_between(0.12, 0.38)
    high = wide * d.between(0.65, 1.25)
    square = d.chance(0.15)
    deep = wide * d.between(0.6, 0.9) if square else wide
    bar = d.between(0.012, 0.03) * wide
    clear = 0.012 * wide + 0.004
    span = wide + 2 * clear + 4 * bar
    rise = span / 2 * d.between(1.03, 1.35)
    pivot = high * d.between(0.9, 0.95)
    total = pivot + rise
    m = Metres.root(span, deep, total)
    x0, x1 = (span - wide) / 2, (span + wide) / 2
    steel = d.chance(0.4)
    body = d.metal() if steel and d.chance(0.6) else d.colour()
    material = "steel" if steel else d.one_of("polypropylene", "polypropylene", "polypropylene", "pine")
    wall = m(max(0.012 * wide, 0.0012))
    extent = m.box(x0, x1, 0, deep, 0, high)
    nodes: list[Node] = []
    swing = 0.9 if square else d.between(2.5, 3.0)  # the corners are in the way
    rim = d.between(0.015, 0.035) * wide
    if square:
        nodes.append(
            node(
                "carcass", body, **extent, opening="top", wall=wall, shelves=0, dividers=0, material=material
            )
        )
    else:
        taper = d.between(0.68, 0.96)
        radii = profile(*(taper + (1 - taper) * k / 5 for k in range(6)))
        nodes.append(node("turned", body, **extent, **radii, wall=wall, form="open", material=material))
        top = radii["r5"] * wide / 2
        for z, thick in [(high, rim)] if d.chance(0.7) else [(high, rim), (0.55 * high, 0.7 * rim)]:
            r = top * (1 if z == high else taper + (1 - taper) * 0.55)
            c = span / 2
            nodes.append(
                node(
                    "ring",
                    d.near(body, 0.1),
                    **m.box(c - r, c + r, deep / 2 - r, deep / 2 + r, z - thick, z),
                    axis="z",
                    width=m(thick),
                    form="round bar",
                    fill="open",
                    material=material,
                )
            )
    ear = d.between(0.04, 0.08) * wide
    for a, b in ((x0 - clear / 2, x0 + clear / 2), (x1 - clear / 2, x1 + clear / 2)):
        nodes.append(
            node(
                "block",
                d.near(body, 0.15),
                form="box",
                **m.box(a, b, deep / 2 - ear / 2, deep / 2 + ear / 2, pivot - ear, pivot + 0.2 * ear),
                material=material,
            )
        )
    nodes.append(
        node(
            "bail",
            (d.metal() if d.chance(0.7) else d.near(body), d.colour()),
            **m.on("front", 0, span, pivot, total),
            width=m(2 * bar),
            hinge="bottom",
            plane="middle of the host",
            form=d.one_of("arch", "arch", "arch with grip", "arch with grip"),
            range=swing,
            open=d.one_of(0.5, d.between(0.0, 1.0), d.between(0.85, 1.0), 0.02),
            material="steel",
        )
    )
    return boxed("bucket", span, deep, total, nodes)


CATEGORY = Category("bucket", "Bucket with a swinging handle", sample)
