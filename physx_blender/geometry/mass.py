# SPDX-License-Identifier: GPL-3.0-or-later
"""Mass, centre of mass and inertia of a rigid body."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import AssetError
from .pose import Array, Pose, Vec3, vec3

Mat3 = tuple[Vec3, Vec3, Vec3]


@dataclass(frozen=True)
class MassProperties:
    """Mass (kg; or volume in m^3 at unit density), centre (m) and inertia (3x3 rows) about the centre, in one frame."""

    mass: float
    centre: Vec3
    inertia: Mat3

    def __post_init__(self) -> None:
        mass = float(self.mass)
        if not math.isfinite(mass) or mass < 0.0:
            raise AssetError(
                f"mass must be finite and not negative, got {self.mass!r}", where="mass properties"
            )
        object.__setattr__(self, "mass", mass)
        object.__setattr__(self, "centre", vec3(self.centre, "centre of mass"))
        m = np.asarray(self.inertia, float)
        if m.shape != (3, 3) or not np.isfinite(m).all():
            raise AssetError(
                f"inertia must be a finite 3x3 matrix, got {self.inertia!r}", where="mass properties"
            )
        object.__setattr__(self, "inertia", tuple(tuple(float(v) for v in row) for row in m))

    @staticmethod
    def of(mass: float, centre: Any, inertia: Array) -> MassProperties:
        """From arrays; the inertia is made exactly symmetric."""
        m = np.asarray(inertia, float)
        m = (m + m.T) / 2.0
        c = np.asarray(centre, float)
        return MassProperties(float(mass), (float(c[0]), float(c[1]), float(c[2])), m.tolist())

    @property
    def matrix(self) -> Array:
        """Inertia as an array (3, 3)."""
        return np.array(self.inertia)

    def scaled(self, density: float) -> MassProperties:
        """Mass and inertia multiplied by `density`."""
        return MassProperties.of(self.mass * density, self.centre, self.matrix * density)

    def moved(self, pose: Pose) -> MassProperties:
        """The same body after the rigid motion `pose`."""
        r = pose.rotation
        return MassProperties.of(self.mass, pose.apply(np.array([self.centre]))[0], r @ self.matrix @ r.T)

    def about(self, point: Vec3) -> Array:
        """Inertia (3, 3) about another point (parallel axis theorem)."""
        d = np.array(self.centre) - np.array(point)
        return self.matrix + self.mass * (float(d @ d) * np.eye(3) - np.outer(d, d))

    @staticmethod
    def total(bodies: Iterable[MassProperties]) -> MassProperties:
        """Several bodies as one; without mass the centre is the origin."""
        items = list(bodies)
        mass = sum(b.mass for b in items)
        if mass <= 0.0:
            return MassProperties.of(0.0, (0.0, 0.0, 0.0), np.zeros((3, 3)))
        centre = sum((b.mass * np.array(b.centre) for b in items), np.zeros(3)) / mass
        point = (float(centre[0]), float(centre[1]), float(centre[2]))
        return MassProperties.of(mass, centre, sum((b.about(point) for b in items), np.zeros((3, 3))))

    def problem(self) -> str | None:
        """Say why no rigid body can have these values, or None when one can.

        The principal moments must be positive and satisfy the triangle inequality (a rigid body's always do).
        """
        if self.mass <= 0.0:
            return "the mass is not positive"
        moments = np.linalg.eigvalsh(self.matrix)
        if moments[0] <= 0.0:
            return "a principal moment of inertia is not positive"
        if moments[0] + moments[1] < moments[2] * (1.0 - 1e-9):
            return "the principal moments of inertia break the triangle inequality"
        return None
