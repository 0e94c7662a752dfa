# SPDX-License-Identifier: GPL-3.0-or-later
"""Cylinder with half balls on its ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .lathe import lathe_mesh
from .mass import MassProperties
from .moments import Moments
from .placed import PlacedShape
from .pose import Array
from .shape import Shape
from .trianglemesh import TriangleMesh
from .values import length


@dataclass(frozen=True)
class Capsule(Shape):
    """Capsule about z, centred; `length` is the straight section between the two half balls (metres; may be 0)."""

    kind: ClassVar[str] = "capsule"
    radius: float
    length: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "radius", length(self.radius, "capsule", "radius"))
        object.__setattr__(self, "length", length(self.length, "capsule", "length", zero=True))

    def mesh(self, detail: int = 32) -> TriangleMesh:
        """One chart: around by along."""
        r, h = self.radius, self.length / 2.0
        quarter = max(1, round(detail / 4))
        arc = [math.pi / 2.0 * k / quarter for k in range(1, quarter)]
        lower = [(r * math.sin(a), -h - r * math.cos(a)) for a in arc]
        upper = [(x, -z) for x, z in reversed(lower)]
        middle = [(r, -h), (r, h)] if h else [(r, 0.0)]
        return lathe_mesh(((0.0, -h - r), *lower, *middle, *upper, (0.0, h + r)), detail)

    def volume_properties(self) -> MassProperties:
        """Closed form: cylinder plus two half balls, whose centres lie 3 r / 8 beyond its ends."""
        r, h = self.radius, self.length / 2.0
        cylinder, ball = 2.0 * math.pi * r * r * h, 4.0 / 3.0 * math.pi * r**3
        across = cylinder * r * r / 4.0 + ball * r * r / 5.0
        along = cylinder * h * h / 3.0 + ball * (r * r / 5.0 + 0.75 * r * h + h * h)
        return Moments.diagonal(cylinder + ball, across, across, along).properties()

    def colliders(self) -> tuple[PlacedShape, ...]:
        """Itself."""
        return (PlacedShape(self),)

    def bounds(self) -> tuple[Array, Array]:
        """Of the true round body."""
        corner = np.array([self.radius, self.radius, self.radius + self.length / 2.0])
        return -corner, corner
