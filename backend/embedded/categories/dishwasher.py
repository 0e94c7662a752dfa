# SPDX-License-Identifier: GPL-3.0-or-later
"""A dishwasher: a flap over the front, racks that slide out, a strip of keys."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .common import feet, handle, on_face
from .metres import Metres
from .palette import SCREENS, casing, contrast
from .pieces import block, keys, plain_plate


def sample(rng: np.random.Generator) -> Program:
    """A hollow housing with two racks; the keys are over the flap or on its upper part."""
    d = Draw(rng)
    w = d.one_of(d.between(0.55, 0.62), d.between(0.4, 0.5))
    tall = d.chance(0.85)
    h = d.between(0.78, 0.9) if tall else d.between(0.42, 0.52)
    depth = d.between(0.52, 0.64)
    bench = Metres.root(w, depth, h)
    v = d.between(0.6, 0.85)
    body = d.one_of((v, v, v), casing(d), casing(d))
    front = body if d.chance(0.6) else casing(d)
    wall = d.between(0.012, 0.025)
    foot = h * d.between(0.08, 0.14) if tall else 0.13 * h
    strip = d.between(0.1, 0.15) * (h if tall else 1.3 * h)
    above = d.chance(0.55)  # the strip of keys is over the flap
    top = h - (strip if above else wall)
    inside: list[Node] = [
        node(
            "carcass",
            body,
            **bench.box(z0=foot),
            opening="front",
            wall=bench(wall),
            shelves=0,
            dividers=0,
            material="stainless steel",
        ),
        block(d.near((0.12, 0.12, 0.13), 0.4), bench.box(0, w, 0.06 * depth, depth, 0, foot), "box", "steel"),
    ]
    if above:
        inside.append(block(front, bench.box(0, w, -0.02, 0.2 * depth, top + 0.004, h), "box", "steel"))
        inside += _controls(d, bench, inside[-1], front, w, strip)
    opened = d.between(0.7, 1.0) if d.chance(0.5) else d.opened()
    out = d.opened() if opened > 0.7 else 0.0  # a rack comes out only over the open flap
    inside += _racks(d, bench, wall, foot + wall, top - 0.02, 2 if tall else 1, out)
    thick = d.between(0.02, 0.045)
    flap_h = top - foot
    children = []
    if d.chance(0.8):
        pull = handle(d, bench.longest, w, flap_h, "bottom")
        while pull.kind != "bar_handle":
            pull = handle(d, bench.longest, w, flap_h, "bottom")
        children = on_face([pull], "front")
    if not above:
        own = bench.child(w, thick, flap_h)
        face = "top" if d.chance(0.35) else "front"
        if face == "front":
            panel = plain_plate(
                contrast(d, front) if d.chance(0.4) else d.near(front, 0.1),
                own.region("front", 0, w, flap_h - 0.8 * strip, flap_h),
                bench(0.003),
            )
            panel.children += _keys(d, bench, bench.child(w, 0.003, 0.8 * strip), panel.colours[0])
            children = [c for c in children if c.kind != "bar_handle" or c.values["v1"] < 0.78]
            children.append(panel)
    inside.append(
        node(
            "door",
            (front, d.near(front)),
            children,
            **bench.region("front", 0, w, foot, top),
            depth=bench(thick),
            mount="overlay",
            hinge="bottom",
            leaves="one",
            style="plain",
            border=0.02,
            range=1.57,
            open=opened,
            material="stainless steel",
        )
    )
    if d.chance(0.25):
        inside.append(feet(d, bench.longest, w, (0.1, 0.1, 0.1)))
    return bench.program("dishwasher", inside)


def _controls(d: Draw, bench: Metres, strip: Node, colour: RGB, w: float, high: float) -> list[Node]:
    """Keys, a display or a dial on the strip over the flap."""
    strip.children += _keys(d, bench, bench.child(w, 0.2 * bench.d + 0.02, high - 0.004), colour)
    return []


def _keys(d: Draw, bench: Metres, own: Metres, colour: RGB) -> list[Node]:
    """A row of keys, a display, perhaps a dial, on the front of a strip."""
    ink = contrast(d, colour)
    w, h = own.w, own.h
    nodes = [
        keys(
            d,
            ink,
            own.region("front", 0.55 * w, 0.93 * w, 0.3 * h, 0.7 * h),
            columns=d.whole(3, 6),
            rows=1,
            depth=bench(0.006),
        )
    ]
    if d.chance(0.6):
        nodes.append(
            plain_plate(
                d.one_of(*SCREENS),
                own.region("front", 0.36 * w, 0.5 * w, 0.25 * h, 0.75 * h),
                bench(0.003),
                "box",
                "glass",
            )
        )
    if d.chance(0.35):
        r = 0.36 * h
        nodes.append(
            node(
                "dial",
                (ink, colour),
                **own.about("front", 0.12 * w + r, 0.5 * h, r),
                columns=1,
                rows=1,
                depth=bench(d.between(0.015, 0.03)),
                top=0.9,
                ridge=d.one_of(0.0, 0.5),
                ridge_width=0.2,
                range=6.25,
                open=0.0,
                material="abs",
            )
        )
    else:
        nodes.append(
            keys(
                d,
                ink,
                own.about("front", 0.1 * w, 0.5 * h, 0.28 * h),
                columns=1,
                rows=1,
                depth=bench(0.008),
                form="round",
            )
        )
    return nodes


def _racks(
    d: Draw, bench: Metres, wall: float, low: float, top: float, count: int, opened: float
) -> list[Node]:
    """Wire baskets one over the other, with plates standing in some."""
    m = wall + 0.012
    room = (top - low) / count
    colour = d.one_of((0.85, 0.85, 0.85), (0.35, 0.37, 0.4), (0.5, 0.62, 0.75))
    nodes = []
    for k in range(count):
        z0 = low + k * room + 0.015
        high = d.between(0.35, 0.55) * room
        x0, x1, y0, y1 = m, bench.w - m, 0.02, bench.d - m - 0.01
        own = bench.child(x1 - x0, y1 - y0, high)
        rack = node(
            "tray",
            colour,
            **bench.box(x0, x1, y0, y1, z0, z0 + high),
            form="rack",
            way="front",
            wall=bench(0.006),
            travel=d.between(0.6, 0.85),
            open=opened if k == 0 else 0.0,
            material="steel",
        )
        if d.chance(0.5):
            rack.children.append(
                block(
                    d.near((0.75, 0.77, 0.8)),
                    own.box(0.55 * own.w, 0.95 * own.w, 0.1 * own.d, 0.4 * own.d, 0.02, 0.9 * high),
                    "box",
                    "polypropylene",
                )
            )
        nodes.append(rack)
    return nodes


CATEGORY = Category("dishwasher", "Dishwasher", sample, bulk=500)
