# SPDX-License-Identifier: GPL-3.0-or-later
"""A stapler: a base with an anvil, a magazine and an arm hinged at its back end."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node
from .common import clutter
from .metres import Metres, Six


def sample(rng: np.random.Generator) -> Program:
    """Desk staplers, lying along the picture or pointing at the viewer, closed or folded open."""
    d = Draw(rng)
    long = d.between(0.1, 0.2)
    wide = long * d.between(0.2, 0.27)
    high = long * d.between(0.3, 0.42)
    sideways = d.chance(0.6)
    m = Metres.root(long, wide, high) if sideways else Metres.root(wide, long, high)
    colour = d.one_of((0.08, 0.08, 0.09), (0.7, 0.08, 0.07), (0.1, 0.25, 0.6), d.colour(), d.colour())
    foot = colour if d.chance(0.6) else (0.1, 0.1, 0.11)
    steel: RGB = (0.75, 0.76, 0.78)
    base, pad = 0.14 * high, 0.05 * high

    def place(a0: float, a1: float, b0: float, b1: float, z0: float, z1: float) -> Six:
        """a from the nose to the hinge, b across."""
        return (
            (long - a1, long - a0, b0, b1, z0, z1)
            if sideways and mirrored
            else (a0, a1, b0, b1, z0, z1)
            if sideways
            else (b0, b1, a0, a1, z0, z1)
        )

    mirrored = sideways and d.chance(0.5)
    inset = 0.12 * wide
    hinge_a = long * d.between(0.9, 0.95)
    mag_low = 0.4 * high if d.chance(0.5) else 0.3 * high
    mag_high = mag_low + 0.17 * high
    axis, pivot, sense = ("x", "high low", "backward")
    if sideways:
        axis = "y"
        pivot, sense = ("low low", "backward") if mirrored else ("high low", "forward")
    reach = d.between(0.5, 1.3)
    nodes: list[Node] = [
        node(
            "block",
            foot,
            form=d.one_of("rounded box", "box", "pillow"),
            **m.box(*place(0.02 * long, long, 0, wide, 0, base)),
            material=d.one_of("abs", "steel"),
        ),
        node(
            "block",
            steel,
            form="box",
            **m.box(*place(0.05 * long, 0.16 * long, 0.2 * wide, 0.8 * wide, base, base + pad)),
            material="steel",
        ),
    ]
    # cheeks at the back end carry the hinge
    for b0, b1 in ((0.0, 0.09 * wide), (0.91 * wide, wide)):
        nodes.append(
            node(
                "block",
                foot,
                form="box",
                **m.box(*place(0.82 * long, long, b0, b1, base, 0.75 * mag_high)),
                material="steel",
            )
        )
    gap = 0.0012
    magazine = place(0.02 * long, hinge_a, inset, wide - inset, mag_low, mag_high)
    nodes.append(_swinging(m, magazine, axis, pivot, sense, 0.2 * reach, 0.0, steel, [], "box", "steel"))
    arm = place(0.0, hinge_a, inset, wide - inset, mag_high + gap, high)
    top = m.inside(*arm)
    children: list[Node] = []
    if d.chance(0.4):
        a0, a1 = 0.04 * long, 0.3 * long
        pad_box = place(
            a0, a1, inset + 0.1 * wide, wide - inset - 0.1 * wide, high - 0.002, high + 0.03 * high
        )
        children.append(
            node(
                "block",
                d.near((0.12, 0.12, 0.12)),
                form="rounded box",
                **top.box(*pad_box),
                material="rubber",
            )
        )
    children += clutter(d, m.longest, "top", 0.15)
    form = d.one_of("rounded box", "pillow", "box")
    if not sideways and d.chance(0.5):
        form = d.one_of("arch", "wedge")
    opened = 0.0 if d.chance(0.45) else d.between(0, 1)
    nodes.append(_swinging(m, arm, axis, pivot, sense, reach, opened, colour, children, form, "abs"))
    w, dp, h = m.size
    return boxed("stapler", w, dp, h, nodes)


def _swinging(
    m: Metres,
    box: Six,
    axis: str,
    pivot: str,
    sense: str,
    reach: float,
    opened: float,
    colour: RGB,
    children: list[Node],
    form: str,
    material: str,
) -> Node:
    return node(
        "flap",
        colour,
        children,
        form=form,
        **m.box(*box),
        axis=axis,
        pivot=pivot,
        sense=sense,
        range=max(reach, 0.2),
        open=opened,
        material=material,
    )


CATEGORY = Category("stapler", "Stapler", sample, bulk=2500)
