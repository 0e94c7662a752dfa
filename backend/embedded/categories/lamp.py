# SPDX-License-Identifier: GPL-3.0-or-later
"""A lamp: with a jointed arm, with a bent neck, or with a shade on a foot or a floor stand."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, filling, node, profile
from .metres import Metres, Six

WARM: RGB = (1.0, 0.95, 0.75)
_HEADS = (
    (1, 0.92, 0.8, 0.6, 0.4, 0.3),
    (1, 1, 0.95, 0.8, 0.55, 0.3),
    (1, 0.85, 0.7, 0.55, 0.4, 0.28),
    (1, 1, 1, 1, 1, 0.6),
)
_STEMS = (
    (0.8, 1, 0.95, 0.6, 0.35, 0.25),
    (1, 0.7, 0.9, 0.8, 0.4, 0.3),
    (1, 0.5, 0.3, 0.25, 0.3, 0.3),
    (0.7, 1, 1, 0.7, 0.4, 0.2),
    (0.6, 0.9, 1, 0.9, 0.6, 0.25),
)


def sample(rng: np.random.Generator) -> Program:
    """Desk lamps of two arms, bent-neck lamps, table and floor lamps with a shade and a switch."""
    d = Draw(rng)
    style = d.one_of("desk", "desk", "table", "table", "floor", "neck")
    if style == "desk":
        return _desk(d)
    if style == "neck":
        return _neck(d)
    return _shaded(d, floor=style == "floor")


def _foot(d: Draw, m: Metres, cx: float, cy: float, r: float, h: float, colour: RGB) -> Node:
    """A heavy round or square base, perhaps with a switch before the stem."""
    box = (cx - r, cx + r, cy - r, cy + r, 0.0, h)
    switch = []
    if d.chance(0.5):
        k, y = d.between(0.1, 0.16) * r, cy - 0.45 * r
        form = d.one_of("round", "box", "dome")
        switch = [
            node(
                "button",
                d.colour(),
                **m.inside(*box).on("top", cx - k, cx + k, y - k, y + k),
                columns=1,
                rows=1,
                depth=m(0.004),
                stem=m(0.004),
                form=form,
                travel=0.5,
                open=0.0,
                material="abs",
            )
        ]
    form = d.one_of("cylinder z", "cylinder z", "cone", "box")
    return node("block", colour, switch, form=form, **m.box(*box), material="cast iron")


def _hinged(
    m: Metres, box: Six, pivot: str, reach: float, opened: float, colour: RGB, children: list[Node]
) -> Node:
    """What turns about a level line from front to back."""
    return node(
        "flap",
        colour,
        children,
        form="pin",
        **m.box(*box),
        axis="y",
        pivot=pivot,
        sense="both",
        range=reach,
        open=opened,
        material="steel",
    )


def _head(d: Draw, colour: RGB) -> list[Node]:
    """A shade with its opening down, and the lit glass in it: children of the head's box."""
    return [
        node(
            "turned",
            colour,
            **filling(z0=0.06),
            **profile(*d.one_of(*_HEADS)),
            wall=0.006,
            form="closed",
            material="abs",
        ),
        node(
            "block",
            WARM,
            form="cylinder z",
            **filling(0.1, 0.9, 0.1, 0.9, 0.0, 0.1),
            material="polycarbonate",
        ),
    ]


def _desk(d: Draw) -> Program:
    """Base, upright arm, level arm, head; every one of them hinged to the one before."""
    upright, level = d.between(0.25, 0.42), d.between(0.2, 0.36)
    arm = d.between(0.012, 0.025)
    r, foot = d.between(0.08, 0.11), d.between(0.025, 0.045)
    shade = d.between(0.09, 0.16)
    tall = shade * d.between(0.6, 1.1)
    width, deep, high = r + level + shade / 2, 2 * r, foot + upright + arm
    m = Metres.root(width, deep, high)
    colour = d.colour()
    metal = colour if d.chance(0.4) else d.one_of(d.metal(), (0.08, 0.08, 0.09))
    c, low = deep / 2, foot + 0.004
    beam = high - arm / 2  # height of the level arm
    y0, y1 = c - shade / 2, c + shade / 2
    tip = r + level
    gap = 0.004 + 0.14 * shade  # the shade's edge rises when it tilts
    head = (tip - shade / 2, tip + shade / 2, y0, y1, beam - arm / 2 - gap - tall, beam - arm / 2 - gap)
    outer = (r, head[1], y0, y1, head[4], high)
    whole = (r, head[1], y0, y1, low, high)
    form = d.one_of("square", "round")
    inner_host, outer_host = m.inside(*whole), m.inside(*outer)

    def beam_of(host: Metres, a: tuple[float, float, float], b: tuple[float, float, float]) -> Node:
        return node(
            "strut", metal, **host.line(a, b), width=m(arm), form=form, copies="one", material="aluminium"
        )

    tilting = _hinged(
        outer_host, head, "middle high", d.between(0.5, 0.9), d.between(0, 1), metal, _head(d, colour)
    )
    boom = beam_of(outer_host, (r + 0.5 * arm, c, beam), (tip, c, beam))
    # the pivot lines run through the ends of the arms
    swinging = _hinged(
        inner_host, outer, "low high", d.between(0.4, 0.8), d.between(0, 1), metal, [boom, tilting]
    )
    stem = beam_of(inner_host, (r, c, low), (r, c, beam - arm))
    lifting = _hinged(m, whole, "low low", d.between(0.3, 0.6), d.between(0, 1), metal, [stem, swinging])
    nodes = [_foot(d, m, r, c, r, foot, d.near(colour) if d.chance(0.5) else metal), lifting]
    return boxed("lamp", width, deep, high, nodes)


