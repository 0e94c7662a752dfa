# SPDX-License-Identifier: GPL-3.0-or-later
"""A housing with a handle to press, lift or pull: a lever box, a machine's hand lever."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on


def sample(rng: np.random.Generator) -> Program:
    """Housing with a slot and a grip on an arm that slides up or down (or sideways), or a lever that swings."""
    d = Draw(rng)
    w = d.log_between(0.06, 0.35)
    h, depth = w * d.between(0.7, 1.7), w * d.between(0.6, 1.4)
    longest = max(w, h, depth)
    body, grip = d.colour(), d.one_of((0.7, 0.08, 0.08), d.colour(), d.colour())
    material = d.one_of("steel", "steel", "abs", "aluminium")
    nodes: list[Node] = [
        node(
            "block",
            body,
            form=d.one_of("box", "arch", "arch", "wedge", "rounded box"),
            **filling(),
            material=material,
        )
    ]
    slot = d.between(0.12, 0.3)
    dark = d.near((0.08, 0.08, 0.08))
    s0, s1 = d.between(0.08, 0.3), d.between(0.6, 0.85)
    # the slot lies along the grip's way: a picture shows where a grip can go by its slot
    sliding = d.chance(0.7)
    way = d.one_of("down", "down", "down", "up", "left", "right") if sliding else "down"
    upright = way in ("up", "down")
    slot_place = (0.5 - slot, 0.5 + slot, s0, s1) if upright else (s0, s1, 0.5 - slot, 0.5 + slot)
    if d.chance(0.7):
        nodes.append(
            node(
                "plate",
                dark if d.chance(0.6) else d.near(body, 0.2),
                **on("front", *slot_place),
                columns=1,
                rows=1,
                depth=0.002,  # thinner than the grip's clearance
                form="box",
                material=material,
            )
        )
    if sliding:
        high = d.between(0.55, 0.75) if way == "down" else d.between(0.25, 0.45) if way == "up" else 0.5
        half_u = d.between(0.15, 0.5)
        half_v = d.between(0.04, 0.1)
        if not upright:
            half_u, half_v = d.between(0.05, 0.12), d.between(0.08, 0.3)
        reach = d.between(0.25, 0.9) * w
        form = (
            d.one_of("arm, grip across", "arm, grip across", "arm, grip across", "arm, ball", "block")
            if upright
            else d.one_of("arm, ball", "block")
        )
        reach = min(reach, (0.4 if form == "block" else 1.0) * depth)  # or it would pull the housing over
        nodes.append(
            node(
                "slider",
                grip,
                **on("front", 0.5 - half_u, 0.5 + half_u, high - half_v, high + half_v),
                depth=reach / longest,
                form=form,
                way=way,
                travel=d.between(0.2, 0.45) * h / longest,
                open=d.opened(),
                material=material,
            )
        )
    else:
        nodes.append(
            node(
                "lever",
                grip,
                **on("front", 0.5 - 0.5 * slot, 0.5 + 0.5 * slot, 0.42, 0.58),
                columns=1,
                rows=1,
                depth=d.between(0.4, 1.0) * w / longest,
                width=d.between(0.06, 0.14) * w / longest,
                axis=d.one_of("across", "across", "up"),
                grip=d.one_of("ball", "bar", "none"),
                range=d.between(0.8, 2.2),
                open=d.opened(),
                material=material,
            )
        )
    if d.chance(0.35):  # a foot plate
        o = d.between(0.05, 0.2)
        nodes.append(
            node(
                "plate",
                body,
                **on("bottom", -o, 1 + o, -o * 0.6, 1 + o * 0.6),
                columns=1,
                rows=1,
                depth=d.between(0.02, 0.06),
                form="box",
                material=material,
            )
        )
    return boxed("press_lever", w, depth, h, nodes)


CATEGORY = Category(
    "press_lever", "Hand lever or press handle on a housing", sample, solidity=0.3, weight=2.0
)
