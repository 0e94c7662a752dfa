# SPDX-License-Identifier: GPL-3.0-or-later
"""Voxels of a triangle mesh's surface."""

from __future__ import annotations

import numpy as np

from ...geometry import TriangleMesh
from ...geometry.pose import Array
from ...geometry.surface import halved
from .runs import Indices

STEP = 0.4  # cells: longest edge of the pieces that the surface is cut into
INWARD = 1e-4  # cells


def surface_cells(mesh: TriangleMesh, grid: int) -> Indices:
    """(N, 3) cells that the surface passes through, sorted.

    mesh: in lattice coordinates (cell i spans i..i+1).  Samples are drawn a hair inwards, so a face that lies exactly
    between two cells belongs to the inner one; what lies outside of the grid goes to its rim.
    """
    triangles = mesh.vertices[mesh.faces]
    normals = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    size = np.linalg.norm(normals, axis=1)
    keep = size > 0.0
    triangles = triangles[keep] - INWARD * (normals[keep] / size[keep, None])[:, None, :]
    found: list[Indices] = []
    while len(triangles):
        edges = np.stack(
            [np.linalg.norm(triangles[:, k] - triangles[:, (k + 1) % 3], axis=1) for k in range(3)], axis=1
        )
        big = edges.max(axis=1) > STEP
        small = triangles[~big]
        if len(small):
            # Middles only: corners lie on the rims of flat faces, which belong to the cells beside them as well.
            found.append(_unique(small.mean(axis=1), grid))
        triangles = halved(triangles[big], edges[big])
    return np.unique(np.concatenate(found), axis=0) if found else np.zeros((0, 3), dtype=np.int64)


def _unique(points: Array, grid: int) -> Indices:
    cells = np.clip(np.floor(points).astype(np.int64), 0, grid - 1)
    number = np.unique((cells[:, 0] * grid + cells[:, 1]) * grid + cells[:, 2])
    return np.stack([number // grid**2, number // grid % grid, number % grid], axis=1)
