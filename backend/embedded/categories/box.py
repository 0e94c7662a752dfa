# SPDX-License-Identifier: GPL-3.0-or-later
"""A box, chest or case with a hinged lid, or a carton with flaps."""

from __future__ import annotations

import numpy as np

from ..program.fields import MATERIALS
from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on
from .common import handle, on_face


def sample(rng: np.random.Generator) -> Program:
    """Open-topped carcass; one lid hinged at the back, or two flaps."""
    d = Draw(rng)
    w = d.log_between(0.08, 0.9)
    h, depth = w * d.between(0.25, 1.0), w * d.between(0.5, 1.1)
    longest = max(w, h, depth)
    body, lid = d.pair()
    wall = min(w, h, depth) * d.between(0.015, 0.07)
    material = d.one_of("oak", "cardboard", "abs", "steel")
    two = d.chance(0.25)
    lid_depth = d.between(0.02, 0.35) * h if not two else wall
    lid_node = node(
        "door",
        (lid, d.near(lid)),
        **on("top", 0.0, 1.0, 0.0, 1.0),
        depth=lid_depth / longest,
        mount="overlay",
        hinge=d.one_of("left", "top") if two else "top",
        leaves="two" if two else "one",
        style="plain",
        border=0.02,
        range=d.between(1.3, 2.2),
        open=d.opened(),
        material=material,
    )
    nodes: list[Node] = [
        node(
            "carcass",
            body,
            **filling(),
            opening="top",
            wall=wall / longest,
            shelves=0,
            dividers=0,
            material=material,
        ),
        lid_node,
    ]
    if d.chance(0.3):
        nodes += on_face([_grip(d, longest, w, h)], "front")
    if d.chance(0.2) and not two:
        nodes += on_face([_grip(d, longest, depth, h)], d.one_of("left", "right"))
    return boxed("box", w, depth, h, nodes)


def _grip(d: Draw, longest: float, width: float, height: float) -> Node:
    """A handle that a carton can carry: a light one, or it would tip the box."""
    grip = handle(d, longest, width, height, "none")
    grip.values["depth"] = min(grip.values["depth"], 0.12)
    grip.values["material"] = float(MATERIALS.index("abs"))
    return grip


CATEGORY = Category("box", "Box or chest with a hinged lid", sample, bulk=500)
