# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a category in metres: places of a box become shares of it, lengths become shares of the object."""

from __future__ import annotations

from dataclasses import dataclass

from ..program.node import RGB, Node, Program
from .base import Draw, boxed, filling, node, on


@dataclass(frozen=True)
class Bench:
    """A box of w x d x h metres whose corner (left, front, bottom) is the origin; `longest` is the object's side.

    Faces are measured from their lower left corner as seen from outside.
    """

    w: float
    d: float
    h: float
    longest: float = 0.0

    @property
    def size(self) -> float:
        """Longest side of the object."""
        return self.longest or max(self.w, self.d, self.h)

    def child(self, w: float, d: float, h: float) -> Bench:
        """The box of a host of this size on the same object."""
        return Bench(w, d, h, self.size)

    def length(self, metres: float) -> float:
        """A thickness."""
        return metres / self.size

    def extent(
        self,
        x0: float = 0.0,
        x1: float | None = None,
        y0: float = 0.0,
        y1: float | None = None,
        z0: float = 0.0,
        z1: float | None = None,
    ) -> dict[str, float]:
        """Two corners in metres; what is left out reaches to the end."""
        w, d, h = self.w, self.d, self.h
        return filling(
            x0 / w,
            1.0 if x1 is None else x1 / w,
            y0 / d,
            1.0 if y1 is None else y1 / d,
            z0 / h,
            1.0 if z1 is None else z1 / h,
        )

    def face_size(self, face: str) -> tuple[float, float]:
        """Width and height of a face."""
        return {
            "front": (self.w, self.h),
            "back": (self.w, self.h),
            "left": (self.d, self.h),
            "right": (self.d, self.h),
            "top": (self.w, self.d),
            "bottom": (self.w, self.d),
        }[face]

    def region(
        self, face: str, u0: float, u1: float, v0: float, v1: float, *, inset: float = 0.0
    ) -> dict[str, float]:
        """A region of a face in metres, drawn in by `inset`."""
        a, b = self.face_size(face)
        return on(face, (u0 + inset) / a, (u1 - inset) / a, (v0 + inset) / b, (v1 - inset) / b)

    def about(
        self, face: str, u: float, v: float, half_u: float, half_v: float | None = None
    ) -> dict[str, float]:
        """A region of a face about a point, in metres."""
        half_v = half_u if half_v is None else half_v
        return self.region(face, u - half_u, u + half_u, v - half_v, v + half_v)

    def program(self, category: str, nodes: list[Node]) -> Program:
        """The program of an object that fills this box."""
        return boxed(category, self.w, self.d, self.h, nodes)


BLACK: RGB = (0.07, 0.07, 0.08)
WHITE: RGB = (0.92, 0.92, 0.9)
SCREENS: tuple[RGB, ...] = ((0.05, 0.06, 0.08), (0.05, 0.06, 0.08), (0.1, 0.16, 0.26), (0.2, 0.3, 0.3))


def casing(d: Draw) -> RGB:
    """Colour of an appliance's or a device's plastic or metal."""
    v = d.between(0.55, 0.8)
    return d.one_of(
        d.near(BLACK, 0.2),
        d.near((0.16, 0.16, 0.18), 0.2),
        d.near((0.3, 0.31, 0.33), 0.2),
        d.near(WHITE, 0.03),
        d.near(WHITE, 0.06),
        (v, v, v),
        (v, v, v * 1.02),
        d.colour(),
        d.colour(),
    )


def contrast(d: Draw, colour: RGB) -> RGB:
    """A colour that can be told from another."""
    light = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]
    if d.chance(0.25):
        return d.colour(0.5, 1.0) if light < 0.4 else d.colour(0.0, 0.4)
    return d.near((0.8, 0.8, 0.8) if light < 0.4 else (0.12, 0.12, 0.13), 0.12)


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
