# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitors and television sets on a stand that tilts, swivels or lifts."""

from __future__ import annotations

import numpy as np

from ..program.node import Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import casing
from .panels import Panel, screen
from .pieces import block
from .television_sets import television, tube


def sample(rng: np.random.Generator) -> Program:
    """A flat panel on a foot and a neck, or on two feet; seldom a deep old one."""
    d = Draw(rng)
    style = d.one_of("tilt", "tilt", "swivel", "both", "both", "lift", "television", "tube")
    w = d.log_between(0.3, 1.3) if style == "television" else d.log_between(0.28, 0.8)
    h = w * (d.between(0.54, 0.63) if d.chance(0.75) else d.between(0.4, 0.85))
    bezel = w * d.between(0.012, 0.05)
    panel = Panel(
        w,
        d.between(0.015, 0.06) * (0.4 + w),
        h,
        h * d.between(0.1, 0.4),
        casing(d),
        bezel,
        bezel * d.one_of(1.0, d.between(1.2, 4.0)),
    )
    if style == "tube":
        return tube(d, panel)
    if style == "television":
        return television(d, panel)
    return _on_a_neck(d, panel, style)


def _on_a_neck(d: Draw, panel: Panel, style: str) -> Program:
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
        face = screen(
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
    nodes.append(screen(d, bench, panel, "turntable" if tilts else "tray", y0, panel.low))
    return bench.program("display", nodes)


CATEGORY = Category("display", "Monitor or television set", sample, bulk=1200)
