# SPDX-License-Identifier: GPL-3.0-or-later
"""Lenses of cameras."""

from __future__ import annotations

from ..program.node import RGB, Node
from .base import Draw, node
from .metres import Metres
from .palette import BLACK
from .pieces import block, plain_plate

GLASS: RGB = (0.07, 0.09, 0.14)


def lens(
    d: Draw, whole: Metres, style: str, trim: RGB, u: float, v: float, r: float, length: float
) -> list[Node]:
    """A fixed mount, then a barrel that slides out as it is switched on, or rings that turn one after the other."""
    black = d.near(BLACK, 0.3) if d.chance(0.7) else trim
    metal = d.one_of(black, d.metal())

    def segment(radius: float, y0: float, y1: float) -> dict[str, float]:
        return whole.box(u - radius, u + radius, y0, y1, v - radius, v + radius)

    def glass(radius: float, deep: float) -> Node:
        own = whole.child(2 * radius, deep, 2 * radius)
        return plain_plate(
            GLASS,
            own.about("front", radius, radius, radius * d.between(0.6, 0.82)),
            whole(0.002),
            "disc",
            "glass",
        )

    mount = d.between(0.2, 0.4) * length
    at = length - mount
    nodes = [block(metal, segment(r, at, length), "cylinder y", "aluminium")]
    if style in ("compact", "box") and d.chance(0.75):
        thin = 0.82 * r
        nodes.append(
            node(
                "tray",
                d.near(black, 0.4),
                [glass(thin, at)],
                **segment(thin, 0, at),
                form="cylinder",
                way="front",
                wall=0.01,
                travel=1.0,
                open=d.opened(),
                material="aluminium",
            )
        )
        return nodes
    count = d.whole(1, 2)
    for k in range(count):
        last = k == count - 1
        y0 = 0.0 if last and d.chance(0.5) else at * (0.55 if count == 2 and k == 0 else 0.25)
        radius = r * d.between(0.88, 1.06)
        nodes.append(
            node(
                "turntable",
                black if d.chance(0.7) else d.near(trim, 0.2),
                [glass(radius, at - y0)] if y0 == 0.0 else [],
                **segment(radius, y0, at),
                form="cylinder y",
                axis="deep",
                tilt=0.0,
                range=d.between(0.9, 2.5),
                open=d.opened(),
                material="rubber",
            )
        )
        at = y0
        if at > 0.0:
            y0 = 0.0 if last else 0.6 * at
            radius = r * d.between(0.8, 0.98)
            fixed = block(black, segment(radius, y0, at), "cylinder y", "aluminium")
            if last:
                fixed.children.append(glass(radius, at))
            nodes.append(fixed)
            at = y0
    return nodes
