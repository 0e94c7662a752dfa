# SPDX-License-Identifier: GPL-3.0-or-later
"""Convex pieces of a turned profile."""

from __future__ import annotations

import math

import numpy as np

from .cylinder import Cylinder
from .lathe import lathe_mesh
from .mesh import Mesh
from .placed import PlacedShape
from .polygon import hull
from .pose import Array, Pose
from .profile_pieces import is_full, profile_pieces
from .trianglemesh import TriangleMesh
from .values import Points2

SECTORS = 16
FULL_DETAIL = 24


def turned_pieces(profile: Points2) -> tuple[PlacedShape, ...]:
    """Convex pieces of the solid of a counter-clockwise profile (r, z).

    The profile is divided into convex polygons (see `profile_pieces`).  One that reaches the axis over its whole height
    is a cylinder or a convex mesh; any other becomes a ring of 16 wedges, whose outer corners lie on the surface and
    whose inner sides lie on the surface of the hole, not in the hole, as far as the wall allows.
    """
    pieces: list[PlacedShape] = []
    for polygon in profile_pieces(profile):
        if is_full(polygon):
            pieces.append(_full(polygon))
        else:
            pieces.extend(_wedges(np.array(polygon)))
    return tuple(pieces)


def _full(polygon: Points2) -> PlacedShape:
    """A convex polygon that has its whole height on the axis (`hull` drops points in the middle of an edge)."""
    shaped = hull(np.array(polygon))
    low, high = float(shaped[:, 1].min()), float(shaped[:, 1].max())
    radius = float(shaped[:, 0].max())
    if (
        len(shaped) == 4
        and sorted(shaped[:, 0]) == [0.0, 0.0, radius, radius]
        and set(shaped[:, 1]) == {low, high}
    ):
        return PlacedShape(Cylinder(radius, high - low), Pose((0.0, 0.0, (low + high) / 2.0)))
    return PlacedShape(Mesh(lathe_mesh(tuple((float(r), float(z)) for r, z in shaped), FULL_DETAIL)))


def _freed(points: Array, factor: float) -> Array:
    """Polygon points with those of the inner side moved outward by `factor`, at most half through the wall."""
    chain = hull(points)
    freed = []
    for r, z in chain:
        low, high = _span(chain, float(z))
        inner = r < (low + high) / 2.0 or high - low < 1e-9
        freed.append((min(r * factor, max((low + high) / 2.0, r)) if inner else r, z))
    return np.array(freed)


def _span(chain: Array, z: float) -> tuple[float, float]:
    """Smallest and largest radius of a convex polygon at height z."""
    found: list[float] = []
    for k in range(len(chain)):
        (r0, z0), (r1, z1) = chain[k - 1], chain[k]
        if min(z0, z1) <= z <= max(z0, z1):
            found.extend((r0, r1) if z0 == z1 else (r0 + (r1 - r0) * (z - z0) / (z1 - z0),))
    return min(found), max(found)


def _wedges(points: Array) -> list[PlacedShape]:
    """Ring of wedges: the polygon on the two planes half a sector to either side of +x, and all between."""
    half = math.pi / SECTORS
    shaped = hull(_freed(points, 1.0 / math.cos(half)))
    n = len(shaped)
    left = np.column_stack([shaped[:, 0] * math.cos(half), -shaped[:, 0] * math.sin(half), shaped[:, 1]])
    right = left * [1.0, -1.0, 1.0]
    on_axis = shaped[:, 0] == 0.0
    vertices = np.concatenate([left, right])
    other = np.where(on_axis, np.arange(n), np.arange(n) + n)  # both sides share a point on the axis
    k = np.arange(n)
    after = (k + 1) % n
    fan = np.stack([np.zeros(n - 2, int), np.arange(1, n - 1), np.arange(2, n)], axis=1)
    quads = np.stack([k, other[k], other[after], after], axis=1)
    sides = quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    faces = np.concatenate([fan, other[fan[:, ::-1]], sides])
    distinct = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    used, inverse = np.unique(faces[distinct], return_inverse=True)
    wedge = Mesh(TriangleMesh(vertices[used], inverse.reshape(-1, 3).astype(np.int32)))
    turns = (half * s for s in range(SECTORS))  # a quaternion holds half of the angle
    return [PlacedShape(wedge, Pose(quaternion=(math.cos(t), 0.0, 0.0, math.sin(t)))) for t in turns]
