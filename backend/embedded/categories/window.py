# SPDX-License-Identifier: GPL-3.0-or-later
"""A window in its frame: sash windows, sliding windows, casements."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node, on
from .common import handle, on_face

GLASS: tuple[RGB, ...] = ((0.6, 0.72, 0.8), (0.75, 0.8, 0.82), (0.45, 0.55, 0.62), (0.3, 0.36, 0.42))


def sample(rng: np.random.Generator) -> Program:
    """A frame of four members, two sashes of which one or both slide, or casements that swing."""
    d = Draw(rng)
    h = d.log_between(0.4, 1.8)
    w = h * d.between(0.5, 1.6)
    depth = min(w, h) * d.between(0.07, 0.22)
    longest = max(w, h)
    colour = d.colour(0.2, 1.0) if d.chance(0.6) else (0.92, 0.92, 0.9)
    glass = d.near(d.one_of(*GLASS))
    material = d.one_of("oak", "aluminium", "abs")
    f = min(w, h) * d.between(0.04, 0.1)
    border = min(w, h) * d.between(0.03, 0.08)
    bars_across, bars_up = (d.whole(0, 2), d.whole(0, 2)) if d.chance(0.6) else (0, 0)
    fu, fv = f / w, f / h
    nodes: list[Node] = [
        node("block", colour, form="box", x0=0, x1=fu, y0=0, y1=1, z0=0, z1=1, material=material),
        node("block", colour, form="box", x0=1 - fu, x1=1, y0=0, y1=1, z0=0, z1=1, material=material),
        node("block", colour, form="box", x0=fu, x1=1 - fu, y0=0, y1=1, z0=1 - fv, z1=1, material=material),
        node("block", colour, form="box", x0=fu, x1=1 - fu, y0=0, y1=1, z0=0, z1=fv, material=material),
    ]
    if d.chance(0.4):  # a sill
        o = d.between(0.0, 0.06)
        nodes.append(
            node(
                "block",
                colour,
                form="box",
                x0=-o,
                x1=1 + o,
                y0=-d.between(0.05, 0.24),
                y1=1,
                z0=-fv * d.between(0.3, 0.9),
                z1=0,
                material=material,
            )
        )
    opened = d.opened()
    style = rng.random()

    def sash(u0: float, u1: float, v0: float, v1: float, layer: float, motion: str, hand: str | None) -> Node:
        # how far it can go before it meets the other end of the frame, as a share of its own length
        free = 1.0
        if motion in ("up", "down"):
            free = min((1 - 2 * fv) / (v1 - v0) - 1, 1.0)
        elif motion in ("left", "right"):
            free = min((1 - 2 * fu) / (u1 - u0) - 1, 1.0)
        children = []
        if hand and d.chance(0.85):
            children = on_face([handle(d, longest, w * (u1 - u0), h * (v1 - v0), hand)], "front")
            if motion in ("up", "down"):
                children[0].values["v0"], children[0].values["v1"] = (
                    0.02,
                    0.02 + min(border / (h * (v1 - v0)), 0.2),
                )
            elif motion in ("left", "right") and d.chance(0.5):
                # on the stile, standing out far enough for a hand to push sideways
                near = min(0.5 * border / (w * (u1 - u0)), 0.1)
                at = near if hand == "right" else 1 - near
                half_v = d.between(0.05, 0.25)
                middle = d.between(0.4, 0.6)
                children[0] = node(
                    "bar_handle",
                    d.metal() if d.chance(0.6) else d.colour(),
                    **on("front", at - 0.6 * near, at + 0.6 * near, middle - half_v, middle + half_v),
                    depth=d.between(0.04, 0.12) * min(w, h) / longest,
                    width=0.7 * border / longest,
                    form=d.one_of("round", "square"),
                    material="steel",
                )
        return node(
            "sash",
            (colour, glass),
            children,
            **on("front", u0, u1, v0, v1),
            layer=layer,
            depth=0.4 * depth / longest,
            border=border / longest,
            bars_across=bars_across,
            bars_up=bars_up,
            motion=motion,
            travel=d.between(0.5, 0.97) * free,
            open=opened if motion != "fixed" else 0.0,
            material=material,
        )

    if style < 0.5:  # sash window: the lower one slides up in front of the upper
        middle = d.between(0.42, 0.58)
        lap = 0.5 * border / h
        nodes.append(sash(fu, 1 - fu, middle - lap, 1 - fv, 0.1, d.one_of("fixed", "fixed", "down"), None))
        nodes.append(sash(fu, 1 - fu, fv, middle + lap, 0.9, "up", "none" if d.chance(0.8) else None))
    elif style < 0.75:  # slides sideways
        middle, lap = d.between(0.45, 0.55), 0.5 * border / w
        mover_left, both = d.chance(0.5), d.chance(0.3)
        nodes.append(
            sash(
                fu,
                middle + lap,
                fv,
                1 - fv,
                0.9 if mover_left else 0.1,
                "right" if mover_left or both else "fixed",
                "left" if mover_left else None,
            )
        )
        nodes.append(
            sash(
                middle - lap,
                1 - fu,
                fv,
                1 - fv,
                0.1 if mover_left else 0.9,
                "left" if not mover_left or both else "fixed",
                None if mover_left else "right",  # a handle of the rear one would bar the way
            )
        )
    elif d.chance(0.5):  # one casement
        hinge = d.one_of("left", "right", "top")
        nodes.append(sash(fu, 1 - fu, fv, 1 - fv, 1.0, f"hinge {hinge}", hinge))
    else:
        nodes.append(sash(fu, 0.5, fv, 1 - fv, 1.0, "hinge left", "left"))
        nodes.append(sash(0.5, 1 - fu, fv, 1 - fv, 1.0, "hinge right", "right"))
    return boxed("window", w, depth, h, nodes)


CATEGORY = Category("window", "Window in its frame", sample, bulk=500, fixed_base=True, weight=2.0)
