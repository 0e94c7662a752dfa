# SPDX-License-Identifier: GPL-3.0-or-later
"""A kettle: on the stove with a bail, or electric with a lid, a handle and a switch."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, node, profile
from .metres import Metres

_ROUND = (
    (0.9, 1, 0.97, 0.86, 0.68, 0.45),
    (0.85, 1, 1, 0.9, 0.7, 0.4),
    (1, 0.98, 0.92, 0.82, 0.7, 0.55),
    (0.7, 0.95, 1, 0.95, 0.75, 0.42),
)
_TALL = (
    (1, 0.98, 0.93, 0.87, 0.8, 0.74),
    (1, 1, 1, 0.97, 0.92, 0.86),
    (0.95, 1, 0.97, 0.9, 0.82, 0.76),
    (0.85, 0.9, 0.94, 0.97, 0.99, 1),
)


def sample(rng: np.random.Generator) -> Program:
    """Stove kettles and tea pots with a lid that lifts; electric ones with a lid that tips up."""
    d = Draw(rng)
    return _electric(d) if d.chance(0.5) else _stove(d)


def _stove(d: Draw) -> Program:
    wide = d.between(0.17, 0.24)
    high = wide * d.between(0.55, 0.8)
    swing = d.chance(0.6)
    cover = d.between(0.014, 0.026)
    rise = max(wide * d.between(0.5, 0.75), 3 * cover + 0.07)  # the lid comes out below the handle
    out = wide * d.between(0.22, 0.35)
    total = high + rise
    width = wide + out
    m = Metres.root(width, wide, total)
    body = d.one_of(d.metal(), d.colour(), d.colour())
    dark = d.one_of((0.08, 0.08, 0.08), d.metal(), (0.45, 0.28, 0.15), d.colour())
    material = d.one_of("stainless steel", "steel", "ceramic", "cast iron")
    c, y = wide / 2, wide / 2
    radii = d.one_of(*_ROUND)
    top = radii[5] * wide / 2
    box = (0.0, wide, 0.0, wide, 0.0, high)
    pot = m.inside(*box)
    k = 0.012 + 0.02 * wide
    lid = node(
        "cap",
        d.near(body, 0.1) if d.chance(0.7) else dark,
        [
            node(
                "knob_handle",
                dark,
                face=4,
                u0=0.5 - k / top / 2,
                u1=0.5 + k / top / 2,
                v0=0.5 - k / top / 2,
                v1=0.5 + k / top / 2,
                depth=m(d.between(0.02, 0.03)),
                form=d.one_of("ball", "disc"),
                material="abs",
            )
        ],
        **pot.on("top", c - 0.95 * top, c + 0.95 * top, y - 0.95 * top, y + 0.95 * top),
        depth=m(cover),
        form=d.one_of("dome", "cone", "disc"),
        motion="lift",
        open=0.0 if d.chance(0.7) else d.between(0, 0.5),
        material=material,
    )
    nodes: list[Node] = [
        node(
            "turned",
            body,
            [lid],
            **m.box(*box),
            **profile(*radii),
            wall=m(0.003),
            form="open",
            material=material,
        ),
        node(
            "pipe",
            d.near(body, 0.05),
            **m.line(
                (c + 0.42 * wide, y, high * d.between(0.3, 0.5)),
                (width - 0.01, y, high * d.between(0.85, 1.05)),
            ),
            width=m(d.between(0.022, 0.035)),
            bow=m(0.05),
            form=d.one_of("curve", "straight", "across, then up"),
            material=material,
        ),
    ]
    side = d.between(0.34, 0.42) * wide
    z = high * d.between(0.72, 0.85)
    if swing:
        for x in (c - side, c + side):
            nodes.append(
                node(
                    "block",
                    d.metal(),
                    form="box",
                    **m.box(x - 0.006, x + 0.006, y - 0.012, y + 0.012, z - 0.03, z + 0.01),
                    material="steel",
                )
            )
        nodes.append(
            node(
                "bail",
                (d.metal() if d.chance(0.5) else dark, dark),
                **m.on("front", c - side - 0.016, c + side + 0.016, z, total),
                width=m(d.between(0.008, 0.014)),
                hinge="bottom",
                plane="middle of the host",
                form=d.one_of("square with grip", "arch with grip", "arch", "square"),
                range=d.between(0.6, 1.4),
                open=d.one_of(0.5, 0.5, d.between(0, 1)),
                material="steel",
            )
        )
    else:
        nodes.append(
            node(
                "pipe",
                dark,
                **m.line((c - side, y, z), (c + side, y, z)),
                width=m(d.between(0.014, 0.024)),
                bow=m(total - z - 0.012),
                form="gooseneck",
                material="abs",
            )
        )
    return boxed("kettle", width, wide, total, nodes)


def _electric(d: Draw) -> Program:
    wide = d.between(0.13, 0.17)
    high = wide * d.between(1.15, 1.7)
    base = d.between(0.018, 0.03)
    out, grip = wide * d.between(0.35, 0.5), d.between(0.016, 0.026)
    nose = wide * d.between(0.08, 0.16)
    width = nose + wide + out
    cover = d.between(0.012, 0.024)
    total = base + high + cover + 0.004
    m = Metres.root(width, wide, total)
    body = d.one_of(d.metal(), d.colour(), (0.92, 0.92, 0.92), (0.1, 0.1, 0.11))
    dark = d.one_of((0.08, 0.08, 0.09), (0.08, 0.08, 0.09), d.colour())
    material = d.one_of("stainless steel", "polypropylene", "glass")
    x0, x1, c, y = nose, nose + wide, nose + wide / 2, wide / 2
    radii = d.one_of(*_TALL)
    top = radii[5] * wide / 2
    z0, z1 = base, base + high
    attach = radii[4] * wide / 2
    low = radii[1] * wide / 2
    nodes: list[Node] = [
        node(
            "block",
            dark,
            form="cylinder z",
            **m.box(x0, x1, 0, wide, 0, base - 0.003),
            material="polypropylene",
        ),
        node(
            "turned",
            body,
            **m.box(x0, x1, 0, wide, base - 0.003, z1),
            **profile(*radii),
            wall=m(0.003),
            form="open",
            material=material,
        ),
        node(
            "pipe",
            dark,
            **m.line(
                (c + attach - 0.008, y, z1 - 0.06 * high),
                (c + low - 0.008, y, z0 + d.between(0.12, 0.35) * high),
            ),
            width=m(grip),
            bow=m(out - grip / 2),
            form="handle",
            material="polypropylene",
        ),
        node(
            "block",
            d.near(body, 0.05),
            form=d.one_of("wedge", "ellipsoid", "rounded box"),
            **m.box(
                c - top - nose, c - 0.85 * top, y - 0.16 * wide, y + 0.16 * wide, z1 - 0.22 * high, z1 - 0.005
            ),
            material=material,
        ),
    ]
    if d.chance(0.7):
        k = 0.9 * top
        nodes.append(
            node(
                "flap",
                dark,
                [],
                form="cylinder z",
                **m.box(c - k, c + k, y - k, y + k, z1 + 0.003, z1 + 0.003 + cover),
                axis="y",
                pivot="high low",
                sense="forward",
                range=d.between(0.9, 1.3),
                open=0.0 if d.chance(0.6) else d.between(0, 1),
                material="polypropylene",
            )
        )
    else:
        nodes.append(
            node(
                "cap",
                dark,
                [
                    node(
                        "knob_handle",
                        dark,
                        face=4,
                        u0=0.4,
                        u1=0.6,
                        v0=0.4,
                        v1=0.6,
                        depth=m(0.02),
                        form="ball",
                        material="abs",
                    )
                ],
                **m.inside(x0, x1, 0, wide, base, z1).on("top", c - top, c + top, y - top, y + top),
                depth=m(cover),
                form=d.one_of("dome", "disc"),
                motion="lift",
                open=0.0 if d.chance(0.7) else d.between(0, 0.5),
                material="polypropylene",
            )
        )
    if d.chance(0.4):  # the level of the water
        nodes.append(
            node(
                "block",
                (0.6, 0.75, 0.85),
                form="box",
                **m.box(c - 0.012, c + 0.012, 0.01 * wide, 0.1 * wide, z0 + 0.2 * high, z0 + 0.75 * high),
                material="polycarbonate",
            )
        )
    return boxed("kettle", width, wide, total, nodes)


CATEGORY = Category("kettle", "Kettle or teapot", sample, bulk=3500)
