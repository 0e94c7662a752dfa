# SPDX-License-Identifier: GPL-3.0-or-later
"""Ellipsoid and sphere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .lathe import lathe_mesh
from .mass import MassProperties
from .moments import Moments
from .placed import PlacedShape
from .pose import Array, Vec3, vec3
from .shape import Shape
from .trianglemesh import TriangleMesh
from .values import length


@dataclass(frozen=True)
class Ellipsoid(Shape):
    """Ellipsoid with its centre in the origin; radii (half axes) along x, y, z in metres; a sphere when equal."""

    kind: ClassVar[str] = "ellipsoid"
    radii: Vec3

    def __post_init__(self) -> None:
        x, y, z = (length(v, "ellipsoid", "a radius") for v in vec3(self.radii, "ellipsoid radii"))
        object.__setattr__(self, "radii", (x, y, z))

    def mesh(self, detail: int = 32) -> TriangleMesh:
        """Rings of latitude; one chart, longitude by latitude."""
        rings = max(2, round(detail / 2))
        angles = [math.pi * (k / rings - 0.5) for k in range(1, rings)]
        profile = ((0.0, -1.0), *((math.cos(a), math.sin(a)) for a in angles), (0.0, 1.0))
        sphere = lathe_mesh(profile, detail)
        return TriangleMesh(sphere.vertices * np.array(self.radii), sphere.faces, sphere.uv)

    def volume_properties(self) -> MassProperties:
        """Closed form: integral of x^2 is V a^2 / 5."""
        a, b, c = self.radii
        volume = 4.0 / 3.0 * math.pi * a * b * c
        return Moments.diagonal(
            volume, volume * a * a / 5.0, volume * b * b / 5.0, volume * c * c / 5.0
        ).properties()

    def colliders(self) -> tuple[PlacedShape, ...]:
        """Itself."""
        return (PlacedShape(self),)

    def bounds(self) -> tuple[Array, Array]:
        """The radii either way."""
        corner = np.array(self.radii)
        return -corner, corner
