# SPDX-License-Identifier: GPL-3.0-or-later
"""A push button or emergency stop on a housing."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, node
from .metres import Metres
from .mounting import mounted
from .palette import contrast
from .pieces import block, plain_plate


def sample(rng: np.random.Generator) -> Program:
    """A box, drum or plate with one or a few buttons on its front or top; alone or mounted."""
    d = Draw(rng)
    size = d.log_between(0.04, 0.4)
    face = d.one_of("front", "front", "front", "top", "top")
    w = size
    if face == "front":
        h, depth = size * d.between(0.6, 1.6), size * d.between(0.25, 1.4)
    else:
        depth, h = size * d.between(0.6, 1.4), size * d.between(0.2, 1.0)
    body, cover = d.pair()
    if d.chance(0.4):
        cover = d.colour()
    form = d.one_of("box", "box", "rounded box", "tablet y" if face == "front" else "tablet z")
    if face == "top" and d.chance(0.25):
        form, depth = "cylinder z", w
    material = d.one_of("abs", "abs", "steel", "aluminium")
    stand = mounted(d, w, depth, h, body, form, material, alone=0.6)
    own = stand.own
    host, flush = stand.housing, True
    if d.chance(0.45) and form in ("box", "rounded box"):  # two-tone housing: a cover over the face
        host = _cover(d, own, face, cover, form, material)
        stand.housing.children.append(host)
        flush = False
    across, up = own.face_size(face)
    nodes = _buttons(d, own, face, across, up, cover if not flush else body)
    # a cover that is a plate has a face of its own; its children are placed on that
    host.children += nodes
    return stand.whole.program("push_button", stand.nodes)


def _cover(d: Draw, own: Metres, face: str, colour: RGB, form: str, material: str) -> Node:
    """A block over the front or top of the housing, as wide as it or a little wider."""
    o = d.between(0.0, 0.05)
    t = d.between(0.05, 0.24)
    if face == "front":
        place = own.box(-o * own.w, (1 + o) * own.w, -t * own.d, 0.02 * own.d, -o * own.h, own.h * (1 + o))
        if d.chance(0.6):  # or it would lift the housing off its foot
            place["z0"] = 0.0
    else:
        place = own.box(
            -o * own.w, (1 + o) * own.w, -o * own.d, (1 + o) * own.d, 0.98 * own.h, (1 + t) * own.h
        )
    return block(colour, place, form, material)


def _buttons(d: Draw, own: Metres, face: str, across: float, up: float, ground: RGB) -> list[Node]:
    """The buttons, perhaps in a round or square seat, with a ring around or a label beside."""
    count = 1 if d.chance(0.75) else d.whole(2, 4)
    r = min(across, up) * d.between(0.1, 0.4) / (1 if count == 1 else 1.5)
    cu, cv = (0.5, 0.5) if d.chance(0.75) else (d.between(0.38, 0.62), d.between(0.35, 0.65))
    pitch = min(2.6 * r, (max(across, up) - 2.2 * r) / max(count - 1, 1))
    r = min(r, 0.46 * pitch) if count > 1 else r
    span = (count - 1) * pitch / 2
    along_u = across >= up
    ru, rv = (r + span, r) if along_u else (r, r + span)
    u = min(max(cu * across, ru * 1.05), across - 1.05 * ru)
    v = min(max(cv * up, rv * 1.05), up - 1.05 * rv)
    red = d.one_of(
        (0.75, 0.08, 0.08),
        (0.75, 0.08, 0.08),
        (0.1, 0.5, 0.15),
        (0.1, 0.2, 0.7),
        d.colour(),
        contrast(d, ground),
    )
    stemmed = d.chance(0.5)
    form = (
        d.one_of("mushroom", "mushroom", "round", "dome", "box")
        if stemmed
        else d.one_of("round", "round", "dome", "box")
    )
    nodes: list[Node] = []
    if d.chance(0.4) and not stemmed:  # a seat under the buttons, thinner than their clearance
        f = d.between(1.15, 1.5)
        nodes.append(
            plain_plate(
                d.one_of(contrast(d, ground), d.metal(), (0.85, 0.75, 0.1)),
                own.about(face, u, v, min(f * ru, u, across - u), min(f * rv, v, up - v)),
                0.002,
                "disc" if count == 1 and d.chance(0.7) else "box",
                "steel",
            )
        )
    stem = r * d.between(0.5, 2.6) if stemmed else 0.0
    nodes.append(
        node(
            "button",
            (red, d.one_of((0.1, 0.1, 0.1), d.metal(), d.colour())),
            **own.about(face, u, v, ru, rv),
            columns=count if along_u else 1,
            rows=1 if along_u else count,
            depth=own(r * d.between(0.25, 1.1)),
            stem=max(own(stem), 0.002),
            form=form,
            travel=d.between(0.3, 0.9),
            open=d.opened(),
            material="abs",
        )
    )
    if d.chance(0.2) and up > across:
        nodes.append(
            plain_plate(
                d.one_of((0.9, 0.9, 0.88), (0.85, 0.75, 0.1)),
                own.region(
                    face,
                    0.15 * across,
                    0.85 * across,
                    max(v - rv - 0.16 * up, 0.02 * up),
                    max(v - rv - 0.06 * up, 0.06 * up),
                ),
                0.002,
                "box",
                "cardboard",
            )
        )
    return nodes


CATEGORY = Category("push_button", "Push button on a housing", sample, bulk=900, weight=2.0)
