# SPDX-License-Identifier: GPL-3.0-or-later
"""Which edges of a voxel solid are meant, and which are only the stairs that voxels make of slopes.

Walk over the surface away from an edge, straight across it. A meant edge has a face of some length on either side: at least two
cells on one side and three on the other, or fewer when the face ends in a bend of the same sense (the rim of a sheet: over the
edge, across the rim, over the other edge). A stair has a tread or a riser of a cell or two that ends in a bend of the opposite
sense.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .voxel_grid import Cells, shifted


def crease_edges(solid: Cells) -> npt.NDArray[np.int64]:
    """(E, 2) lattice corner numbers of the edges that are meant to be sharp.

    solid: (n, n, n) cells, empty at the rim; corner (i, j, k) has the number (i (n + 1) + j) (n + 1) + k.
    """
    size = solid.shape[0] + 1
    strides = np.array([size * size, size, 1])
    keys, lengths = [], []
    for axis in range(3):
        for sign in (1, -1):
            faces = solid & ~shifted(solid, axis, -sign)
            for u in ((axis + 1) % 3, (axis + 2) % 3):
                v = 3 - axis - u
                for way in (1, -1):
                    length = _lengths(solid, faces, u, way)
                    cells = np.argwhere(length)
                    corner = cells @ strides
                    corner = corner + (strides[axis] if sign > 0 else 0) + (strides[u] if way > 0 else 0)
                    keys.append(corner * 3 + v)
                    lengths.append(length[tuple(cells.T)])
    names, index = np.unique(np.concatenate(keys), return_inverse=True)
    # Each edge has two faces; those of stairs count nothing.
    sharp = names[np.bincount(np.asarray(index).ravel(), np.concatenate(lengths)) >= 5]
    return np.stack([sharp // 3, sharp // 3 + strides[sharp % 3]], axis=1)


def _lengths(solid: Cells, faces: Cells, u: int, way: int) -> npt.NDArray[np.int64]:
    """How far each face that ends towards `way` along `u` reaches back, 2 or 3 for 3 and more; a rim counts as 3, else 0."""
    behind = shifted(faces, u, way)  # the face before this one is there too
    ends = faces & ~shifted(faces, u, -way)
    convex = ~shifted(solid, u, -way)  # nothing ahead: the surface turns down; else it turns up
    start_convex = ~shifted(solid, u, way)
    three = behind & shifted(behind, u, way)
    start_convex = np.where(behind, shifted(start_convex, u, way), start_convex)
    long = three | (start_convex == convex)
    return np.where(ends & long, 3, np.where(ends & behind, 2, 0))
