# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing objects in metres: from places in a common frame to shares of a host."""

from __future__ import annotations

from dataclasses import dataclass

from ..program.fields import FACES

Six = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Metres:
    """A host's box in metres: x to the right, y away from the viewer, z up; the root box starts at the origin.

    longest: longest side of the root box, what thicknesses are shares of.
    """

    low: tuple[float, float, float]
    size: tuple[float, float, float]
    longest: float

    @staticmethod
    def root(width: float, depth: float, height: float) -> Metres:
        """The root box of an object."""
        return Metres((0.0, 0.0, 0.0), (width, depth, height), max(width, depth, height))

    def __call__(self, metres: float) -> float:
        """A length as the share of the object that thicknesses are."""
        return metres / self.longest

    def box(self, x0: float, x1: float, y0: float, y1: float, z0: float, z1: float) -> dict[str, float]:
        """Extent of a node that this box hosts."""
        ends = ((x0, x1), (y0, y1), (z0, z1))
        out = {}
        for k, (axis, pair) in enumerate(zip("xyz", ends, strict=True)):
            for end, value in zip("01", pair, strict=True):
                out[axis + end] = (value - self.low[k]) / self.size[k]
        return out

    def line(self, a: tuple[float, float, float], b: tuple[float, float, float]) -> dict[str, float]:
        """Extent of a bar or pipe from point a to point b."""
        return self.box(a[0], b[0], a[1], b[1], a[2], b[2])

    def inside(self, x0: float, x1: float, y0: float, y1: float, z0: float, z1: float) -> Metres:
        """The box of a node as a host; places on it are in the same metres."""
        return Metres((x0, y0, z0), (x1 - x0, y1 - y0, z1 - z0), self.longest)

    def on(self, face: str, a0: float, a1: float, b0: float, b1: float) -> dict[str, float]:
        """Region of a face between metres: a along x (or y, on the left and right), b along z (or y, on top and below)."""
        first = 1 if face in ("left", "right") else 0
        second = 1 if face in ("top", "bottom") else 2
        a = [(v - self.low[first]) / self.size[first] for v in (a0, a1)]
        b = [(v - self.low[second]) / self.size[second] for v in (b0, b1)]
        if face in ("left", "back"):
            a = [1 - a[1], 1 - a[0]]
        if face == "bottom":
            b = [1 - b[1], 1 - b[0]]
        return {"face": float(FACES.index(face)), "u0": a[0], "u1": a[1], "v0": b[0], "v1": b[1]}
