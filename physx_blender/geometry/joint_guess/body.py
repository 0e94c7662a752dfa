# SPDX-License-Identifier: GPL-3.0-or-later
"""What a guess needs to know of two bodies: their boxes, their surfaces, and where they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import AssetError
from ..oriented_bounds import oriented_bounds
from ..polygon import hull
from ..pose import Array
from ..surface import facing_points, sample_surface
from ..trianglemesh import TriangleMesh

SAMPLES = 1600
OUTLINE_POINTS = 400
MOST_FACES = 4000  # of each body, for what is in the way
FINEST = 64  # cells along the longest side when a body has more
THIN = 0.35  # a panel's thickness against its shorter side
ROUND = 0.9  # share of the circle around it that a round outline fills


@dataclass(frozen=True)
class Body:
    """A body at rest.

    points, normals: (N, 3) over its whole surface.  triangles: (M, 3, 3).  diagonal: of the box around everything.
    centre, axes, half: oriented box of its main piece; rows of `axes` (3, 3) are unit directions.
    """

    points: Array
    normals: Array
    triangles: Array
    diagonal: float
    centre: Array
    axes: Array
    half: Array

    def local(self, points: Array) -> Array:
        """Points (N, 3) in the axes of the box, from its centre, metres."""
        return np.asarray((points - self.centre) @ self.axes.T)

    @property
    def thin_axis(self) -> int | None:
        """Which axis of the box is the normal of a panel; None = the body is no panel."""
        order = np.argsort(self.half)
        return int(order[0]) if self.half[order[0]] <= THIN * self.half[order[1]] else None


def body_of(meshes: Sequence[TriangleMesh], beside: Array | None = None) -> Body:
    """Body of some meshes in one frame; the largest one gives the box, as a handle must not widen a door.

    beside: directions (3, 3) that the box of a round body takes where its own are arbitrary; None = x, y, z.
    Raises AssetError for no meshes.
    """
    if not meshes:
        raise AssetError("has no geometry to look at", where="body")
    meshes = [_coarser(m) for m in meshes]
    whole = TriangleMesh.join([TriangleMesh(m.vertices, m.faces) for m in meshes])
    points, normals = sample_surface(whole, SAMPLES)
    main = max(meshes, key=lambda m: float(np.prod(np.sort(np.ptp(m.vertices, axis=0))[1:])))
    pose, size = oriented_bounds(np.unique(main.vertices, axis=0), thorough=False)
    axes, half = pose.rotation.T, np.maximum(size / 2.0, 1e-6)
    triangles = whole.vertices[whole.faces]
    diagonal = float(np.linalg.norm(np.ptp(triangles.reshape(-1, 3), axis=0)))
    axes, half, centre = _upright(main.vertices, np.array(pose.position), axes, half, beside)
    return Body(points, normals, triangles, diagonal, centre, axes, half)


def _coarser(mesh: TriangleMesh) -> TriangleMesh:
    """A mesh with many faces made coarser: vertices in one cell of a grid become one.

    After Rossignac and Borrel (1993), "Multi-resolution 3D approximations for rendering complex scenes".
    """
    vertices, faces = mesh.vertices, mesh.faces.astype(np.int64)
    low, size = vertices.min(axis=0), float(np.ptp(vertices, axis=0).max())
    cells = FINEST
    while len(faces) > MOST_FACES and cells >= 4 and size > 0.0:
        place = np.floor((mesh.vertices - low) / size * cells).astype(np.int64)
        key = (place[:, 0] * (cells + 1) + place[:, 1]) * (cells + 1) + place[:, 2]
        _, owner, number = np.unique(key, return_inverse=True, return_counts=True)
        vertices = np.stack([np.bincount(owner, mesh.vertices[:, k]) / number for k in range(3)], axis=1)
        a, b, c = owner[mesh.faces].T
        keep = (a != b) & (b != c) & (c != a)
        triple = np.unique((a[keep] * len(number) + b[keep]) * len(number) + c[keep])
        faces = np.stack(
            [triple // len(number) ** 2, triple // len(number) % len(number), triple % len(number)], 1
        )
        cells //= 2
    return TriangleMesh(vertices, faces.astype(np.int32)) if len(faces) else mesh


def _upright(
    vertices: Array, centre: Array, axes: Array, half: Array, beside: Array | None
) -> tuple[Array, Array, Array]:
    """Turn the box of a round body about its axis so that it stands as the things around it do."""
    spare = np.eye(3) if beside is None else beside
    for k in range(3):
        flat = (vertices - centre) @ axes[[(k + 1) % 3, (k + 2) % 3]].T
        if roundness(flat) < ROUND:
            continue
        candidates = spare - np.outer(spare @ axes[k], axes[k])
        lengths = np.linalg.norm(candidates, axis=1)
        first = candidates[int(np.argmax(lengths))] / lengths.max()
        turned = np.stack([axes[k], first, np.cross(axes[k], first)])
        local = (vertices - centre) @ turned.T
        low, high = local.min(axis=0), local.max(axis=0)
        return turned, np.maximum((high - low) / 2.0, 1e-6), centre + ((low + high) / 2.0) @ turned
    return axes, half, centre


def roundness(flat: Array) -> float:
    """Area of the outline of points (N, 2) against the circle about its middle that holds them; a square has 0.64."""
    corners = hull(flat[:: max(len(flat) // OUTLINE_POINTS, 1)])
    if len(corners) < 3:
        return 0.0
    x, y = corners[:, 0], corners[:, 1]
    area = abs(float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())) / 2.0
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2.0
    radius = float(np.linalg.norm(corners - middle, axis=1).max())
    return area / (np.pi * radius * radius) if radius > 0 else 0.0


@dataclass(frozen=True)
class Contact:
    """Where a child body meets its parent: points (N, 3), their middle, and the way out of the parent there (unit).

    flat: 1 where the contact lies in one plane, near 0 where the child is gripped from several sides.
    """

    points: Array
    middle: Array
    normal: Array
    flat: float


def contact_of(child: Body, parent: Body) -> Contact:
    """Contact of two bodies: where their surfaces touch or come closest."""
    points, _, normals = facing_points(child.triangles, parent.triangles)
    normal = normals.mean(axis=0)
    length = float(np.linalg.norm(normal))
    flat = length
    if length < 0.3:  # gripped from several sides
        normal = child.points.mean(axis=0) - parent.points.mean(axis=0)
        length = float(np.linalg.norm(normal))
    if length < 1e-12:
        normal, length = np.array([0.0, -1.0, 0.0]), 1.0
    return Contact(points, points.mean(axis=0), normal / length, flat)
