# SPDX-License-Identifier: GPL-3.0-or-later
"""A suitcase: a trolley with a handle that pulls out, or a case that lies and opens."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node
from .common import clutter
from .metres import Metres, Six

DARK: RGB = (0.09, 0.09, 0.1)


def sample(rng: np.random.Generator) -> Program:
    """Upright trolleys of two shells; attaché cases, old suitcases and tool cases."""
    d = Draw(rng)
    return _trolley(d) if d.chance(0.55) else _case(d)


def _trolley(d: Draw) -> Program:
    """Two shells on wheels, the front one hinged at its side; a pull handle behind."""
    wide = d.between(0.34, 0.5)
    high = wide * d.between(1.3, 1.6)
    body = wide * d.between(0.45, 0.6)
    wheel = d.between(0.04, 0.055)
    bar = d.between(0.012, 0.018)
    total, deep = wheel + high + 0.035, body + 2 * bar
    m = Metres.root(wide, deep, total)
    colour = d.one_of(DARK, (0.6, 0.61, 0.63), (0.1, 0.2, 0.4), (0.65, 0.1, 0.12), d.colour(), d.colour())
    hard = d.chance(0.65)
    material = d.one_of("polycarbonate", "abs") if hard else "fabric"
    form = d.one_of("rounded box", "rounded box", "pillow")
    split = body * (d.between(0.45, 0.55) if hard else d.between(0.2, 0.35))
    c, top = wide / 2, wheel + high
    rear: Six = (0.0, wide, split, body, wheel, top)
    front: Six = (0.0, wide, 0.0, split - 0.004, wheel, top)
    carry, y = d.between(0.05, 0.07), (split + body) / 2
    x = wide * d.between(0.2, 0.28)
    nodes: list[Node] = [
        node("block", colour, clutter(d, m.longest, "right"), form=form, **m.box(*rear), material=material),
        _castors(m, rear, split + 0.04, body - 0.03, wheel),
        node(
            "bar_handle",
            DARK,
            **m.inside(*rear).on("top", c - carry, c + carry, y - 0.012, y + 0.012),
            depth=m(0.026),
            width=m(0.014),
            form=d.one_of("round", "square"),
            material="polypropylene",
        ),
        node(
            "flap",
            colour,
            [*_face(d, m, front, colour, hard), _castors(m.inside(*front), front, 0, split - 0.004, wheel)],
            form=form,
            **m.box(*front),
            axis="z",
            pivot="low high",
            sense="backward",
            range=d.between(1.0, 1.6),
            open=0.0 if d.chance(0.7) else d.between(0, 1),
            material=material,
        ),
        node(
            "tray",
            (0.7, 0.71, 0.73) if d.chance(0.6) else DARK,
            [],
            form="bow",
            **m.box(x, wide - x, body + 0.004, deep, wheel + 0.15 * high, total),
            way="top",
            wall=m(bar),
            travel=d.between(0.5, 0.75),
            open=d.one_of(0.0, 1.0, d.between(0, 1)),
            material="aluminium",
        ),
    ]
    return boxed("suitcase", wide, deep, total, nodes)


def _castors(m: Metres, box: Six, y0: float, y1: float, wheel: float) -> Node:
    """Feet with wheels under one shell: two, or four when the shell is deep."""
    w = min(0.8 * wheel, 0.7 * (y1 - y0))
    x = box[0] + 0.02 + w / 2
    y = (y0 + y1) / 2
    return node(
        "strut",
        DARK,
        **m.line((x, y, 0.0), (x, y, wheel + 0.02)),
        width=m(w),
        form="round",
        copies="mirrored in x",
        material="nylon",
    )


def _face(d: Draw, m: Metres, front: Six, colour: RGB, hard: bool) -> list[Node]:
    """Ribs of a hard shell, pockets of a soft one."""
    x0, x1, _, _, z0, z1 = front
    host = m.inside(*front)
    wide, high = x1 - x0, z1 - z0
    if hard:
        count, upright = d.whole(3, 8), d.chance(0.7)
        return [
            node(
                "plate",
                d.near(colour, 0.08),
                **host.on("front", x0 + 0.1 * wide, x1 - 0.1 * wide, z0 + 0.1 * high, z1 - 0.1 * high),
                columns=count if upright else 1,
                rows=1 if upright else count,
                depth=m(0.006),
                form="box",
                material="abs",
            )
        ]
    return [
        node(
            "block",
            d.near(colour, 0.15),
            form="rounded box",
            **host.box(
                x0 + 0.08 * wide,
                x1 - 0.08 * wide,
                front[2] - 0.02,
                front[2] + 0.02,
                z0 + a * high,
                z0 + b * high,
            ),
            material="fabric",
        )
        for a, b in ((0.08, 0.5), (0.56, 0.9))[: d.whole(1, 2)]
    ]


def _case(d: Draw) -> Program:
    """A tray and a lid hinged at the back, a handle and two catches in front."""
    wide = d.between(0.34, 0.6)
    deep = wide * d.between(0.6, 0.8)
    high = wide * d.between(0.22, 0.4)
    m = Metres.root(wide, deep, high)
    look = d.one_of("leather", "leather", "metal", "plastic", "wood")
    colour, material = {
        "leather": (d.one_of((0.35, 0.2, 0.1), (0.2, 0.12, 0.08), DARK, d.colour()), "leather"),
        "metal": ((0.7, 0.71, 0.73), "aluminium"),
        "plastic": (d.colour(), "polypropylene"),
        "wood": ((0.55, 0.37, 0.2), "plywood"),
    }[look]
    cut = high * d.between(0.5, 0.72)
    wall = m(0.006)
    seam = 0.002
    low: Six = (0.0, wide, 0.0, deep, 0.0, cut)
    lid: Six = (0.0, wide, 0.0, deep, cut + seam, high)
    metal = d.metal()
    shell: dict[str, float | str] = {"wall": wall, "shelves": 0, "dividers": 0, "material": material}
    base, upper = m.inside(*low), m.inside(*lid)
    whole = dict(zip(("x0", "x1", "y0", "y1", "z0", "z1"), (0.0, 1.0, 0.0, 1.0, 0.0, 1.0), strict=True))
    children: list[Node] = [node("carcass", colour, **whole, opening="bottom", **shell)]
    fixed: list[Node] = clutter(d, m.longest, "front")
    trim = d.near(colour, 0.3) if d.chance(0.5) else metal
    if look in ("leather", "wood") and d.chance(0.6):  # corners or straps
        strap = 0.05 * wide
        for a in (0.16, 0.84):
            x0, x1 = a * wide - strap / 2, a * wide + strap / 2
            children.append(_flat(d, upper, "top", (x0, x1, 0.0, deep), trim, m))
            fixed.append(_flat(d, base, "front", (x0, x1, 0.0, cut), trim, m))
    half, size = d.between(0.05, 0.07), d.between(0.03, 0.05)
    c = wide / 2
    grip = min(size, 0.8 * cut)
    z0 = max(cut - 1.15 * grip, 0.02 * high)
    if d.chance(0.6):
        fixed.append(
            node(
                "bail",
                (DARK if d.chance(0.5) else trim, DARK),
                **base.on("front", c - half, c + half, z0, z0 + grip),
                width=m(0.012),
                hinge="top",
                plane="on the face",
                form=d.one_of("square", "arch", "square with grip"),
                range=d.between(1.3, 1.7),
                open=d.one_of(0.0, 0.0, d.between(0, 1)),
                material="leather",
            )
        )
    else:
        fixed.append(
            node(
                "bar_handle",
                DARK if d.chance(0.5) else trim,
                **base.on("front", c - half, c + half, z0, z0 + 0.018),
                depth=m(0.035),
                width=m(0.014),
                form=d.one_of("round", "square"),
                material="polypropylene",
            )
        )
    w = 0.02
    for a in (0.24, 0.76):
        x = a * wide
        fixed.append(_catch(m, base, (x - w, x + w, cut - 0.035, cut - 0.004), metal))
        children.append(
            _catch(m, upper, (x - 0.7 * w, x + 0.7 * w, cut + 0.004, min(cut + 0.022, high)), metal)
        )
    nodes = [node("carcass", colour, fixed, **m.box(*low), opening="top", **shell)]
    nodes.append(
        node(
            "flap",
            colour,
            children,
            form="pin",
            **m.box(*lid),
            axis="x",
            pivot="high low",
            sense="backward",
            range=d.between(1.3, 1.9),
            open=0.0 if d.chance(0.45) else d.between(0.1, 1.0),
            material="steel",
        )
    )
    return boxed("suitcase", wide, deep, high, nodes)


def _flat(
    d: Draw, host: Metres, face: str, place: tuple[float, float, float, float], colour: RGB, m: Metres
) -> Node:
    return node(
        "plate",
        colour,
        **host.on(face, *place),
        columns=1,
        rows=1,
        depth=m(d.between(0.002, 0.003)),
        form="box",
        material="leather",
    )


def _catch(m: Metres, host: Metres, place: tuple[float, float, float, float], metal: RGB) -> Node:
    return node(
        "plate",
        metal,
        **host.on("front", *place),
        columns=1,
        rows=1,
        depth=m(0.005),
        form="box",
        material="brass",
    )


CATEGORY = Category("suitcase", "Suitcase", sample, bulk=120)
