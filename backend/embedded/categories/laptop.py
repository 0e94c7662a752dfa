# SPDX-License-Identifier: GPL-3.0-or-later
"""A laptop: a flat base with keys, a lid with a screen."""

from __future__ import annotations

import numpy as np

from ..program.node import Program
from .base import Category, Draw, boxed, filling, node, on


def sample(rng: np.random.Generator) -> Program:
    """Base and lid; nearly always seen open."""
    d = Draw(rng)
    w = d.between(0.26, 0.42)
    depth, h = w * d.between(0.6, 0.78), w * d.between(0.03, 0.07)
    body, lid = d.pair()
    if d.chance(0.6):
        lid = body
    thick = h * d.between(0.35, 0.8)
    limit = d.between(2.0, 2.6)
    lid_node = node(
        "door",
        (lid, d.near(lid)),
        [],
        **on("top", 0.0, 1.0, 0.0, 1.0),
        depth=thick / w,
        mount="overlay",
        hinge="top",
        leaves="one",
        style="plain",
        border=0.02,
        range=limit,
        open=d.between(0.45, 0.95) if d.chance(0.85) else 0.0,
        material=d.one_of("aluminium", "abs"),
    )
    # the screen is on the side of the lid that faces down when it is shut
    lid_node.children.append(
        node(
            "plate",
            d.one_of((0.06, 0.07, 0.09), d.colour()),
            **on("bottom", 0.05, 0.95, 0.07, 0.93),
            columns=1,
            rows=1,
            depth=0.0022,
            form="box",
            material="glass",
        )
    )
    nodes = [
        node("block", body, form="box", **filling(), material="aluminium"),
        lid_node,
        node(
            "plate",
            d.one_of((0.05, 0.05, 0.05), d.near(body, 0.2)),
            **on("top", 0.06, 0.94, 0.42, 0.92),
            columns=12,
            rows=5,
            depth=0.0022,
            form="box",
            material="abs",
        ),
        node(
            "plate",
            d.near(body, 0.1),
            **on("top", 0.35, 0.65, 0.06, 0.36),
            columns=1,
            rows=1,
            depth=0.002,
            form="box",
            material="abs",
        ),
    ]
    return boxed("laptop", w, depth, h, nodes)


CATEGORY = Category("laptop", "Laptop computer", sample, bulk=900)
