# SPDX-License-Identifier: GPL-3.0-or-later
"""What every shape can say of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from .mass import MassProperties
from .pose import Array
from .trianglemesh import TriangleMesh

if TYPE_CHECKING:
    from .placed import PlacedShape


class Shape(ABC):
    """Geometry in its own frame, in metres. Subclasses are frozen dataclasses, one file each."""

    kind: ClassVar[str]

    @abstractmethod
    def mesh(self, detail: int = 32) -> TriangleMesh:
        """Closed triangle mesh with outward normals and uv; `detail` = segments of a full circle."""

    @abstractmethod
    def volume_properties(self) -> MassProperties:
        """Exact volume (as mass at unit density), centre and inertia, in the shape's frame."""

    @abstractmethod
    def colliders(self) -> tuple[PlacedShape, ...]:
        """Convex pieces (Box without bevel, Cylinder of constant radius, Capsule, Ellipsoid, or convex Mesh)."""

    @abstractmethod
    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper corner (3,), (3,) of the box around the shape, in its frame."""
