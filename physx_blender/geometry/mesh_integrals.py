# SPDX-License-Identifier: GPL-3.0-or-later
"""Integrals over the inside and over the surface of a mesh."""

from __future__ import annotations

import numpy as np

from .moments import Moments
from .pose import Array
from .trianglemesh import TriangleMesh


def corners(mesh: TriangleMesh) -> Array:
    """Corner positions (M, 3, 3): face, corner, coordinate."""
    return mesh.vertices[mesh.faces]


def face_vectors(mesh: TriangleMesh) -> Array:
    """Outward normal of each face with twice its area as length (M, 3)."""
    p = corners(mesh)
    return np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])


def _shifted(moments: Moments, centre: Array) -> Moments:
    """Moments about a frame whose origin lies at -centre of the present one."""
    first = moments.first
    second = (
        moments.second
        + np.outer(first, centre)
        + np.outer(centre, first)
        + moments.volume * np.outer(centre, centre)
    )
    return Moments(moments.volume, first + moments.volume * centre, second)


def solid_moments(mesh: TriangleMesh) -> Moments:
    """Of the closed polyhedron, exactly: the sum of signed tetrahedra from one point (divergence theorem).

    The point is the middle of the bounding box, so that a far-away mesh loses no digits.
    """
    p = corners(mesh)
    centre = (p.reshape(-1, 3).min(axis=0) + p.reshape(-1, 3).max(axis=0)) / 2.0
    p = p - centre
    volume = np.einsum("ij,ij->i", p[:, 0], np.cross(p[:, 1], p[:, 2])) / 6.0
    total = p.sum(axis=1)
    first = np.einsum("i,ij->j", volume, total) / 4.0
    second = (
        np.einsum("i,ij,ik->jk", volume, total, total) + np.einsum("i,icj,ick->jk", volume, p, p)
    ) / 20.0
    return _shifted(Moments(float(volume.sum()), first, second), centre)


def shell_moments(mesh: TriangleMesh) -> Moments:
    """Of the surface as a skin of thickness 1 m without extent across (multiply by the thickness)."""
    p = corners(mesh)
    centre = (p.reshape(-1, 3).min(axis=0) + p.reshape(-1, 3).max(axis=0)) / 2.0
    area = np.linalg.norm(face_vectors(mesh), axis=1) / 2.0
    p = p - centre
    total = p.sum(axis=1)
    first = np.einsum("i,ij->j", area, total) / 3.0
    second = (np.einsum("i,ij,ik->jk", area, total, total) + np.einsum("i,icj,ick->jk", area, p, p)) / 12.0
    return _shifted(Moments(float(area.sum()), first, second), centre)
