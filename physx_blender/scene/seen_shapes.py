# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of an object that has not changed since it was last read come from a cache: the very same objects.

So what they have worked out (volumes, reports, colliders) is there as well.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import bpy

from ..geometry import Mesh, PlacedShape
from ..geometry.pose import Array
from ..model import Part
from .exact import known_record
from .mesh_buffers import buffers_of
from .recent import Recent
from .shape_record import read_shapes

MOST = 8192
MOST_BYTES = 256 * 1024 * 1024
SMALL = 1024
"""Bytes that a shape without a mesh takes, about."""


@dataclass(eq=False)
class Seen:
    """What an object showed, what could not be kept as it was, and the part read of it last with what it follows from."""

    shapes: tuple[PlacedShape, ...]
    notes: tuple[str, ...]
    part: tuple[Hashable, Part] | None = None


_seen: Recent[Seen] = Recent(MOST, MOST_BYTES)


def seen_shapes(mesh: bpy.types.Mesh, record: str, rest: Array, *, textured: bool, where: str) -> Seen:
    """As `read_shapes`, from a mesh as seen and the text of its object's record."""
    buffers = buffers_of(mesh)
    key = (buffers.digest(), record, rest.tobytes(), textured, where)
    found = _seen.get(key)
    if found is not None:
        return found
    notes: list[str] = []
    shapes = read_shapes(
        mesh, known_record(record, where), rest, textured=textured, where=where, notes=notes, buffers=buffers
    )
    return _seen.put(key, Seen(shapes, tuple(notes)), len(record) + sum(_size(s) for s in shapes))


def forget_shapes() -> None:
    """Empty the cache."""
    _seen.clear()


def _size(placed: PlacedShape) -> int:
    if not isinstance(placed.shape, Mesh):
        return SMALL
    mesh = placed.shape.triangles
    # what a shape works out about itself takes about as much again
    return SMALL + 2 * (mesh.vertices.nbytes + mesh.faces.nbytes + (0 if mesh.uv is None else mesh.uv.nbytes))
