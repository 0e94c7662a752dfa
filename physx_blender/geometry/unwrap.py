# SPDX-License-Identifier: GPL-3.0-or-later
"""Texture coordinates for a mesh that has none."""

from __future__ import annotations

import numpy as np

from .atlas import pack
from .mesh_integrals import corners, face_vectors
from .mesh_report import connected, edge_pairs
from .trianglemesh import TriangleMesh


def unwrapped(mesh: TriangleMesh) -> TriangleMesh:
    """The mesh with uv charts: connected faces that look most along the same axis, projected along it.

    Charts never overlap each other; within a chart only a surface that winds over itself (a spiral stair) does.
    """
    normal = face_vectors(mesh)
    axis = np.argmax(np.abs(normal), axis=1)
    positive = np.take_along_axis(normal, axis[:, None], axis=1)[:, 0] >= 0.0
    side = axis * 2 + positive
    a, b = edge_pairs(mesh.faces)
    same = side[a] == side[b]
    label = connected(len(mesh.faces), a[same], b[same])
    # seen from outside, right and up of the six sides -x +x -y +y -z +z
    right = np.array([[0, -1, 0], [0, 1, 0], [1, 0, 0], [-1, 0, 0], [1, 0, 0], [1, 0, 0]], float)
    up = np.array([[0, 0, 1], [0, 0, 1], [0, 0, 1], [0, 0, 1], [0, -1, 0], [0, 1, 0]], float)
    p = corners(mesh)
    flat = np.stack([np.einsum("ijk,ik->ij", p, right[side]), np.einsum("ijk,ik->ij", p, up[side])], axis=-1)
    count = int(label.max()) + 1
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    for corner in range(3):
        np.minimum.at(low, label, flat[:, corner])
        np.maximum.at(high, label, flat[:, corner])
    extent = np.maximum(high - low, 1e-9)
    slots = pack([(float(w), float(h)) for w, h in extent])
    offset = np.array([[s.u, s.v] for s in slots])
    scale = np.array([[s.scale_u, s.scale_v] for s in slots])
    uv = (flat - low[label][:, None, :]) * scale[label][:, None, :] + offset[label][:, None, :]
    return TriangleMesh(mesh.vertices, mesh.faces, np.clip(uv, 0.0, 1.0))
