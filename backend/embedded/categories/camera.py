# SPDX-License-Identifier: GPL-3.0-or-later
"""Cameras: a body with a lens whose rings turn or whose barrel slides out, a shutter key and dials."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .camera_lenses import GLASS, lens
from .metres import Metres
from .palette import BLACK, casing, contrast
from .pieces import block, keys, plain_plate


def sample(rng: np.random.Generator) -> Program:
    """With interchangeable lens and viewfinder hump, a flat one, or a compact one whose lens slides out."""
    d = Draw(rng)
    style = d.one_of("reflex", "reflex", "flat", "flat", "compact", "compact", "box")
    w = d.between(0.12, 0.155) if style in ("reflex", "flat") else d.between(0.085, 0.12)
    if style == "box":
        w = d.between(0.05, 0.16)
    h = w * (d.between(0.55, 0.75) if style != "box" else d.between(0.7, 1.3))
    depth = w * {"reflex": d.between(0.38, 0.55), "flat": d.between(0.25, 0.38)}.get(
        style, d.between(0.2, 0.35)
    )
    if style == "box":
        depth = w * d.between(0.35, 0.9)
    length = h * {"compact": d.between(0.08, 0.25), "box": d.between(0.05, 0.4)}.get(
        style, d.between(0.3, 0.95)
    )
    length = min(length, 1.2 * depth)  # or it would tip over
    whole = Metres.root(w, depth + length, h)  # the lens in front of the body
    bench = whole.child(w, depth, h)
    body = d.near(BLACK, 0.3) if d.chance(0.35) else casing(d)
    trim = contrast(d, body) if d.chance(0.4) else d.near(body, 0.25)
    form = d.one_of("box", "rounded box", "rounded box", "tablet y")
    case = block(body, whole.box(y0=length), form, d.one_of("abs", "aluminium"))
    on_body = case.children
    nodes: list[Node] = [case]
    if d.chance(0.45) and style != "box":  # leather around the middle
        e = 0.006
        on_body.append(
            block(
                d.near((0.12, 0.1, 0.09)) if d.chance(0.6) else d.colour(),
                bench.box(-e * w, (1 + e) * w, -0.02 * depth, 1.02 * depth, 0.12 * h, 0.75 * h),
                "tablet y" if form == "tablet y" else "box",
                "rubber",
            )
        )
    hand = d.one_of(0.0, 1.0)  # which side the grip is on
    if style in ("reflex", "flat") and d.chance(0.7):
        x0 = 0.0 if hand == 0.0 else 0.8 * w
        on_body.append(
            block(
                d.near(body, 0.1),
                bench.box(x0, x0 + 0.2 * w, -0.24 * depth, 0.2 * depth, 0.02 * h, 0.96 * h),
                d.one_of("rounded box", "tablet z"),
                "rubber",
            )
        )
    if style == "reflex":
        hump = d.between(0.22, 0.32) * w
        on_body.append(
            block(
                body,
                bench.box(
                    (w - hump) / 2, (w + hump) / 2, 0.05 * depth, 0.95 * depth, h, h * d.between(1.14, 1.24)
                ),
                d.one_of("wedge", "box", "rounded box"),
            )
        )
    u = w * (d.between(0.46, 0.54) if style != "compact" else d.one_of(0.5, 0.6, 0.4))
    v = h * d.between(0.44, 0.52)
    # the widest ring stays above the floor
    r = min((0.36 if style != "compact" else 0.34) * h * d.between(0.85, 1.2), 0.88 * v, 0.3 * w)
    nodes += lens(d, whole, style, trim, u, v, r, length)
    on_body += _top(d, bench, style, body, trim, hand)
    if style != "reflex" and d.chance(0.6):  # a flash or a viewfinder window
        on_body.append(
            plain_plate(
                d.one_of((0.92, 0.92, 0.86), GLASS),
                bench.about("front", d.one_of(0.15, 0.85) * w, 0.86 * h, 0.08 * w, 0.06 * h),
                bench(0.002),
                "box",
                "glass",
            )
        )
    on_body += _back(d, bench, body)
    return whole.program("camera", nodes)


def _top(d: Draw, bench: Metres, style: str, body: RGB, trim: RGB, hand: float) -> list[Node]:
    """Shutter key, dials and a hot shoe."""
    w, depth = bench.w, bench.d
    size = bench
    side = 0.13 if hand == 0.0 else 0.87
    r = min(0.055 * w, 0.3 * depth)
    nodes = [
        keys(
            d,
            d.one_of(d.metal(), trim, (0.7, 0.1, 0.1)),
            bench.about("top", side * w, depth * d.between(0.3, 0.5), 0.8 * r),
            columns=1,
            rows=1,
            depth=size(d.between(0.004, 0.007)),
            form="round",
        )
    ]
    if d.chance(0.75):
        nodes.append(
            node(
                "dial",
                (d.one_of(d.metal(), d.near(BLACK), body), (0.95, 0.95, 0.95)),
                **bench.about("top", (side + (0.16 if hand == 0.0 else -0.16)) * w, 0.55 * depth, r),
                columns=1,
                rows=1,
                depth=size(d.between(0.006, 0.012)),
                top=d.between(0.9, 1.0),
                ridge=0.0,
                ridge_width=0.2,
                range=6.5,
                open=0.0,
                material="aluminium",
            )
        )
    if style != "compact" and d.chance(0.35):
        nodes.append(
            node(
                "dial",
                (d.one_of(d.metal(), d.near(BLACK)), (0.95, 0.95, 0.95)),
                **bench.about("top", (1.0 - side) * w, 0.5 * depth, 1.1 * r),
                columns=1,
                rows=1,
                depth=size(d.between(0.006, 0.012)),
                top=d.between(0.8, 1.0),
                ridge=d.one_of(0.0, 0.5),
                ridge_width=0.2,
                range=6.5,
                open=0.0,
                material="aluminium",
            )
        )
    if style == "flat" and d.chance(0.6):
        nodes.append(
            plain_plate(
                d.metal(),
                bench.about("top", w / 2, 0.5 * depth, 0.07 * w, 0.25 * depth),
                size(0.003),
                "box",
                "steel",
            )
        )
    return nodes


def _back(d: Draw, bench: Metres, body: RGB) -> list[Node]:
    """Screen, fixed or on a hinge, and keys beside it."""
    w, h = bench.w, bench.h
    size = bench
    place = bench.region("back", 0.3 * w, 0.92 * w, 0.1 * h, 0.8 * h)
    screen = {"face": 0.0, "u0": 0.05, "u1": 0.95, "v0": 0.05, "v1": 0.95}
    if d.chance(0.4):
        nodes = [
            node(
                "door",
                d.near(body, 0.1),
                [plain_plate((0.06, 0.07, 0.09), {**screen, "face": 1.0}, size(0.0015), "box", "glass")],
                **place,
                depth=size(0.008),
                mount="overlay",
                hinge=d.one_of("left", "right", "top"),
                leaves="one",
                style="plain",
                border=0.02,
                range=1.5,
                open=d.opened(),
                material="abs",
            )
        ]
    else:
        nodes = [plain_plate((0.06, 0.07, 0.09), place, size(0.002), "box", "glass")]
    if d.chance(0.6):
        return nodes
    nodes.append(
        keys(
            d,
            contrast(d, body),
            bench.region("back", 0.07 * w, 0.25 * w, 0.15 * h, 0.65 * h),
            columns=1,
            rows=d.whole(2, 4),
            depth=size(0.003),
            form="round",
        )
    )
    return nodes


CATEGORY = Category("camera", "Camera", sample, bulk=550)
