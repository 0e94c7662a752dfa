# SPDX-License-Identifier: GPL-3.0-or-later
"""The package's mesh file: a triangle mesh bit for bit.

Little-endian: 8 bytes ``PXBMESH1``; three uint64: number of vertices N, of faces M, and 1 with uv or 0 without;
N x 3 float64 vertices (metres); M x 3 int32 faces; with uv M x 3 x 2 float64. Nothing follows.
"""

from __future__ import annotations

import struct

import numpy as np

from ..errors import AssetError
from ..geometry import TriangleMesh
from ..geometry.trianglemesh import MAX_FACES, MAX_VERTICES

MAGIC = b"PXBMESH1"
_HEADER = struct.Struct("<8sQQQ")
MAX_MESH_BYTES = _HEADER.size + 24 * MAX_VERTICES + 60 * MAX_FACES


def mesh_to_bytes(mesh: TriangleMesh) -> bytes:
    """The bytes of a mesh file."""
    header = _HEADER.pack(MAGIC, len(mesh.vertices), len(mesh.faces), 0 if mesh.uv is None else 1)
    arrays = [mesh.vertices.astype("<f8").tobytes(), mesh.faces.astype("<i4").tobytes()]
    if mesh.uv is not None:
        arrays.append(mesh.uv.astype("<f8").tobytes())
    return header + b"".join(arrays)


def mesh_from_bytes(data: bytes, where: str) -> TriangleMesh:
    """The mesh of a file's bytes; raises AssetError that names `where`."""
    if len(data) < _HEADER.size or not data.startswith(MAGIC):
        raise AssetError("is not a mesh file of an asset package", where=where)
    _, vertices, faces, has_uv = _HEADER.unpack_from(data)
    if vertices > MAX_VERTICES or faces > MAX_FACES or has_uv > 1:
        raise AssetError("has a header that no mesh can have; the file is damaged", where=where)
    expected = _HEADER.size + 24 * vertices + (60 if has_uv else 12) * faces
    if len(data) != expected:
        raise AssetError(f"has {len(data)} bytes where {expected} belong; the file is damaged", where=where)
    at = _HEADER.size
    v = np.frombuffer(data, "<f8", 3 * vertices, at).reshape(-1, 3)
    at += 24 * vertices
    f = np.frombuffer(data, "<i4", 3 * faces, at).reshape(-1, 3)
    at += 12 * faces
    uv = np.frombuffer(data, "<f8", 6 * faces, at).reshape(-1, 3, 2) if has_uv else None
    try:
        return TriangleMesh(v, f, uv)
    except AssetError as error:
        raise AssetError(str(error), where=where) from error
