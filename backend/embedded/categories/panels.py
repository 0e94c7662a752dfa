# SPDX-License-Identifier: GPL-3.0-or-later
"""Panels with a screen, of monitors and television sets."""

from __future__ import annotations

from dataclasses import dataclass

from ..program.node import RGB, Node
from .base import Draw, node
from .metres import Metres
from .palette import SCREENS, contrast
from .pieces import keys, plain_plate


@dataclass(frozen=True)
class Panel:
    """A panel of w x thick x h metres, its lower edge at `low`, and its colour."""

    w: float
    thick: float
    h: float
    low: float
    colour: RGB
    bezel: float
    chin: float


def screen(d: Draw, bench: Metres, panel: Panel, kind: str, y0: float, z0: float) -> Node:
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
            travel=max(
                d.between(0.15, 0.35), 0.11 / h
            ),  # less would be lost in the give of a simulator's stops
            open=d.opened(),
            material="abs",
        )
    return node("block", panel.colour, children, **place, form=form, material="abs")
