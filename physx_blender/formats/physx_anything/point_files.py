# SPDX-License-Identifier: GPL-3.0-or-later
"""Voxel lists as the official code stores them: ``ind_<k>.npy`` and ``ind_<k>.ply``. Nothing is ever unpickled."""

from __future__ import annotations

import io
import re
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import AssetError
from .runs import Indices

MAX_BYTES = 64 * 1024 * 1024
_NPY_HEADER = (
    r"'descr':\s*'([<>=|](?:[iu][1248]|f[248]))'",
    r"'fortran_order':\s*(True|False)",
    r"'shape':\s*\((\d{1,9}),\s*(\d{1,9})\)",
)
_PLY_TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4", "float": "f4", "double": "f8",
    "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4", "float32": "f4",
    "float64": "f8",
}  # fmt: skip


def npy_cells(data: bytes, grid: int, where: str) -> Indices:
    """(N, 3) cells of a .npy file that holds integers (or whole floats) of that shape."""
    # numpy's own reader evaluates the header as Python and raises whatever the tokenizer raises.
    size = struct.Struct("<H" if data[6:7] == b"\x01" else "<I")
    start = 8 + size.size
    if not data.startswith(b"\x93NUMPY") or data[6:8] not in (b"\x01\x00", b"\x02\x00") or len(data) < start:
        raise AssetError("is no .npy file of version 1 or 2", where=where)
    end = start + int(size.unpack_from(data, 8)[0])
    header = data[start : min(end, start + 2000)].decode("latin-1")
    kind, order, shape = (re.search(pattern, header) for pattern in _NPY_HEADER)
    if kind is None or order is None or shape is None or int(shape[2]) != 3:
        raise AssetError("must hold whole or real numbers of shape (N, 3)", where=where)
    count, dtype, body = int(shape[1]), np.dtype(kind[1]), data[end:]
    if len(body) != count * 3 * dtype.itemsize:
        raise AssetError(f"has {len(body)} bytes for {count} voxels; it is damaged", where=where)
    array = np.frombuffer(body, dtype)
    return _cells(array.reshape(3, -1).T if order[1] == "True" else array.reshape(-1, 3), grid, where)


def npy_bytes(cells: Indices) -> bytes:
    """A .npy file of (N, 3) int64."""
    stream = io.BytesIO()
    np.lib.format.write_array(
        stream, np.ascontiguousarray(cells, dtype="<i8"), version=(1, 0), allow_pickle=False
    )
    return stream.getvalue()


def ply_cells(data: bytes, grid: int, where: str) -> Indices:
    """(N, 3) cells of a .ply point cloud: whole numbers are cells, others are points of the unit cube (-0.5 .. 0.5)."""
    end = re.search(rb"end_header\r?\n", data[:20_000])
    if not data.startswith(b"ply") or end is None:
        raise AssetError("is not a PLY file", where=where)
    header = data[: end.start()].decode("ascii", "replace").split("\n")
    form, count, current = "", -1, ""
    fields: list[tuple[str, str]] = []
    for line in header:
        words = line.split()
        if words[:1] == ["format"] and len(words) > 1:
            form = words[1]
        elif words[:1] == ["element"] and len(words) == 3:
            if current == "" and words[1] != "vertex":
                raise AssetError("must begin with its vertices", where=where)
            current = words[1]
            if current == "vertex":
                count = int(words[2]) if words[2].isdigit() and len(words[2]) < 10 else -1
        elif words[:1] == ["property"] and current == "vertex":
            if len(words) != 3 or words[1] not in _PLY_TYPES or words[2] in [f[0] for f in fields]:
                raise AssetError(f"has the vertex property {line[:60]!r}, which is not known", where=where)
            fields.append((words[2], _PLY_TYPES[words[1]]))
    if count < 0 or count > MAX_BYTES // 3 or not {"x", "y", "z"} <= {f[0] for f in fields}:
        raise AssetError("names no vertices with x, y and z", where=where)
    return _cells(_ply_points(data[end.end() :], form, count, fields, where), grid, where)


def _ply_points(
    body: bytes, form: str, count: int, fields: list[tuple[str, str]], where: str
) -> npt.NDArray[np.float64]:
    names = [f[0] for f in fields]
    if form == "ascii":
        rows = body.split(b"\n")[:count]
        try:
            table = np.array(
                [[float(w) for w in row.split()[: len(fields)]] for row in rows], dtype=np.float64
            )
        except ValueError:
            raise AssetError("has a vertex that is not numbers", where=where) from None
        if table.shape != (count, len(fields)) and count:
            raise AssetError("has fewer vertices than it says", where=where)
        return table.reshape(-1, len(fields))[:, [names.index(c) for c in "xyz"]]
    if form not in ("binary_little_endian", "binary_big_endian"):
        raise AssetError(f"has the format {form[:30]!r}, which is not known", where=where)
    order = "<" if form == "binary_little_endian" else ">"
    record = np.dtype([(n, order + t) for n, t in fields])
    if len(body) < count * record.itemsize:
        raise AssetError("has fewer vertices than it says", where=where)
    records: npt.NDArray[Any] = np.frombuffer(body, record, count)
    return np.stack([records[c].astype(np.float64) for c in "xyz"], axis=1)


def _cells(points: npt.NDArray[np.generic], grid: int, where: str) -> Indices:
    values = np.asarray(points, dtype=np.float64)
    if not np.isfinite(values).all():
        raise AssetError("holds a number that is not finite", where=where)
    if (values == np.floor(values)).all() and (not len(values) or values.min() >= 0):
        cells = values
    else:
        # The rim of the cube belongs to its last cell.
        cells = np.where(values == 0.5, grid - 1, np.floor((values + 0.5) * grid))
    inside = ((cells >= 0) & (cells < grid)).all(axis=1)
    if not inside.any() and len(cells):
        raise AssetError(f"has no voxel inside the {grid}^3 grid", where=where)
    return np.unique(cells[inside].astype(np.int64), axis=0)
