# SPDX-License-Identifier: GPL-3.0-or-later
"""A push button or emergency stop on a housing."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, filling, node, on


def sample(rng: np.random.Generator) -> Program:
    """A box or drum with one or a few buttons on its front or top."""
    d = Draw(rng)
    size = d.log_between(0.05, 0.3)
    w, h = size, size * d.between(0.6, 1.6)
    depth = size * d.between(0.4, 1.4)
    face = d.one_of("front", "front", "top")
    body, cover = d.pair()
    if d.chance(0.4):
        cover = d.colour()
    if face == "top":
        depth, h = h, depth * 0.8
    nodes: list[Node] = []
    form = d.one_of("box", "box", "rounded box")
    if d.chance(0.3) and face == "top":
        form, depth = "cylinder z", w
    material = d.one_of("abs", "abs", "steel", "aluminium")
    if d.chance(0.5) and form != "cylinder z":  # two-tone housing
        share = d.between(0.2, 0.7)
        if face == "front":
            nodes.append(node("block", cover, form=form, **filling(y1=share), material=material))
            e = d.between(0.0, 0.04)
            nodes.append(
                node("block", body, form="box", **filling(e, 1 - e, share, 1, e, 1 - e), material=material)
            )
        else:
            nodes.append(node("block", cover, form=form, **filling(z0=1 - share), material=material))
            e = d.between(0.0, 0.04)
            nodes.append(
                node(
                    "block", body, form="box", **filling(e, 1 - e, e, 1 - e, 0, 1 - share), material=material
                )
            )
    else:
        nodes.append(node("block", body, form=form, **filling(), material=material))
    across, up = (w, h) if face == "front" else (w, depth)
    count = 1 if d.chance(0.75) else d.whole(2, 3)
    r = min(across, up) * d.between(0.12, 0.36) / (1 if count == 1 else 1.4)
    bu, bv = r / across, r / up
    cu, cv = (0.5, 0.5) if d.chance(0.8) else (d.between(0.4, 0.6), d.between(0.35, 0.65))
    longest = max(w, depth, h)
    head = r * d.between(0.25, 0.9)
    mushroom = d.chance(0.55)
    stem = r * d.between(0.5, 2.6) if mushroom else 0.002
    red = d.one_of((0.75, 0.08, 0.08), (0.75, 0.08, 0.08), (0.1, 0.5, 0.15), d.colour(), d.colour())
    pitch = 2.6 * r
    span = (count - 1) * pitch / 2
    along_u = across >= up
    ru, rv = (bu + span / across, bv) if along_u else (bu, bv + span / up)
    ru, rv = min(ru, 0.48), min(rv, 0.48)
    nodes.append(
        node(
            "button",
            (red, d.one_of((0.1, 0.1, 0.1), d.metal(), d.colour())),
            **on(face, cu - ru, cu + ru, cv - rv, cv + rv),
            columns=count if along_u else 1,
            rows=1 if along_u else count,
            depth=head / longest,
            stem=stem / longest,
            form=("mushroom" if mushroom else d.one_of("round", "round", "dome", "box")),
            travel=d.between(0.3, 0.9),
            open=d.opened(),
            material="abs",
        )
    )
    return boxed("push_button", w, depth, h, nodes)


CATEGORY = Category("push_button", "Push button on a housing", sample, solidity=0.35, weight=2.0)
