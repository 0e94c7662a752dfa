# SPDX-License-Identifier: GPL-3.0-or-later
"""A Blender mesh as raw arrays, taken as quickly as Blender gives them, with a digest of their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

SHAPE_ATTRIBUTE = "simready_shape"


@dataclass(frozen=True, eq=False)
class MeshBuffers:
    """Single-precision positions (3 V,), corners (C,) as vertex numbers, first corner of each polygon (F,).

    uv (2 C,) of the active layer, or None; owner (F,): number of the shape of each polygon, or None where no polygon
    has one.
    """

    vertices: Any
    corners: Any
    starts: Any
    uv: Any
    owner: Any

    def digest(self) -> bytes:
        """Fingerprint of everything, 16 bytes."""
        data = hashlib.blake2b(digest_size=16)
        for array in (self.vertices, self.corners, self.starts, self.uv, self.owner):
            data.update(b"-" if array is None else len(array).to_bytes(8, "little"))
            if array is not None:
                data.update(array)
        return data.digest()


def buffers_of(mesh: bpy.types.Mesh) -> MeshBuffers:
    """The arrays of a mesh as it is now."""
    corner_count, count = len(mesh.loops), len(mesh.polygons)
    vertices = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    mesh.vertices.foreach_get("co", vertices)
    corners = np.empty(corner_count, dtype=np.int32)
    # the attribute is copied as one block, `loops` item by item
    raw = mesh.attributes.get(".corner_vert")
    if raw is not None and raw.data_type == "INT" and len(raw.data) == corner_count:
        raw.data.foreach_get("value", corners)
    else:
        mesh.loops.foreach_get("vertex_index", corners)
    starts = np.empty(count, dtype=np.int32)
    mesh.polygons.foreach_get("loop_start", starts)
    uv = None
    layer = mesh.uv_layers.active
    if layer is not None and corner_count:
        uv = np.empty(corner_count * 2, dtype=np.float32)
        layer.uv.foreach_get("vector", uv)
    owner = None
    attribute = mesh.attributes.get(SHAPE_ATTRIBUTE)
    if attribute is not None and attribute.domain == "FACE" and attribute.data_type == "INT":
        owner = np.empty(count, dtype=np.int32)
        attribute.data.foreach_get("value", owner)
    return MeshBuffers(vertices, corners, starts, uv, owner)
