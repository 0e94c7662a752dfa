# SPDX-License-Identifier: GPL-3.0-or-later
"""A flat outline, with holes, given thickness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..errors import AssetError
from .builder import MeshBuilder
from .lathe import SHARP
from .mass import MassProperties
from .moments import Moments
from .placed import PlacedShape
from .polygon import check_simple, contains, convex_polygons, oriented, plane_moments, triangulate
from .pose import Array
from .shape import Shape
from .trianglemesh import TriangleMesh
from .values import Points2, length, polygon_points


def _smooth_runs(ring: Points2) -> list[list[int]]:
    """Edges (by their first point) in runs that bend less than 40 degrees from one to the next."""
    p = np.array(ring)
    edge = np.roll(p, -1, axis=0) - p
    before = np.roll(edge, 1, axis=0)
    across = before[:, 0] * edge[:, 1] - before[:, 1] * edge[:, 0]
    sharp = np.abs(np.arctan2(across, (before * edge).sum(axis=1))) > SHARP
    first = int(np.argmax(sharp))  # 0 for a ring without a corner
    runs: list[list[int]] = [[]]
    for k in range(first, first + len(ring)):
        if sharp[k % len(ring)] and runs[-1]:
            runs.append([])
        runs[-1].append(k % len(ring))
    return runs


def prism(outline: Points2, holes: tuple[Points2, ...], height: float) -> TriangleMesh:
    """Closed mesh of the polygon between z = -height / 2 and height / 2; charts: top, bottom, one per smooth run of sides."""
    points, triangles = triangulate(outline, holes)
    builder = MeshBuilder()
    flat = np.array(points)
    n = len(flat)
    bottom = builder.add_vertices(np.column_stack([flat, np.full(n, -height / 2.0)]))
    top = builder.add_vertices(np.column_stack([flat, np.full(n, height / 2.0)]))
    faces = np.array(triangles)
    corners = np.concatenate([flat[faces], np.zeros((len(faces), 3, 1))], axis=-1)
    builder.add_flat(top[faces], corners, (1, 0, 0), (0, 1, 0))
    builder.add_flat(bottom[faces[:, ::-1]], corners[:, ::-1], (1, 0, 0), (0, -1, 0))
    start = 0
    for ring in (outline, *holes):
        for run in _smooth_runs(ring):
            k = start + np.array(run)
            after = start + (np.array(run) + 1) % len(ring)
            extents = np.linalg.norm(flat[after] - flat[k], axis=1)
            end = np.cumsum(extents)
            begin = end - extents
            quads = np.stack([bottom[k], bottom[after], top[after], top[k]], axis=1)
            low, high = np.zeros(len(run)), np.full(len(run), height)
            coords = [np.stack(c, 1) for c in ((begin, low), (end, low), (end, high), (begin, high))]
            builder.add_quads(builder.add_chart(float(end[-1]), height), quads, np.stack(coords, axis=1))
        start += len(ring)
    return builder.build()


@dataclass(frozen=True)
class Extrusion(Shape):
    """Polygon in xy, with holes, extruded along z from -height / 2 to height / 2 (metres).

    outline, holes: corners (x, y) in either direction; no ring may cross or touch itself or another.
    """

    kind: ClassVar[str] = "extrusion"
    outline: Points2
    height: float
    holes: tuple[Points2, ...] = ()

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "outline", polygon_points(self.outline, "extrusion", "outline"))
        put(self, "height", length(self.height, "extrusion", "height"))
        put(
            self,
            "holes",
            tuple(polygon_points(h, "extrusion", f"hole {k}") for k, h in enumerate(self.holes)),
        )
        check_simple((self.outline, *self.holes), "extrusion", "outline")
        for k, hole in enumerate(self.holes):
            if not contains(self.outline, hole[0]):
                raise AssetError(f"hole {k} is outside the outline", where="extrusion")
            if any(contains(other, hole[0]) for m, other in enumerate(self.holes) if m != k):
                raise AssetError(f"hole {k} is inside another hole", where="extrusion")

    def mesh(self, detail: int = 32) -> TriangleMesh:
        """Charts: top, bottom, one strip per smooth run of sides; `detail` has no effect."""
        return prism(
            oriented(self.outline),
            tuple(oriented(h, counter_clockwise=False) for h in self.holes),
            self.height,
        )

    def volume_properties(self) -> MassProperties:
        """Closed form: polygon moments (Green's theorem) times the height."""
        h = self.height
        total = Moments(0.0, np.zeros(3), np.zeros((3, 3)))
        for ring, sign in ((self.outline, 1.0), *((hole, -1.0) for hole in self.holes)):
            area, first, second = plane_moments(oriented(ring))
            full = np.zeros((3, 3))
            full[:2, :2] = second * h
            full[2, 2] = area * h**3 / 12.0
            total = total + Moments(area * h, np.array([*(first * h), 0.0]), full).times(sign)
        return total.properties()

    def colliders(self) -> tuple[PlacedShape, ...]:
        """Convex prisms that fill the polygon exactly."""
        from .mesh import Mesh

        return tuple(
            PlacedShape(Mesh(prism(p, (), self.height))) for p in convex_polygons(self.outline, self.holes)
        )

    def bounds(self) -> tuple[Array, Array]:
        """Of the outline and the height."""
        p = np.array(self.outline)
        half = self.height / 2.0
        return np.array([*p.min(axis=0), -half]), np.array([*p.max(axis=0), half])
