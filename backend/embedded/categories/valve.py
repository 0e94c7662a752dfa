# SPDX-License-Identifier: GPL-3.0-or-later
"""A valve or tap: a pipe with a hand wheel or a lever."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on
from .mounting import mounted


def sample(rng: np.random.Generator) -> Program:
    """A pipe along x with a neck on top; a wheel, or a quarter-turn lever, turns about the upright axis."""
    d = Draw(rng)
    if d.chance(0.4):
        return _on_a_housing(d)
    w = d.log_between(0.08, 0.4)
    thick = w * d.between(0.18, 0.4)
    h = thick * d.between(1.3, 2.2)
    body = d.one_of(d.metal(), d.colour())
    hand = d.one_of((0.7, 0.1, 0.1), (0.1, 0.2, 0.6), d.colour(), d.metal())
    z1 = thick / h
    neck = d.between(0.3, 0.7) * thick / w / 2
    nodes: list[Node] = [
        node("block", body, form="cylinder x", **filling(z1=z1), material="brass"),
        node(
            "block",
            body,
            form="cylinder z",
            x0=0.5 - neck,
            x1=0.5 + neck,
            y0=0.5 - neck * w / thick,
            y1=0.5 + neck * w / thick,
            z0=0.5 * z1,
            z1=1,
            material="brass",
        ),
    ]
    if d.chance(0.5):
        f = d.between(0.06, 0.12)
        for x0 in (0.0, 1 - f):
            nodes.append(
                node(
                    "block",
                    d.near(body),
                    form="cylinder x",
                    x0=x0,
                    x1=x0 + f,
                    y0=-0.2,
                    y1=1.2,
                    z0=-0.2 * z1,
                    z1=1.2 * z1,
                    material="brass",
                )
            )
    if d.chance(0.5):
        r = d.between(0.16, 0.4)
        ry = min(r * w / thick, 0.75)
        r = ry * thick / w
        nodes.append(
            node(
                "wheel",
                hand,
                **on("top", 0.5 - r, 0.5 + r, 0.5 - ry, 0.5 + ry),
                columns=1,
                rows=1,
                depth=d.between(0.04, 0.1),
                stem=d.between(0.04, 0.14),
                form=d.one_of("rim", "rim", "disc"),
                open=0.0,
                material="steel",
            )
        )
    else:
        long = d.between(0.3, 0.6)
        a = 0.5 - 0.06
        wide = 0.5 * neck * w / thick
        nodes.append(
            node(
                "lever",
                hand,
                **on("top", a, a + long, 0.5 - wide, 0.5 + wide),
                columns=1,
                rows=1,
                depth=d.between(0.06, 0.15),
                width=d.between(0.06, 0.12),
                axis="normal",
                grip=d.one_of("none", "ball"),
                range=d.between(1.5, 3.1),
                open=d.one_of(0.0, 0.0, 1.0),
                material="steel",
            )
        )
    return boxed("valve", w, thick, h, nodes)


def _on_a_housing(d: Draw) -> Program:
    """A hand wheel or a quarter-turn lever on the front or top of a box, a drum or a plate."""
    w = d.log_between(0.06, 0.4)
    face = d.one_of("front", "top", "top")
    depth, h = (w * d.between(0.3, 1.1), w * d.between(0.7, 1.5))
    if face == "top":
        depth, h = w * d.between(0.7, 1.3), w * d.between(0.25, 1.2)
    body = d.one_of(d.metal(), d.colour(), d.colour())
    hand = d.one_of((0.7, 0.1, 0.1), (0.1, 0.2, 0.6), (0.85, 0.7, 0.1), d.colour(), d.metal())
    form = d.one_of("box", "rounded box", "tablet y" if face == "front" else "cylinder z")
    if form == "cylinder z":
        depth = w
    stand = mounted(d, w, depth, h, body, form, d.one_of("steel", "abs", "brass"), alone=0.5)
    own = stand.own
    a, b = own.face_size(face)
    r = min(a, b) * d.between(0.2, 0.5)
    stem = own(r * d.between(0.15, 0.6))
    if d.chance(0.65):
        turned = node(
            "wheel",
            hand,
            **own.about(face, a / 2, b / 2, r),
            columns=1,
            rows=1,
            depth=own(r * d.between(0.15, 0.35)),
            stem=stem,
            form=d.one_of("rim", "rim", "rim", "disc"),
            open=0.0,
            material="steel",
        )
    else:
        t = r * d.between(0.12, 0.3)
        turned = node(
            "lever",
            hand,
            **own.region(face, a / 2 - t / 2, min(a / 2 + 1.4 * r, 1.2 * a), b / 2 - t / 2, b / 2 + t / 2),
            columns=1,
            rows=1,
            depth=own(r * d.between(0.3, 0.7)),
            width=own(t),
            axis="normal",
            grip=d.one_of("none", "ball"),
            range=d.between(1.5, 3.1),
            open=d.one_of(0.0, 0.0, 1.0),
            material="steel",
        )
    stand.housing.children.append(turned)
    return stand.whole.program("valve", stand.nodes)


CATEGORY = Category("valve", "Valve with a hand wheel or lever", sample, bulk=2500, weight=2.0)
