# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes the coffee in a coffee machine: jug and filter, portafilter, capsules."""

from __future__ import annotations

from ..program.node import RGB, Node
from .base import Draw, node
from .metres import Metres
from .palette import BLACK
from .pieces import block, posts


def jug_and_filter(d: Draw, bench: Metres, foot: float, head: float, column: float, trim: RGB) -> list[Node]:
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
                "bar_handle",
                d.near(BLACK, 0.3),
                **own.about(side, r, 0.5 * high, 0.008, 0.34 * high),
                depth=bench(d.between(0.03, 0.045)),
                width=bench(0.012),
                form=d.one_of("square", "round"),
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


def portafilter(d: Draw, bench: Metres, foot: float, head: float, column: float, y0: float) -> list[Node]:
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


def capsule_holder(
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
