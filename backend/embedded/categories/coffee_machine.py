# SPDX-License-Identifier: GPL-3.0-or-later
"""Coffee machines: with a jug under a filter, with a portafilter, or for capsules."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .brewing import capsule_holder, jug_and_filter, portafilter
from .metres import Metres
from .palette import SCREENS, casing, contrast
from .pieces import block, keys, plain_plate


def sample(rng: np.random.Generator) -> Program:
    """A foot, a column and a head that overhangs it; what stands between depends on the kind."""
    d = Draw(rng)
    kind = d.one_of("jug", "jug", "portafilter", "portafilter", "capsule")
    w = {"jug": d.between(0.16, 0.24), "portafilter": d.between(0.2, 0.34), "capsule": d.between(0.11, 0.17)}[
        kind
    ]
    depth = d.between(0.2, 0.28) if kind == "jug" else d.between(0.26, 0.36)
    h = d.between(0.28, 0.38) if kind != "capsule" else d.between(0.24, 0.32)
    bench = Metres.root(w, depth, h)
    body = casing(d)
    trim = contrast(d, body) if d.chance(0.5) else d.metal()
    column = depth * d.between(0.38, 0.5)  # where the column begins, from the front
    foot = h * d.between(0.1, 0.17)
    head = h * (d.between(0.68, 0.76) if kind == "jug" else d.between(0.6, 0.72))
    overhang = d.between(0.0, 0.2) * column  # how far the head stays behind the foot's front
    nodes: list[Node] = [
        block(body, bench.box(z1=foot), d.one_of("box", "rounded box", "tablet z"), "abs"),
        block(body, bench.box(y0=column), d.one_of("box", "box", "rounded box"), "abs"),
        block(
            trim if d.chance(0.35) else body,
            bench.box(y0=overhang, z0=head),
            d.one_of("box", "rounded box", "arch", "tablet z"),
            d.one_of("abs", "stainless steel"),
        ),
    ]
    if kind == "jug":
        nodes += jug_and_filter(d, bench, foot, head, column, trim)
    elif kind == "portafilter":
        nodes += portafilter(d, bench, foot, head, column, overhang)
    else:
        nodes += capsule_holder(d, bench, foot, head, column, overhang, trim)
    nodes += _controls(d, bench, nodes[2], kind, head, overhang, body)
    nodes.append(_lid(d, bench, kind, trim if d.chance(0.4) else body))
    return bench.program("coffee_machine", nodes)


def _controls(d: Draw, bench: Metres, head: Node, kind: str, z0: float, y0: float, body: RGB) -> list[Node]:
    """Keys, a dial, a display or a gauge on the front of the head; a switch on the foot."""
    own = bench.child(bench.w, bench.d - y0, bench.h - z0)
    w, h = own.w, own.h
    size = bench
    if head.values["form"] not in (0.0, 1.0):  # a curved front: controls on the foot alone
        return [
            keys(
                d,
                d.one_of((0.7, 0.1, 0.1), contrast(d, body)),
                bench.about("front", 0.8 * w, 0.05 * bench.h, 0.08 * w, 0.02 * bench.h),
                columns=d.whole(1, 2),
                rows=1,
                depth=size(0.006),
                form="box",
            )
        ]
    style = d.one_of("keys", "keys", "dial", "dial", "display")
    ink = contrast(d, head.colours[0])
    v = 0.5 * h
    if style == "dial":
        r = min(0.26 * h, 0.14 * w)
        head.children.append(
            node(
                "dial",
                (d.one_of(ink, d.metal()), body),
                **own.about("front", w * d.one_of(0.2, 0.5, 0.8), v, r),
                columns=1,
                rows=1,
                depth=size(d.between(0.012, 0.025)),
                top=d.between(0.8, 1.0),
                ridge=d.one_of(0.0, 0.5),
                ridge_width=0.25,
                range=5.0,
                open=d.opened(),
                material="abs",
            )
        )
        return []
    if style == "display" and w > 0.15:
        head.children.append(
            plain_plate(
                d.one_of(*SCREENS),
                own.region("front", 0.1 * w, 0.5 * w, 0.3 * h, 0.75 * h),
                size(0.002),
                "box",
                "glass",
            )
        )
        u0, u1 = 0.58 * w, 0.92 * w
    else:
        u0, u1 = 0.15 * w, 0.85 * w
    columns = d.whole(2, 4) if kind != "capsule" else d.whole(1, 2)
    half = 0.15 * h
    head.children.append(
        keys(
            d,
            d.one_of(ink, ink, d.metal()),
            own.region("front", u0, u1, v - half, v + half),
            columns=columns,
            rows=1,
            depth=size(0.006),
            form=d.one_of("round", "round", "box"),
        )
    )
    return []


def _lid(d: Draw, bench: Metres, kind: str, colour: RGB) -> Node:
    """The lid of the water tank, at the back of the top; or a cover over the whole top."""
    w, depth = bench.w, bench.d
    y0 = 0.55 * depth if kind != "jug" or d.chance(0.5) else 0.3 * depth
    return node(
        "door",
        colour,
        **bench.region("top", 0.06 * w, 0.94 * w, y0, 0.96 * depth),
        depth=bench(d.between(0.006, 0.014)),
        mount="overlay",
        hinge="top",
        leaves="one",
        style="plain",
        border=0.02,
        range=1.5,
        open=d.opened() if d.chance(0.5) else 0.0,
        material="abs",
    )


CATEGORY = Category("coffee_machine", "Coffee machine", sample, bulk=350)
