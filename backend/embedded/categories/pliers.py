# SPDX-License-Identifier: GPL-3.0-or-later
"""Pliers: two crossing halves with jaws and sleeved handles that turn about a rivet."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node
from .metres import Metres

Point = tuple[float, float, float]


def sample(rng: np.random.Generator) -> Program:
    """Combination, needle-nose and cutting pliers, lying flat with the jaws to the right."""
    d = Draw(rng)
    long = d.log_between(0.11, 0.26)
    style = d.one_of("combination", "needle", "cutter")
    jaw = (
        long
        * {
            "combination": d.between(0.2, 0.27),
            "needle": d.between(0.3, 0.4),
            "cutter": d.between(0.12, 0.18),
        }[style]
    )
    pivot = long - jaw
    spread = long * d.between(0.24, 0.36)  # between the ends of the handles
    high = long * d.between(0.05, 0.07)
    m = Metres.root(long, spread, high)
    steel = d.one_of((0.62, 0.63, 0.65), (0.3, 0.3, 0.32), (0.75, 0.76, 0.78), (0.1, 0.1, 0.11))
    sleeve = d.one_of((0.75, 0.08, 0.06), (0.1, 0.2, 0.6), (0.95, 0.6, 0.05), d.colour(), (0.08, 0.08, 0.08))
    grip = high * d.between(0.85, 1.0)
    head = long * d.between(0.055, 0.075)
    x0, x1 = 2 * pivot - long, long
    if pivot < long / 2:
        x0, x1 = 0.0, 2 * pivot
    first = _half(d, m, -1, style, long, spread, high, pivot, grip, head, steel, sleeve)
    moved = m.inside(
        x0 if pivot < long / 2 else 0.0, x1 if pivot < long / 2 else 2 * pivot, 0, spread, 0, high
    )
    second = _half(d, moved, 1, style, long, spread, high, pivot, grip, head, steel, sleeve)
    c, r = spread / 2, 0.55 * head
    rivet = node(
        "block",
        d.near(steel, 0.2),
        form="cylinder z",
        **m.box(pivot - r, pivot + r, c - r, c + r, 0.0, 1.0 * high),
        material="steel",
    )
    moving = node(
        "flap",
        steel,
        second,
        form="pin",
        **m.box(moved.low[0], moved.low[0] + moved.size[0], 0, spread, 0, high),
        axis="z",
        pivot="middle middle",
        sense="backward",
        range=d.between(0.4, 0.8),
        open=0.0 if d.chance(0.4) else d.between(0.1, 1.0),
        material="steel",
    )
    return boxed("pliers", long, spread, high, [*first, rivet, moving])


def _half(
    d: Draw,
    m: Metres,
    side: int,
    style: str,
    long: float,
    spread: float,
    high: float,
    pivot: float,
    grip: float,
    head: float,
    steel: RGB,
    sleeve: RGB,
) -> list[Node]:
    """A handle on this side of the middle (-1 front), a jaw on the other."""
    c, z = spread / 2, high / 2
    y_end = c + side * (spread / 2 - grip / 2)
    y_bend = c + side * (0.3 * spread)
    nodes = []

    def rod(a: Point, b: Point, width: float, form: str, colour: RGB, material: str) -> None:
        nodes.append(
            node("strut", colour, **m.line(a, b), width=m(width), form=form, copies="one", material=material)
        )

    shoulder = pivot - 0.14 * long
    rod((pivot, c, z), (shoulder, y_bend * 0.6 + c * 0.4, z), 0.85 * grip, "round", steel, "steel")
    rod(
        (shoulder, y_bend * 0.6 + c * 0.4, z),
        (0.0 + grip / 2, y_end, z),
        grip,
        "round",
        sleeve,
        "polypropylene",
    )
    gap = 0.0006
    wide = {"combination": head, "needle": 0.75 * head, "cutter": 1.1 * head}[style]
    y = c - side * (wide / 2 + gap)
    start = pivot + 0.4 * head
    if style == "needle":
        rod(
            (start, y, z),
            (long, c - side * (0.28 * wide + gap), z),
            wide * 1.3,
            "tapered",
            steel,
            "steel",
        )
    else:
        nodes.append(
            node(
                "block",
                steel,
                form=d.one_of("rounded box", "box") if style == "combination" else "ellipsoid",
                **m.box(start, long, y - wide / 2, y + wide / 2, 0.08 * high, 0.92 * high),
                material="steel",
            )
        )
    return nodes


CATEGORY = Category("pliers", "Pair of pliers", sample, flat=True)