def _neck(d: Draw) -> Program:
    """A bent neck on a heavy foot, a head that tilts at its end."""
    high, reach = d.between(0.32, 0.55), d.between(0.14, 0.26)
    r, foot = d.between(0.08, 0.11), d.between(0.025, 0.04)
    shade = d.between(0.08, 0.14)
    tall = shade * d.between(0.6, 1.1)
    width, deep = r + reach + shade / 2, 2 * r
    m = Metres.root(width, deep, high)
    colour = d.colour()
    neck = d.one_of(d.metal(), colour, (0.1, 0.1, 0.1))
    c, x = deep / 2, r + reach
    top = high - reach / 2 * d.between(0.8, 1.3)
    z = top - d.between(0.0, 0.3) * (top - foot - tall)
    head = (x - shade / 2, x + shade / 2, c - shade / 2, c + shade / 2, z - tall, z)
    nodes = [
        _foot(d, m, r, c, r, foot, d.near(colour)),
        node(
            "pipe",
            neck,
            **m.line((r, c, foot), (x, c, z + 0.004)),
            width=m(d.between(0.01, 0.02)),
            bow=m(high - z),
            form="gooseneck",
            material="steel",
        ),
        _hinged(m, head, "middle high", d.between(0.5, 1.0), d.between(0, 1), neck, _head(d, colour)),
    ]
    return boxed("lamp", width, deep, high, nodes)


def _shaded(d: Draw, *, floor: bool) -> Program:
    """Foot, stem and a shade, and a knob below the shade that switches it."""
    high = d.between(1.2, 1.75) if floor else d.between(0.3, 0.65)
    shade = high * (d.between(0.18, 0.3) if floor else d.between(0.42, 0.68))
    tall = shade * d.between(0.5, 0.95) if floor else min(shade * d.between(0.5, 0.95), 0.46 * high)
    r = max(shade * (d.between(0.35, 0.5) if floor else d.between(0.22, 0.4)), 0.12 * high)
    width = max(shade, 2 * r)
    m = Metres.root(width, width, high)
    c, s = width / 2, shade / 2
    body = d.colour()
    stem = d.between(0.012, 0.03) * (1.0 if floor else 0.8)
    nodes, start = _stand(d, m, c, r, high, tall, stem, body, floor)
    nodes.append(
        node(
            "block",
            d.one_of(body, d.metal()),
            form="cylinder z",
            **m.box(c - stem / 2, c + stem / 2, c - stem / 2, c + stem / 2, start, high - 0.2 * tall),
            material="brass",
        )
    )
    cloth = d.one_of((0.93, 0.88, 0.78), (0.85, 0.8, 0.7), (0.95, 0.95, 0.93), d.colour())
    upper = d.one_of(1.0, d.between(0.4, 0.9), d.between(0.6, 0.95))
    nodes.append(
        node(
            "turned",
            cloth,
            **m.box(c - s, c + s, c - s, c + s, high - tall, high),
            **profile(*(1 - (1 - upper) * k / 5 for k in range(6))),
            wall=m(0.004),
            form=d.one_of("solid", "open"),
            material=d.one_of("paper", "fabric"),
        )
    )
    k = 0.012 * (1.6 if floor else 1.0)
    z = max(high - tall - 2 * k, start)
    turn = node(
        "dial",
        (d.one_of((0.1, 0.1, 0.1), d.metal()), (0.8, 0.8, 0.8)),
        **m.inside(c - k, c + k, c - k, c + k, z - k, z + k).on(
            "front", c - 0.7 * k, c + 0.7 * k, z - 0.7 * k, z + 0.7 * k
        ),
        columns=1,
        rows=1,
        depth=m(1.2 * k),
        top=0.9,
        ridge=0.5,
        ridge_width=0.3,
        range=1.5,
        open=d.opened(),
        material="abs",
    )
    nodes.append(
        node(
            "block",
            d.metal(),
            [turn],
            form="cylinder z",
            **m.box(c - k, c + k, c - k, c + k, z - k, z + k),
            material="brass",
        )
    )
    return boxed("lamp", width, width, high, nodes)


def _stand(
    d: Draw, m: Metres, c: float, r: float, high: float, tall: float, stem: float, body: RGB, floor: bool
) -> tuple[list[Node], float]:
    """What the stem stands on, and the height it starts at."""
    if not floor and d.chance(0.55):
        top = high - tall - 0.012
        turned = node(
            "turned",
            body,
            **m.box(c - r, c + r, c - r, c + r, 0, top),
            **profile(*d.one_of(*_STEMS)),
            wall=m(0.01),
            form="solid",
            material=d.one_of("ceramic", "ceramic", "walnut", "glass"),
        )
        return [turned], top
    if floor and d.chance(0.35):
        start = 0.35 * high
        leg = node(
            "strut",
            body,
            **m.line((c, c, start), (c, c - 0.96 * c, 0.0)),
            width=m(1.2 * stem),
            form=d.one_of("round", "square", "tapered"),
            copies="three around",
            material="oak",
        )
        return [leg], start
    h = d.between(0.02, 0.05)
    return [_foot(d, m, c, c, r, h, body)], h


CATEGORY = Category("lamp", "Desk, table or floor lamp", sample, bulk=2500)
