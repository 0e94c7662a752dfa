# SPDX-License-Identifier: GPL-3.0-or-later
"""A front-loading washing machine or dryer: a round door, a panel with a dial, a soap drawer."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on


def sample(rng: np.random.Generator) -> Program:
    """Cabinet with a round door hinged at its side, a dial and buttons above."""
    d = Draw(rng)
    w = d.between(0.5, 0.7)
    h, depth = w * d.between(1.1, 1.5), w * d.between(0.75, 1.1)
    body = d.one_of((0.93, 0.93, 0.93), (0.93, 0.93, 0.93), (0.5, 0.52, 0.55), d.colour(0.3, 1.0))
    r = w * d.between(0.26, 0.38)
    cv = d.between(0.38, 0.48)
    ru, rv = r / w, r / h
    panel = d.between(0.82, 0.88)
    nodes: list[Node] = [
        node("block", body, form="box", **filling(), material="steel"),
        node(
            "door",
            (d.one_of(d.metal(), d.near(body), (0.2, 0.2, 0.22)), (0.12, 0.14, 0.17)),
            **on("front", 0.5 - ru, 0.5 + ru, cv - rv, cv + rv),
            depth=d.between(0.02, 0.07),
            mount="overlay",
            hinge=d.one_of("left", "right"),
            leaves="one",
            style="round",
            border=r * d.between(0.2, 0.4) / h,
            range=d.between(1.5, 2.6),
            open=d.opened(),
            material="abs",
        ),
    ]
    cu, size = d.one_of(0.5, d.between(0.55, 0.85)), 0.08 * w
    nodes.append(
        node(
            "dial",
            (d.one_of(d.metal(), d.near(body)), (0.1, 0.1, 0.1)),
            **on(
                "front", cu - size / w, cu + size / w, (panel + 1) / 2 - size / h, (panel + 1) / 2 + size / h
            ),
            columns=1,
            rows=1,
            depth=d.between(0.02, 0.05),
            top=0.9,
            ridge=d.one_of(0.0, 0.4),
            ridge_width=0.2,
            range=6.5,
            open=0.0,
            material="abs",
        )
    )
    if d.chance(0.6) and cu > 0.5:
        nodes.append(
            node(
                "plate",
                d.near(body, 0.15),
                **on("front", 0.05, 0.3, panel + 0.015, 0.97),
                columns=1,
                rows=1,
                depth=0.008,
                form="box",
                material="abs",
            )
        )
    return boxed("washing_machine", w, depth, h, nodes)


CATEGORY = Category("washing_machine", "Washing machine", sample, bulk=230)
