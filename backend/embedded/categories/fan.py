# SPDX-License-Identifier: GPL-3.0-or-later
"""A fan: a motor on a stand, blades that turn."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, node, on


def sample(rng: np.random.Generator) -> Program:
    """Base disc, pole, motor housing, rotor in front of it."""
    d = Draw(rng)
    w = d.between(0.2, 0.5)
    h, depth = w * d.between(1.2, 3.0), w * d.between(0.6, 0.8)
    body = d.colour()
    blades = d.near(body, 0.15) if d.chance(0.5) else d.colour()
    longest = max(w, h)
    cz = 1 - 0.5 * w / h
    base = d.between(0.55, 0.9)
    m = 0.16
    hub = d.between(0.12, 0.2)
    nodes: list[Node] = [
        node(
            "block",
            body,
            form="cylinder z",
            x0=0.5 - base / 2,
            x1=0.5 + base / 2,
            y0=0.5 - base / 2 * w / depth,
            y1=min(0.5 + base / 2 * w / depth, 1.2),
            z0=0,
            z1=0.04,
            material="abs",
        ),
        node(
            "block",
            body,
            form="cylinder z",
            x0=0.46,
            x1=0.54,
            y0=0.5 - 0.04 * w / depth,
            y1=0.5 + 0.04 * w / depth,
            z0=0.04,
            z1=cz,
            material="steel",
        ),
        node(
            "block",
            d.near(body),
            form="cylinder y",
            x0=0.5 - m,
            x1=0.5 + m,
            y0=0.0,
            y1=d.between(0.65, 0.85),
            z0=cz - m * w / h,
            z1=cz + m * w / h,
            material="abs",
        ),
        node(
            "rotor",
            (blades, d.near(body)),
            **on("front", 0.02, 0.98, 1 - 0.98 * w / h, 1 - 0.02 * w / h),
            depth=d.between(0.06, 0.16) * w / longest,
            hub=hub,
            blades=d.whole(3, 6),
            open=float(rng.random()),
            material="polypropylene",
        ),
    ]
    return boxed("fan", w, depth, h, nodes)


CATEGORY = Category("fan", "Fan with turning blades", sample, bulk=350)
