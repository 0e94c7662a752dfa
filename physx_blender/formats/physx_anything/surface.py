# SPDX-License-Identifier: GPL-3.0-or-later
"""Closed, smooth surfaces of voxel solids.

Constrained elastic surface nets (Gibson 1998): one vertex per lattice corner of the solid's skin, smoothed but never moved
more than half a cell, so the surface stays closed and cannot pass through itself.  Edges that are plainly meant to be sharp
(see `creases`) are smoothed along themselves only, and their corners stay; so boxes and panels come out exact, the rim of a
lid round, and the stairs of a slanted or curved surface smooth.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...geometry import TriangleMesh
from ...geometry.pose import Array
from .creases import crease_edges
from .voxel_grid import Cells, shifted, well_composed

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
REACH = 0.48
ROUNDS = 40


def voxel_surface(grid: Cells, others: Cells | None = None, *, clearance: float = 0.0) -> TriangleMesh:
    """Surface of the full cells in units of cells (cell i spans i..i+1): watertight, outward, manifold, of their extent.

    others: cells of bodies that move against this one.  No vertex enters them, and the surface keeps `clearance` cells from
    them, so that neighbours neither overlap nor rub.
    """
    others = np.zeros_like(grid) if others is None else others
    solid = np.pad(well_composed(grid, others), 1)
    foreign = np.pad(others, 1)
    quads, axes = _skin(solid)
    corners, index = np.unique(quads, return_inverse=True)
    quads = np.asarray(index).reshape(-1, 4)
    lattice = np.stack(np.unravel_index(corners, (solid.shape[0] + 1,) * 3), axis=1).astype(np.float64)
    creases = np.searchsorted(corners, crease_edges(solid))
    points = _to_extent(
        np.clip(_smoothed(lattice, quads, creases), lattice - REACH, lattice + REACH), lattice
    )
    contact = _touches(foreign, lattice.astype(np.int64))
    entered = contact & foreign[tuple(np.floor(points).astype(np.int64).T)]
    points[entered] = lattice[entered]
    if clearance > 0.0 and contact.any():
        points[contact] -= clearance * _outward(lattice, quads, axes)[contact]
    return TriangleMesh(points - 1.0, _triangles(points, quads))


def _skin(solid: Cells) -> tuple[Ids, Ids]:
    """Quads between full and empty cells as lattice corner numbers (Q, 4), and their signed axes 1..3."""
    size = solid.shape[0] + 1
    strides = np.array([size * size, size, 1])
    all_quads, all_axes = [], []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for sign in (1, -1):
            cells = np.argwhere(solid & ~shifted(solid, axis, -sign))
            base = cells @ strides + (strides[axis] if sign > 0 else 0)
            ring = [0, strides[u], strides[u] + strides[v], strides[v]]
            all_quads.append(base[:, None] + np.array(ring if sign > 0 else ring[::-1]))
            all_axes.append(np.full(len(cells), sign * (axis + 1)))
    return np.concatenate(all_quads), np.concatenate(all_axes)


def _smoothed(lattice: Array, quads: Ids, creases: Ids) -> Array:
    """Creases along themselves, then the rest of the surface between them."""
    count = len(lattice)
    ends = np.concatenate([creases, creases[:, ::-1]])
    degree = np.bincount(ends[:, 0], minlength=count)
    along = ends[degree[ends[:, 0]] == 2]
    points = _low_pass(lattice, along, degree == 2)
    around = np.concatenate([quads[:, [k, (k + 1) % 4]] for k in range(4)])
    return _low_pass(points, around, degree < 2)


def _low_pass(points: Array, edges: Ids, free: Flags) -> Array:
    """Mean of the neighbours over directed `edges`, many times, at the vertices `free`; the others stay.

    What that takes from large forms is given back by smoothing the difference as well (twicing, Tukey 1977), so that a ball
    keeps its radius while its stairs go.
    """
    if not free.any() or not len(edges):
        return points
    edges = edges[free[edges[:, 0]]]
    degree = np.maximum(np.bincount(edges[:, 0], minlength=len(points)), 1).astype(np.float64)

    def smooth(values: Array) -> Array:
        for _ in range(ROUNDS):
            sums = [np.bincount(edges[:, 0], values[edges[:, 1], k], len(values)) for k in range(3)]
            mean = np.stack(sums, axis=1) / degree[:, None]
            values = np.where(free[:, None], (values + mean) / 2.0, values)
        return values

    once = smooth(points)
    return once + smooth(points - once)


def _to_extent(points: Array, lattice: Array) -> Array:
    """Stretched to the bounding box of the lattice corners: poles of round things lose a little when smoothed."""
    low, high = points.min(axis=0), points.max(axis=0)
    want_low, want_high = lattice.min(axis=0), lattice.max(axis=0)
    return want_low + (points - low) * (want_high - want_low) / (high - low)


def _touches(foreign: Cells, lattice: Ids) -> Flags:
    """Which lattice corners have a foreign cell among the eight around them."""
    found = np.zeros(len(lattice), dtype=bool)
    top = foreign.shape[0] - 1
    for offset in np.ndindex(2, 2, 2):
        at = np.clip(lattice - np.array(offset), 0, top)
        found |= foreign[tuple(at.T)]
    return found


def _outward(lattice: Array, quads: Ids, axes: Ids) -> Array:
    """(V, 3) sum of the directions of the faces around each corner, each axis once: -1, 0 or 1."""
    total = np.zeros_like(lattice)
    for axis in range(3):
        for sign in (1, -1):
            total[quads[axes == sign * (axis + 1)].ravel(), axis] += sign
    return np.clip(total, -1.0, 1.0)


def _triangles(points: Array, quads: Ids) -> npt.NDArray[np.int32]:
    """Two triangles per quad, cut along the shorter diagonal."""
    p = points[quads]
    first = np.linalg.norm(p[:, 0] - p[:, 2], axis=1) <= np.linalg.norm(p[:, 1] - p[:, 3], axis=1)
    q = np.where(first[:, None], quads, np.roll(quads, -1, axis=1))
    return np.concatenate([q[:, [0, 1, 2]], q[:, [0, 2, 3]]]).astype(np.int32)
