# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing objects in metres: places become shares of a host, lengths become shares of the object."""

from __future__ import annotations

from dataclasses import dataclass

from ..program.fields import FACES
from ..program.node import Node, Program
from .base import boxed, on

Six = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Metres:
    """A host's box in metres: x to the right, y away from the viewer, z up; the root box starts at the origin.

    longest: longest side of the object, what thicknesses are shares of.
    """

    low: tuple[float, float, float]
    size: tuple[float, float, float]
    longest: float

    @staticmethod
    def root(width: float, depth: float, height: float) -> Metres:
        """The root box of an object."""
        return Metres((0.0, 0.0, 0.0), (width, depth, height), max(width, depth, height))

    @property
    def w(self) -> float:
        """Width."""
        return self.size[0]

    @property
    def d(self) -> float:
        """Depth."""
        return self.size[1]

    @property
    def h(self) -> float:
        """Height."""
        return self.size[2]

    def __call__(self, metres: float) -> float:
        """A length as the share of the object that thicknesses are."""
        return metres / self.longest

    def inside(self, x0: float, x1: float, y0: float, y1: float, z0: float, z1: float) -> Metres:
        """The box of a node as a host; places on it are in the same metres."""
        return Metres((x0, y0, z0), (x1 - x0, y1 - y0, z1 - z0), self.longest)

    def child(self, width: float, depth: float, height: float) -> Metres:
        """The box of a node of this size as a host; places on it are measured from its own corner."""
        return Metres((0.0, 0.0, 0.0), (width, depth, height), self.longest)

    def box(
        self,
        x0: float | None = None,
        x1: float | None = None,
        y0: float | None = None,
        y1: float | None = None,
        z0: float | None = None,
        z1: float | None = None,
    ) -> dict[str, float]:
        """Extent of a node that this box hosts; what is left out reaches to the end."""
        ends = {"x0": x0, "x1": x1, "y0": y0, "y1": y1, "z0": z0, "z1": z1}
        out = {}
        for name, value in ends.items():
            k = "xyz".index(name[0])
            out[name] = float(name[1]) if value is None else (value - self.low[k]) / self.size[k]
        return out

    def line(self, a: tuple[float, float, float], b: tuple[float, float, float]) -> dict[str, float]:
        """Extent of a bar or pipe from point a to point b."""
        return self.box(a[0], b[0], a[1], b[1], a[2], b[2])

    def on(self, face: str, a0: float, a1: float, b0: float, b1: float) -> dict[str, float]:
        """Region of a face between metres: a along x (or y, on the left and right), b along z (or y, on top and below)."""
        first, second = _axes(face)
        a = [(v - self.low[first]) / self.size[first] for v in (a0, a1)]
        b = [(v - self.low[second]) / self.size[second] for v in (b0, b1)]
        if face in ("left", "back"):
            a = [1 - a[1], 1 - a[0]]
        if face == "bottom":
            b = [1 - b[1], 1 - b[0]]
        return {"face": float(FACES.index(face)), "u0": a[0], "u1": a[1], "v0": b[0], "v1": b[1]}

    def face_size(self, face: str) -> tuple[float, float]:
        """Width and height of a face."""
        first, second = _axes(face)
        return self.size[first], self.size[second]

    def region(
        self, face: str, u0: float, u1: float, v0: float, v1: float, *, inset: float = 0.0
    ) -> dict[str, float]:
        """Region of a face in metres from its lower left corner as seen from outside, drawn in by `inset`."""
        a, b = self.face_size(face)
        return on(face, (u0 + inset) / a, (u1 - inset) / a, (v0 + inset) / b, (v1 - inset) / b)

    def about(
        self, face: str, u: float, v: float, half_u: float, half_v: float | None = None
    ) -> dict[str, float]:
        """Region of a face about a point that is measured as `region` does."""
        half_v = half_u if half_v is None else half_v
        return self.region(face, u - half_u, u + half_u, v - half_v, v + half_v)

    def program(self, category: str, nodes: list[Node]) -> Program:
        """The program of an object that fills this box."""
        return boxed(category, *self.size, nodes)


def _axes(face: str) -> tuple[int, int]:
    """Which axes run along a face's two sides."""
    return (1 if face in ("left", "right") else 0, 1 if face in ("top", "bottom") else 2)
