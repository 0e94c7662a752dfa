# SPDX-License-Identifier: GPL-3.0-or-later
"""A shape and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from .mass import MassProperties
from .pose import Pose
from .shape import Shape
from .trianglemesh import TriangleMesh

IDENTITY = Pose()


@dataclass(frozen=True)
class PlacedShape:
    """`shape` moved by `pose` from its own frame into the asset frame."""

    shape: Shape
    pose: Pose = IDENTITY

    def mesh(self, detail: int = 32) -> TriangleMesh:
        """The shape's mesh in the asset frame."""
        return self.shape.mesh(detail).transformed(self.pose)

    def volume_properties(self) -> MassProperties:
        """Volume, centre and inertia at unit density, in the asset frame."""
        return self.shape.volume_properties().moved(self.pose)

    def colliders(self) -> tuple[PlacedShape, ...]:
        """Convex pieces in the asset frame."""
        return tuple(PlacedShape(p.shape, self.pose @ p.pose) for p in self.shape.colliders())
