# SPDX-License-Identifier: GPL-3.0-or-later
"""Mass of a mesh geom the way MuJoCo computes it."""

from __future__ import annotations

import numpy as np

from ...geometry import MassProperties, TriangleMesh
from ...geometry.pose import Array

# Second moments of the unit simplex: integral of x_i x_j over a tetrahedron is volume / 20 * (sum of corner products
# plus the product of the corner sums).


def mesh_mass_properties(mesh: TriangleMesh, mode: str) -> MassProperties:
    """Volume (area for "shell"), centre and inertia at unit density, in the mesh's frame.

    mode: MuJoCo's mesh attribute ``inertia``: "exact" sums signed tetrahedra; "legacy" sums their absolute volumes as
    seen from the area-weighted centre of the faces; "convex" is taken as exact (right when the mesh is convex);
    "shell" spreads the mass over the surface. Source: MuJoCo's XML reference, asset/mesh/inertia.
    """
    corners = mesh.vertices[mesh.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2.0
    area = np.linalg.norm(normal, axis=1)
    middle = corners.mean(axis=1)
    if area.sum() <= 0.0:
        return MassProperties.of(0.0, (0, 0, 0), np.zeros((3, 3)))
    reference = (area[:, None] * middle).sum(axis=0) / area.sum()
    local = corners - reference
    if mode == "shell":
        return _sum(area, local, reference, 3)
    volume = np.einsum("ni,ni->n", normal, local[:, 0]) / 3.0
    if mode == "legacy":
        volume = np.abs(volume)
    elif volume.sum() < 0.0:
        volume = -volume
    return _sum(volume, local, reference, 4)


def _sum(weight: Array, corners: Array, origin: Array, count: int) -> MassProperties:
    """Moments of triangles (count 3), or of tetrahedra that have their fourth corner at the origin (count 4)."""
    total = float(weight.sum())
    if total <= 0.0:
        return MassProperties.of(0.0, (0, 0, 0), np.zeros((3, 3)))
    added = corners.sum(axis=1)
    centre = (weight[:, None] * added).sum(axis=0) / count / total
    products = np.einsum("nki,nkj->nij", corners, corners) + np.einsum("ni,nj->nij", added, added)
    second = np.einsum("n,nij->ij", weight, products) / (count * (count + 1)) - total * np.outer(
        centre, centre
    )
    return MassProperties.of(total, centre + origin, np.trace(second) * np.eye(3) - second)
