# SPDX-License-Identifier: GPL-3.0-or-later
"""A cooking pot or pan with a lid that lifts off."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on


def sample(rng: np.random.Generator) -> Program:
    """Round vessel, two side handles, lid with a knob."""
    d = Draw(rng)
    w = d.between(0.14, 0.36)
    h = w * d.between(0.35, 0.9)
    longest = max(w, h)
    body = d.one_of(d.metal(), d.metal(), d.colour())
    dark = d.one_of((0.07, 0.07, 0.07), d.metal(), d.colour())
    taper = d.between(0.85, 1.0)
    radii = {f"r{k}": taper + (1 - taper) * k / 5 for k in range(6)}
    r = 0.07
    nodes: list[Node] = [
        node("turned", body, **filling(), **radii, wall=0.012, form="open", material="stainless steel"),
        node(
            "cap",
            d.near(body, 0.15) if d.chance(0.6) else d.colour(),
            [
                node(
                    "knob_handle",
                    dark,
                    **on("top", 0.5 - r, 0.5 + r, 0.5 - r, 0.5 + r),
                    depth=d.between(0.08, 0.16) * w / longest,
                    form=d.one_of("ball", "disc"),
                    material="abs",
                )
            ],
            **on("top", -0.01, 1.01, -0.01, 1.01),
            depth=d.between(0.02, 0.14) * w / longest,
            form=d.one_of("disc", "dome", "cone"),
            motion="lift",
            open=d.opened(),
            material="stainless steel",
        ),
    ]
    z = d.between(0.65, 0.85)
    for side in ("left", "right"):
        nodes.append(
            node(
                "bar_handle",
                dark,
                **on(side, 0.32, 0.68, z, z + 0.06),
                depth=d.between(0.08, 0.18) * w / longest,
                width=0.03 * w / longest,
                form="round",
                material="steel",
            )
        )
    return boxed("kitchen_pot", w, w, h, nodes)


CATEGORY = Category("kitchen_pot", "Cooking pot with a lid", sample, bulk=1500)
