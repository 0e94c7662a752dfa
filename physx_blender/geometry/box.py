# SPDX-License-Identifier: GPL-3.0-or-later
"""Box, optionally with rounded edges."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..errors import AssetError
from .builder import MeshBuilder
from .mass import MassProperties
from .moments import Moments
from .placed import PlacedShape
from .pose import Array, Vec3, vec3
from .shape import Shape
from .trianglemesh import TriangleMesh
from .values import length


@dataclass(frozen=True)
class Box(Shape):
    """Box with its centre in the origin.

    size: full outer extents along x, y, z in metres.
    bevel: rounding radius of all edges and corners in metres (the solid is a smaller box swept by a ball of this radius);
    0 = sharp; below half of the smallest side.  The mesh shows it with detail / 16 flat strips per edge.
    """

    kind: ClassVar[str] = "box"
    size: Vec3
    bevel: float = 0.0

    def __post_init__(self) -> None:
        x, y, z = (length(v, "box", "a side") for v in vec3(self.size, "box size"))
        object.__setattr__(self, "size", (x, y, z))
        object.__setattr__(self, "bevel", length(self.bevel, "box", "bevel", zero=True))
        if self.bevel > 0.499 * min(self.size):
            raise AssetError(
                f"bevel {self.bevel:g} m must be below half of the smallest side {min(self.size):g} m",
                where="box",
            )

    def mesh(self, detail: int = 32) -> TriangleMesh:
        """Six charts, one per side (each with half of the rounding around it)."""
        half = max(1, round(detail / 32)) if self.bevel else 0
        steps = np.tan(np.arange(half + 1) * (math.pi / 4.0 / max(half, 1)))
        tangent = np.concatenate([-steps[::-1], steps]) if half else np.array([-1.0, 1.0])
        sign = np.concatenate([-np.ones(half + 1), np.ones(half + 1)])
        n = len(tangent)
        inner = np.array(self.size) / 2.0 - self.bevel
        lattice = np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
        lattice = lattice[((lattice == 0) | (lattice == n - 1)).any(axis=1)]
        direction = tangent[lattice]
        direction = direction / np.linalg.norm(direction, axis=1, keepdims=True)
        builder = MeshBuilder()
        points = sign[lattice] * inner + self.bevel * direction
        number = np.full((n, n, n), -1)
        number[tuple(lattice.T)] = builder.add_vertices(points)
        for axis in range(3):
            for end in (0, n - 1):
                plane = np.take(number, end, axis=axis)  # indexed by the two other axes in ascending order
                a, b = (k for k in range(3) if k != axis)
                # (a, b, axis) is right-handed for axis 0 and 2; swap so that u x v points outward
                if (axis == 1) == (end > 0):
                    plane, a, b = plane.T, b, a
                quads = np.stack(
                    [plane[:-1, :-1], plane[1:, :-1], plane[1:, 1:], plane[:-1, 1:]], axis=-1
                ).reshape(-1, 4)
                # the corners' quads are not flat: cut them along the diagonal that leaves the solid convex
                corner = points[quads]
                one, two = corner[:, 0] + corner[:, 2], corner[:, 1] + corner[:, 3]
                normal = np.cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1])
                outside = np.einsum("ij,ij->i", two - one, normal) > 1e-12 * min(self.size) ** 3
                quads[outside] = np.roll(quads[outside], 1, axis=1)
                flat = points[quads][..., [a, b]]
                low = flat.reshape(-1, 2).min(axis=0)
                extent = flat.reshape(-1, 2).max(axis=0) - low
                builder.add_quads(builder.add_chart(float(extent[0]), float(extent[1])), quads, flat - low)
        return builder.build()

    def _second(self, p: float, q: float, s: float) -> float:
        """Integral of x^2 for inner half extents p (along x), q, s, rounded by r: core, slabs, edges, corners."""
        r = self.bevel
        core = 8.0 * p * q * s + 4.0 * p * r * (q + s) * 2.0 + 2.0 * math.pi * r * r * p
        sides = 8.0 * q * s * ((p + r) ** 3 - p**3) / 3.0
        edge = p * p * math.pi * r * r / 4.0 + 2.0 * p * r**3 / 3.0 + math.pi * r**4 / 16.0
        corner = p * p * math.pi * r**3 / 6.0 + 2.0 * p * math.pi * r**4 / 16.0 + math.pi * r**5 / 30.0
        return core * p * p / 3.0 + sides + 8.0 * (q + s) * edge + 8.0 * corner

    def volume_properties(self) -> MassProperties:
        """Closed form of the rounded box: core, six slabs, twelve quarter cylinders, eight ball octants."""
        r = self.bevel
        p, q, s = (v / 2.0 - r for v in self.size)
        volume = (
            8.0 * p * q * s
            + 8.0 * r * (p * q + q * s + s * p)
            + 2.0 * math.pi * r * r * (p + q + s)
            + 4.0 / 3.0 * math.pi * r**3
        )
        return Moments.diagonal(
            volume, self._second(p, q, s), self._second(q, s, p), self._second(s, p, q)
        ).properties()

    def colliders(self) -> tuple[PlacedShape, ...]:
        """The box itself, without bevel."""
        return (PlacedShape(Box(self.size)),)

    def bounds(self) -> tuple[Array, Array]:
        """Half of the size either way."""
        half = np.array(self.size) / 2.0
        return -half, half
