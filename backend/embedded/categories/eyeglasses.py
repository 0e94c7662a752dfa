# SPDX-License-Identifier: GPL-3.0-or-later
"""Eyeglasses: two lenses in rims, a bridge, and two temples that fold."""

from __future__ import annotations

import math

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, node
from .metres import Metres


def sample(rng: np.random.Generator) -> Program:
    """Reading glasses and sunglasses, wire or plastic, round to square."""
    d = Draw(rng)
    wide = d.between(0.125, 0.15)
    high = d.between(0.032, 0.055)
    long = d.between(0.125, 0.145)
    wire = d.chance(0.4)
    bar = d.between(0.0018, 0.003) if wire else d.between(0.0035, 0.007)
    front = d.between(0.002, 0.003) if wire else d.between(0.003, 0.005)
    dark = d.chance(0.4)
    glass = d.one_of((0.06, 0.06, 0.07), (0.2, 0.13, 0.08), (0.08, 0.12, 0.2)) if dark else (0.75, 0.82, 0.85)
    colour = d.metal() if wire else d.one_of((0.06, 0.06, 0.07), d.colour(), (0.3, 0.17, 0.08))
    hinge = front + 0.003
    m = Metres.root(wide, hinge + long, high)
    c = wide / 2
    nose = d.between(0.016, 0.022)
    end = 0.004 if wire else 0.003
    form = ("round bar" if wire else "flat band") if d.chance(0.55) else "flat frame"
    lens_low = 0.0
    lens_high = high if not wire else high * d.between(0.92, 1.0)
    lens = (wide - nose - 2 * end) / 2
    if d.chance(0.35):  # round ones
        lens = min(lens, high)
    nodes: list[Node] = []
    for side in (-1, 1):
        a, b = sorted((c + side * nose / 2, c + side * (nose / 2 + lens)))
        nodes.append(
            node(
                "ring",
                (colour, glass),
                **m.box(a, b, 0, front, lens_low, lens_high),
                axis="y",
                width=m(bar),
                form=form,
                fill="glass",
                material="steel" if wire else "abs",
            )
        )
    z = d.between(0.6, 0.85) * high
    over = nose / 2 + bar
    nodes.append(
        node(
            "pipe",
            colour,
            **m.line((c - over, front / 2, z - 0.001), (c + over, front / 2, z - 0.001)),
            width=m(min(bar, 0.005) if wire else 0.8 * bar),
            bow=m(d.between(0.001, 0.005)),
            form="gooseneck",
            material="steel" if wire else "abs",
        )
    )
    top = min(z + 0.003, high - 0.001)
    # end pieces: from the rim to the hinge
    nodes.append(
        node(
            "strut",
            colour,
            **m.line((c - nose / 2 - lens + bar, front / 2, top), (0.001, front / 2, top)),
            width=m(min(max(bar, 0.0025), front)),
            form="square",
            copies="mirrored in x",
            material="steel" if wire else "abs",
        )
    )
    thick = d.between(0.0014, 0.002) if wire else d.between(0.003, 0.0045)
    tall = thick if wire else thick * d.between(1.2, 2.6)
    limit = min(1.5, math.asin(min(1.0, 0.94 * (wide - 2 * thick) / long)))
    tip = d.between(0.028, 0.045)
    at = d.one_of(0.0, 0.0, 0.0, d.between(0.0, 0.3), 1.0)
    for side in (-1, 1):
        x = thick / 2 if side < 0 else wide - thick / 2
        far = hinge + long
        t = m.inside(x - thick / 2, x + thick / 2, hinge, far, 0, top)
        bend = far - tip
        material = "steel" if wire else "abs"
        children = [
            node(
                "strut",
                colour,
                **t.line((x, hinge, top - tall / 2), (x, bend + 0.2 * tall, top - tall / 2)),
                width=t(tall),
                form="round" if wire else "on edge",
                copies="one",
                material=material,
            ),
            node(
                "strut",
                d.near((0.1, 0.1, 0.1)) if wire else colour,
                **t.line((x, bend, top - tall / 2), (x, far - thick, 0.5 * thick)),
                width=t(1.6 * tall if wire else tall),
                form="round",
                copies="one",
                material="abs",
            ),
        ]
        nodes.append(
            node(
                "flap",
                colour,
                children,
                form="pin",
                **m.box(x - thick / 2, x + thick / 2, hinge, far, 0, top),
                axis="z",
                pivot="low low" if side < 0 else "high low",
                sense="backward" if side < 0 else "forward",
                range=limit,
                open=at if at in (0.0, 1.0) else d.between(0.0, 0.3),
                material=material,
            )
        )
    if at == 1.0:  # one temple lies over the other: only one is shown folded
        nodes[-1].values["open"] = 0.0
    return boxed("eyeglasses", wide, hinge + long, high, nodes)


CATEGORY = Category("eyeglasses", "Eyeglasses with folding temples", sample)
