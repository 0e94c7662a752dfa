# SPDX-License-Identifier: GPL-3.0-or-later
"""Points spread evenly over the surface of a mesh, and which of them are near another surface."""

from __future__ import annotations

import math

import numpy as np

from ..errors import AssetError
from .pose import Array
from .trianglemesh import TriangleMesh

BLOCK = 2_000_000  # distances held in memory at a time


def sample_surface(mesh: TriangleMesh, count: int) -> tuple[Array, Array]:
    """About `count` points (N, 3) on the surface, evenly by area, and their outward unit normals (N, 3).

    The same mesh gives the same points: they follow the R2 sequence (Roberts 2018, "The unreasonable effectiveness of
    quasirandom sequences"), not chance.  Every triangle with an area gives at least one point.
    Raises AssetError for a mesh without any area.
    """
    corners = mesh.vertices[mesh.faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(across, axis=1) / 2.0
    keep = area > 0.0
    if not keep.any():
        raise AssetError("has no area; give it a face with some", where="mesh")
    corners, across, area = corners[keep], across[keep], area[keep]
    number = np.maximum(np.ceil(count * area / area.sum()).astype(int), 1)
    owner = np.repeat(np.arange(len(area)), number)
    k = np.arange(len(owner))
    plastic = 1.32471795724474602596
    u, v = np.mod(0.5 + k / plastic, 1.0), np.mod(0.5 + k / plastic**2, 1.0)
    root = np.sqrt(u)
    weights = np.stack([1.0 - root, root * (1.0 - v), root * v], axis=1)
    points = np.einsum("nk,nkd->nd", weights, corners[owner])
    return points, (across / (2.0 * area[:, None]))[owner]


def nearest_distances(points: Array, others: Array) -> tuple[Array, np.ndarray]:
    """Distance (N,) from each of `points` (N, 3) to the nearest of `others` (M, 3), and which one that is (N,)."""
    distances, indices = np.empty(len(points)), np.empty(len(points), dtype=np.int64)
    squares = (others**2).sum(axis=1)
    step = max(1, BLOCK // max(len(others), 1))
    for start in range(0, len(points), step):
        block = points[start : start + step]
        found = squares - 2.0 * block @ others.T
        best = np.argmin(found, axis=1)
        indices[start : start + step] = best
        distances[start : start + step] = np.linalg.norm(block - others[best], axis=1)
    return distances, indices


def contact_points(
    first: TriangleMesh, second: TriangleMesh, *, count: int = 2500, share: float = 0.02
) -> Array:
    """Where two bodies touch or come closest: points (N, 3) half way between their surfaces, at least one.

    share: what counts as near, beyond the smallest gap, as a share of the diagonal of the smaller body.
    Exact to the spacing of the samples: about 1/30 of a body's size with the default `count`.
    """
    a, b = sample_surface(first, count)[0], sample_surface(second, count)[0]
    size = min(float(np.linalg.norm(np.ptp(p, axis=0))) for p in (a, b))
    spacing = max(_spacing(first, len(a)), _spacing(second, len(b)))
    distance, which = nearest_distances(a, b)
    near = distance <= distance.min() + max(share * size, min(spacing, 2.0 * share * size))
    return (a[near] + b[which[near]]) / 2.0


def _spacing(mesh: TriangleMesh, count: int) -> float:
    corners = mesh.vertices[mesh.faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return math.sqrt(float(np.linalg.norm(across, axis=1).sum()) / 2.0 / max(count, 1))
