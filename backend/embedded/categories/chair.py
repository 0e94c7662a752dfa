# SPDX-License-Identifier: GPL-3.0-or-later
"""A swivel chair: star base with castors, a column, and a seat that turns."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node, profile
from .metres import Metres


def sample(rng: np.random.Generator) -> Program:
    """Office chair, task stool, bar stool or tulip chair."""
    d = Draw(rng)
    style = d.one_of("office", "office", "office", "task", "stool", "tulip")
    wide = d.between(0.42, 0.56)
    seat_z = d.between(0.42, 0.52) if style != "stool" else d.between(0.45, 0.75)
    thick = d.between(0.05, 0.11)
    back = {"office": d.between(0.5, 0.75), "task": d.between(0.35, 0.5), "tulip": d.between(0.3, 0.5)}.get(
        style, 0.0
    )
    foot = d.between(0.58, 0.7) if style in ("office", "task") else d.between(0.38, 0.5)
    total = seat_z + back if back else seat_z
    m = Metres.root(foot, foot, total)
    c = foot / 2
    cover, frame = d.colour(), d.one_of((0.08, 0.08, 0.09), d.metal(), d.colour())
    cloth = d.one_of("fabric", "leather", "abs")
    under = seat_z - thick
    nodes = _base(d, m, style, foot, under, frame)
    seat: list[Node] = []
    form = "cylinder z" if style == "stool" or (style == "tulip" and d.chance(0.5)) else "rounded box"
    x0, x1 = c - wide / 2, c + wide / 2
    t = m.inside(x0, x1, x0, x1, under, total)
    seat.append(
        node("block", cover, form=form, **t.box(x0, x1, x0, x1, under + 0.012, seat_z), material=cloth)
    )
    depth = d.between(0.04, 0.09)
    if back:
        _back(d, t, seat, x0, x1, depth, seat_z, total, cover, frame, cloth)
    if style == "office" and d.chance(0.75):
        _arms(d, t, seat, x0, x1, under, seat_z, frame)
    if d.chance(0.4) and style != "tulip":  # the lever that lets the seat down
        seat.append(
            node(
                "pipe",
                frame,
                **t.line((c, c, under + 0.006), (x1 + 0.01, c, under + 0.006)),
                width=m(0.012),
                bow=m(0.01),
                form="straight",
                material="steel",
            )
        )
    seat_node = node(
        "flap",
        frame,
        seat,
        form="pin",
        **m.box(x0, x1, x0, x1, under, total),
        axis="z",
        pivot="middle middle",
        sense="both",
        range=6.4,
        open=d.one_of(0.5, 0.5, d.between(0.4, 0.6), d.between(0, 1)),
        material="steel",
    )
    nodes.append(seat_node)
    return boxed("chair", foot, foot, total, nodes)


def _base(d: Draw, m: Metres, style: str, foot: float, under: float, frame: RGB) -> list[Node]:
    """Star with castors and a gas column, or a round foot."""
    c = foot / 2
    pole = d.between(0.045, 0.06) if style != "tulip" else d.between(0.06, 0.1)
    top = under - 0.006
    if style in ("office", "task"):
        arm = d.between(0.035, 0.05)
        reach = c - 0.035
        z = d.between(0.07, 0.1)
        wheel = 0.05
        nodes = [
            node(
                "strut",
                frame,
                **m.line((c, c, z + 0.035), (c, c - reach, z)),
                width=m(arm),
                form=d.one_of("tapered", "square", "round"),
                copies="five around",
                material=d.one_of("nylon", "aluminium"),
            ),
            node(
                "strut",
                d.near((0.1, 0.1, 0.1)),
                **m.line((c, c - reach, 0.0), (c, c - reach, z)),
                width=m(wheel),
                form="round",
                copies="five around",
                material="nylon",
            ),
        ]
        low = z
    else:
        r = 0.98 * c
        h = d.between(0.015, 0.035)
        nodes = [
            node(
                "turned",
                frame,
                **m.box(c - r, c + r, c - r, c + r, 0, 3 * h),
                **profile(1, 1, 0.8, 0.5, 0.3, 0.2),
                wall=m(0.01),
                form="solid",
                material="cast iron",
            )
        ]
        if style == "stool" and d.chance(0.6):
            f = d.between(0.12, 0.2)
            nodes.append(
                node(
                    "ring",
                    frame,
                    **m.box(c - f, c + f, c - f, c + f, 0.3 * under, 0.3 * under + 0.02),
                    axis="z",
                    width=m(0.02),
                    form="round bar",
                    fill="open",
                    material="steel",
                )
            )
            nodes.append(
                node(
                    "strut",
                    frame,
                    **m.line((c, c, 0.3 * under + 0.01), (c, c - f, 0.3 * under + 0.01)),
                    width=m(0.015),
                    form="round",
                    copies="four around",
                    material="steel",
                )
            )
        low = h
    nodes.append(
        node(
            "block",
            d.near(frame, 0.2),
            form="cylinder z",
            **m.box(c - pole / 2, c + pole / 2, c - pole / 2, c + pole / 2, low, top),
            material="steel",
        )
    )
    return nodes


def _back(
    d: Draw,
    t: Metres,
    seat: list[Node],
    x0: float,
    x1: float,
    depth: float,
    seat_z: float,
    total: float,
    cover: RGB,
    frame: RGB,
    cloth: str,
) -> None:
    """Backrest on a bent bar, or straight up from the seat; perhaps a headrest."""
    y1 = x1  # the seat is square
    inset = d.between(0.0, 0.06)
    gap = d.between(0.0, 0.16)
    low = seat_z + gap
    seat.append(
        node(
            "block",
            cover if d.chance(0.7) else d.near(cover, 0.3),
            form=d.one_of("rounded box", "rounded box", "box"),
            **t.box(x0 + inset, x1 - inset, y1 - depth, y1, low, total),
            material=cloth,
        )
    )
    c = (x0 + x1) / 2
    if gap > 0.01:
        seat.append(
            node(
                "pipe",
                frame,
                **t.line((c, y1 - 0.1, seat_z - 0.03), (c, y1 - depth / 2 + 0.01, low + 0.1)),
                width=t(d.between(0.025, 0.05)),
                bow=t(0.08),
                form="across, then up",
                material="steel",
            )
        )


def _arms(
    d: Draw, t: Metres, seat: list[Node], x0: float, x1: float, under: float, seat_z: float, frame: RGB
) -> None:
    """Two arm rests on posts beside the seat."""
    up = seat_z + d.between(0.16, 0.24)
    out = d.between(0.01, 0.05)
    c = (x0 + x1) / 2
    form = d.one_of("square", "round", "flat")
    seat.append(
        node(
            "strut",
            frame,
            **t.line((x1 - 0.03, c, under + 0.01), (x1 + out, c, up)),
            width=t(d.between(0.025, 0.045)),
            form=form,
            copies="mirrored in x",
            material="nylon",
        )
    )
    long = d.between(0.2, 0.3)
    seat.append(
        node(
            "strut",
            d.near((0.1, 0.1, 0.1)),
            **t.line((x1 + out, c - long / 2, up), (x1 + out, c + long / 2, up)),
            width=t(d.between(0.05, 0.08)),
            form="flat",
            copies="mirrored in x",
            material="polyurethane foam",
        )
    )


CATEGORY = Category("chair", "Swivel chair", sample, bulk=400)
