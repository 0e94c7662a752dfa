# SPDX-License-Identifier: GPL-3.0-or-later
"""A kitchen range, built-in oven or dishwasher front: a flap that opens downwards."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on
from .common import front_door


def sample(rng: np.random.Generator) -> Program:
    """Carcass with a flap hinged at its bottom edge, knobs above, perhaps a hob and a drawer below."""
    d = Draw(rng)
    w = d.between(0.4, 0.8)
    h, depth = w * d.between(0.75, 1.5), w * d.between(0.7, 1.1)
    longest = max(w, h, depth)
    wall = 0.02 * w + d.between(0.0, 0.02)
    body, front = d.pair()
    top = d.between(0.74, 0.88)
    low = d.between(0.02, 0.1) if d.chance(0.6) else d.between(0.15, 0.25)
    low = max(low, 0.1 / h)  # the flap opens onto its handle: neither may reach the floor
    nodes: list[Node] = [
        node(
            "carcass",
            body,
            **filling(),
            opening="front",
            wall=wall / longest,
            shelves=0,
            dividers=0,
            material="steel",
        ),
        node(
            "block",
            d.near(front),
            form="box",
            **filling(x0=wall / w, x1=1 - wall / w, y0=0, y1=0.4, z0=top, z1=1 - wall / h),
            material="steel",
        ),
        front_door(
            d,
            longest,
            w,
            h * (top - low),
            (front, (0.08, 0.08, 0.1)),
            on("front", 0.0, 1.0, low, top - 0.01),
            thick=d.between(0.02, 0.05),
            mount="overlay",
            hinge="bottom",
            style=d.one_of("glazed", "glazed", "plain"),
            material="steel",
            angle=(1.3, 1.57),
            border=w * d.between(0.08, 0.18),
        ),
        node(
            "dial",
            (d.colour(), (0.9, 0.9, 0.9)),
            **on("front", 0.1, 0.9 if d.chance(0.6) else 0.5, top + 0.25 * (1 - top), 1 - 0.2 * (1 - top)),
            columns=d.whole(2, 6),
            rows=1,
            depth=d.between(0.02, 0.04),
            top=0.9,
            ridge=d.one_of(0.0, 0.5),
            ridge_width=0.2,
            range=4.7,
            open=0.0,
            material="abs",
        ),
    ]
    if d.chance(0.5):
        nodes.append(
            node(
                "plate",
                (0.07, 0.07, 0.07),
                **on("top", 0.1, 0.9, 0.12, 0.88),
                columns=2,
                rows=2,
                depth=0.01,
                form="disc",
                material="steel",
            )
        )
    return boxed("oven", w, depth, h, nodes)


CATEGORY = Category("oven", "Oven or range with a flap", sample, bulk=450)
