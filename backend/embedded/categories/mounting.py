# SPDX-License-Identifier: GPL-3.0-or-later
"""What controls are mounted on: alone, on a foot, a board, a column or a plinth."""

from __future__ import annotations

from dataclasses import dataclass

from ..program.node import RGB, Node
from .base import Draw
from .metres import Metres
from .pieces import block


@dataclass(frozen=True)
class Mounted:
    """A housing on its mount: the whole object's box, its nodes, the housing's node and the housing's box."""

    whole: Metres
    nodes: list[Node]
    housing: Node
    own: Metres


def mounted(
    d: Draw, w: float, depth: float, h: float, colour: RGB, form: str, material: str, *, alone: float = 0.5
) -> Mounted:
    """A housing of w x depth x h metres; `alone` is how often it stands by itself. Nothing here tips over."""
    kind = "alone" if d.chance(alone) else d.one_of("foot", "board", "column", "plinth")
    other = d.near(colour, 0.2) if d.chance(0.5) else d.colour()
    second = d.one_of("steel", "oak", "mdf", "abs")
    if kind == "alone":
        whole = Metres.root(w, depth, h)
        housing = block(colour, whole.box(), form, material)
        return Mounted(whole, [housing], housing, whole)
    if kind == "foot":
        t = d.between(0.04, 0.15) * min(w, depth, h) + 0.002
        o = d.between(0.05, 0.5)
        wide, deep = w * (1 + o), depth * (1 + o)
        whole = Metres.root(wide, deep, h + t)
        x, y = (wide - w) / 2, (deep - depth) * d.between(0.3, 0.9)
        nodes = [block(other, whole.box(z1=t), d.one_of("box", "box", "rounded box", "tablet z"), second)]
        place = whole.box(x, x + w, y, y + depth, t)
    elif kind == "board":
        t = d.between(0.08, 0.25) * min(w, h) + 0.003
        wide, high = w * d.between(1.2, 2.6), h * d.between(1.2, 2.6)
        foot = 0.06 * high + 0.002
        deep = max(depth + t, 0.5 * high)
        whole = Metres.root(wide, deep, high)
        x, z = (wide - w) / 2, d.between(0.3, 0.7) * (high - h - foot) + foot
        nodes = [
            block(other, whole.box(y0=deep - t), d.one_of("box", "box", "rounded box"), second),
            block(other, whole.box(z1=foot), "box", second),
        ]
        place = whole.box(x, x + w, deep - t - depth, deep - t, z, z + h)
    elif kind == "column":
        t, r = 0.08 * max(w, depth) + 0.004, d.between(0.1, 0.3) * min(w, depth)
        leg = d.between(0.4, 1.6) * max(w, depth, h)
        side = max(w, depth, 0.55 * (leg + h)) * d.between(1.0, 1.2)
        whole = Metres.root(side, side, t + leg + h)
        c = side / 2
        nodes = [
            block(other, whole.box(z1=t), d.one_of("box", "cylinder z", "cylinder z", "tablet z"), second),
            block(
                other,
                whole.box(c - r, c + r, c - r, c + r, t, t + leg),
                d.one_of("cylinder z", "cylinder z", "box"),
                second,
            ),
        ]
        place = whole.box(c - w / 2, c + w / 2, c - depth / 2, c + depth / 2, t + leg)
    else:
        wide, deep = w * d.between(1.0, 2.2), depth * d.between(1.0, 2.2)
        high = d.between(0.2, 1.2) * min(h, wide, deep)
        whole = Metres.root(wide, deep, high + h)
        x, y = (wide - w) / 2, (deep - depth) * d.between(0.2, 0.8)
        nodes = [block(other, whole.box(z1=high), d.one_of("box", "box", "rounded box"), second)]
        place = whole.box(x, x + w, y, y + depth, high)
    housing = block(colour, place, form, material)
    return Mounted(whole, [*nodes, housing], housing, whole.child(w, depth, h))
