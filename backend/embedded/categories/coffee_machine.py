# SPDX-License-Identifier: GPL-3.0-or-later
"""Coffee machines: with a jug under a filter, with a portafilter, or for capsules."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import BLACK, SCREENS, casing, contrast
from .pieces import block, keys, plain_plate, posts


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
        nodes += _jug(d, bench, foot, head, column, trim)
    elif kind == "portafilter":
        nodes += _group(d, bench, foot, head, column, overhang, trim)
    else:
        nodes += _capsule(d, bench, foot, head, column, overhang, trim)
    nodes += _controls(d, bench, nodes[2], kind, head, overhang, body)
    nodes.append(_lid(d, bench, kind, column, trim if d.chance(0.4) else body))
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


def _lid(d: Draw, bench: Metres, kind: str, column: float, colour: RGB) -> Node:
    """The lid of the water tank, at the back of the top; or a cover over the whole top."""
    w, depth = bench.w, bench.d
    y0 = 0.55 * depth if kind != "jug" or d.chance(0.5) else 0.25 * depth
    return node(
        "door",
        colour,
        **bench.region("top", 0.06 * w, 0.94 * w, max(y0, 0.3 * depth), 0.96 * depth),
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


def _jug(d: Draw, bench: Metres, foot: float, head: float, column: float, trim: RGB) -> list[Node]:
    """A jug of glass on the hot plate, which lifts off forwards, and the filter's funnel over it."""
    room = head - foot
    funnel = d.between(0.12, 0.24) * room
    r = min(0.42 * bench.w, 0.47 * column) * d.between(0.9, 1.0)
    high = room - funnel - 0.012
    c, y = bench.w / 2, 0.5 * column
    glass = d.one_of((0.25, 0.16, 0.1), (0.6, 0.7, 0.72), (0.35, 0.3, 0.26), (0.75, 0.76, 0.78))
    own = bench.child(2 * r, 2 * r, high)
    side = d.one_of("front", "left", "right")
    jug = node(
        "tray",
        glass,
        [
            block(trim, own.box(0.3 * r, 1.7 * r, 0.3 * r, 1.7 * r, 0.97 * high, 1.08 * high), "cylinder z"),
            node(
                "border",
                d.near(BLACK, 0.3),
                **own.about(side, r, 0.55 * high, 0.009, 0.36 * high),
                depth=bench(d.between(0.03, 0.045)),
                width=bench(0.014),
                sides="four",
                form="square",
                material="abs",
            ),
        ],
        **bench.box(c - r, c + r, y - r, y + r, foot + 0.002, foot + 0.002 + 0.92 * high),
        form=d.one_of("cylinder z", "cylinder z", "pillow", "tablet z"),
        way="front",
        wall=0.01,
        travel=1.0,
        open=d.opened() if d.chance(0.3) else 0.0,
        material="glass",
    )
    jug.children[1] = node(
        "bar_handle",
        d.near(BLACK, 0.3),
        **own.about(side, r, 0.5 * high, 0.008, 0.34 * high),
        depth=bench(d.between(0.03, 0.045)),
        width=bench(0.012),
        form=d.one_of("square", "round"),
        material="abs",
    )
    basket = block(
        d.near(BLACK, 0.4),
        bench.box(c - 0.8 * r, c + 0.8 * r, y - 0.8 * r, y + 0.8 * r, head - funnel, head),
        "cylinder z",
    )
    return [jug, basket]


def _drip_tray(d: Draw, bench: Metres, foot: float, column: float) -> Node:
    """A grid over a shallow tray, let in over the foot."""
    w = bench.w
    return node(
        "tray",
        d.one_of((0.12, 0.12, 0.13), d.metal()),
        **bench.box(0.08 * w, 0.92 * w, 0.03 * column, 0.94 * column, foot, foot + 0.016),
        form=d.one_of("rack", "rack", "box", "tray"),
        way="front",
        wall=bench(0.003),
        travel=d.between(0.4, 0.8),
        open=d.opened() if d.chance(0.4) else 0.0,
        material="stainless steel",
    )


def _group(
    d: Draw, bench: Metres, foot: float, head: float, column: float, y0: float, trim: RGB
) -> list[Node]:
    """The group with the portafilter, whose handle turns under it; drip tray, steam pipe, a rail for cups."""
    metal = d.metal()
    r = d.between(0.028, 0.036)
    c = bench.w * d.one_of(0.5, 0.5, 0.4)
    y = max(y0 + r + 0.005, 0.55 * column)
    high = min(0.3 * (head - foot), 0.05)
    z = head - 0.45 * high  # where the group ends and the portafilter begins
    own = bench.child(2 * r, 2 * r, 0.55 * high)
    handle = d.between(0.09, 0.13)
    grip = posts(
        d.one_of(d.near(BLACK), d.near((0.4, 0.25, 0.13))),
        own.about("front", r, 0.5 * own.h, 0.011),
        bench(handle),
        bench(0.02),
        form=d.one_of("round", "tapered"),
    )
    spouts = posts(
        metal,
        own.about("bottom", r, r, 0.014, 0.006),
        bench(0.02),
        bench(0.009),
        columns=2,
        material="steel",
    )
    nodes = [
        block(metal, bench.box(c - r, c + r, y - r, y + r, z, head), "cylinder z", "stainless steel"),
        node(
            "turntable",
            metal,
            [grip, spouts],
            **bench.box(c - r, c + r, y - r, y + r, z - own.h, z),
            form="cylinder z",
            axis="up",
            tilt=0.0,
            range=d.between(0.6, 1.4),
            open=d.opened(),
            material="stainless steel",
        ),
        _drip_tray(d, bench, foot, column),
    ]
    if d.chance(0.7):  # steam
        x = bench.w * (0.9 if c <= 0.5 * bench.w else 0.1)
        t = 0.008
        nodes.append(
            block(
                metal,
                bench.box(x - t / 2, x + t / 2, y - t / 2, y + t / 2, foot + 0.25 * (head - foot), head),
                "cylinder z",
                "stainless steel",
            )
        )
    if d.chance(0.4):
        nodes.append(
            node(
                "border",
                metal,
                **bench.region("top", 0.06 * bench.w, 0.94 * bench.w, y0 + 0.02, 0.5 * bench.d),
                depth=bench(0.03),
                width=bench(0.006),
                sides="four",
                form="round",
                material="steel",
            )
        )
    return nodes


def _capsule(
    d: Draw, bench: Metres, foot: float, head: float, column: float, y0: float, trim: RGB
) -> list[Node]:
    """A spout over the drip tray, a lever over the head that lifts to take a capsule."""
    w, h = bench.w, bench.h
    y = 0.55 * column
    nodes = [
        block(
            d.near(BLACK, 0.3),
            bench.box(w / 2 - 0.018, w / 2 + 0.018, y - 0.018, y + 0.018, head - 0.03, head),
            "cone",
        ),
        _drip_tray(d, bench, foot, column),
    ]
    thick = d.between(0.012, 0.03)
    nodes.append(
        node(
            "flap",
            trim,
            **bench.box(
                d.between(0.05, 0.3) * w,
                w * d.between(0.7, 0.95),
                y0,
                0.5 * bench.d,
                h + 0.001,
                h + 0.001 + thick,
            ),
            form=d.one_of("rounded box", "tablet z", "box"),
            axis="x",
            pivot="high low",
            sense="backward",
            range=d.between(0.9, 1.5),
            open=d.opened(),
            material="abs",
        )
    )
    return nodes


CATEGORY = Category("coffee_machine", "Coffee machine", sample, solidity=0.4)
