# SPDX-License-Identifier: GPL-3.0-or-later
"""Any triangle mesh as a shape."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from .mass import MassProperties
from .mesh_integrals import shell_moments, solid_moments
from .mesh_report import MeshReport, is_convex, mesh_report
from .placed import PlacedShape
from .pose import Array
from .shape import Shape
from .trianglemesh import TriangleMesh
from .unwrap import unwrapped
from .values import length

DEFAULT_WALL_SHARE = 0.01  # of the diagonal of the bounding box


@dataclass(frozen=True)
class Mesh(Shape):
    """A mesh in the shape's frame, metres.

    triangles: the surface.  wall: thickness in metres of a body that is a skin around nothing, or None.

    Mass rule: a closed, consistently outward mesh without `wall` is solid, and its volume is the exact integral of the
    polyhedron.  With `wall`, or when the mesh is open, inverted or otherwise not the surface of a body (see `report`),
    the volume is surface area times wall thickness; without `wall` that thickness is 1 % of the diagonal of the
    bounding box.  The skin of a closed body never weighs more than the solid.
    """

    kind: ClassVar[str] = "mesh"
    triangles: TriangleMesh
    wall: float | None = None

    def __post_init__(self) -> None:
        if self.wall is not None:
            object.__setattr__(self, "wall", length(self.wall, "mesh", "wall"))

    def mesh(self, detail: int = 32) -> TriangleMesh:
        """The mesh itself; uv charts are added when it has none. `detail` has no effect."""
        return self.triangles if self.triangles.uv is not None else self._unwrapped

    @cached_property
    def _unwrapped(self) -> TriangleMesh:
        return unwrapped(self.triangles)

    @cached_property
    def report(self) -> MeshReport:
        """What is wrong with the surface, if anything."""
        return mesh_report(self.triangles)

    @property
    def wall_thickness(self) -> float | None:
        """Thickness that the mass follows from (metres), or None for a solid."""
        if self.wall is not None:
            return self.wall
        if self.report.solid:
            return None
        low, high = self.bounds()
        return DEFAULT_WALL_SHARE * float(np.linalg.norm(high - low))

    def volume_properties(self) -> MassProperties:
        """See the mass rule of the class."""
        wall = self.wall_thickness
        if wall is None:
            return solid_moments(self.triangles).properties()
        shell = shell_moments(self.triangles).times(wall)
        if self.report.solid:
            solid = solid_moments(self.triangles)
            if solid.volume < shell.volume:
                return solid.properties()
        return shell.properties()

    def colliders(self) -> tuple[PlacedShape, ...]:
        """Itself when convex, else its convex decomposition (needs coacd, which Blender's Python does not have)."""
        if is_convex(self.triangles):
            return (PlacedShape(self),)
        from .decompose import convex_pieces

        return tuple(PlacedShape(Mesh(piece)) for piece in convex_pieces(self.triangles))

    def bounds(self) -> tuple[Array, Array]:
        """Of the vertices that faces use."""
        used = self.triangles.vertices[np.unique(self.triangles.faces)]
        return used.min(axis=0), used.max(axis=0)
