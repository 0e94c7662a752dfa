# SPDX-License-Identifier: GPL-3.0-or-later
"""A refrigerator: tall carcass, one to three doors."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on
from .common import front_door


def sample(rng: np.random.Generator) -> Program:
    """One door, freezer over fridge, fridge over freezer, or side by side."""
    d = Draw(rng)
    w = d.between(0.45, 0.95)
    h, depth = w * d.between(1.5, 3.0), w * d.between(0.8, 1.15)
    wall = 0.035 * w
    body, front = d.pair()
    if d.chance(0.5):
        body = front = d.one_of((0.92, 0.92, 0.92), (0.7, 0.71, 0.72), (0.12, 0.12, 0.13))
    thick = d.between(0.03, 0.08)
    hinge = d.one_of("left", "right")
    nodes: list[Node] = [
        node(
            "carcass",
            body,
            **filling(),
            opening="front",
            wall=wall / h,
            shelves=d.whole(2, 5),
            dividers=0,
            material="steel",
        )
    ]

    def leaf(v0: float, v1: float, leaves: str = "one") -> Node:
        return front_door(
            d,
            h,
            w,
            h * (v1 - v0),
            (front, d.near(front)),
            on("front", 0.0, 1.0, v0, v1),
            thick=thick,
            mount="overlay",
            hinge=hinge,
            leaves=leaves,
            material="steel",
        )

    roll = rng.random()
    if roll < 0.25:
        nodes.append(leaf(0.02, 1.0))
    elif roll < 0.75:
        split = d.between(0.6, 0.75) if d.chance(0.6) else d.between(0.3, 0.42)
        nodes += [leaf(split + 0.004, 1.0), leaf(0.02, split - 0.004)]
    else:
        nodes.append(leaf(0.02, 1.0, "two"))
    return boxed("refrigerator", w, depth, h, nodes)


CATEGORY = Category("refrigerator", "Refrigerator", sample, bulk=260)
