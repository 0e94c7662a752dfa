# SPDX-License-Identifier: GPL-3.0-or-later
"""Printers and copiers: trays that slide out, a scanner's lid, flaps for paper, a panel with keys."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import SCREENS, WHITE, casing, contrast
from .pieces import block, keys, plain_plate


def sample(rng: np.random.Generator) -> Program:
    """A housing over one to three paper trays, a slot where sheets come out, and perhaps a scanner on top."""
    d = Draw(rng)
    style = d.one_of("desk", "desk", "scanner", "scanner", "tower")
    w = d.between(0.36, 0.6)
    depth = w * d.between(0.7, 1.0)
    h = (
        w
        * {"desk": d.between(0.35, 0.6), "scanner": d.between(0.4, 0.8), "tower": d.between(0.9, 1.9)}[style]
    )
    bench = Metres.root(w, depth, h)
    body = d.near(WHITE, 0.05) if d.chance(0.4) else casing(d)
    dark = contrast(d, body) if d.chance(0.5) else d.near(body, 0.3)
    wall = 0.03 * w
    trays = d.whole(1, 2) if style != "tower" else d.whole(2, 4)
    tray_h = h * d.between(0.16, 0.26) if style != "tower" else 0.55 * h / trays
    stack = trays * tray_h
    out0 = stack + 0.02 * h
    out_h = d.between(0.08, 0.16) * w
    nodes: list[Node] = [_shell(body, bench, wall, stack)]
    tint = body if d.chance(0.6) else dark
    if trays > 1:
        nodes.append(_drawers(d, bench, tint, wall, stack, trays))
    else:
        nodes.append(_paper_tray(d, bench, tint, wall, 0.0, tray_h))
    # the slot is a recess: a floor, a back and a roof over it
    recess = depth * d.between(0.35, 0.6)
    top = h
    scanner = style != "desk" or d.chance(0.2)
    lid_t = d.between(0.03, 0.06) * w
    nodes += [
        block(body, bench.box(0, w, recess, depth, stack, min(out0 + out_h, top)), "box"),
        block(body, bench.box(0, 0.1 * w, 0, recess, stack, min(out0 + out_h, top)), "box"),
        block(body, bench.box(0.9 * w, w, 0, recess, stack, min(out0 + out_h, top)), "box"),
        block(
            body,
            bench.box(0, w, 0, depth, min(out0 + out_h, 0.92 * top), top),
            d.one_of("box", "rounded box", "arch") if not scanner else "box",
        ),
        block(dark, bench.box(0.1 * w, 0.9 * w, 0, recess, stack, out0), "box"),
    ]
    if d.chance(0.5):  # a sheet in the slot
        nodes.append(
            block(
                d.near(WHITE, 0.03),
                bench.box(0.2 * w, 0.8 * w, -0.15 * depth, recess, out0, out0 + 0.006 * w),
                "box",
                "cardboard",
            )
        )
    nodes += _panel(d, bench, body, dark, min(out0 + out_h, 0.92 * top), top)
    if scanner:
        nodes.append(_lid(d, bench, dark if d.chance(0.5) else body, lid_t))
    else:
        nodes.append(_rear_feed(d, bench, dark))
    return bench.program("printer", nodes)


def _shell(body: RGB, bench: Metres, wall: float, high: float) -> Node:
    """The hollow lower part that holds the trays."""
    return node(
        "carcass",
        body,
        **bench.box(z1=high),
        opening="front",
        wall=bench(wall),
        shelves=0,
        dividers=0,
        material="abs",
    )


def _paper_tray(d: Draw, bench: Metres, colour: RGB, wall: float, z0: float, high: float) -> Node:
    """A tray with a front and a grip."""
    low, top = (max(z0, wall), z0 + high - (wall if z0 + 1.5 * high > high else 0.0))
    x0, x1 = wall, bench.w - wall
    own = bench.child(x1 - x0, bench.d - 1.5 * wall, top - low)
    front = plain_plate(
        colour,
        own.region("front", -0.6 * wall, own.w + 0.6 * wall, 0.02 * own.h, 0.98 * own.h),
        bench(0.012),
    )
    if d.chance(0.4):
        grip = d.between(0.12, 0.25)
        place = {"face": 0.0, "u0": 0.5 - grip, "u1": 0.5 + grip, "v0": 0.55, "v1": 0.85}
        front.children.append(plain_plate(d.near((0.1, 0.1, 0.1)), place, bench(0.003)))
    return node(
        "tray",
        colour,
        [front],
        **bench.box(x0, x1, -0.004, bench.d - 1.5 * wall, low, top),
        form="tray",
        way="front",
        wall=bench(0.004),
        travel=d.between(0.4, 0.8),
        open=d.opened(),
        material="abs",
    )


def _drawers(d: Draw, bench: Metres, colour: RGB, wall: float, high: float, count: int) -> Node:
    """Several paper trays over each other, each with a grip in its front."""
    grip = d.between(0.1, 0.25)
    place = {"face": 0.0, "u0": 0.5 - grip, "u1": 0.5 + grip, "v0": 0.55, "v1": 0.85}
    return node(
        "drawer",
        (colour, d.near(colour, 0.1)),
        [plain_plate(d.near((0.1, 0.1, 0.1)), place, bench(0.003))] if d.chance(0.7) else [],
        **bench.region("front", 0.2 * wall, bench.w - 0.2 * wall, 0.1 * wall, high),
        columns=1,
        rows=count,
        depth=bench(0.014),
        mount="overlay",
        margin=bench(1.1 * wall),
        inner=0.85,
        travel=d.between(0.4, 0.8),
        open=d.opened(),
        material="abs",
    )


def _panel(d: Draw, bench: Metres, body: RGB, dark: RGB, z0: float, z1: float) -> list[Node]:
    """Keys and a small screen on the front over the slot, or on top of the right."""
    w, high = bench.w, z1 - z0
    u0 = d.one_of(0.08, 0.55) * w
    u1 = u0 + d.between(0.25, 0.38) * w
    nodes = [
        plain_plate(
            dark if d.chance(0.6) else body,
            bench.region("front", u0, u1, z0 + 0.15 * high, z1 - 0.15 * high),
            bench(0.006),
        )
    ]
    own = bench.child(u1 - u0, 0.006, 0.7 * high)
    ink = contrast(d, nodes[0].colours[0])
    if d.chance(0.75):
        nodes[0].children.append(
            plain_plate(
                d.one_of(*SCREENS),
                own.region("front", 0.06 * own.w, 0.48 * own.w, 0.15 * own.h, 0.85 * own.h),
                bench(0.002),
                "box",
                "glass",
            )
        )
    nodes[0].children.append(
        keys(
            d,
            ink if d.chance(0.6) else d.colour(),
            own.region("front", 0.54 * own.w, 0.94 * own.w, 0.15 * own.h, 0.85 * own.h),
            columns=d.whole(2, 4),
            rows=d.whole(1, 3),
            depth=bench(0.006),
        )
    )
    return nodes


def _lid(d: Draw, bench: Metres, colour: RGB, thick: float) -> Node:
    """The scanner's lid, perhaps with a feeder on it."""
    lid = node(
        "door",
        colour,
        **bench.region("top", 0, bench.w, 0, bench.d),
        depth=bench(thick),
        mount="overlay",
        hinge="top",
        leaves="one",
        style="plain",
        border=0.02,
        range=d.between(1.0, 1.5),
        open=d.opened() if d.chance(0.6) else 0.0,
        material="abs",
    )
    if d.chance(0.4):
        own = bench.child(bench.w, bench.d, thick)
        lid.children.append(
            plain_plate(
                d.near(colour, 0.2),
                own.region("top", 0.05 * own.w, 0.5 * own.w, 0.2 * own.d, 0.8 * own.d),
                bench(d.between(0.04, 0.1) * own.w),
            )
        )
    return lid


def _rear_feed(d: Draw, bench: Metres, colour: RGB) -> Node:
    """A flap at the back that unfolds upwards to hold paper; or a cover on top."""
    w, depth = bench.w, bench.d
    if d.chance(0.5):
        return node(
            "door",
            colour,
            **bench.region("top", 0.12 * w, 0.88 * w, 0.35 * depth, 0.95 * depth),
            depth=bench(0.012),
            mount="overlay",
            hinge="top",
            leaves="one",
            style="plain",
            border=0.02,
            range=1.5,
            open=d.between(0.6, 1.0) if d.chance(0.7) else 0.0,
            material="abs",
        )
    return node(
        "door",
        colour,
        **bench.region("top", 0.06 * w, 0.94 * w, 0.1 * depth, 0.95 * depth),
        depth=bench(0.015),
        mount="overlay",
        hinge="top",
        leaves="one",
        style="plain",
        border=0.02,
        range=d.between(0.8, 1.4),
        open=d.opened(),
        material="abs",
    )


CATEGORY = Category("printer", "Printer or copier", sample, bulk=150)
