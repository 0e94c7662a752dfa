# SPDX-License-Identifier: GPL-3.0-or-later
"""A folding chair: a slanting main frame with the back, rear legs and a seat that fold against it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node
from .metres import Metres

At = Callable[[float], float]


def sample(rng: np.random.Generator) -> Program:
    """Steel, wooden and padded folding chairs, and low stools without a back."""
    d = Draw(rng)
    stool = d.chance(0.2)
    wide = d.between(0.36, 0.48)
    seat = d.between(0.42, 0.48) if not stool else d.between(0.3, 0.5)
    high = d.between(0.74, 0.9) if not stool else seat + 0.05
    wood = d.chance(0.4)
    bar = d.between(0.028, 0.045) if wood else d.between(0.018, 0.028)
    form = d.one_of("on edge", "square") if wood else d.one_of("round", "round", "square")
    frame = d.colour() if wood else d.one_of(d.metal(), d.colour(), (0.08, 0.08, 0.09))
    if wood and d.chance(0.7):
        frame = d.one_of((0.72, 0.52, 0.32), (0.5, 0.32, 0.18), (0.82, 0.66, 0.46))
    cover = frame if d.chance(0.4) else d.colour()
    cloth = "pine" if wood else d.one_of("polypropylene", "steel", "fabric", "leather")
    deep = d.between(0.44, 0.54)
    lean = (
        deep * d.between(0.62, 0.8) if not stool else deep * 0.92
    )  # how far the frame leans back at its top
    m = Metres.root(wide, deep, high)
    wood_or_steel = "oak" if wood else "steel"
    x = 1.5 * bar  # of the main frame's bars
    thick = max(d.between(0.015, 0.05) if not wood else d.between(0.012, 0.025), 0.012)

    def at(z: float) -> float:
        """Depth of the middle of the main frame at a height."""
        return bar / 2 + (lean - bar / 2) * z / high

    nodes: list[Node] = [
        node(
            "strut",
            frame,
            **m.line((x, at(0), _foot(form, bar, high, at(high) - at(0))), (x, at(high), high - bar / 2)),
            width=m(bar),
            form=form,
            copies="mirrored in x",
            material=wood_or_steel,
        )
    ]
    if stool:
        nodes.append(_cross(m, frame, x, wide - x, at(0.1 * high), 0.1 * high + 0.02, bar, wood_or_steel))
    else:
        nodes += _back(d, m, x, wide, at, seat, high, bar, cover, cloth, wood)
        nodes.append(_cross(m, frame, x, wide - x, at(0.12 * high), 0.12 * high, bar, wood_or_steel))
    front = max(0.0, at(seat) - d.between(0.26, 0.32)) if not stool else 0.0
    nodes.append(_seat(d, m, x, wide, at(seat), front, seat, thick, bar, cover, frame, cloth, wood))
    nodes.append(_rear(d, m, wide, at, seat, thick, deep, bar, frame, form, wood_or_steel))
    return boxed("folding_chair", wide, deep, high, nodes)


def _cross(
    m: Metres, colour: RGB, x0: float, x1: float, y: float, z: float, bar: float, material: str
) -> Node:
    return node(
        "strut",
        colour,
        **m.line((x0, y, z), (x1, y, z)),
        width=m(0.7 * bar),
        form="round",
        copies="one",
        material=material,
    )


def _back(
    d: Draw,
    m: Metres,
    x: float,
    wide: float,
    at: At,
    seat: float,
    high: float,
    bar: float,
    cover: RGB,
    cloth: str,
    wood: bool,
) -> list[Node]:
    """One broad board between the bars, or a few slats."""
    count = d.one_of(1, 1, 2, 3)
    room = (high - seat) * d.between(0.45, 0.7)
    low = high - room
    step = room / count
    out = []
    for k in range(count):
        z0, z1 = low + k * step, low + (k + (1.0 if count == 1 else 0.65)) * step
        y = at((z0 + z1) / 2)
        out.append(
            node(
                "block",
                cover,
                form="rounded box" if not wood else "box",
                **m.box(x, wide - x, y - 0.35 * bar, y + 0.35 * bar, z0, z1),
                material=cloth,
            )
        )
    return out


def _seat(
    d: Draw,
    m: Metres,
    x: float,
    wide: float,
    back: float,
    front: float,
    seat: float,
    thick: float,
    bar: float,
    cover: RGB,
    frame: RGB,
    cloth: str,
    wood: bool,
) -> Node:
    """The seat, hinged to the main frame; it tips up against the back."""
    clear = 0.7 * bar
    x0, x1 = x + clear, wide - x - clear
    box = (x0, x1, front, back, seat - thick, seat)
    slats = wood and d.chance(0.6)
    children = []
    if slats:
        s = m.inside(*box)
        count = d.whole(4, 6)
        region = s.on("top", x0, x1, front, back)
        region |= {"v0": 0.0, "v1": 1.0}
        children = [
            node(
                "plate",
                cover,
                **region,
                columns=1,
                rows=count,
                depth=m(0.012),
                form="box",
                material="pine",
            )
        ]
    return node(
        "flap",
        cover if not slats else frame,
        children,
        form="box" if slats or wood else d.one_of("box", "rounded box"),
        **m.box(*box),
        axis="x",
        pivot="high low",
        sense="backward",
        range=d.between(0.7, 1.0),
        open=0.0 if d.chance(0.75) else d.between(0, 1),
        material=cloth,
    )


def _rear(
    d: Draw,
    m: Metres,
    wide: float,
    at: At,
    seat: float,
    thick: float,
    deep: float,
    bar: float,
    frame: RGB,
    form: str,
    material: str,
) -> Node:
    """Rear legs outside the main frame, hinged below the seat; they swing forward."""
    top = seat - thick - 0.5 * bar
    y = at(top)
    r = m.inside(0, wide, y, deep, 0, top)
    legs = node(
        "strut",
        frame,
        **r.line((0.5 * bar, y, top), (0.5 * bar, deep - bar / 2, _foot(form, bar, top, deep - bar / 2 - y))),
        width=m(bar),
        form=form,
        copies="mirrored in x",
        material=material,
    )
    z = 0.18 * top
    yc = y + (deep - bar / 2 - y) * (1 - z / top)
    cross = node(
        "strut",
        frame,
        **r.line((0.5 * bar, yc, z), (wide - 0.5 * bar, yc, z)),
        width=m(0.7 * bar),
        form="round",
        copies="one",
        material=material,
    )
    return node(
        "flap",
        frame,
        [legs, cross],
        form="pin",
        **m.box(0, wide, y, deep, 0, top),
        axis="x",
        pivot="low high",
        sense="backward",
        range=d.between(0.3, 0.5),
        open=0.0 if d.chance(0.8) else d.between(0, 1),
        material="steel",
    )


def _foot(form: str, bar: float, rise: float, run: float) -> float:
    """Height of the end of a slanting bar whose lowest point stands on the floor."""
    length = math.hypot(rise, run)
    if form == "round":
        return bar / 2 * (1 - rise / length)
    return bar / 2 * abs(run) / length


CATEGORY = Category("folding_chair", "Folding chair", sample, bulk=1800)
