# SPDX-License-Identifier: GPL-3.0-or-later
"""A lighter: with a flip lid, with a spark wheel and a thumb lever, or a long one with a trigger."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node
from .metres import Metres

CHROME = ((0.8, 0.8, 0.82), (0.78, 0.62, 0.3), (0.08, 0.08, 0.09), (0.55, 0.56, 0.58))


def sample(rng: np.random.Generator) -> Program:
    """Three families, standing; the long one lies."""
    d = Draw(rng)
    style = d.one_of("flip", "flip", "pocket", "pocket", "long")
    return {"flip": _flip, "pocket": _pocket, "long": _long}[style](d)


def _flip(d: Draw) -> Program:
    wide, deep = d.between(0.034, 0.042), d.between(0.011, 0.015)
    high = d.between(0.05, 0.062)
    cut = high * d.between(0.58, 0.68)
    m = Metres.root(wide, deep, high)
    colour = d.one_of(*CHROME, d.colour())
    form = d.one_of("rounded box", "box")
    gap = 0.0007
    # the insert with its chimney stands out of the case; the lid is hollow around it
    x0, x1, y0, y1 = 0.18 * wide, 0.78 * wide, 0.24 * deep, 0.76 * deep
    top = cut + (high - cut) * 0.62
    wall = 0.0012
    lid = (0.0, wide, 0.0, deep, cut + gap, high)
    shell = node(
        "carcass",
        colour,
        **filling(),
        opening="bottom",
        wall=m(wall),
        shelves=0,
        dividers=0,
        material="brass",
    )
    nodes: list[Node] = [
        node("block", colour, form=form, **m.box(0, wide, 0, deep, 0, cut), material="brass"),
        node("block", (0.75, 0.75, 0.77), form="box", **m.box(x0, x1, y0, y1, cut, top), material="steel"),
        node(
            "block",
            (0.4, 0.4, 0.42),
            form="cylinder y",
            **m.box(x1 - 0.002, x1 + 0.004, y0, y1, top - 0.007, top - 0.001),
            material="steel",
        ),
        node(
            "flap",
            colour,
            [shell],
            form="pin",
            **m.box(*lid),
            axis="y",
            pivot="low low",
            sense="backward",
            range=d.between(1.6, 2.3),
            open=d.one_of(0.0, 0.9, d.between(0.3, 1.0), d.between(0.6, 1.0)),
            material="brass",
        ),
    ]
    return boxed("lighter", wide, deep, high, nodes)


def _pocket(d: Draw) -> Program:
    wide, deep = d.between(0.02, 0.026), d.between(0.011, 0.014)
    high = d.between(0.07, 0.082)
    body = high * d.between(0.76, 0.82)
    m = Metres.root(wide, deep, high)
    colour = d.one_of((0.8, 0.1, 0.08), (0.1, 0.25, 0.7), (0.1, 0.5, 0.2), (0.95, 0.8, 0.1), d.colour())
    hood = (0.76, 0.77, 0.78)
    c = deep / 2
    r = 0.0042
    # hood on the right with the wheel at its left; the thumb lever on the far left
    wheel_x, z = 0.56 * wide, body + 0.0075
    split = 0.42 * wide
    sides = d.between(0.0012, 0.0018)
    half = c - sides
    nodes: list[Node] = [
        node(
            "block",
            colour,
            form=d.one_of("rounded box", "rounded box", "box"),
            **m.box(0, wide, 0, deep, 0, body),
            material="polycarbonate",
        ),
        node("block", hood, form="box", **m.box(split, wide, 0, sides, body, high - 0.002), material="steel"),
        node(
            "block",
            hood,
            form="box",
            **m.box(split, wide, deep - sides, deep, body, high - 0.002),
            material="steel",
        ),
        node(
            "block",
            hood,
            form="box",
            **m.box(wide - 0.0055, wide, 0, deep, body, high - 0.001),
            material="steel",
        ),
    ]
    wheel_box = (
        wheel_x - r,
        wheel_x + r,
        c - half + 0.0007,
        c + half - 0.0007,
        z - r + 0.0012,
        z + r + 0.0012,
    )
    nodes.append(
        node(
            "turntable",
            (0.35, 0.35, 0.37),
            form="cylinder y",
            **m.box(*wheel_box),
            axis="deep",
            tilt=0.0,
            range=6.5,
            open=0.0,
            material="steel",
        )
    )
    dark = d.one_of((0.08, 0.08, 0.08), (0.75, 0.1, 0.08), d.colour())
    stub = (0.1 * wide, split - 0.0022, 0.25 * deep, 0.75 * deep, body, body + 0.0024)
    press = node(
        "button",
        dark,
        **m.inside(*stub).on("top", 0.0, split - 0.0015, 0.1 * deep, 0.9 * deep),
        columns=1,
        rows=1,
        depth=m(0.003),
        stem=m(0.003),
        form="box",
        travel=0.5,
        open=0.0,
        material="abs",
    )
    nodes.append(node("block", dark, [press], form="box", **m.box(*stub), material="abs"))
    return boxed("lighter", wide, deep, high, nodes)


def _long(d: Draw) -> Program:
    long = d.between(0.22, 0.3)
    handle = long * d.between(0.4, 0.48)
    high = d.between(0.024, 0.032)
    thick = d.between(0.016, 0.02)
    m = Metres.root(long, high, thick)  # lies on its side: the trigger points to the viewer
    colour = d.one_of((0.8, 0.1, 0.08), (0.08, 0.08, 0.08), (0.1, 0.3, 0.7), d.colour())
    c = high * 0.62
    tube = 0.0095
    a = 0.62 * handle
    w = 0.02
    guard = (a - 0.012, handle, 0.0, 0.42 * high)
    nodes: list[Node] = [
        node(
            "block",
            colour,
            form=d.one_of("rounded box", "box"),
            **m.box(0, handle, 0.36 * high, high, 0, thick),
            material="abs",
        ),
        node(
            "block",
            colour,
            form="rounded box",
            **m.box(0, guard[0] - 0.004, 0.1 * high, 0.5 * high, 0.1 * thick, 0.9 * thick),
            material="abs",
        ),
        node(
            "block",
            (0.1, 0.1, 0.11) if d.chance(0.5) else (0.75, 0.76, 0.78),
            form="cylinder x",
            **m.box(
                handle - 0.005, long, c - tube / 2, c + tube / 2, thick / 2 - tube / 2, thick / 2 + tube / 2
            ),
            material="steel",
        ),
    ]
    trigger = (a, a + w, 0.02 * high, 0.34 * high, 0.25 * thick, 0.75 * thick)
    nodes.append(
        node(
            "tray",
            d.one_of((0.08, 0.08, 0.08), d.colour()),
            form="rounded box",
            **m.box(*trigger),
            way="left",
            wall=m(0.001),
            travel=0.4,
            open=0.0,
            material="abs",
        )
    )
    if d.chance(0.5):
        nodes.append(
            node(
                "slider",
                (0.75, 0.1, 0.08),
                **m.inside(0, handle, 0.36 * high, high, 0, thick).on(
                    "top", 0.75 * handle, 0.87 * handle, 0.55 * high, 0.85 * high
                ),
                depth=m(0.003),
                form="block",
                way="right",
                travel=m(0.006),
                open=0.0,
                material="abs",
            )
        )
    return boxed("lighter", long, high, thick, nodes)


CATEGORY = Category("lighter", "Lighter", sample, bulk=650)
