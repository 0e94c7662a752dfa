# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitors and television sets on a stand that tilts, swivels or lifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import SCREENS, casing, contrast
from .pieces import block, keys, plain_plate


@dataclass(frozen=True)
class _Panel:
    """A panel of w x thick x h metres, its lower edge at `low`, and its colour."""

    w: float
    thick: float
    h: float
    low: float
    colour: RGB
    bezel: float
    chin: float


def sample(rng: np.random.Generator) -> Program:
    """A flat panel on a foot and a neck, or on two feet; seldom a deep old one."""
    d = Draw(rng)
    style = d.one_of("tilt", "tilt", "swivel", "both", "both", "lift", "television", "tube")
    w = d.log_between(0.3, 1.3) if style == "television" else d.log_between(0.28, 0.8)
    h = w * (d.between(0.54, 0.63) if d.chance(0.75) else d.between(0.4, 0.85))
    bezel = w * d.between(0.012, 0.05)
    panel = _Panel(
        w,
        d.between(0.015, 0.06) * (0.4 + w),
        h,
        h * d.between(0.1, 0.4),
        casing(d),
        bezel,
        bezel * d.one_of(1.0, d.between(1.2, 4.0)),
    )
    if style == "tube":
        return _tube(d, panel)
    if style == "television":
        return _television(d, panel)
    return _on_a_neck(d, panel, style)


def _on_a_neck(d: Draw, panel: _Panel, style: str) -> Program:
    w, h, top = panel.w, panel.h, panel.low + panel.h
    stand = panel.colour if d.chance(0.55) else casing(d)
    tilts = style in ("tilt", "both")
    back = 0.16 * h if tilts else 0.03 * h
    neck_w, neck_t = w * d.between(0.06, 0.2), 0.04 * h + 0.005
    behind = back + neck_t / 2  # from the back of the panel to the axis of the neck
    foot_d = max(d.between(0.35, 0.7) * h, 2 * (behind + panel.thick) + 0.05 * h)
    foot_w = w * d.between(0.3, 0.7)
    bench = Metres.root(w, foot_d, top)
    axis_y = foot_d * 0.5 + 0.1 * h * d.between(0.0, 1.0)
    axis_y = min(axis_y, foot_d - neck_t)
    y1 = axis_y - behind
    y0 = y1 - panel.thick
    foot_t = 0.02 * h + 0.004
    foot_form = d.one_of("box", "box", "rounded box", "cylinder z")
    if foot_form == "cylinder z":
        foot_w = foot_d
    nodes = [
        block(
            stand,
            bench.box((w - foot_w) / 2, (w + foot_w) / 2, 0, foot_d, 0, foot_t),
            foot_form,
            d.one_of("abs", "steel", "aluminium"),
        )
    ]
    pivot = panel.low + h / 2
    x0, x1 = (w - neck_w) / 2, (w + neck_w) / 2
    if style in ("swivel", "both"):
        reach = axis_y - y0  # neck and panel turn together: their box is as deep before the axis as behind it
        high = (top - foot_t) / 1.25
        inner = bench.child(w, 2 * reach, high)
        arm = block(
            stand,
            inner.box(
                x0,
                x1,
                reach - behind,
                reach + neck_t / 2,
                0.25 * h,
                pivot - foot_t + 0.08 * h,
            ),
            "box",
        )
        if tilts:
            arm.values.update(
                inner.box(
                    x0,
                    x1,
                    reach - behind + 0.015 * h,
                    reach + neck_t / 2,
                    pivot - foot_t - 0.04 * h,
                    pivot - foot_t + 0.04 * h,
                )
            )
        face = _screen(
            d,
            inner,
            panel,
            "turntable" if tilts else "block",
            reach - behind - panel.thick,
            panel.low - foot_t,
        )
        nodes.append(
            node(
                "turntable",
                stand,
                [arm, face],
                **bench.box(0, w, axis_y - reach, axis_y + reach, foot_t, foot_t + high),
                form="spindle",
                axis="up",
                tilt=0.0,
                range=d.between(0.8, 3.0),
                open=d.opened(),
                material="steel",
            )
        )
        return bench.program("display", nodes)
    nodes.append(
        block(
            stand,
            bench.box(
                x0, x1, axis_y - neck_t / 2, axis_y + neck_t / 2, foot_t, pivot + (0.06 if tilts else 0.3) * h
            ),
            d.one_of("box", "box", "rounded box"),
            "steel",
        )
    )
    if tilts:
        nodes.append(
            block(
                stand,
                bench.box(x0, x1, y1 + 0.015 * h, axis_y, pivot - 0.04 * h, pivot + 0.04 * h),
                "box",
                "steel",
            )
        )
    nodes.append(_screen(d, bench, panel, "turntable" if tilts else "tray", y0, panel.low))
    return bench.program("display", nodes)


def _screen(d: Draw, bench: Metres, panel: _Panel, kind: str, y0: float, z0: float) -> Node:
    """The panel with its screen: tilting, sliding up, or fixed to what it sits on."""
    w, h = panel.w, panel.h
    own = bench.child(w, panel.thick, h)
    b, chin = panel.bezel, panel.chin
    children = [
        plain_plate(
            d.one_of(*SCREENS),
            own.region("front", b, w - b, chin, h - b),
            bench(max(0.0015, 0.002 * bench.longest)),
            "box",
            "glass",
        )
    ]
    if chin > 1.8 * b and d.chance(0.6):
        r = 0.25 * chin
        count = d.whole(1, 5)
        u = d.one_of(0.5, 0.85) * w
        children.append(
            keys(
                d,
                contrast(d, panel.colour),
                own.about("front", u, chin / 2, min(1.5 * r * count, 0.14 * w), r),
                columns=count,
                rows=1,
                depth=bench(0.006),
                form="round",
            )
        )
    place = bench.box(0, w, y0, y0 + panel.thick, z0, z0 + h)
    form = d.one_of("box", "rounded box")
    if kind == "turntable":
        return node(
            "turntable",
            panel.colour,
            children,
            **place,
            form=form,
            axis="across",
            tilt=0.0,
            range=0.5,
            open=d.opened(),
            material="abs",
        )
    if kind == "tray":
        return node(
            "tray",
            panel.colour,
            children,
            **place,
            form=form,
            way="top",
            wall=0.01,
            travel=d.between(0.15, 0.35),
            open=d.opened(),
            material="abs",
        )
    return node("block", panel.colour, children, **place, form=form, material="abs")


def _television(d: Draw, panel: _Panel) -> Program:
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
    deeper = _Panel(panel.w, panel.thick, panel.h, low, panel.colour, panel.bezel, chin)
    face = _screen(d, bench, deeper, "block", y0, low)
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


def _tube(d: Draw, panel: _Panel) -> Program:
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


CATEGORY = Category("display", "Monitor or television set", sample, solidity=0.4)
