# SPDX-License-Identifier: GPL-3.0-or-later
"""A remote control, lying flat or seen upright, with fields of keys."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import SCREENS, casing, contrast
from .pieces import block, keys, plain_plate


def sample(rng: np.random.Generator) -> Program:
    """A slim body with one to four fields of keys, a round pad, perhaps a small screen; a battery cover slides."""
    d = Draw(rng)
    long = d.between(0.1, 0.24)
    wide, thick = long * d.between(0.18, 0.42), 0.006 + long * d.between(0.02, 0.075)
    flat = d.chance(0.7)
    face = "top" if flat else "front"
    bench = Metres.root(wide, long, thick) if flat else Metres.root(wide, max(thick, 0.1 * long), long)
    body = casing(d)
    form = d.one_of("box", "rounded box", "rounded box")
    nodes: list[Node] = [block(body, bench.box(), form)]
    if d.chance(0.3):  # a top of another colour
        nodes.append(
            plain_plate(
                contrast(d, body) if d.chance(0.5) else d.colour(),
                bench.region(face, 0.04 * wide, 0.96 * wide, 0.02 * long, 0.98 * long),
                0.0025,
            )
        )
        cover: RGB = nodes[-1].colours[0]
    else:
        cover = body
    nodes += _fields(d, bench, face, wide, long, cover)
    if not flat and d.chance(0.35):  # the battery cover on the far side
        nodes.append(
            node(
                "slider",
                body,
                **bench.region("back", 0.12 * wide, 0.88 * wide, 0.5 * long, 0.9 * long),
                depth=0.012,
                form="block",
                way="down",
                travel=0.3,
                open=0.0,
                material="abs",
            )
        )
    return bench.program("remote", nodes)


def _fields(d: Draw, bench: Metres, face: str, wide: float, long: float, body: RGB) -> list[Node]:
    """Fields of keys from the top down, each of its own layout."""
    key = contrast(d, body)
    depth = bench(d.between(0.0018, 0.004))
    margin = 0.12 * wide
    at, low = 0.96 * long, 0.05 * long
    nodes: list[Node] = []
    if d.chance(0.15):
        screen = long * d.between(0.12, 0.25)
        nodes.append(
            plain_plate(
                d.one_of(*SCREENS, (0.5, 0.56, 0.48)),
                bench.region(face, margin, wide - margin, at - screen, at),
                0.004,
                "box",
                "glass",
            )
        )
        at -= screen + 0.03 * long
    if d.chance(0.7):  # power
        r = 0.09 * wide
        u = d.one_of(margin + r, wide - margin - r, wide / 2)
        red = d.one_of((0.75, 0.1, 0.1), (0.75, 0.1, 0.1), key)
        nodes.append(
            keys(d, red, bench.about(face, u, at - r, r), columns=1, rows=1, depth=depth, form="round")
        )
        at -= 2 * r + 0.03 * long
    order = ["numbers", "pad", "row", "rows", "pair"]
    d.rng.shuffle(order)
    order = order[: d.whole(2, 4)]
    form = d.one_of("box", "box", "round")
    for kind in order:
        room = at - low
        if kind == "pad" and room > 0.75 * wide:
            r = wide * d.between(0.3, 0.4)
            nodes += _pad(d, bench, face, wide / 2, at - r, r, key, depth)
            at -= 2 * r + 0.035 * long
            continue
        columns, rows = {
            "numbers": (3, 4),
            "row": (d.whole(2, 4), 1),
            "rows": (d.whole(3, 4), d.whole(2, 5)),
            "pair": (2, d.whole(1, 3)),
            "pad": (3, 3),
        }[kind]
        pitch = (wide - 2 * margin) / columns * d.between(0.65, 0.95)
        high = min(pitch * rows, room)
        if high < 0.4 * pitch * rows or high < 0.02 * long:
            continue
        colour = key if d.chance(0.75) else d.colour()
        nodes.append(
            keys(
                d,
                colour,
                bench.region(face, margin, wide - margin, at - high, at - 0.1 * pitch),
                columns=columns,
                rows=rows,
                depth=depth,
                form=form,
            )
        )
        at -= high + 0.03 * long
    return nodes


def _pad(
    d: Draw, bench: Metres, face: str, u: float, v: float, r: float, key: RGB, depth: float
) -> list[Node]:
    """A disc with a round key in its middle and four keys around it."""
    disc = plain_plate(d.near(key, 0.2), bench.about(face, u, v, r), depth * 0.5, "disc")
    flat = face == "top"
    own = bench.child(2 * r, 2 * r if flat else 0.5 * depth, 0.5 * depth if flat else 2 * r)
    disc.children.append(
        keys(d, key, own.about(face, r, r, 0.32 * r), columns=1, rows=1, depth=depth, form="round")
    )
    s = 0.14 * r
    for a, b in ((0, 1), (0, -1), (-1, 0), (1, 0)):
        place = own.about(face, r + 0.72 * a * r, r + 0.72 * b * r, s)
        disc.children.append(keys(d, contrast(d, key), place, columns=1, rows=1, depth=depth, form="round"))
    return [disc]


CATEGORY = Category("remote", "Remote control", sample, bulk=650)
