# SPDX-License-Identifier: GPL-3.0-or-later
"""Telephones: desk sets with a handset, flip and sliding phones, keyed and touch phones."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import BLACK, SCREENS, casing, contrast
from .pieces import block, keys, plain_plate


def sample(rng: np.random.Generator) -> Program:
    """One of five kinds; pocket phones lie flat or stand upright."""
    d = Draw(rng)
    style = d.one_of("desk", "desk", "touch", "bar", "flip", "flip", "slide")
    if style == "desk":
        return _desk(d)
    return _pocket(d, style)


def _pocket(d: Draw, style: str) -> Program:
    body = casing(d)
    long = d.between(0.13, 0.17) if style == "touch" else d.between(0.09, 0.14)
    wide = long * d.between(0.44, 0.54)
    thick = {"touch": 0.008, "bar": 0.015, "flip": 0.012, "slide": 0.01}[style] * d.between(0.8, 1.4)
    upright = d.chance(0.5) and style != "flip"
    face = "front" if upright else "top"
    bench = Metres.root(wide, thick, long) if upright else Metres.root(wide, long, thick)
    form = d.one_of("box", "rounded box", "tablet y" if upright else "tablet z")
    nodes: list[Node] = [block(body, bench.box(), form, d.one_of("abs", "aluminium", "glass"))]
    m = 0.06 * wide
    if style == "touch":
        nodes += _touch(d, bench, face, body, wide, long, upright, form.startswith("tablet"))
        return bench.program("phone", nodes)
    key = contrast(d, body) if d.chance(0.6) else d.near(body, 0.25)
    if style == "bar":
        split = d.between(0.45, 0.6)
        nodes.append(
            _window(d, bench, bench.region(face, 2 * m, wide - 2 * m, (split + 0.06) * long, 0.9 * long))
        )
        nodes += _keypad(d, bench, face, key, m, wide - m, 0.04 * long, split * long)
        return bench.program("phone", nodes)
    # what lies over the keys leaves them room
    keypad = _keypad(d, bench, face, key, m, wide - m, 0.05 * long, d.between(0.55, 0.92) * long)
    nodes[0].children += keypad
    room = 0.0035
    if upright:
        bench = Metres.root(wide, thick + room, long)
        nodes[0].values.update(bench.box(y0=room))
    else:
        bench = Metres.root(wide, long, thick + room)
        nodes[0].values.update(bench.box(z1=thick))
    if style == "slide":
        nodes.append(_upper(d, bench, upright, wide, thick, long, body))
        return bench.program("phone", nodes)
    lid_t = thick * d.between(0.6, 1.0)
    own = bench.child(wide, long, lid_t)
    inside = _window(d, bench, own.region("bottom", 1.5 * m, wide - 1.5 * m, 0.12 * long, 0.85 * long))
    lid = node(
        "door",
        body if d.chance(0.7) else contrast(d, body),
        [inside],
        **bench.region("top", 0, wide, 0, long),
        depth=bench(lid_t),
        mount="overlay",
        hinge="top",
        leaves="one",
        style="plain",
        border=0.02,
        range=d.between(2.2, 2.9),
        open=d.between(0.6, 1.0) if d.chance(0.8) else 0.0,
        material="abs",
    )
    if d.chance(0.7):
        lid.children.append(
            _window(d, bench, own.region("top", 0.25 * wide, 0.75 * wide, 0.3 * long, 0.6 * long))
        )
    return bench.program("phone", [*nodes, lid])


def _window(d: Draw, bench: Metres, place: dict[str, float]) -> Node:
    return plain_plate(d.one_of(*SCREENS, (0.55, 0.62, 0.5)), place, bench(0.0009), "box", "glass")


def _keypad(
    d: Draw, bench: Metres, face: str, colour: RGB, u0: float, u1: float, v0: float, v1: float
) -> list[Node]:
    """Twelve digits and, above them, a pad or a row of soft keys."""
    depth = bench(0.0016)
    split = v0 + (v1 - v0) * d.between(0.66, 0.78)
    form = d.one_of("box", "box", "round")
    gap = 0.02 * (v1 - v0)
    nodes = [
        keys(
            d, colour, bench.region(face, u0, u1, v0, split - gap), columns=3, rows=4, depth=depth, form=form
        )
    ]
    middle, r = (u0 + u1) / 2, (v1 - split) / 2 * 0.9
    nodes.append(
        keys(
            d,
            contrast(d, colour),
            bench.about(face, middle, (split + v1) / 2, r),
            columns=1,
            rows=1,
            depth=depth,
            form=d.one_of("round", "box"),
        )
    )
    side = (u1 - u0) / 2 - 1.25 * r
    if side > 0.05 * (u1 - u0):
        rows = d.whole(1, 2)
        for a, b in ((u0, u0 + side), (u1 - side, u1)):
            nodes.append(
                keys(
                    d,
                    colour,
                    bench.region(face, a, b, split + gap, v1),
                    columns=1,
                    rows=rows,
                    depth=depth,
                    form="box",
                )
            )
    return nodes


def _touch(
    d: Draw, bench: Metres, face: str, body: RGB, wide: float, long: float, upright: bool, rounded: bool
) -> list[Node]:
    """A screen over nearly all of the front, keys at the edge, perhaps a home key; the camera behind."""
    b, chin = wide * d.between(0.02, 0.06), long * d.one_of(d.between(0.01, 0.03), d.between(0.08, 0.13))
    if rounded:  # the screen ends before the corners do
        chin = max(chin, 0.08 * long)
    nodes = [_window(d, bench, bench.region(face, b, wide - b, chin, long - max(b, 0.8 * chin)))]
    depth = bench(0.0012)
    if chin > 0.07 * long:
        r = min(0.36 * chin, 0.12 * wide)
        nodes.append(
            keys(
                d,
                d.near(body, 0.3),
                bench.about(face, wide / 2, chin / 2, r),
                columns=1,
                rows=1,
                depth=depth,
                form="round",
            )
        )
    side = d.one_of("left", "right")
    half = 0.2 * (bench.d if upright else bench.h)
    at, high = d.between(0.55, 0.8) * long, 0.06 * long
    if upright:
        place = bench.about(side, bench.d / 2, at, half, high)
    else:
        place = bench.about(side, at if side == "right" else long - at, bench.h / 2, high, half)
    nodes.append(
        keys(
            d,
            d.near(body, 0.2),
            place,
            columns=1 if upright else 2,
            rows=2 if upright else 1,
            depth=depth,
            form="box",
        )
    )
    back = "back" if upright else "bottom"
    if upright:
        nodes.append(
            plain_plate(
                BLACK,
                bench.region(back, 0.06 * wide, 0.4 * wide, 0.78 * long, 0.96 * long),
                bench(0.0012),
            )
        )
    return nodes


def _upper(d: Draw, bench: Metres, upright: bool, wide: float, thick: float, long: float, body: RGB) -> Node:
    """The upper half with the screen, which slides off the keys."""
    t = thick * d.between(0.7, 1.1)
    if upright:
        place = {"x0": 0.0, "x1": 1.0, "y0": -min(t / thick, 0.25), "y1": 0.0, "z0": 0.0, "z1": 1.0}
        own, face, way = bench.child(wide, 0.25 * thick, long), "front", "top"
    else:
        place = {"x0": 0.0, "x1": 1.0, "y0": 0.0, "y1": 1.0, "z0": 1.0, "z1": 1.25}
        own, face, way = bench.child(wide, long, 0.25 * thick), "top", "back"
    m = 0.08 * wide
    return node(
        "tray",
        body if d.chance(0.6) else contrast(d, body),
        [
            _window(d, bench, own.region(face, m, wide - m, 0.2 * long, 0.93 * long)),
            keys(
                d,
                contrast(d, body),
                own.about(face, wide / 2, 0.1 * long, 0.1 * wide, 0.06 * long),
                columns=1,
                rows=1,
                depth=bench(0.0014),
                form=d.one_of("round", "box"),
            ),
        ],
        **place,
        form=d.one_of("box", "rounded box"),
        way=way,
        wall=0.01,
        travel=d.between(0.35, 0.55),
        open=d.between(0.5, 1.0) if d.chance(0.7) else 0.0,
        material="abs",
    )


def _desk(d: Draw) -> Program:
    """A desk set: a base with keys or a dial, and a handset across its left or its top."""
    w = d.between(0.15, 0.24)
    depth, h = w * d.between(0.8, 1.25), w * d.between(0.16, 0.34)
    bench = Metres.root(w, depth, h)
    body = casing(d)
    beside = d.chance(0.6)
    nodes: list[Node] = [
        block(body, bench.box(), d.one_of("box", "rounded box", "wedge") if not beside else "rounded box")
    ]
    key = contrast(d, body)
    grip = d.near(body, 0.08) if d.chance(0.7) else contrast(d, body)
    if beside:
        wide = 0.26 * w
        u0, v1 = 0.34 * w, 0.94 * depth
        nodes.append(
            _handset(d, bench, grip, (0.03 * w, 0.03 * w + wide), (0.04 * depth, 0.96 * depth), False)
        )
    else:
        u0, v1 = 0.08 * w, 0.62 * depth
        nodes.append(_handset(d, bench, grip, (-0.06 * w, 1.06 * w), (0.68 * depth, 0.95 * depth), True))
    u1 = 0.94 * w
    if d.chance(0.3):  # a dial to turn
        r = 0.46 * min(u1 - u0, v1 - 0.06 * depth)
        cu, cv = (u0 + u1) / 2, 0.06 * depth + r
        nodes.append(plain_plate(d.near(body, 0.2), bench.about("top", cu, cv, r * 1.06), 0.003, "disc"))
        nodes.append(
            node(
                "wheel",
                d.one_of(key, d.metal()),
                **bench.about("top", cu, cv, r),
                columns=1,
                rows=1,
                depth=bench(0.005),
                stem=bench(0.004),
                form="rim",
                open=0.0,
                material="steel",
            )
        )
    else:
        split = d.between(0.5, 0.72) * v1
        pitch = min((u1 - u0) * d.between(0.6, 1.0), 1.1 * split)
        nodes.append(
            keys(
                d,
                key,
                bench.region("top", u0, u0 + pitch, 0.07 * depth, split),
                columns=3,
                rows=4,
                depth=bench(0.004),
            )
        )
        if u0 + pitch < 0.8 * u1:
            nodes.append(
                keys(
                    d,
                    key,
                    bench.region("top", u0 + pitch + 0.05 * w, u1, 0.07 * depth, split),
                    columns=1,
                    rows=d.whole(3, 6),
                    depth=bench(0.003),
                    form="box",
                )
            )
        if v1 - split > 0.15 * depth:
            nodes.append(
                plain_plate(
                    d.one_of(*SCREENS, (0.55, 0.62, 0.5)),
                    bench.region("top", u0, u1, split + 0.06 * depth, v1),
                    0.006,
                    "box",
                    "glass",
                )
            )
    return bench.program("phone", nodes)


def _handset(
    d: Draw, bench: Metres, colour: RGB, u: tuple[float, float], v: tuple[float, float], across: bool
) -> Node:
    """A bar that lifts off, with an ear and a mouth piece at its ends."""
    w, depth = u[1] - u[0], v[1] - v[0]
    high = d.between(0.018, 0.03)
    lift = 0.4 * high
    # its box begins above the base: the end pieces reach down to it
    size = bench.child(w, depth, high)
    z0 = bench.h + lift
    ends = []
    for k in (0, 1):
        if across:
            a = (0.0, 0.26 * w) if k == 0 else (0.74 * w, w)
            place = size.box(a[0], a[1], 0, depth, -0.25 * high, 0.5 * high)
        else:
            a = (0.0, 0.26 * depth) if k == 0 else (0.74 * depth, depth)
            place = size.box(0, w, a[0], a[1], -0.25 * high, 0.5 * high)
        ends.append(block(colour, place, d.one_of("box", "rounded box")))
    top = (z0 + high) / bench.h
    place = {
        "x0": u[0] / bench.w,
        "x1": u[1] / bench.w,
        "y0": v[0] / bench.d,
        "y1": v[1] / bench.d,
        "z0": min(z0 / bench.h, 1.1),
        "z1": min(top, 1.25),
    }
    return node(
        "tray",
        colour,
        ends,
        **place,
        form="rounded box",
        way="top",
        wall=0.01,
        travel=1.0,
        open=d.opened() if d.chance(0.3) else 0.0,
        material="abs",
    )


CATEGORY = Category("phone", "Telephone", sample, solidity=0.6)
