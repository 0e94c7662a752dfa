# SPDX-License-Identifier: GPL-3.0-or-later
"""A triangle mesh as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import AssetError
from .pose import Array, Pose

MAX_VERTICES = 5_000_000
MAX_FACES = 10_000_000


def _frozen(value: Any, dtype: Any) -> npt.NDArray[Any]:
    array = np.array(value, dtype=dtype, order="C")
    array.setflags(write=False)
    return array


def renumbered(faces: npt.NDArray[Any], count: int) -> tuple[npt.NDArray[Any], npt.NDArray[np.int32]]:
    """The vertices of `count` that `faces` use, in order, and the faces with these numbered from zero.

    As np.unique with return_inverse, without sorting.
    """
    mask = np.zeros(count, bool)
    mask[faces] = True
    return np.flatnonzero(mask), (np.cumsum(mask, dtype=np.int32) - 1).astype(np.int32)[faces]


@dataclass(frozen=True, eq=False)
class TriangleMesh:
    """Triangles, counter-clockwise seen from outside.

    vertices: (N, 3) float64 metres.  faces: (M, 3) int32 indices.
    uv: per-corner texture coordinates (M, 3, 2) in [0, 1] with v up, or None.
    """

    vertices: Array
    faces: npt.NDArray[np.int32]
    uv: Array | None = None

    def __post_init__(self) -> None:
        v, f = _frozen(self.vertices, np.float64), _frozen(self.faces, np.int32)
        if v.ndim != 2 or v.shape[1] != 3 or f.ndim != 2 or f.shape[1] != 3:
            raise AssetError(
                f"needs (N, 3) vertices and (M, 3) faces, got {v.shape} and {f.shape}", where="mesh"
            )
        if len(v) > MAX_VERTICES or len(f) > MAX_FACES:
            raise AssetError(
                f"has {len(v)} vertices and {len(f)} faces, over the limit; decimate it first", where="mesh"
            )
        if not len(f):
            raise AssetError("has no faces", where="mesh")
        if not np.isfinite(v).all():
            raise AssetError("has a vertex that is not finite", where="mesh")
        if f.min() < 0 or f.max() >= len(v):
            raise AssetError("has a face that names a vertex it does not have", where="mesh")
        object.__setattr__(self, "vertices", v)
        object.__setattr__(self, "faces", f)
        if self.uv is not None:
            uv = _frozen(self.uv, np.float64)
            if uv.shape != (len(f), 3, 2) or not np.isfinite(uv).all():
                raise AssetError(f"needs finite uv of shape {(len(f), 3, 2)}, got {uv.shape}", where="mesh")
            object.__setattr__(self, "uv", uv)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TriangleMesh):
            return NotImplemented
        same_uv = (self.uv is None) == (other.uv is None) and (
            self.uv is None or other.uv is None or np.array_equal(self.uv, other.uv)
        )
        return (
            np.array_equal(self.vertices, other.vertices)
            and np.array_equal(self.faces, other.faces)
            and same_uv
        )

    def __hash__(self) -> int:
        return hash((self.vertices.tobytes(), self.faces.tobytes()))

    def transformed(self, pose: Pose) -> TriangleMesh:
        """The same mesh after the rigid motion `pose`."""
        return TriangleMesh(pose.apply(self.vertices), self.faces, self.uv)

    @staticmethod
    def join(meshes: list[TriangleMesh]) -> TriangleMesh:
        """One mesh of several; uv is kept when all have it."""
        offsets = np.cumsum([0] + [len(m.vertices) for m in meshes[:-1]])
        uvs = [m.uv for m in meshes]
        uv = None if any(u is None for u in uvs) else np.concatenate([u for u in uvs if u is not None])
        return TriangleMesh(
            np.concatenate([m.vertices for m in meshes]),
            np.concatenate([m.faces + o for m, o in zip(meshes, offsets, strict=True)]),
            uv,
        )
