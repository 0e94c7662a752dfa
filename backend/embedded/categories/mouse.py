# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer mouse with two keys and a wheel between them."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import casing, contrast
from .pieces import block, keys, posts


def sample(rng: np.random.Generator) -> Program:
    """A rounded palm rest behind two keys; wired or not, slim or high, with or without side keys."""
    d = Draw(rng)
    long = d.between(0.085, 0.13)
    wide, high = long * d.between(0.5, 0.66), long * d.between(0.25, 0.4)
    bench = Metres.root(wide, long, high)
    body = casing(d)
    key = body if d.chance(0.55) else contrast(d, body)
    split = long * d.between(0.36, 0.5)  # where the keys end, from the front
    low = high * d.between(0.4, 0.6)  # the base under the keys
    slot = wide * d.between(0.12, 0.2)
    form = d.one_of("tablet z", "tablet z", "rounded box", "pillow")
    nodes: list[Node] = [block(body, bench.box(z1=low), form)]
    palm = d.one_of("ellipsoid", "ellipsoid", "pillow", "pillow", "tablet z")
    if palm == "ellipsoid":  # its upper half shows; it fills the base's width
        place = bench.box(0.0, wide, split, long + 0.2 * (long - split), max(2 * low - high, 0.0), high)
    else:
        place = bench.box(0.02 * wide, 0.98 * wide, split, 0.98 * long, 0, high)
    nodes.append(block(body, place, palm))
    top = low + (high - low) * d.between(0.5, 0.9)
    gap, keyed = 0.002, d.one_of("rounded box", "box")
    for x0, x1 in ((0.04 * wide, (wide - slot) / 2), ((wide + slot) / 2, 0.96 * wide)):
        nodes.append(
            node(
                "tray",
                key,
                **bench.box(x0, x1, 0.03 * long, split - 0.01 * long, low + gap, top),
                form=keyed,
                way="bottom",
                wall=0.01,
                travel=0.12,
                open=0.0,
                material="abs",
            )
        )
    r = d.between(0.007, 0.01)
    centre = 0.55 * split
    z = max(top - 0.35 * r, low + r + 0.0015)
    nodes.append(
        node(
            "turntable",
            contrast(d, key),
            **bench.box(
                (wide - 0.7 * slot) / 2, (wide + 0.7 * slot) / 2, centre - r, centre + r, z - r, z + r
            ),
            form="cylinder x",
            axis="across",
            tilt=0.0,
            range=6.5,
            open=0.0,
            material="rubber",
        )
    )
    if d.chance(0.4):
        nodes.append(
            keys(
                d,
                contrast(d, body),
                bench.region("left", 0.45 * long, 0.7 * long, 0.55 * low, 0.9 * low),
                columns=2,
                rows=1,
                depth=bench(0.002),
                form="box",
            )
        )
    if d.chance(0.5):  # the cable
        t = d.between(0.003, 0.005)
        nodes.append(
            posts(
                d.near((0.1, 0.1, 0.1)),
                bench.about("front", wide / 2, 0.5 * low, t / 2),
                bench(d.between(0.2, 1.0) * long),
                bench(t),
                material="rubber",
            )
        )
    return bench.program("mouse", nodes)


CATEGORY = Category("mouse", "Computer mouse", sample, bulk=550)
