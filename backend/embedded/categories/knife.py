# SPDX-License-Identifier: GPL-3.0-or-later
"""A knife: a folding one, a kitchen knife in a sheath that slides off, a cutter with a sliding blade."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node
from .metres import Metres

STEEL: tuple[RGB, ...] = ((0.8, 0.81, 0.83), (0.68, 0.69, 0.7), (0.16, 0.16, 0.17))


def sample(rng: np.random.Generator) -> Program:
    """Lying flat, the handle on the left."""
    d = Draw(rng)
    style = d.one_of("folding", "sheath", "cutter")
    return {"folding": _folding, "sheath": _sheathed, "cutter": _cutter}[style](d)


def _handle_colour(d: Draw) -> tuple[RGB, str]:
    return d.one_of(
        ((0.08, 0.08, 0.09), "nylon"),
        ((0.45, 0.27, 0.14), "walnut"),
        ((0.65, 0.45, 0.26), "oak"),
        ((0.7, 0.08, 0.07), "abs"),
        (d.colour(), "abs"),
        ((0.6, 0.61, 0.63), "aluminium"),
    )


def _folding(d: Draw) -> Program:
    """Two scales with the blade between them; it turns out of the handle's slot."""
    long = d.between(0.08, 0.13)
    wide = long * d.between(0.17, 0.26)
    thick = d.between(0.009, 0.014)
    blade = long * d.between(0.72, 0.82)
    tall = wide * d.between(0.6, 0.75)
    slot = 0.12 * tall + 0.0024
    # the blade lies in the handle, its point to the left of the pivot; unfolded it points to the right
    m = Metres.root(long, wide, thick)
    colour, material = _handle_colour(d)
    steel = d.one_of(*STEEL)
    pivot = long - 0.45 * wide
    c = wide / 2
    scale = (thick - slot) / 2
    form = d.one_of("rounded box", "box")
    nodes: list[Node] = []
    for z0, z1 in ((0.0, scale), (thick - scale, thick)):
        nodes.append(node("block", colour, form=form, **m.box(0, long, 0, wide, z0, z1), material=material))
    # the back spring keeps the scales apart
    nodes.append(
        node(
            "block",
            d.near(steel, 0.2),
            form="box",
            **m.box(0.06 * long, 0.8 * long, 0, 0.12 * wide, scale, thick - scale),
            material="steel",
        )
    )
    r = 0.14 * wide
    for z0, z1 in ((thick, thick + 0.0006),):
        nodes.append(
            node(
                "block",
                d.near(steel),
                form="cylinder z",
                **m.box(pivot - r, pivot + r, c - r, c + r, z0, z1),
                material="brass",
            )
        )
    box = (pivot - blade, pivot + blade, 0.16 * wide, 0.84 * wide, scale, thick - scale)
    b = m.inside(*box)
    y = c + 0.02 * wide
    children = [
        node(
            "strut",
            steel,
            **b.line((pivot + 0.2 * tall, y, thick / 2), (pivot - blade, y, thick / 2)),
            width=m(tall),
            form="blade, edge left" if d.chance(0.5) else "blade, edge right",
            copies="one",
            material="stainless steel",
        )
    ]
    nodes.append(
        node(
            "flap",
            steel,
            children,
            form="pin",
            **m.box(*box),
            axis="z",
            pivot="middle middle",
            sense="backward",
            range=3.1,
            open=d.one_of(1.0, 1.0, 0.0, d.between(0.2, 1.0), d.between(0.4, 1.0), d.between(0.5, 1.0)),
            material="stainless steel",
        )
    )
    return boxed("knife", long, wide, thick, nodes)


