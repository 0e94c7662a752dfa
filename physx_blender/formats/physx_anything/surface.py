# SPDX-License-Identifier: GPL-3.0-or-later
"""Closed, smooth surfaces of voxel solids.

Constrained elastic surface nets (Gibson 1998): one vertex per lattice corner of the solid's skin, moved towards the mean of
its neighbours but never more than half a cell, so the surface stays closed, cannot pass through itself, and keeps the
solid's size.  What is plainly meant to be flat or straight is pinned: faces in flat patches of 3 x 3 and more, the rims of
sheets, and the planes of the bounding box.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...geometry import TriangleMesh
from ...geometry.pose import Array
from .voxel_grid import Cells, shifted, well_composed

Quads = npt.NDArray[np.int64]
REACH = 0.45
ROUNDS = 12


def voxel_surface(grid: Cells, others: Cells | None = None, *, clearance: float = 0.0) -> TriangleMesh:
    """Surface of the full cells in units of cells (cell i spans i..i+1), watertight, outward, manifold.

    others: cells of bodies that move against this one.  Towards them the surface stays on the lattice, less `clearance`
    cells, so that neighbours neither overlap nor rub.
    """
    n = grid.shape[0]
    others = np.zeros_like(grid) if others is None else others
    solid = np.pad(well_composed(grid, others), 1)
    foreign = np.pad(others, 1)
    quads, axes, flat = _skin(solid)
    corners, quads = np.unique(quads, return_inverse=True)
    quads = quads.reshape(-1, 4)
    lattice = np.stack(np.unravel_index(corners, (n + 3,) * 3), axis=1).astype(np.float64)
    contact = _touches(foreign, lattice.astype(np.int64))
    pinned = _pins(lattice, quads, axes, flat)
    pinned[contact] = True
    points = _relax(lattice, quads, pinned)
    if clearance > 0.0 and contact.any():
        points[contact] -= clearance * _outward(lattice, quads, axes, solid, corners, n)[contact]
    return TriangleMesh(points - 1.0, _triangles(points, quads))


def _skin(solid: Cells) -> tuple[Quads, npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Quads between full and empty cells as lattice corner numbers (Q, 4), their signed axes 1..3, and which are flat."""
    size = solid.shape[0] + 1
    strides = np.array([size * size, size, 1])
    all_quads, all_axes, all_flat = [], [], []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for sign in (1, -1):
            faces = solid & ~shifted(solid, axis, -sign)
            supported = _opened(_opened(faces, u), v) | _rims(solid, faces, u, v) | _rims(solid, faces, v, u)
            cells = np.argwhere(faces)
            base = cells @ strides + (strides[axis] if sign > 0 else 0)
            ring = [0, strides[u], strides[u] + strides[v], strides[v]]
            if sign < 0:
                ring = ring[::-1]
            all_quads.append(base[:, None] + np.array(ring))
            all_axes.append(np.full(len(cells), sign * (axis + 1)))
            all_flat.append(supported[tuple(cells.T)])
    return np.concatenate(all_quads), np.concatenate(all_axes), np.concatenate(all_flat)


def _opened(faces: Cells, axis: int) -> Cells:
    """Faces in rows of three and more along the axis."""
    core = faces & shifted(faces, axis, 1) & shifted(faces, axis, -1)
    return core | shifted(core, axis, 1) | shifted(core, axis, -1)


def _rims(solid: Cells, faces: Cells, across: int, along: int) -> Cells:
    """Faces on the rim of a sheet one or two cells thick `across`, in rows of three and more `along` it."""
    ahead, behind = shifted(solid, across, -1), shifted(solid, across, 1)
    single = solid & ~ahead & ~behind
    first = solid & ahead & ~behind & ~shifted(solid, across, -2)
    pair = first & faces & shifted(faces, across, -1)
    return _opened(faces & single, along) | _opened(pair, along) | shifted(_opened(pair, along), across, 1)


def _touches(foreign: Cells, lattice: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which lattice corners have a foreign cell among the eight around them."""
    found = np.zeros(len(lattice), dtype=bool)
    top = foreign.shape[0] - 1
    for offset in np.ndindex(2, 2, 2):
        at = np.clip(lattice - np.array(offset), 0, top)
        found |= foreign[tuple(at.T)]
    return found


def _pins(
    lattice: Array, quads: Quads, axes: npt.NDArray[np.int64], flat: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """(V, 3): coordinates that must not move."""
    count = len(lattice)
    plain = np.ones(count, dtype=bool)
    plain[quads[~flat].ravel()] = False
    pinned = np.zeros((count, 3), dtype=bool)
    for axis in range(3):
        pinned[quads[np.abs(axes) == axis + 1].ravel(), axis] = True
    pinned &= plain[:, None]
    low, high = lattice.min(axis=0), lattice.max(axis=0)
    return pinned | (lattice == low) | (lattice == high)


def _relax(lattice: Array, quads: Quads, pinned: npt.NDArray[np.bool_]) -> Array:
    edges = np.concatenate([quads[:, [k, (k + 1) % 4]] for k in range(4)])
    a, b = edges[:, 0], edges[:, 1]  # every edge occurs once in each direction, as the surface is closed
    degree = np.bincount(a, minlength=len(lattice)).astype(np.float64)
    points = lattice.copy()
    for _ in range(ROUNDS):
        mean = np.stack([np.bincount(a, points[b, k], len(lattice)) / degree for k in range(3)], axis=1)
        points = np.clip((points + mean) / 2.0, lattice - REACH, lattice + REACH)
        points = np.where(pinned, lattice, points)
    return points


def _outward(
    lattice: Array,
    quads: Quads,
    axes: npt.NDArray[np.int64],
    solid: Cells,
    corners: npt.NDArray[np.int64],
    n: int,
) -> Array:
    """(V, 3) sum of the directions of the faces around each corner, each axis once: -1, 0 or 1."""
    total = np.zeros_like(lattice)
    for axis in range(3):
        for sign in (1, -1):
            total[quads[axes == sign * (axis + 1)].ravel(), axis] += sign
    return np.clip(total, -1.0, 1.0)


def _triangles(points: Array, quads: Quads) -> npt.NDArray[np.int32]:
    """Two triangles per quad, cut along the shorter diagonal."""
    p = points[quads]
    first = np.linalg.norm(p[:, 0] - p[:, 2], axis=1) <= np.linalg.norm(p[:, 1] - p[:, 3], axis=1)
    q = np.where(first[:, None], quads, np.roll(quads, -1, axis=1))
    return np.concatenate([q[:, [0, 1, 2]], q[:, [0, 2, 3]]]).astype(np.int32)
