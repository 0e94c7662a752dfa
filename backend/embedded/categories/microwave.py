# SPDX-License-Identifier: GPL-3.0-or-later
"""A microwave oven or mini oven: a glazed door beside a panel with controls."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on
from .common import feet, front_door


def sample(rng: np.random.Generator) -> Program:
    """Carcass, a door over most of the front, a panel with buttons or dials on the rest."""
    d = Draw(rng)
    w = d.between(0.4, 0.65)
    h, depth = w * d.between(0.5, 0.65), w * d.between(0.6, 0.85)
    wall = d.between(0.008, 0.02)
    body, front = d.pair()
    split = d.between(0.68, 0.82)
    bu = wall / w
    material = "steel"
    nodes: list[Node] = [
        node(
            "carcass",
            body,
            **filling(x1=split),
            opening="front",
            wall=wall / w,
            shelves=0,
            dividers=0,
            material=material,
        ),
        node("block", d.near(front), form="box", **filling(x0=split), material=material),
        front_door(
            d,
            w,
            w * split,
            h,
            (front, (0.1, 0.1, 0.12)),
            on("front", 0.0, split - 0.25 * bu, 0.0, 1.0),
            thick=d.between(0.015, 0.04),
            mount="overlay",
            hinge="left",
            style="glazed" if d.chance(0.85) else "plain",
            material="steel",
            with_handle=d.chance(0.7),
            border=w * d.between(0.04, 0.1),
        ),
    ]
    c0, c1 = split + 0.12 * (1 - split), 1 - 0.12 * (1 - split)
    if d.chance(0.6):
        nodes.append(
            node(
                "button",
                d.colour(),
                **on("front", c0, c1, 0.15, d.between(0.5, 0.65)),
                columns=3,
                rows=d.whole(2, 4),
                depth=d.between(0.004, 0.012),
                stem=0.002,
                form=d.one_of("box", "round"),
                travel=0.5,
                open=0.0,
                material="abs",
            )
        )
    else:
        rows = d.whole(1, 2)
        nodes.append(
            node(
                "dial",
                (d.colour(), (0.9, 0.9, 0.9)),
                **on("front", c0, c1, 0.12, 0.12 + 0.32 * rows),
                columns=1,
                rows=rows,
                depth=d.between(0.02, 0.05),
                top=0.9,
                ridge=d.one_of(0.0, 0.5),
                ridge_width=0.2,
                range=5.5,
                open=0.0,
                material="abs",
            )
        )
    if d.chance(0.8):
        nodes.append(
            node(
                "plate",
                (0.05, 0.12, 0.1),
                **on("front", c0, c1, 0.74, 0.9),
                columns=1,
                rows=1,
                depth=0.003,
                form="box",
                material="glass",
            )
        )
    if d.chance(0.4):
        nodes.append(feet(d, w, h, (0.1, 0.1, 0.1)))
    return boxed("microwave", w, depth, h, nodes)


CATEGORY = Category("microwave", "Microwave oven", sample, bulk=450)
