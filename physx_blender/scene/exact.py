# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender keeps single precision; these helpers keep what the artist has not touched exact.

Every element of the rig carries a record (JSON) of what it was built from. A value of the scene that still equals
the single-precision rounding of its recorded value counts as untouched, and the recorded double is used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from mathutils import Matrix

from ..errors import AssetError
from ..geometry import Pose
from ..geometry.pose import Array, Vec3

UNMOVED = 2e-6
"""Entries of a placement (metres, or parts of a unit vector) that differ less than this have not been moved."""


def settle(shown: float, exact: float | None) -> float:
    """`exact` when `shown` is its single-precision rounding, else `shown`."""
    if exact is not None and np.float32(exact) == np.float32(shown):
        return float(exact)
    return float(shown)


def settle_all(shown: Iterable[float], exact: Sequence[float] | None) -> tuple[float, ...]:
    """`settle` for each value; a record of another length is no record."""
    values = tuple(float(v) for v in shown)
    if exact is None or len(exact) != len(values):
        return values
    return tuple(settle(s, e) for s, e in zip(values, exact, strict=True))


def write_record(data: dict[str, Any]) -> str:
    """Text of a record; Python's shortest float notation is exact."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False)


def read_record(text: str, where: str) -> dict[str, Any]:
    """The record, empty when there is none."""
    if not text:
        return {}
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise AssetError(
            f"its stored record is damaged ({error}); clear it to start afresh", where=where
        ) from error
    if not isinstance(data, dict):
        raise AssetError("its stored record is damaged; clear it to start afresh", where=where)
    return data


@lru_cache(maxsize=4096)
def known_record(text: str, where: str) -> Mapping[str, Any]:
    """`read_record`, to be read only: the same text gives the same record, from a cache."""
    return MappingProxyType(read_record(text, where))


def _gives_buffer() -> bool:
    try:
        memoryview(Matrix())
    except TypeError:
        return False
    return True


_BUFFER = _gives_buffer()
"""From 5.0 on a matrix is copied as one block."""


def matrix_array(matrix: Any) -> Array:
    """A Blender matrix (4, 4) as an array of doubles."""
    if _BUFFER:
        return np.array(matrix, dtype=np.float64)
    return np.array((*matrix[0], *matrix[1], *matrix[2], *matrix[3]), dtype=np.float64).reshape(4, 4)


def affine_inverse(matrix: Array) -> Array:
    """Inverse of a matrix (4, 4) whose last row is 0, 0, 0, 1, by cofactors.

    Some builds of numpy start threads for the inverse of a matrix this small, which costs a busy machine milliseconds.
    """
    (a, b, c, x), (d, e, f, y), (g, h, i, z), _ = matrix.tolist()
    p, q, r = e * i - f * h, f * g - d * i, d * h - e * g
    determinant = a * p + b * q + c * r
    if determinant == 0.0:
        raise np.linalg.LinAlgError("Singular matrix")
    inverse = np.array(
        (
            (p, c * h - b * i, b * f - c * e),
            (q, a * i - c * g, c * d - a * f),
            (r, b * g - a * h, a * e - b * d),
        )
    )
    inverse /= determinant
    result = np.eye(4)
    result[:3, :3] = inverse
    result[:3, 3] = -(inverse @ (x, y, z))
    return result


def flat(matrix: Array) -> list[float]:
    """Rows of a matrix one after the other, for a record."""
    return [float(v) for v in np.asarray(matrix).reshape(-1)]


def unmoved(now: Array, recorded: Sequence[float] | None) -> bool:
    """Is the placement `now` (4, 4) still the recorded one?"""
    if recorded is None or len(recorded) != 16:
        return False
    return bool(np.abs(now - np.array(recorded).reshape(4, 4)).max() <= UNMOVED)


def rigid_part(matrix: Array) -> Pose:
    """Pose nearest to a matrix (4, 4) that is rigid but for rounding."""
    u, _, vt = np.linalg.svd(matrix[:3, :3])
    rigid = np.eye(4)
    rigid[:3, :3] = u @ vt
    rigid[:3, 3] = matrix[:3, 3]
    return Pose.from_matrix(rigid)


def pose_record(pose: Pose) -> list[float]:
    """Position and quaternion, seven numbers."""
    return [*pose.position, *pose.quaternion]


def recorded_pose(values: Sequence[float]) -> Pose:
    """The pose that `pose_record` wrote."""
    x, y, z, qw, qx, qy, qz = (float(v) for v in values)
    return Pose((x, y, z), (qw, qx, qy, qz))


def as_vec3(values: Iterable[float]) -> Vec3:
    """Three plain floats."""
    x, y, z = (float(v) for v in values)
    return (x, y, z)
