# SPDX-License-Identifier: GPL-3.0-or-later
"""A wall switch: rockers, toggles or a rotary switch on a plate."""

from __future__ import annotations

import numpy as np

from ..program.node import Program
from .base import Category, Draw, boxed, filling, node, on


def sample(rng: np.random.Generator) -> Program:
    """A plate with one to four rockers or toggles."""
    d = Draw(rng)
    h = d.between(0.07, 0.16)
    count = d.one_of(1, 1, 1, 2, 2, 3, 4)
    w = h * (d.between(0.6, 1.1) if count == 1 else d.between(0.8, 0.5 + 0.45 * count))
    depth = h * d.between(0.06, 0.3)
    longest = max(w, h)
    plate = d.one_of((0.93, 0.93, 0.9), (0.93, 0.93, 0.9), d.colour())
    lever = d.near(plate, 0.1) if d.chance(0.6) else d.colour()
    rocker = d.chance(0.6)
    mu, mv = (d.between(0.08, 0.3), d.between(0.1, 0.3)) if rocker else (0.5 - 0.1 * count, 0.4)
    mu = max(mu, 0.08)
    nodes = [
        node("block", plate, form=d.one_of("box", "rounded box"), **filling(), material="abs"),
        node(
            "lever",
            lever,
            **on("front", mu, 1 - mu, mv, 1 - mv),
            columns=count,
            rows=1,
            depth=(h * d.between(0.05, 0.12) if rocker else h * d.between(0.12, 0.3)) / longest,
            width=h * d.between(0.04, 0.09) / longest,
            axis="across",
            grip="rocker" if rocker else d.one_of("none", "ball"),
            range=d.between(0.4, 1.2),
            open=d.one_of(0.0, 1.0),
            material="abs",
        ),
    ]
    if d.chance(0.3):
        nodes[0].children.append(
            node(
                "plate",
                d.near(plate, 0.1),
                **on("front", mu - 0.05, 1 - mu + 0.05, mv - 0.05, 1 - mv + 0.05),
                columns=1,
                rows=1,
                depth=0.002,  # thinner than the levers' clearance
                form="box",
                material="abs",
            )
        )
    return boxed("switch", w, depth, h, nodes)


CATEGORY = Category("switch", "Wall switch", sample, fixed_base=True, solidity=0.4, weight=2.0)
