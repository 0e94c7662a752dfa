# SPDX-License-Identifier: GPL-3.0-or-later
"""Rigid placement: a rotation followed by a translation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import AssetError

Vec3 = tuple[float, float, float]
Quat = tuple[float, float, float, float]
Array = npt.NDArray[np.float64]


def vec3(value: Any, where: str) -> Vec3:
    """Return three finite floats, or raise an error that names the element `where`."""
    try:
        x, y, z = (float(v) for v in value)
    except (TypeError, ValueError):
        raise AssetError(f"needs three numbers, got {value!r}", where=where) from None
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        raise AssetError(f"has a value that is not finite: {value!r}", where=where)
    return (x, y, z)


def unit(value: Any, where: str) -> Vec3:
    """Return the direction of `value` as a unit vector; a zero vector is an error.

    A vector that already has unit length to the last few bits is returned as it is, so that writing and
    reading an asset does not change it.
    """
    v = vec3(value, where)
    length = math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    if length < 1e-12:
        raise AssetError("is a zero vector and gives no direction", where=where)
    if abs(length - 1.0) < 1e-12:
        return v
    return (v[0] / length, v[1] / length, v[2] / length)


def quaternion_matrix(q: Quat) -> Array:
    """Rotation matrix (3, 3) of a unit quaternion w, x, y, z."""
    w, x, y, z = q
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def matrix_quaternion(matrix: Array) -> Quat:
    """Unit quaternion w, x, y, z with w >= 0 of a rotation matrix (3, 3), by Shepperd's method."""
    m = np.asarray(matrix, float)
    trace = float(np.trace(m))
    diagonal = [trace, float(m[0, 0]), float(m[1, 1]), float(m[2, 2])]
    k = int(np.argmax(diagonal))
    if k == 0:
        q = [1 + trace, m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]]
    elif k == 1:
        q = [m[2, 1] - m[1, 2], 1 + 2 * m[0, 0] - trace, m[0, 1] + m[1, 0], m[0, 2] + m[2, 0]]
    elif k == 2:
        q = [m[0, 2] - m[2, 0], m[0, 1] + m[1, 0], 1 + 2 * m[1, 1] - trace, m[1, 2] + m[2, 1]]
    else:
        q = [m[1, 0] - m[0, 1], m[0, 2] + m[2, 0], m[1, 2] + m[2, 1], 1 + 2 * m[2, 2] - trace]
    a = np.array(q, float)
    a = a / np.linalg.norm(a)
    if a[0] < 0:
        a = -a
    return (float(a[0]), float(a[1]), float(a[2]), float(a[3]))


def axis_angle_matrix(axis: Vec3, angle: float) -> Array:
    """Rotation matrix (3, 3) by `angle` radians about the unit vector `axis` (Rodrigues)."""
    x, y, z = axis
    k = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + math.sin(angle) * k + (1.0 - math.cos(angle)) * (k @ k)


def rotation_between(start: Vec3, end: Vec3) -> Quat:
    """Shortest rotation, as a quaternion, that turns the direction `start` into `end`."""
    a, b = np.array(unit(start, "start")), np.array(unit(end, "end"))
    w = 1.0 + float(a @ b)
    if w < 1e-9:  # opposite directions: any axis across will do
        helper = np.array([1.0, 0.0, 0.0]) if abs(a[0]) < 0.9 else np.array([0.0, 1.0, 0.0])
        c = np.cross(a, helper)
        c = c / np.linalg.norm(c)
        return (0.0, float(c[0]), float(c[1]), float(c[2]))
    c = np.cross(a, b)
    q = np.array([w, c[0], c[1], c[2]])
    q = q / np.linalg.norm(q)
    return (float(q[0]), float(q[1]), float(q[2]), float(q[3]))


@dataclass(frozen=True)
class Pose:
    """Rotation by `quaternion` (w, x, y, z, unit), then translation by `position` (metres)."""

    position: Vec3 = (0.0, 0.0, 0.0)
    quaternion: Quat = (1.0, 0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "position", vec3(self.position, "pose position"))
        try:
            q = tuple(float(v) for v in self.quaternion)
        except (TypeError, ValueError):
            raise AssetError(
                f"needs four numbers, got {self.quaternion!r}", where="pose quaternion"
            ) from None
        norm = math.sqrt(sum(v * v for v in q))
        if len(q) != 4 or not math.isfinite(norm) or norm < 1e-9:
            raise AssetError(f"is not a rotation: {self.quaternion!r}", where="pose quaternion")
        if abs(norm - 1.0) > 1e-12:
            q = tuple(v / norm for v in q)
        object.__setattr__(self, "quaternion", q)

    @staticmethod
    def from_matrix(matrix: Array) -> Pose:
        """Pose of a rigid 4x4 (or 3x4) matrix."""
        m = np.asarray(matrix, float)
        return Pose((float(m[0, 3]), float(m[1, 3]), float(m[2, 3])), matrix_quaternion(m[:3, :3]))

    @property
    def rotation(self) -> Array:
        """Rotation matrix (3, 3)."""
        return quaternion_matrix(self.quaternion)

    @property
    def matrix(self) -> Array:
        """Homogeneous matrix (4, 4) that takes local points into the parent frame."""
        m = np.eye(4)
        m[:3, :3] = self.rotation
        m[:3, 3] = self.position
        return m

    def apply(self, points: Array) -> Array:
        """Transform points (N, 3)."""
        return np.asarray(points, float) @ self.rotation.T + np.array(self.position)

    def __matmul__(self, other: Pose) -> Pose:
        """Composition: first `other`, then this pose."""
        return Pose.from_matrix(self.matrix @ other.matrix)

    def inverse(self) -> Pose:
        """The pose that undoes this one."""
        r = self.rotation.T
        p = -r @ np.array(self.position)
        w, x, y, z = self.quaternion
        return Pose((float(p[0]), float(p[1]), float(p[2])), (w, -x, -y, -z))
