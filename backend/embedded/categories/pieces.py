# SPDX-License-Identifier: GPL-3.0-or-later
"""The simplest pieces: plates, solids, posts and fields of keys."""

from __future__ import annotations

from ..program.node import RGB, Node
from .base import Draw, node


def plain_plate(
    colour: RGB, place: dict[str, float], depth: float, form: str = "box", material: str = "abs"
) -> Node:
    """One flat piece on a face; `depth` is a share of the object's longest side."""
    return node("plate", colour, **place, columns=1, rows=1, depth=depth, form=form, material=material)


def block(colour: RGB, place: dict[str, float], form: str = "box", material: str = "abs") -> Node:
    """A solid between two corners."""
    return node("block", colour, form=form, **place, material=material)


def posts(
    colour: RGB,
    place: dict[str, float],
    length: float,
    width: float,
    *,
    columns: int = 1,
    rows: int = 1,
    form: str = "round",
    material: str = "abs",
) -> Node:
    """Posts out of a face; lengths are shares of the object's longest side."""
    return node(
        "post",
        colour,
        **place,
        columns=columns,
        rows=rows,
        length=length,
        width=width,
        form=form,
        material=material,
    )


def keys(
    d: Draw,
    colour: RGB | tuple[RGB, RGB],
    place: dict[str, float],
    *,
    columns: int,
    rows: int,
    depth: float,
    form: str | None = None,
    material: str = "abs",
) -> Node:
    """A field of push buttons at rest; `depth` is a share of the object's longest side."""
    return node(
        "button",
        colour,
        **place,
        columns=columns,
        rows=rows,
        depth=depth,
        stem=0.002,
        form=form or d.one_of("box", "box", "round"),
        travel=d.between(0.3, 0.5),
        open=0.0,
        material=material,
    )
