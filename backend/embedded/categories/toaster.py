# SPDX-License-Identifier: GPL-3.0-or-later
"""A toaster: rounded body, slots on top, a lever and a dial."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on


def sample(rng: np.random.Generator) -> Program:
    """The lever is on a short side or on the front."""
    d = Draw(rng)
    w = d.between(0.24, 0.4)
    h, depth = w * d.between(0.5, 0.75), w * d.between(0.45, 0.75)
    body = d.one_of(d.metal(), d.colour(), d.colour())
    dark = (0.07, 0.07, 0.07)
    side = d.one_of("right", "right", "left", "front")
    knob = d.one_of(dark, d.metal(), d.colour())
    lu = d.between(0.45, 0.55) if side != "front" else d.between(0.7, 0.85)
    nodes: list[Node] = [
        node(
            "block",
            body,
            form=d.one_of("rounded box", "rounded box", "box"),
            **filling(),
            material=d.one_of("stainless steel", "abs"),
        ),
        node(
            "plate",
            dark,
            **on("top", 0.12, 0.88, 0.22, 0.78),
            columns=d.one_of(1, 1, 2),
            rows=d.one_of(1, 2, 2),
            depth=0.004,
            form="box",
            material="steel",
        ),
        node(
            "slider",
            knob,
            **on(side, lu - 0.12, lu + 0.12, 0.62, 0.74),
            depth=d.between(0.06, 0.14),
            form="block",
            way="down",
            travel=0.4 * h / w,
            open=d.opened(),
            material="abs",
        ),
    ]
    if d.chance(0.7):
        c = 0.5 if side == "front" else lu
        c = 0.3 if side == "front" else c
        nodes.append(
            node(
                "dial",
                (knob, (0.9, 0.9, 0.9)),
                **on(side, c - 0.09, c + 0.09, 0.1, 0.26),
                columns=1,
                rows=1,
                depth=0.05,
                top=0.9,
                ridge=0.0,
                ridge_width=0.2,
                range=4.5,
                open=0.0,
                material="abs",
            )
        )
        nodes[-2].values.update(v0=0.66, v1=0.78)
        nodes[-2].values["travel"] = 0.3 * h / w
    return boxed("toaster", w, depth, h, nodes)


CATEGORY = Category("toaster", "Toaster", sample, bulk=300)
