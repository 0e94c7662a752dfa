# SPDX-License-Identifier: GPL-3.0-or-later
"""A globe that turns on its tilted axis in a stand."""

from __future__ import annotations

import math

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .pieces import block


def sample(rng: np.random.Generator) -> Program:
    """A ball in a meridian ring on a foot, or on a leg of its own; some with a ring around the equator."""
    d = Draw(rng)
    style = d.one_of("ring", "ring", "ring", "arm", "horizon")
    r = d.log_between(0.05, 0.22)
    tilt = d.one_of(0.4, 0.4, 0.4, 0.0, -0.4) if style != "horizon" else d.one_of(0.4, 0.3)
    sea = d.one_of(
        (0.25, 0.48, 0.75),
        (0.3, 0.55, 0.7),
        (0.12, 0.2, 0.4),
        (0.82, 0.74, 0.55),
        (0.2, 0.2, 0.22),
        d.colour(),
    )
    metal, wood = d.metal(), d.near(d.one_of((0.35, 0.2, 0.1), (0.6, 0.42, 0.24), (0.12, 0.1, 0.1)), 0.1)
    stand = d.one_of(metal, wood, wood, d.colour())
    material = d.one_of("oak", "brass", "steel", "abs")
    gap = 0.07 * r + 0.003
    band = d.between(0.05, 0.1) * r
    outer = r + gap + band
    leg = r * d.between(0.25, 0.9)
    foot_t = 0.08 * r + 0.004
    wide = 2 * outer
    h = foot_t + leg + 2 * outer
    bench = Metres.root(wide, wide, h)
    c, z = outer, foot_t + leg + outer
    foot_r = outer * d.between(0.55, 0.8)
    form = d.one_of("cylinder z", "cylinder z", "cone", "rounded box", "pillow")
    nodes: list[Node] = [
        block(stand, bench.box(c - foot_r, c + foot_r, c - foot_r, c + foot_r, 0, foot_t), form, material)
    ]
    neck = d.between(0.05, 0.12) * r
    if style == "arm":
        # the leg reaches up to the ball's lower pin
        nodes.append(
            node(
                "turned",
                stand,
                **bench.box(
                    c - 2 * neck, c + 2 * neck, c - 2 * neck, c + 2 * neck, foot_t, z - r - 0.3 * gap
                ),
                wall=0.002,
                r0=1.0,
                r1=d.between(0.4, 0.7),
                r2=d.between(0.5, 0.9),
                r3=d.between(0.3, 0.6),
                r4=d.between(0.3, 0.6),
                r5=0.5,
                form="solid",
                material=material,
            )
        )
        tilt = 0.0
    else:
        nodes.append(
            node(
                "turned",
                stand,
                **bench.box(
                    c - 2 * neck, c + 2 * neck, c - 2 * neck, c + 2 * neck, foot_t, z - outer + 0.5 * band
                ),
                wall=0.002,
                r0=1.0,
                r1=d.between(0.4, 0.7),
                r2=d.between(0.4, 0.9),
                r3=d.between(0.4, 0.9),
                r4=d.between(0.4, 0.7),
                r5=0.8,
                form="solid",
                material=material,
            )
        )
        nodes.append(
            node(
                "ring",
                (metal, metal),
                **bench.box(c - outer, c + outer, c - band / 2, c + band / 2, z - outer, z + outer),
                axis="y",
                width=bench(band),
                form=d.one_of("round bar", "flat band"),
                fill="open",
                material="brass",
            )
        )
        if style == "horizon":
            o = 0.98 * outer
            nodes.append(
                node(
                    "ring",
                    (stand, stand),
                    **bench.box(c - o, c + o, c - o, c + o, z - 0.4 * band, z + 0.4 * band),
                    axis="z",
                    width=bench(band),
                    form="flat band",
                    fill="open",
                    material=material,
                )
            )
    ball = node(
        "turntable",
        sea,
        **bench.box(c - r, c + r, c - r, c + r, z - r, z + r),
        form="ellipsoid",
        axis="up",
        tilt=tilt,
        range=6.5,
        open=0.0,
        material=d.one_of("polypropylene", "cardboard", "steel"),
    )
    nodes.append(ball)
    if style != "arm":
        nodes += _pins(bench, metal, c, z, r, outer, tilt, band)
    return bench.program("globe", nodes)


def _pins(
    bench: Metres,
    colour: tuple[float, float, float],
    c: float,
    z: float,
    r: float,
    outer: float,
    tilt: float,
    band: float,
) -> list[Node]:
    """Little balls at the poles, between globe and ring."""
    out = []
    mid, half = (r + outer) / 2 + 0.1 * band, 0.55 * (outer - r)
    for sign in (1, -1):
        x, up = c + sign * mid * math.sin(tilt), z + sign * mid * math.cos(tilt)
        out.append(
            block(
                colour,
                bench.box(x - half, x + half, c - half, c + half, up - half, up + half),
                "ellipsoid",
                "brass",
            )
        )
    return out


CATEGORY = Category("globe", "Globe on a stand", sample, bulk=60)
