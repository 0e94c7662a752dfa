# SPDX-License-Identifier: GPL-3.0-or-later
"""Boxes that host nodes, and the frames of their faces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from physx_blender.geometry import Box, Capsule, Cylinder, Ellipsoid, PlacedShape, Pose, Shape
from physx_blender.geometry.pose import Array, Quat, Vec3, matrix_quaternion

from .fields import FACES

# u (across), v (up) and n (out) of each face; u x v = n
_AXES: dict[str, tuple[Vec3, Vec3, Vec3]] = {
    "front": ((1, 0, 0), (0, 0, 1), (0, -1, 0)),
    "back": ((-1, 0, 0), (0, 0, 1), (0, 1, 0)),
    "left": ((0, -1, 0), (0, 0, 1), (-1, 0, 0)),
    "right": ((0, 1, 0), (0, 0, 1), (1, 0, 0)),
    "top": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "bottom": ((1, 0, 0), (0, -1, 0), (0, 0, -1)),
}


@dataclass(frozen=True)
class HostBox:
    """Axis-aligned box in the asset frame at rest, metres."""

    low: Vec3
    high: Vec3

    @property
    def size(self) -> Vec3:
        """Extents along x, y, z."""
        return (self.high[0] - self.low[0], self.high[1] - self.low[1], self.high[2] - self.low[2])

    def at(self, x: float, y: float, z: float) -> Vec3:
        """The point at these shares of the extents."""
        s = self.size
        return (self.low[0] + x * s[0], self.low[1] + y * s[1], self.low[2] + z * s[2])

    def face(self, index: float) -> Face:
        """Frame of one face, by its index in FACES."""
        return Face.of(self, FACES[int(index)])


@cache
def _frame(name: str) -> tuple[Array, dict[str, Quat]]:
    """Axes (columns u, v, n) of a face, and the rotations that take z to each of them."""
    u, v, n = (np.array(a, float) for a in _AXES[name])
    axes = np.stack([u, v, n], axis=1)
    axes.setflags(write=False)
    turns = {"n": (u, v, n), "u": (v, n, u), "v": (n, u, v)}
    return axes, {k: matrix_quaternion(np.stack(columns, axis=1)) for k, columns in turns.items()}


@dataclass(frozen=True)
class Face:
    """Frame on a face: origin at its lower left corner, axes u, v along the face and n outward; metres.

    Plain floats, not arrays: candidates are built by the thousand, and three numbers are less than what numpy costs.
    """

    name: str
    origin: Vec3
    width: float
    height: float
    depth: float  # of the host behind the face

    @staticmethod
    def of(box: HostBox, name: str) -> Face:
        """The face `name` of a box."""
        size = box.size
        w, h, d = (sum(abs(a * s) for a, s in zip(axis, size, strict=True)) for axis in _AXES[name])
        u, v, n = _AXES[name]
        low = box.low
        origin = [low[k] + size[k] / 2 - u[k] * w / 2 - v[k] * h / 2 + n[k] * d / 2 for k in range(3)]
        return Face(name, (origin[0], origin[1], origin[2]), w, h, d)

    @property
    def axes(self) -> Array:
        """Axes u, v, n as the columns of a matrix (3, 3)."""
        return _frame(self.name)[0]

    def point(self, u: float, v: float, n: float) -> Vec3:
        """Asset-frame point of local metres."""
        x, y, z = self.direction(u, v, n)
        return (self.origin[0] + x, self.origin[1] + y, self.origin[2] + z)

    def direction(self, u: float, v: float, n: float) -> Vec3:
        """Asset-frame direction of local components."""
        a, b, c = _AXES[self.name]
        return (
            a[0] * u + b[0] * v + c[0] * n,
            a[1] * u + b[1] * v + c[1] * n,
            a[2] * u + b[2] * v + c[2] * n,
        )

    def host(self, u0: float, u1: float, v0: float, v1: float, n0: float, n1: float) -> HostBox:
        """Axis-aligned box between local metres."""
        a, b = self.point(u0, v0, n0), self.point(u1, v1, n1)
        return HostBox(
            (min(a[0], b[0]), min(a[1], b[1]), min(a[2], b[2])),
            (max(a[0], b[0]), max(a[1], b[1]), max(a[2], b[2])),
        )

    def box(
        self, u0: float, u1: float, v0: float, v1: float, n0: float, n1: float, bevel: float = 0.0
    ) -> PlacedShape:
        """Solid box between local metres."""
        h = self.host(u0, u1, v0, v1, n0, n1)
        size = tuple(max(s, 1e-4) for s in h.size)
        return PlacedShape(
            Box((size[0], size[1], size[2]), min(bevel, 0.45 * min(size))), Pose(h.at(0.5, 0.5, 0.5))
        )

    def along(self, shape: Shape, centre: tuple[float, float, float], axis: str) -> PlacedShape:
        """`shape` (whose own axis is z) centred at local metres with its axis along local u, v or n."""
        return PlacedShape(shape, Pose(self.point(*centre), _frame(self.name)[1][axis]))

    def rod(
        self,
        centre: tuple[float, float, float],
        axis: str,
        length: float,
        radius: float,
        top: float | None = None,
    ) -> PlacedShape:
        """Cylinder or frustum along a local axis."""
        shape = Cylinder(max(radius, 2e-4), max(length, 2e-4), None if top is None else max(top, 0.0))
        return self.along(shape, centre, axis)

    def round_rod(
        self, centre: tuple[float, float, float], axis: str, length: float, radius: float
    ) -> PlacedShape:
        """Capsule along a local axis; `length` counts the rounded ends."""
        radius = max(radius, 2e-4)
        return self.along(Capsule(radius, max(length - 2 * radius, 1e-4)), centre, axis)

    def ball(self, centre: tuple[float, float, float], ru: float, rv: float, rn: float) -> PlacedShape:
        """Ellipsoid with local radii."""
        r = np.abs(self.axes @ np.diag([ru, rv, rn])).sum(axis=1)
        radii = (max(float(r[0]), 2e-4), max(float(r[1]), 2e-4), max(float(r[2]), 2e-4))
        return PlacedShape(Ellipsoid(radii), Pose(self.point(*centre)))
