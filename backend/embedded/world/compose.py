# SPDX-License-Identifier: GPL-3.0-or-later
"""Components on unfamiliar bodies: now and then an object gets one more control, handle or label where there is room.

What is learned from such objects is what a dial looks like, not that ovens have dials.
"""

from __future__ import annotations

import numpy as np

from physx_blender.geometry.pose import Array

from ..categories import CATEGORIES
from ..categories.base import Draw, node, on
from ..program.build import collect, placed_bounds
from ..program.node import Node, Program

_LEAST_VOLUME = 0.35  # of the root box, of the body that gets it
_LEAST_SIDE = 0.04  # m, of the face; a control on a smaller one would be too light to be driven
_CLEARANCE = 0.05  # of the object's size, around the new piece
_FORMS = (0.0, 1.0)  # of a block: box and rounded box
_FACES = ("left", "right", "back", "front", "top")
_TRIES = 3  # places on each face


def compose(program: Program, rng: np.random.Generator) -> Program:
    """The program with one more component on a body, or as it is where there is no room; the faces are tried in any order."""
    d = Draw(rng)
    for host in sorted((n for n in program.nodes if _is_body(n)), key=_volume, reverse=True):
        at = program.nodes.index(host)
        for k in rng.permutation(len(_FACES) * _TRIES):
            face = _FACES[int(k) % len(_FACES)]
            if face == "back" and CATEGORIES[program.category].fixed_base:  # the wall is there
                continue
            if _least_side(program, host, face) < _LEAST_SIDE:
                continue
            changed = program.copy()
            piece = _piece(d, face)
            changed.nodes[at].children.append(piece)
            if _has_room(changed, changed.nodes[at], piece):
                return changed
    return program


def _is_body(n: Node) -> bool:
    solid = n.kind == "carcass" or (n.kind == "block" and n.values["form"] in _FORMS)
    return solid and _volume(n) >= _LEAST_VOLUME


def _least_side(program: Program, n: Node, face: str) -> float:
    """Shorter side (m) of a face of a body."""
    across = {"left": "yz", "right": "yz", "top": "xy"}.get(face, "xz")
    sides = (abs(n.values[f"{a}1"] - n.values[f"{a}0"]) * program.box["xyz".index(a)] for a in across)
    return program.size * min(sides)


def _volume(n: Node) -> float:
    if "x0" not in n.values:
        return 0.0
    return float(np.prod([abs(n.values[f"{a}1"] - n.values[f"{a}0"]) for a in "xyz"]))


def _piece(d: Draw, face: str) -> Node:
    """A control, a handle or a label in the middle part of a face."""
    u, v, r = d.between(0.3, 0.7), d.between(0.25, 0.75), d.between(0.05, 0.14)
    place = on(face, u - r, u + r, v - r, v + r)
    colour = d.colour()
    kind = d.one_of("button", "dial", "lever", "wheel", "knob_handle", "bar_handle", "plate")
    material = d.one_of("abs", "steel")
    if kind == "button":
        return node(
            "button", colour, **place, columns=d.whole(1, 3), rows=d.whole(1, 2), depth=d.between(0.01, 0.03), stem=0.006,
            form=d.one_of("box", "round", "dome", "mushroom"), travel=0.5, open=0.0, material=material,
        )  # fmt: skip
    if kind == "dial":
        return node(
            "dial", (colour, d.colour()), **place, columns=d.whole(1, 2), rows=1, depth=d.between(0.015, 0.05),
            top=d.between(0.7, 1.0), ridge=d.one_of(0.0, 0.4), ridge_width=0.2, range=d.between(1.5, 6.0), open=d.opened(),
            material=material,
        )  # fmt: skip
    if kind == "lever":
        return node(
            "lever", colour, **place, columns=1, rows=1, depth=d.between(0.05, 0.12), width=d.between(0.015, 0.03),
            axis=d.one_of("across", "up", "normal"), grip=d.one_of("none", "ball", "bar"), range=d.between(0.6, 1.6),
            open=d.opened(), material=material,
        )  # fmt: skip
    if kind == "wheel":
        return node(
            "wheel", colour, **place, columns=1, rows=1, depth=d.between(0.015, 0.03), stem=d.between(0.02, 0.06),
            form=d.one_of("disc", "rim"), open=0.0, material=material,
        )  # fmt: skip
    if kind == "knob_handle":
        form = d.one_of("ball", "disc", "block")
        return node("knob_handle", colour, **place, depth=d.between(0.02, 0.05), form=form, material=material)
    if kind == "bar_handle":
        return node(
            "bar_handle", colour, **place, depth=d.between(0.03, 0.06), width=d.between(0.008, 0.02),
            form=d.one_of("round", "square"), material=material,
        )  # fmt: skip
    return node(
        "plate",
        colour,
        **place,
        columns=1,
        rows=1,
        depth=0.003,
        form=d.one_of("box", "disc"),
        material="paper",
    )


def _has_room(program: Program, host: Node, piece: Node) -> bool:
    """Whether the parts of a piece keep clear of all others but of the body that they sit on."""
    build = collect(program)
    margin = _CLEARANCE * program.size
    added: list[tuple[Array, Array]] = []
    others: list[tuple[Array, Array]] = []
    for part, owner in zip(build.parts, build.node_of_part, strict=True):
        if owner is not host:
            boxes = added if owner is piece else others
            boxes += [placed_bounds(placed) for placed in part.shapes]
    return all(
        bool((low - margin > there[1]).any() or (high + margin < there[0]).any())
        for low, high in added
        for there in others
    )
