# SPDX-License-Identifier: GPL-3.0-or-later
"""Television sets: flat on two feet, and deep old ones."""

from __future__ import annotations

from ..program.node import Program
from .base import Draw, node
from .metres import Metres
from .palette import SCREENS, contrast
from .panels import Panel, screen
from .pieces import block, keys, plain_plate


def television(d: Draw, panel: Panel) -> Program:
    """Two feet at the ends, keys at the chin; or a wide foot that the panel tilts on."""
    low = panel.h * d.between(0.06, 0.16)
    depth = max(panel.h * d.between(0.3, 0.5), 2 * panel.thick)
    bench = Metres.root(panel.w, depth, low + panel.h)
    feet = d.near(panel.colour)
    y0 = (depth - panel.thick) / 2
    t, inset = 0.03 * panel.w, panel.w * d.between(0.02, 0.22)
    nodes = []
    for x in (inset, panel.w - inset - t):
        nodes.append(block(feet, bench.box(x, x + t, 0, depth, 0, 0.3 * low), "box", "steel"))
        nodes.append(block(feet, bench.box(x, x + t, y0, y0 + panel.thick, 0.3 * low, low), "box", "steel"))
    chin = max(panel.chin, 0.035 * panel.w)
    deeper = Panel(panel.w, panel.thick, panel.h, low, panel.colour, panel.bezel, chin)
    face = screen(d, bench, deeper, "block", y0, low)
    own = bench.child(panel.w, panel.thick, panel.h)
    face.children = face.children[:1]
    r = 0.22 * chin
    count = d.whole(1, 6)
    face.children.append(
        keys(
            d,
            contrast(d, panel.colour),
            own.about("front", d.one_of(0.5, 0.8) * panel.w, chin / 2, 1.6 * r * count, r),
            columns=count,
            rows=1,
            depth=bench(0.006),
            form=d.one_of("round", "box"),
        )
    )
    if d.chance(0.5):
        face.children.append(
            block(
                d.near(panel.colour),
                own.box(
                    0.15 * panel.w,
                    0.85 * panel.w,
                    panel.thick,
                    1.25 * panel.thick,
                    0.1 * panel.h,
                    0.6 * panel.h,
                ),
                "box",
            )
        )
    return bench.program("display", [*nodes, face])


def tube(d: Draw, panel: Panel) -> Program:
    """A deep set that swivels on a round foot, with knobs or keys beside or under the screen."""
    w, h = panel.w, panel.w * d.between(0.72, 0.9)
    depth, low = w * d.between(0.6, 0.95), 0.06 * w
    bench = Metres.root(w, depth, low + h)
    own = bench.child(w, depth, h)
    side = d.chance(0.4)
    b = w * d.between(0.05, 0.09)
    right, chin = (w * d.between(0.2, 0.26), b) if side else (b, h * d.between(0.12, 0.18))
    children = [
        plain_plate(
            d.one_of(*SCREENS),
            own.region("front", b, w - right, chin, h - b),
            bench(0.01),
            "box",
            "glass",
        )
    ]
    count = d.whole(1, 3)
    if side:
        place = own.region("front", w - 0.8 * right, w - 0.2 * right, 0.5 * h, 0.9 * h)
        grid = (1, min(count, 2))
    else:
        place = own.region("front", 0.6 * w, 0.92 * w, 0.25 * chin, 0.75 * chin)
        grid = (count + 1, 1)
    children.append(
        node(
            "dial",
            (contrast(d, panel.colour), panel.colour),
            **place,
            columns=grid[0],
            rows=grid[1],
            depth=bench(0.04 * w),
            top=0.9,
            ridge=d.one_of(0.0, 0.5),
            ridge_width=0.2,
            range=5.5,
            open=0.0,
            material="abs",
        )
    )
    children.append(
        keys(
            d,
            contrast(d, panel.colour),
            own.region("front", w - 0.8 * right, w - 0.2 * right, 0.15 * h, 0.4 * h)
            if side
            else own.region("front", 0.1 * w, 0.4 * w, 0.35 * chin, 0.65 * chin),
            columns=2 if side else 4,
            rows=4 if side else 1,
            depth=bench(0.01 * w + 0.002),
        )
    )
    r = 0.35 * min(w, depth)
    return bench.program(
        "display",
        [
            block(
                d.near(panel.colour),
                bench.box(w / 2 - r, w / 2 + r, depth / 2 - r, depth / 2 + r, 0, low),
                "cylinder z",
            ),
            node(
                "turntable",
                panel.colour,
                children,
                **bench.box(z0=low),
                form=d.one_of("box", "rounded box"),
                axis="up",
                tilt=0.0,
                range=d.between(0.6, 2.0),
                open=d.opened(),
                material="abs",
            ),
        ],
    )
