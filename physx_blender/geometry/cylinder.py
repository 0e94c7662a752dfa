# SPDX-License-Identifier: GPL-3.0-or-later
"""Cylinder, frustum and cone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .lathe import frustum_moments, lathe_mesh
from .mass import MassProperties
from .placed import PlacedShape
from .pose import Array
from .shape import Shape
from .trianglemesh import TriangleMesh
from .values import Points2, length


@dataclass(frozen=True)
class Cylinder(Shape):
    """Cylinder about z, from z = -height / 2 to height / 2, metres.

    radius: at the bottom, and at the top too unless top_radius says otherwise (frustum; 0 = a cone's tip).
    """

    kind: ClassVar[str] = "cylinder"
    radius: float
    height: float
    top_radius: float | None = None

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "radius", length(self.radius, "cylinder", "radius"))
        put(self, "height", length(self.height, "cylinder", "height"))
        if self.top_radius is not None:
            put(self, "top_radius", length(self.top_radius, "cylinder", "top radius", zero=True))

    @property
    def top(self) -> float:
        """Radius at the top."""
        return self.radius if self.top_radius is None else self.top_radius

    def _profile(self) -> Points2:
        h = self.height / 2.0
        profile = ((0.0, -h), (self.radius, -h), (self.top, h), (0.0, h))
        return profile if self.top else profile[:3]

    def mesh(self, detail: int = 32) -> TriangleMesh:
        """Charts: side, bottom, top."""
        return lathe_mesh(self._profile(), detail)

    def volume_properties(self) -> MassProperties:
        """Closed form of the frustum."""
        return frustum_moments(self.radius, -self.height / 2.0, self.top, self.height / 2.0).properties()

    def colliders(self) -> tuple[PlacedShape, ...]:
        """Itself where the radius is constant, else its convex mesh."""
        if self.top == self.radius:
            return (PlacedShape(Cylinder(self.radius, self.height)),)
        from .mesh import Mesh

        return (PlacedShape(Mesh(self.mesh(24))),)

    def bounds(self) -> tuple[Array, Array]:
        """Of the true round body."""
        r = max(self.radius, self.top)
        corner = np.array([r, r, self.height / 2.0])
        return -corner, corner
