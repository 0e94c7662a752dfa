# SPDX-License-Identifier: GPL-3.0-or-later
"""Telephones for the desk, with a handset."""

from __future__ import annotations

from ..program.node import RGB, Node, Program
from .base import Draw, node
from .metres import Metres
from .palette import SCREENS, casing, contrast
from .pieces import block, keys, plain_plate


def desk(d: Draw) -> Program:
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
