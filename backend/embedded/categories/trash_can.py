# SPDX-License-Identifier: GPL-3.0-or-later
"""A bin with a hinged lid, square or round."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on


def sample(rng: np.random.Generator) -> Program:
    """A vessel with a lid hinged at the back, perhaps on wheels, perhaps with a pedal."""
    d = Draw(rng)
    w = d.log_between(0.18, 0.6)
    h, depth = w * d.between(1.1, 2.2), w * d.between(0.8, 1.2)
    body, lid = d.pair()
    wall = 0.015 * h
    material = d.one_of("polypropylene", "steel", "stainless steel")
    nodes: list[Node] = []
    if d.chance(0.5):
        depth = w
        taper = d.between(0.75, 1.0)
        radii = {f"r{k}": taper + (1 - taper) * k / 5 for k in range(6)}
        nodes.append(
            node("turned", body, **filling(), **radii, wall=wall / h, form="open", material=material)
        )
        style = "round"
    else:
        nodes.append(
            node(
                "carcass",
                body,
                **filling(),
                opening="top",
                wall=wall / h,
                shelves=0,
                dividers=0,
                material=material,
            )
        )
        style = "plain"
    nodes.append(
        node(
            "door",
            (lid, d.near(lid)),
            **on("top", 0.0, 1.0, 0.0, 1.0),
            depth=d.between(0.01, 0.1) * w / h,
            mount="overlay",
            hinge="top",
            leaves="one",
            style=style,
            border=0.1 * w / h,
            range=d.between(1.2, 1.9),
            open=d.opened(),
            material=material,
        )
    )
    if d.chance(0.3):
        nodes.append(
            node(
                "plate",
                (0.08, 0.08, 0.08),
                **on("front", 0.35, 0.65, 0.02, 0.06),
                columns=1,
                rows=1,
                depth=0.1 * w / h,
                form="box",
                material="rubber",
            )
        )
    return boxed("trash_can", w, depth, h, nodes)


CATEGORY = Category("trash_can", "Bin with a hinged lid", sample, bulk=300)
