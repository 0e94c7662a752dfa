# SPDX-License-Identifier: GPL-3.0-or-later
"""A wall switch: rockers, toggles, a rotary switch, a slider or keys on a plate or in a box."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .palette import contrast
from .pieces import block, plain_plate


def sample(rng: np.random.Generator) -> Program:
    """A plate with one to four rockers or toggles, or another way to switch; perhaps on a larger board."""
    d = Draw(rng)
    h = d.between(0.06, 0.16)
    count = d.one_of(1, 1, 1, 2, 2, 3, 4)
    w = h * (d.between(0.6, 1.1) if count == 1 else d.between(0.8, 0.5 + 0.45 * count))
    depth = h * (d.between(0.06, 0.3) if d.chance(0.8) else d.between(0.3, 0.6))
    plate = d.one_of((0.93, 0.93, 0.9), (0.93, 0.93, 0.9), d.colour())
    form = d.one_of("box", "rounded box", "tablet y")
    if d.chance(0.25):  # on a board
        f, t = d.between(1.2, 2.4), 0.12 * h
        whole = Metres.root(w * f, depth + t, h * f)
        x, z = (f - 1) / 2 * w, (f - 1) / 2 * h
        housing = block(plate, whole.box(x, x + w, 0, depth, z, z + h), form)
        board = block(d.colour(), whole.box(y0=depth), "box", d.one_of("oak", "steel", "abs"))
        nodes = [board, housing]
    else:
        whole = Metres.root(w, depth, h)
        housing = block(plate, whole.box(), form)
        nodes = [housing]
    own = whole.child(w, depth, h)
    lever = d.near(plate, 0.1) if d.chance(0.5) else contrast(d, plate) if d.chance(0.6) else d.colour()
    kind = d.one_of("rocker", "rocker", "rocker", "toggle", "toggle", "rotary", "slider", "keys")
    housing.children += _control(d, own, kind, count, lever, plate)
    return whole.program("switch", nodes)


def _control(d: Draw, own: Metres, kind: str, count: int, colour: RGB, plate: RGB) -> list[Node]:
    w, h = own.w, own.h
    if kind == "rotary":
        r = d.between(0.2, 0.36) * min(w / min(count, 2), h)
        cols = min(count, 2)
        return [
            node(
                "dial",
                (colour, contrast(d, colour)),
                **own.about("front", w / 2, h / 2, min(cols * r * 1.15, 0.48 * w), r),
                columns=cols,
                rows=1,
                depth=own(r * d.between(0.4, 0.9)),
                top=d.between(0.7, 1.0),
                ridge=d.one_of(0.0, 0.5, 0.7),
                ridge_width=d.between(0.15, 0.4),
                range=d.one_of(1.6, 3.0, 4.7),
                open=d.opened(),
                material="abs",
            )
        ]
    if kind == "slider":
        s = 0.06 * w
        slot = plain_plate((0.08, 0.08, 0.08), own.about("front", w / 2, h / 2, s, 0.36 * h), 0.002)
        grip = node(
            "slider",
            colour,
            **own.about("front", w / 2, 0.25 * h, d.between(1.5, 4.0) * s, 0.07 * h),
            depth=own(d.between(0.08, 0.16) * h),
            form="block",
            way="up",
            travel=own(0.5 * h),
            open=d.opened(),
            material="abs",
        )
        return [slot, grip]
    if kind == "keys":
        rows = d.whole(1, 3)
        return [
            node(
                "button",
                (colour, plate),
                **own.region("front", 0.16 * w, 0.84 * w, 0.16 * h, 0.84 * h),
                columns=min(count, 3),
                rows=rows,
                depth=own(d.between(0.04, 0.1) * h),
                stem=0.002,
                form=d.one_of("box", "box", "round", "dome"),
                travel=d.between(0.3, 0.8),
                open=0.0,
                material="abs",
            )
        ]
    rocker = kind == "rocker"
    mu, mv = (d.between(0.08, 0.3), d.between(0.1, 0.3)) if rocker else (0.5 - 0.1 * count, 0.4)
    mu = max(mu, 0.08)
    out: list[Node] = [
        node(
            "lever",
            colour,
            **own.region("front", mu * w, (1 - mu) * w, mv * h, (1 - mv) * h),
            columns=count,
            rows=1,
            depth=own(h * (d.between(0.05, 0.12) if rocker else d.between(0.12, 0.3))),
            width=own(h * d.between(0.04, 0.09)),
            axis="across",
            grip="rocker" if rocker else d.one_of("none", "ball"),
            range=d.between(0.4, 1.2),
            open=d.one_of(0.0, 1.0),
            material="abs",
        )
    ]
    if d.chance(0.3):  # a frame, thinner than the levers' clearance
        e = 0.05
        place = own.region("front", (mu - e) * w, (1 - mu + e) * w, (mv - e) * h, (1 - mv + e) * h)
        out.append(plain_plate(d.near(plate, 0.1), place, 0.002))
    return out


CATEGORY = Category("switch", "Wall switch", sample, bulk=1500, fixed_base=True, weight=2.0)
