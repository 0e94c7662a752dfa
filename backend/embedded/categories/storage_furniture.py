# SPDX-License-Identifier: GPL-3.0-or-later
"""Cabinets, chests of drawers, nightstands, sideboards."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, filling, node, on
from .common import feet, front_door, handle, on_face
from .metres import Metres
from .palette import contrast
from .pieces import block


def sample(rng: np.random.Generator) -> Program:
    """A carcass with drawers, doors, or drawers over doors."""
    d = Draw(rng)
    if d.chance(0.25):
        return _single(d)
    w = d.log_between(0.2, 1.2)
    h, depth = w * d.between(0.4, 2.2), w * d.between(0.4, 1.2)
    longest = max(w, h, depth)
    wall = min(0.03 * longest, 0.12 * min(w, h)) * d.between(0.5, 1.5)
    body, front = d.pair()
    inset = d.chance(0.45)
    mount = "inset" if inset else "overlay"
    mu, mv = (wall / w, wall / h) if inset else (0.0, 0.0)
    if not inset and d.chance(0.4):
        mu, mv = d.between(0.0, 0.9) * wall / w, d.between(0.0, 0.9) * wall / h
    thick = wall * d.between(0.6, 1.2)
    roll = rng.random()
    nodes: list[Node] = []
    shelves = 0
    handle_colour = d.metal() if d.chance(0.7) else d.colour()
    material = d.one_of("mdf", "oak", "oak", "steel", "abs")

    def drawers(v0: float, v1: float, columns: int, rows: int) -> Node:
        one_w, one_h = w * (1 - 2 * mu) / columns, h * (v1 - v0) / rows
        return node(
            "drawer",
            (front, d.near(body)),
            on_face([handle(d, longest, one_w, one_h, "none", handle_colour)], "front")
            if d.chance(0.9)
            else [],
            **on("front", mu, 1 - mu, v0, v1),
            columns=columns,
            rows=rows,
            depth=thick / longest,
            mount=mount,
            margin=(0.25 * wall if inset else 1.15 * wall) / longest,
            inner=d.between(0.75, 0.97) * (1 - 1.3 * wall / depth),
            travel=d.between(0.4, 0.85),
            open=d.opened(),
            material=material,
        )

    def doors(v0: float, v1: float, glazed: bool) -> Node:
        two = w * 1.2 > h * (v1 - v0) or d.chance(0.3)
        hinge = d.one_of("left", "right")
        return front_door(
            d,
            longest,
            w * (1 - 2 * mu),
            h * (v1 - v0),
            (front, d.near(front)),
            on("front", mu, 1 - mu, v0, v1),
            thick=thick,
            mount=mount,
            hinge=hinge,
            leaves="two" if two else "one",
            style="glazed" if glazed else d.one_of("plain", "plain", "panelled"),
            material=material,
            border=0.1 * min(w, h),
            angle=(1.0, 1.35) if inset else (1.4, 2.2),  # a handle of an inset door must not reach the jamb
        )

    if roll < 0.5:
        columns = 1 if d.chance(0.8) else 2
        # fronts are wider than high, but seldom slits
        rows = min(max(round(h / (w / columns * d.between(0.2, 0.85))), 1), 8)
        nodes.append(drawers(mv, 1 - mv, columns, rows))
        # shelves between inset rows would show as rails; overlaid fronts hide them
    elif roll < 0.8:
        nodes.append(doors(mv, 1 - mv, d.chance(0.15)))
        shelves = d.whole(0, 3)
    else:
        split = d.between(0.55, 0.8)
        gap = wall / h if inset else 0.008
        nodes.append(drawers(split + gap / 2, 1 - mv, d.whole(1, 2), d.whole(1, 2)))
        nodes.append(doors(mv, split - gap / 2, False))
    nodes.insert(
        0,
        node(
            "carcass",
            body,
            **filling(),
            opening="front",
            wall=wall / longest,
            shelves=shelves,
            dividers=0,
            material=material,
        ),
    )
    if d.chance(0.35):
        nodes.append(feet(d, longest, min(w, h, depth), d.near(body)))
    if d.chance(0.25):  # a top that stands out
        o = d.between(0.0, 0.03)
        nodes.append(
            node(
                "plate",
                d.near(body, 0.2),
                **on("top", -o, 1 + o, -o, 1 + o),
                columns=1,
                rows=1,
                depth=wall * d.between(0.6, 1.4) / longest,
                form="box",
                material=material,
            )
        )
    return boxed("storage_furniture", w, depth, h, nodes)


def _single(d: Draw) -> Program:
    """One drawer, or two over each other, in a shell: of boards with a top, or only floor, sides and back."""
    w = d.log_between(0.12, 0.6)
    h, depth = w * d.between(0.25, 0.9), w * d.between(0.6, 1.4)
    bench = Metres.root(w, depth, h)
    body, front = d.pair()
    if d.chance(0.4):
        front = contrast(d, body)
    material = d.one_of("mdf", "oak", "abs", "steel")
    t = min(w, h) * d.between(0.03, 0.1)
    covered = d.chance(0.45)
    if covered:
        nodes = [
            node(
                "carcass",
                body,
                **filling(),
                opening="front",
                wall=bench(t),
                shelves=0,
                dividers=0,
                material=material,
            )
        ]
    else:
        back = d.chance(0.8)
        nodes = [
            block(body, bench.box(x1=t), "box", material),
            block(body, bench.box(x0=w - t), "box", material),
            block(body, bench.box(t, w - t, 0, depth, 0, t), "box", material),
        ]
        if back:
            nodes.append(block(body, bench.box(t, w - t, depth - t, depth, t), "box", material))
    rows = 2 if d.chance(0.15) and h > 0.5 * w else 1
    inset = not covered or d.chance(0.4)
    top = h - t if covered else h * d.between(0.85, 1.0)
    own_w, own_h = (w - 2 * t, (top - t) / rows) if inset else (w, h / rows)
    place = bench.region("front", t, w - t, t, top) if inset else bench.region("front", 0, w, 0, h)
    children: list[Node] = []
    if d.chance(0.92):
        children = on_face([handle(d, bench.longest, own_w, own_h, "none", _pull(d, front))], "front")
        children[0].values["depth"] *= d.between(1.0, 2.0)
    nodes.append(
        node(
            "drawer",
            (front, d.near(front) if d.chance(0.5) else d.near(body)),
            children,
            **place,
            columns=1,
            rows=rows,
            depth=bench(t * d.between(0.5, 1.2)),
            mount="inset" if inset else "overlay",
            margin=bench(0.25 * t if inset else 1.15 * t),
            inner=d.between(0.7, 0.95) * (1 - 1.4 * t / depth),
            travel=d.between(0.4, 0.85),
            open=d.between(0.2, 1.0) if d.chance(0.6) else 0.0,
            material=material,
        )
    )
    if d.chance(0.2):
        nodes.append(feet(d, bench.longest, min(w, h, depth), d.near(body)))
    return bench.program("storage_furniture", nodes)


def _pull(d: Draw, front: RGB) -> RGB:
    """Colour of a handle."""
    return d.one_of(d.metal(), contrast(d, front), front, d.colour())


CATEGORY = Category("storage_furniture", "Cabinet or chest of drawers", sample, bulk=750, weight=2.0)
