# SPDX-License-Identifier: GPL-3.0-or-later
"""A safe, locker or wall box: a carcass with one hinged door that fills its front."""

from __future__ import annotations

import numpy as np

from ..program.node import Program
from .base import Category, Draw, boxed, filling, node, on
from .common import feet, front_door


def sample(rng: np.random.Generator) -> Program:
    """One door, inset or overlaid, with a handle and perhaps a dial or keypad."""
    d = Draw(rng)
    w = d.log_between(0.15, 0.7)
    h, depth = w * d.between(0.5, 1.8), w * d.between(0.3, 1.2)
    longest = max(w, h, depth)
    wall = min(w, h, depth) * d.between(0.02, 0.1)
    body, door = d.pair()
    inset = d.chance(0.6)
    hinge = d.one_of("left", "left", "right")
    mu, mv = (wall / w, wall / h) if inset else (0.0, 0.0)
    if inset and d.chance(0.3):
        mu, mv = mu * 1.0, mv * 1.0
    leaf = front_door(
        d,
        longest,
        w * (1 - 2 * mu),
        h * (1 - 2 * mv),
        (door, d.near(door)),
        on("front", mu, 1 - mu, mv, 1 - mv),
        thick=wall * d.between(0.4, 1.2),
        mount="inset" if inset else "overlay",
        hinge=hinge,
        material="steel",
    )
    if d.chance(0.3):
        r = 0.12 * min(w, h)
        cu, cv = d.between(0.35, 0.65), d.between(0.55, 0.75)
        leaf.children.append(
            node(
                "dial",
                (d.metal(), (0.1, 0.1, 0.1)),
                **on("front", cu - r / w, cu + r / w, cv - r / h, cv + r / h),
                columns=1,
                rows=1,
                depth=0.04 * min(w, h) / longest,
                top=0.9,
                ridge=0.0,
                ridge_width=0.2,
                range=6.5,
                open=0.0,
                material="steel",
            )
        )
    nodes = [
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
        leaf,
    ]
    if d.chance(0.2):
        nodes.append(feet(d, longest, min(w, h, depth), d.near(body)))
    return boxed("safe", w, depth, h, nodes)


CATEGORY = Category("safe", "Safe or locker with a hinged door", sample, bulk=2500)
