# SPDX-License-Identifier: GPL-3.0-or-later
"""A toilet: bowl, cistern, a seat and a lid that tip up, and a flush."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node, profile
from .metres import Metres


def sample(rng: np.random.Generator) -> Program:
    """Close-coupled and wall-hung toilets; lever or buttons to flush; oval or squarish seats."""
    d = Draw(rng)
    white: RGB = d.one_of((0.93, 0.93, 0.92), (0.96, 0.96, 0.95), (0.88, 0.84, 0.75), d.colour(0.5))
    wide = d.between(0.35, 0.4)
    bowl = d.between(0.46, 0.54)  # front to back
    tank = d.between(0.16, 0.2)
    rim = d.between(0.38, 0.43)
    cistern = d.chance(0.85)
    tank_wide = d.between(0.36, 0.44)
    high = rim + (d.between(0.33, 0.42) if cistern else d.between(0.02, 0.05))
    width, deep = max(wide, tank_wide if cistern else 0.0), bowl + (tank if cistern else 0.02)
    m = Metres.root(width, deep, high)
    c = width / 2
    x0, x1 = c - wide / 2, c + wide / 2
    seat_colour = white if d.chance(0.75) else d.one_of((0.4, 0.25, 0.14), (0.1, 0.1, 0.1), d.colour())
    form = d.one_of("flat band", "flat band", "flat frame")
    wall = d.between(0.028, 0.04)
    cup = d.between(0.11, 0.17)
    nodes: list[Node] = [
        node(
            "ring",
            white,
            **m.box(x0, x1, 0, bowl, rim - cup, rim),
            axis="z",
            width=m(wall),
            form=form,
            fill="panel",
            material="porcelain",
        ),
        _pedestal(d, m, c, wide, bowl, rim - 0.6 * cup, white),
    ]
    thick = d.between(0.014, 0.022)
    lid_thick = d.between(0.012, 0.025)
    # when it stands up, the lid needs its height between the hinge and the cistern
    back = min(0.93 * bowl, bowl - thick - lid_thick - 0.012)
    z0 = rim + 0.004
    z1 = z0 + thick
    z2 = z1 + 0.004
    both = d.one_of("closed", "lid up", "lid up", "both up")
    limit = d.between(1.62, 1.75) if not cistern else d.between(1.45, 1.5)
    seat = node(
        "flap",
        seat_colour,
        [
            node(
                "ring",
                seat_colour,
                **m.inside(x0 + 0.005, x1 - 0.005, 0.003, back, z0, z1).box(
                    x0 + 0.005, x1 - 0.005, 0.003, back - 0.012, z0, z1
                ),
                axis="z",
                width=m(d.between(0.06, 0.075)),
                form=form,
                fill="open",
                material="polypropylene",
            )
        ],
        form="pin",
        **m.box(x0 + 0.005, x1 - 0.005, 0.003, back, z0, z1),
        axis="x",
        pivot="high low",
        sense="backward",
        range=limit,
        open=d.between(0.9, 1.0) if both == "both up" else 0.0,
        material="polypropylene",
    )
    # both turn about nearly the same line, so that the lid lies behind the seat when both are up
    hinge = (x0 + 0.003, x1 - 0.003, 0.0, back + 0.01, z0, z2 + lid_thick)
    lid_ring = node(
        "ring",
        seat_colour,
        **m.inside(*hinge).box(x0 + 0.003, x1 - 0.003, 0.0, back - 0.012, z2, z2 + lid_thick),
        axis="z",
        width=m(0.05),
        form=form,
        fill="panel",
        material="polypropylene",
    )
    lid = node(
        "flap",
        seat_colour,
        [lid_ring],
        form="pin",
        **m.box(*hinge),
        axis="x",
        pivot="high low",
        sense="backward",
        range=limit,
        open=0.0 if both == "closed" else d.between(0.93, 1.0),
        material="polypropylene",
    )
    nodes += [seat, lid]
    if cistern:
        nodes += _cistern(d, m, c, tank_wide, bowl, deep, rim, high, white)
    return boxed("toilet", width, deep, high, nodes)


def _pedestal(d: Draw, m: Metres, c: float, wide: float, bowl: float, top: float, white: RGB) -> Node:
    """What the bowl stands on: a foot that widens upwards, or a skirt."""
    if d.chance(0.6):
        r = 0.46 * wide
        y = 0.56 * bowl
        radii = d.one_of(
            (0.75, 0.62, 0.58, 0.66, 0.85, 0.98),
            (0.8, 0.7, 0.66, 0.72, 0.84, 0.95),
            (0.6, 0.6, 0.62, 0.7, 0.85, 0.98),
        )
        return node(
            "turned",
            white,
            **m.box(c - r, c + r, y - r, y + r, 0, top),
            **profile(*radii),
            wall=m(0.02),
            form="closed",
            material="porcelain",
        )
    half = d.between(0.28, 0.42) * wide
    return node(
        "block",
        white,
        form=d.one_of("rounded box", "box"),
        **m.box(c - half, c + half, 0.22 * bowl, bowl, 0, top),
        material="porcelain",
    )


def _cistern(
    d: Draw, m: Metres, c: float, wide: float, bowl: float, deep: float, rim: float, high: float, white: RGB
) -> list[Node]:
    """Tank with its cover, and a lever on its front or buttons on top."""
    x0, x1 = c - wide / 2, c + wide / 2
    y0 = bowl + 0.008
    cover = d.between(0.025, 0.04)
    z0 = rim + d.between(-0.06, 0.02)
    tank = (x0 + 0.008, x1 - 0.008, y0 + 0.006, deep, z0, high - cover)
    lid = (x0, x1, y0, deep, high - cover, high)
    chrome = d.one_of((0.8, 0.81, 0.83), white)
    nodes = []
    lever = d.chance(0.5)
    children: list[Node] = []
    if lever:
        z = high - cover - 0.045
        k = 0.007
        a = x0 + 0.035
        children = [
            node(
                "lever",
                chrome,
                **m.inside(*tank).on("front", a, a + d.between(0.07, 0.1), z - k, z + k),
                columns=1,
                rows=1,
                depth=m(0.022),
                width=m(2 * k),
                axis="normal",
                grip="none",
                range=d.between(0.5, 1.0),
                open=0.0,
                material="steel",
            )
        ]
    nodes.append(
        node(
            "block",
            white,
            children,
            form=d.one_of("box", "rounded box"),
            **m.box(*tank),
            material="porcelain",
        )
    )
    top: list[Node] = []
    if not lever:
        k, y = d.between(0.022, 0.032), (y0 + deep) / 2
        two = d.chance(0.5)
        top = [
            node(
                "button",
                chrome,
                **m.inside(*lid).on(
                    "top", c - k * (1 if not two else 1.9), c + k * (1 if not two else 1.9), y - k, y + k
                ),
                columns=2 if two else 1,
                rows=1,
                depth=m(0.008),
                stem=m(0.002),
                form=d.one_of("round", "box"),
                travel=0.6,
                open=0.0,
                material="steel",
            )
        ]
    nodes.append(
        node("block", white, top, form=d.one_of("box", "rounded box"), **m.box(*lid), material="porcelain")
    )
    nodes.append(
        node(
            "block",
            white,
            form="box",
            **m.box(
                c - 0.3 * wide, c + 0.3 * wide, 0.75 * bowl, deep, rim - 0.14, rim - 0.01 if z0 > rim else z0
            ),
            material="porcelain",
        )
    )
    return nodes


CATEGORY = Category("toilet", "Toilet with a seat and a lid", sample, bulk=500, fixed_base=True)
