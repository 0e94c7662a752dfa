# SPDX-License-Identifier: GPL-3.0-or-later
"""A table or desk with drawers."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on
from .common import handle, on_face


def sample(rng: np.random.Generator) -> Program:
    """A top on four legs, with an apron that holds one to three drawers."""
    d = Draw(rng)
    w = d.between(0.5, 1.6)
    h, depth = d.between(0.4, 0.8), w * d.between(0.4, 0.8)
    longest = max(w, h, depth)
    top, body = d.pair()
    apron = d.between(0.1, 0.22) * h
    slab = d.between(0.02, 0.05)
    wall = 0.018
    material = d.one_of("oak", "mdf", "steel")
    z1 = 1 - slab / h
    z0 = z1 - apron / h
    mx, my = d.between(0.0, 0.08), d.between(0.0, 0.1)
    columns = d.whole(1, 3)
    inner_w = w * (1 - 2 * mx) - 2 * wall
    drawer = node(
        "drawer",
        (body, d.near(body)),
        on_face([handle(d, longest, inner_w / columns, apron, "none")], "front"),
        **on(
            "front", wall / (w * (1 - 2 * mx)), 1 - wall / (w * (1 - 2 * mx)), wall / apron, 1 - wall / apron
        ),
        columns=columns,
        rows=1,
        depth=0.015 / longest,
        mount="inset",
        margin=0.004 / longest,
        inner=d.between(0.6, 0.9),
        travel=d.between(0.5, 0.8),
        open=d.opened(),
        material=material,
    )
    leg = d.between(0.03, 0.09)
    nodes: list[Node] = [
        node("block", top, form="box", **filling(z0=z1), material=material),
        node(
            "carcass",
            body,
            [drawer],
            **filling(mx, 1 - mx, my, 1 - my, z0, z1),
            opening="front",
            wall=wall / longest,
            shelves=0,
            dividers=0,
            material=material,
        ),
    ]
    nodes[1].children.append(
        node(
            "post",
            body,
            **on("bottom", 0.0, 1.0, 0.0, 1.0),
            columns=2,
            rows=2,
            length=(h * z0) / longest,
            width=leg / longest,
            form=d.one_of("square", "round", "tapered"),
            material=material,
        )
    )
    return boxed("table", w, depth, h, nodes)


CATEGORY = Category("table", "Table or desk with drawers", sample, bulk=600)
