# SPDX-License-Identifier: GPL-3.0-or-later
"""Round bar or pipe along a polyline."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..errors import AssetError
from .builder import MeshBuilder
from .capsule import Capsule
from .cylinder import Cylinder
from .lathe import circle
from .mass import MassProperties
from .moments import Moments
from .placed import PlacedShape
from .polyline import simplified
from .pose import Array, Pose, Vec3, matrix_quaternion, rotation_between
from .shape import Shape
from .trianglemesh import TriangleMesh
from .values import MAX_POINTS, coordinates, length

SECTORS = 8


def _mitred_moments(radius: float, extent: float, start: Array, end: Array) -> Moments:
    """Of the cylinder about z cut by the planes z = start . (x, y) and z = extent + end . (x, y).

    start, end: slopes (2,).  The planes must not meet inside.  Polynomial integrals over the disc.
    """
    area = math.pi * radius**2
    quad = math.pi * radius**4 / 4.0  # integral of x^2 over the disc
    volume = area * extent
    first = np.zeros(3)
    first[:2] = (end - start) * quad
    first[2] = (area * extent**2 + (end @ end - start @ start) * quad) / 2.0
    second = np.zeros((3, 3))
    second[0, 0] = second[1, 1] = quad * extent
    second[:2, 2] = second[2, :2] = extent * end * quad
    second[2, 2] = (area * extent**3 + 3.0 * extent * (end @ end) * quad) / 3.0
    return Moments(volume, first, second)


def _trimmed(path: Array, amount: float) -> Array | None:
    """The polyline without `amount` of arc length at either end, or None when less than nothing is left."""
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    run = np.concatenate([[0.0], np.cumsum(steps)])
    low, high = amount, run[-1] - amount
    if high - low <= 1e-6:
        return None
    kept = run[(run > low + 1e-6) & (run < high - 1e-6)]
    stations = np.concatenate([[low], kept, [high]])
    return np.stack([np.interp(stations, run, path[:, k]) for k in range(3)], axis=1)


def _capsule(a: Array, b: Array, radius: float) -> PlacedShape:
    x, y, z = (float(v) for v in (a + b) / 2.0)
    dx, dy, dz = (float(v) for v in b - a)
    turn = rotation_between((0.0, 0.0, 1.0), (dx, dy, dz))
    return PlacedShape(Capsule(radius, math.sqrt(dx * dx + dy * dy + dz * dz)), Pose((x, y, z), turn))


@dataclass(frozen=True)
class Tube(Shape):
    """Round bar along a polyline, mitred at the corners, flat at the two ends, metres.

    The solid is one cylinder per segment, cut at each inner corner by the plane that halves the angle, at each end
    square to the path, with the same bore cut out when inner_radius is given.  Parts of a path that come nearer to
    each other than a diameter overlap, and their overlap counts twice in the volume.
    path: at least two points.  A closed ring is a Revolution.
    """

    kind: ClassVar[str] = "tube"
    path: tuple[Vec3, ...]
    radius: float
    inner_radius: float = 0.0

    def __post_init__(self) -> None:
        put = object.__setattr__
        try:
            rows = list(self.path)
        except TypeError:
            raise AssetError(f"path must be a list of points, got {self.path!r}", where="tube") from None
        if not 2 <= len(rows) <= MAX_POINTS:
            raise AssetError(f"path needs 2 to {MAX_POINTS} points, got {len(rows)}", where="tube")
        put(self, "path", tuple(coordinates(p, "tube", f"path, point {k}", 3) for k, p in enumerate(rows)))
        put(self, "radius", length(self.radius, "tube", "radius"))
        put(self, "inner_radius", length(self.inner_radius, "tube", "inner radius", zero=True))
        if self.inner_radius >= self.radius:
            raise AssetError(
                f"inner radius {self.inner_radius:g} m must be below the radius {self.radius:g} m",
                where="tube",
            )
        p = np.array(self.path)
        steps = np.linalg.norm(np.diff(p, axis=0), axis=1)
        for k, step in enumerate(steps):
            if step < 1e-7:
                raise AssetError(f"path: points {k} and {k + 1} are the same; remove one", where="tube")
        if len(rows) > 2 and float(np.linalg.norm(p[0] - p[-1])) < 1e-7:
            raise AssetError("path ends where it starts; use a Revolution for a ring", where="tube")
        directions = np.diff(p, axis=0) / steps[:, None]
        for k in range(len(directions) - 1):
            if float(directions[k] @ directions[k + 1]) < -0.999:
                raise AssetError(f"path turns back on itself at point {k + 1}", where="tube")
        for k, (_, extent, start, end) in enumerate(self._segments()):
            if float(np.linalg.norm(end - start)) * self.radius > extent * (1.0 - 1e-9):
                raise AssetError(
                    f"the bend beside segment {k} is too sharp for the radius {self.radius:g} m; make the segment longer or "
                    "spread the bend over more points",
                    where="tube",
                )

    def _segments(self) -> list[tuple[Pose, float, Array, Array]]:
        """Frame (origin at the segment's start, z along it), length, and slopes of the two cutting planes."""
        p = np.array(self.path)
        steps = np.diff(p, axis=0)
        extents = np.linalg.norm(steps, axis=1)
        d = steps / extents[:, None]
        cuts = [d[0], *((a + b) / np.linalg.norm(a + b) for a, b in itertools.pairwise(d)), d[-1]]
        u = Pose(quaternion=rotation_between((0.0, 0.0, 1.0), tuple(d[0]))).rotation[:, 0]
        result = []
        for k, direction in enumerate(d):
            if k:
                # a reflection in the mitre plane carries the cross-section over without twist
                u = u - 2.0 * float(u @ cuts[k]) * cuts[k]
            u = u - float(u @ direction) * direction
            u = u / np.linalg.norm(u)
            frame = np.stack([u, np.cross(direction, u), direction], axis=1)
            start, end = (-(frame[:, :2].T @ m) / float(direction @ m) for m in (cuts[k], cuts[k + 1]))
            x, y, z = (float(v) for v in p[k])
            result.append((Pose((x, y, z), matrix_quaternion(frame)), float(extents[k]), start, end))
        return result

    def _ring(
        self, k: int, radius: float, ring: Array, segments: list[tuple[Pose, float, Array, Array]]
    ) -> Array:
        """Cross-section (N, 3) at path point k."""
        flat = radius * ring
        if k < len(segments):
            pose, _, start, _ = segments[k]
            return pose.apply(np.column_stack([flat, flat @ start]))
        pose, extent, _, end = segments[-1]
        return pose.apply(np.column_stack([flat, extent + flat @ end]))

    def mesh(self, detail: int = 32) -> TriangleMesh:
        """Charts: outside, inside, two ends; half of `detail` (at least 6) segments around."""
        ring = circle(max(6, detail // 2))
        n = len(ring)
        segments = self._segments()
        builder = MeshBuilder()
        run = np.concatenate([[0.0], np.cumsum([s[1] for s in segments])])
        here = np.arange(n)
        there = (here + 1) % n
        ends: list[Array] = []
        for radius in (self.radius, self.inner_radius) if self.inner_radius else (self.radius,):
            rows = [builder.add_vertices(self._ring(k, radius, ring, segments)) for k in range(len(run))]
            around = 2.0 * math.pi * radius
            chart = builder.add_chart(around, float(run[-1]))
            u0, u1 = here * (around / n), (here + 1) * (around / n)
            for k in range(len(segments)):
                a, b = rows[k], rows[k + 1]
                v0, v1 = np.full(n, run[k]), np.full(n, run[k + 1])
                quads = np.stack([a[here], a[there], b[there], b[here]], axis=1)
                corners = [(u0, v0), (u1, v0), (u1, v1), (u0, v1)]
                if radius != self.radius:  # the bore looks inward
                    quads = quads[:, ::-1]
                    corners = [(around - u, v) for u, v in corners[::-1]]
                builder.add_quads(chart, quads, np.stack([np.stack(c, 1) for c in corners], axis=1))
            ends.append(np.stack([rows[0], rows[-1]]))
        for end in (0, 1):
            plane = ring * ([1.0, -1.0] if end == 0 else [1.0, 1.0])
            chart = builder.add_chart(2.0 * self.radius, 2.0 * self.radius)
            outer = ends[0][end]
            if len(ends) == 1:
                fan = np.stack([np.zeros(n - 2, int), np.arange(1, n - 1), np.arange(2, n)], axis=1)
                fan = fan[:, ::-1] if end == 0 else fan
                builder.add_faces(chart, outer[fan], self.radius * (1.0 + plane[fan]))
            else:
                inner = ends[1][end]
                quads = np.stack([outer[here], outer[there], inner[there], inner[here]], axis=1)
                big, small = self.radius * plane, self.inner_radius * plane
                coords = np.stack([big[here], big[there], small[there], small[here]], axis=1) + self.radius
                if end == 0:
                    quads, coords = quads[:, ::-1], coords[:, ::-1]
                builder.add_quads(chart, quads, coords)
        return builder.build()

    def volume_properties(self) -> MassProperties:
        """Exact: one mitred cylinder per segment, minus the bore."""
        total = Moments.total(
            _mitred_moments(self.radius, e, a, b).moved(pose) for pose, e, a, b in self._segments()
        )
        if self.inner_radius:
            total = total - Moments.total(
                _mitred_moments(self.inner_radius, e, a, b).moved(pose) for pose, e, a, b in self._segments()
            )
        return total.properties()

    def colliders(self) -> tuple[PlacedShape, ...]:
        """Bar: one cylinder, or capsules along the path.  Pipe: eight convex wall pieces per segment.

        The capsules' half balls round the mitred corners, and are drawn back at the flat ends so that none sticks out;
        points nearer to the line than a tenth of the radius are left out.
        """
        if self.inner_radius:
            tube = self._with_fewer_points()
            return tube._wall_pieces(tube._segments())
        segments = self._segments()
        if len(segments) == 1:
            pose, extent, _, _ = segments[0]
            return (PlacedShape(Cylinder(self.radius, extent), pose @ Pose((0.0, 0.0, extent / 2.0))),)
        run = _trimmed(np.array(self.path), self.radius)
        if run is None:  # too short for half balls at both ends
            return tuple(
                PlacedShape(Cylinder(self.radius, extent), pose @ Pose((0.0, 0.0, extent / 2.0)))
                for pose, extent, _, _ in segments
            )
        run = simplified(run, 0.1 * self.radius)
        return tuple(_capsule(a, b, self.radius) for a, b in itertools.pairwise(run))

    def _with_fewer_points(self) -> Tube:
        """The tube along a path of fewer points, within a tenth of the radius, where its bends allow that."""
        path = simplified(np.array(self.path), 0.1 * self.radius)
        try:
            return Tube(
                tuple((float(x), float(y), float(z)) for x, y, z in path), self.radius, self.inner_radius
            )
        except AssetError:  # fewer points make sharper bends
            return self

    def _wall_pieces(self, segments: list[tuple[Pose, float, Array, Array]]) -> tuple[PlacedShape, ...]:
        """Hexahedra around the bore."""
        from .mesh import Mesh

        ring = circle(SECTORS)
        quads = np.array([[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]])
        faces = quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
        # the flat inner side of a piece lies on the bore, not in it, as far as the wall allows
        inner_radius = min(
            self.inner_radius / math.cos(math.pi / SECTORS), (self.inner_radius + self.radius) / 2.0
        )
        pieces = []
        for k in range(len(segments)):
            pose, extent, start, end = segments[k]
            for s in range(SECTORS):
                flat = np.array(
                    [
                        r * ring[j % SECTORS]
                        for r, j in (
                            (inner_radius, s),
                            (self.radius, s),
                            (self.radius, s + 1),
                            (inner_radius, s + 1),
                        )
                    ]
                )
                low = np.column_stack([flat, flat @ start])
                high = np.column_stack([flat, extent + flat @ end])
                pieces.append(PlacedShape(Mesh(TriangleMesh(np.concatenate([low, high]), faces)), pose))
        return tuple(pieces)

    def bounds(self) -> tuple[Array, Array]:
        """Exact for the round body: each cross-section is an ellipse, whose extent along an axis has a closed form."""
        segments = self._segments()
        lows, highs = [], []
        for pose, extent, start, end in segments:
            for z, slope in ((0.0, start), (extent, end)):
                axes = pose.rotation @ np.vstack(
                    [np.eye(2), slope[None, :]]
                )  # (3, 2): the ellipse's conjugate axes
                centre = pose.apply(np.array([[0.0, 0.0, z]]))[0]
                reach = self.radius * np.linalg.norm(axes, axis=1)
                lows.append(centre - reach)
                highs.append(centre + reach)
        return np.min(lows, axis=0), np.max(highs, axis=0)