def _sheathed(d: Draw) -> Program:
    """A kitchen or hunting knife whose sheath slides off to the right."""
    long = d.log_between(0.18, 0.34)
    handle = long * d.between(0.34, 0.45)
    wide = max(long * d.between(0.1, 0.16), 0.026)
    thick = max(long * d.between(0.05, 0.07), 0.012)
    m = Metres.root(long, wide, thick)
    colour, material = _handle_colour(d)
    steel = d.one_of(*STEEL)
    tall = wide * d.between(0.68, 0.8)
    c, z = wide / 2, thick / 2
    grip = 0.7 * wide
    nodes: list[Node] = [
        node(
            "block",
            colour,
            form=d.one_of("rounded box", "cylinder x", "box"),
            **m.box(0, handle, c - grip / 2, c + grip / 2, 0, thick),
            material=material,
        ),
        node(
            "strut",
            steel,
            **m.line((handle - 0.01, c, z), (long - 0.004, c, z)),
            width=m(tall),
            form=d.one_of("blade, edge left", "blade, edge right"),
            copies="one",
            material="stainless steel",
        ),
    ]
    if d.chance(0.5):
        nodes.append(
            node(
                "block",
                d.near(steel, 0.2),
                form="box",
                **m.box(handle, handle + 0.006, c - 0.5 * wide, c + 0.5 * wide, 0, thick),
                material="brass",
            )
        )
    cover, made = d.one_of(
        ((0.35, 0.2, 0.1), "leather"), ((0.08, 0.08, 0.08), "nylon"), (d.colour(), "polypropylene")
    )
    nodes.append(
        node(
            "tray",
            cover,
            [],
            form="square sleeve",
            **m.box(handle + 0.012, long + 0.004, 0, wide, 0, thick),
            way="right",
            wall=m(0.0016),
            travel=d.between(0.7, 1.0),
            open=d.one_of(0.0, d.between(0.3, 1.0), 1.0),
            material=made,
        )
    )
    return boxed("knife", long, wide, thick, nodes)


def _cutter(d: Draw) -> Program:
    """A utility knife: a blade on a carrier slides out of a flat handle by a thumb slide."""
    long = d.between(0.13, 0.18)
    wide = d.between(0.02, 0.034)
    thick = d.between(0.012, 0.018)
    m = Metres.root(long, wide, thick)
    colour = d.one_of((0.95, 0.75, 0.05), (0.75, 0.1, 0.08), (0.1, 0.25, 0.6), d.colour(), (0.1, 0.1, 0.1))
    dark = (0.08, 0.08, 0.09)
    slot = 0.0036
    z0, z1 = thick / 2 - slot / 2, thick / 2 + slot / 2
    ridge = 0.16 * wide
    c = wide / 2
    split = 0.14 * wide  # half of the slot for the thumb
    nodes: list[Node] = [
        node(
            "block",
            colour,
            form=d.one_of("rounded box", "box"),
            **m.box(0, long, 0, wide, 0, z0),
            material="abs",
        )
    ]
    for a, b in ((0.0, c - split), (c + split, wide)):
        nodes.append(node("block", colour, form="box", **m.box(0, long, a, b, z1, thick), material="abs"))
    for a, b in ((0.0, ridge), (wide - ridge, wide)):
        nodes.append(
            node(
                "block",
                d.near(colour, 0.1),
                form="box",
                **m.box(0.02 * long, 0.96 * long, a, b, z0, z1),
                material="steel",
            )
        )
    travel = d.between(0.35, 0.55)
    slide = 0.5 * long
    carrier = (
        long - 0.01 - slide,
        long - 0.01,
        ridge + 0.0006,
        wide - ridge - 0.0006,
        z0 + 0.0004,
        z1 - 0.0004,
    )
    inner = m.inside(*carrier)
    t0 = carrier[0] + 0.02
    thumb = node(
        "block",
        dark,
        form="box",
        **inner.box(t0, t0 + 0.022, c - 0.6 * split, c + 0.6 * split, z1 - 0.001, thick + 0.003),
        material="abs",
    )
    nodes.append(
        node(
            "tray",
            (0.78, 0.79, 0.8),
            [thumb],
            form="box",
            **m.box(*carrier),
            way="right",
            wall=m(0.001),
            travel=travel,
            open=d.one_of(0.0, 1.0, d.between(0.2, 1.0)),
            material="stainless steel",
        )
    )
    return boxed("knife", long, wide, thick, nodes)


CATEGORY = Category("knife", "Knife that folds, slides out or has a sheath", sample, flat=True)
