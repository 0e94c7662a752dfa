# SPDX-License-Identifier: GPL-3.0-or-later
"""Points spread evenly over the surface of a mesh, and which of them are near another surface."""

from __future__ import annotations

import numpy as np

from ..errors import AssetError
from .pose import Array
from .trianglemesh import TriangleMesh

BLOCK = 2_000_000  # distances held in memory at a time
MOST = 2500  # points of each surface that are compared
EDGES = 22.0  # pieces along the smaller body where contacts are looked for


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


def local_points(triangles: Array, low: Array, high: Array, edge: float) -> tuple[Array, Array]:
    """Points (N, 3) on the faces inside a box, about `edge` metres apart, and their unit normals (N, 3).

    triangles: (M, 3, 3).  Large faces are halved at their longest edge until the pieces are small, and only what is in
    the box is followed: a knob on a wall is seen as sharply as one on a box.  Empty when no face is in the box.
    """
    found, directions = [np.zeros((0, 3))], [np.zeros((0, 3))]
    while len(triangles):
        inside = ((triangles.max(axis=1) >= low) & (triangles.min(axis=1) <= high)).all(axis=1)
        triangles = triangles[inside]
        sides = np.stack(
            [np.linalg.norm(triangles[:, k] - triangles[:, (k + 1) % 3], axis=1) for k in range(3)], axis=1
        )
        big = sides.max(axis=1) > edge
        small = triangles[~big]
        across = np.cross(small[:, 1] - small[:, 0], small[:, 2] - small[:, 0])
        length = np.linalg.norm(across, axis=1)
        keep = length > 0.0
        found.append(small[keep].mean(axis=1))
        directions.append(across[keep] / length[keep, None])
        triangles = halved(triangles[big], sides[big])
    return np.concatenate(found), np.concatenate(directions)


def halved(triangles: Array, sides: Array) -> Array:
    """Each triangle (N, 3, 3) cut in two at the middle of its longest side; `sides` (N, 3) are their lengths."""
    if not len(triangles):
        return triangles
    first = np.argmax(sides, axis=1)
    rows = np.arange(len(triangles))
    a, b, c = triangles[rows, first], triangles[rows, (first + 1) % 3], triangles[rows, (first + 2) % 3]
    middle = (a + b) / 2.0
    return np.concatenate([np.stack([a, middle, c], axis=1), np.stack([middle, b, c], axis=1)])


def facing_points(first: Array, second: Array, *, share: float = 0.02) -> tuple[Array, Array, Array]:
    """Where two surfaces touch or come closest: points (N, 3) on `first`, those on `second`, and normals of the latter.

    first, second: triangles (M, 3, 3).  share: what counts as near, beyond the smallest gap, as a share of the diagonal
    of the smaller body; points of faces that look at each other are preferred.  At least one point.
    """
    boxes = [(t.min(axis=(0, 1)), t.max(axis=(0, 1))) for t in (first, second)]
    size = min(float(np.linalg.norm(high - low)) for low, high in boxes)
    edge = max(size / EDGES, 1e-9)
    points, normals, others, facing = (np.zeros((0, 3)),) * 4
    gap = max(float(np.maximum(boxes[0][0] - boxes[1][1], boxes[1][0] - boxes[0][1]).max()), 0.0)
    margin = gap + 3.0 * edge
    while not len(points) or not len(others):
        points, normals = local_points(first, boxes[1][0] - margin, boxes[1][1] + margin, edge)
        others, facing = local_points(second, boxes[0][0] - margin, boxes[0][1] + margin, edge)
        margin *= 2.0
    points, normals = (_thinned(a, MOST) for a in (points, normals))
    others, facing = (_thinned(a, MOST) for a in (others, facing))
    distance, which = nearest_distances(points, others)
    near = distance <= distance.min() + max(share * size, edge)
    opposed = near & ((normals * facing[which]).sum(axis=1) < -0.5)
    chosen = opposed if opposed.sum() >= 3 else near
    return points[chosen], others[which[chosen]], facing[which[chosen]]


def _thinned(points: Array, count: int) -> Array:
    return points[:: -(-len(points) // count)]


def contact_points(first: TriangleMesh, second: TriangleMesh) -> Array:
    """Where two bodies touch or come closest: points (N, 3) half way between their surfaces, at least one.

    Exact to about 1/22 of the smaller body's size.
    """
    a, b, _ = facing_points(first.vertices[first.faces], second.vertices[second.faces])
    return (a + b) / 2.0
