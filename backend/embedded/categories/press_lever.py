# SPDX-License-Identifier: GPL-3.0-or-later
"""A housing with a handle to press, lift or pull: a lever box, a machine's hand lever."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .mounting import mounted
from .palette import contrast
from .pieces import plain_plate


def sample(rng: np.random.Generator) -> Program:
    """Housing with a slot and a grip that slides along it, or a lever that swings."""
    d = Draw(rng)
    w = d.log_between(0.06, 0.4)
    h, depth = w * d.between(0.7, 1.9), w * d.between(0.6, 1.6)
    body = d.colour()
    grip = d.one_of((0.7, 0.08, 0.08), (0.7, 0.08, 0.08), contrast(d, body), d.colour(), d.metal())
    material = d.one_of("steel", "steel", "abs", "aluminium")
    form = d.one_of("box", "box", "arch", "arch", "wedge", "rounded box")
    stand = mounted(d, w, depth, h, body, form, material, alone=0.7)
    own, children = stand.own, stand.housing.children
    sliding = d.chance(0.7)
    way = d.one_of("down", "down", "down", "up", "left", "right") if sliding else "down"
    upright = way in ("up", "down")
    slot = d.between(0.05, 0.3)
    s0, s1 = d.between(0.06, 0.3), d.between(0.6, 0.92)
    # the slot lies along the grip's way: a picture shows where a grip can go by its slot
    a, b = (0.5 - slot, 0.5 + slot), (s0, s1)
    if not upright:
        a, b = b, a
    if d.chance(0.7):
        children.append(
            plain_plate(
                d.near((0.08, 0.08, 0.08)) if d.chance(0.6) else d.near(body, 0.2),
                own.region("front", a[0] * w, a[1] * w, b[0] * h, b[1] * h),
                0.002,  # thinner than the grip's clearance
                "box",
                material,
            )
        )
    if sliding:
        children.append(_slider(d, own, grip, way, material))
    elif d.chance(0.6):
        children.append(_swinging(d, own, grip, slot, material))
    else:
        children.append(_side_arm(d, own, grip, material))
    return stand.whole.program("press_lever", stand.nodes)


def _slider(d: Draw, own: Metres, grip: RGB, way: str, material: str) -> Node:
    """A bar across, a ball on an arm, or a block."""
    w, h, depth = own.w, own.h, own.d
    upright = way in ("up", "down")
    high = d.between(0.55, 0.8) if way == "down" else d.between(0.2, 0.45) if way == "up" else 0.5
    half_u, half_v = d.between(0.12, 0.5), d.between(0.03, 0.1)
    if not upright:
        half_u, half_v = d.between(0.05, 0.12), d.between(0.08, 0.3)
    form = (
        d.one_of("arm, grip across", "arm, grip across", "arm, grip across", "arm, ball", "block")
        if upright
        else d.one_of("arm, ball", "block")
    )
    # or it would pull the housing over
    reach = min(d.between(0.2, 0.9) * w, (0.4 if form == "block" else 1.0) * depth)
    return node(
        "slider",
        grip,
        **own.region(
            "front", (0.5 - half_u) * w, (0.5 + half_u) * w, (high - half_v) * h, (high + half_v) * h
        ),
        depth=own(reach),
        form=form,
        way=way,
        travel=own(d.between(0.2, 0.45) * h),
        open=d.opened(),
        material=material,
    )


def _swinging(d: Draw, own: Metres, grip: RGB, slot: float, material: str) -> Node:
    """A lever out of the front or the top that tips."""
    face = d.one_of("front", "front", "top")
    a, b = own.face_size(face)
    return node(
        "lever",
        grip,
        **own.region(face, (0.5 - 0.5 * slot) * a, (0.5 + 0.5 * slot) * a, 0.42 * b, 0.58 * b),
        columns=1,
        rows=1,
        depth=own(d.between(0.4, 1.0) * own.w),
        width=own(d.between(0.06, 0.14) * own.w),
        axis=d.one_of("across", "across", "up"),
        grip=d.one_of("ball", "bar", "none"),
        range=d.between(0.8, 2.2),
        open=d.opened(),
        material=material,
    )


def _side_arm(d: Draw, own: Metres, grip: RGB, material: str) -> Node:
    """An arm on a spindle at the side or the front, with a knob: a slot machine's, a mill's."""
    face = d.one_of("left", "right", "right", "front")
    a, b = own.face_size(face)
    t = d.between(0.07, 0.16) * min(a, b)
    u, v = d.between(0.4, 0.6) * a, d.between(0.35, 0.6) * b
    long = d.between(0.5, 1.0) * (b - v) + 0.2 * b
    return node(
        "lever",
        grip,
        **own.region(face, u - t / 2, u + t / 2, v, min(v + long, 1.24 * b)),
        columns=1,
        rows=1,
        depth=own(d.between(0.8, 2.0) * t + 0.01),
        width=own(t),
        axis="normal",
        grip=d.one_of("ball", "ball", "none"),
        range=d.between(0.8, 2.4),
        open=d.opened(),
        material=material,
    )


CATEGORY = Category("press_lever", "Hand lever or press handle on a housing", sample, bulk=300, weight=2.0)
