# SPDX-License-Identifier: GPL-3.0-or-later
"""A turned profile: bottle, pot, wheel, knob."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..errors import AssetError
from .lathe import lathe_mesh, lathe_moments
from .mass import MassProperties
from .placed import PlacedShape
from .polygon import check_simple, oriented
from .pose import Array
from .shape import Shape
from .trianglemesh import TriangleMesh
from .values import Points2, polygon_points

AXIS = 1e-9  # a smaller radius (m) is taken for zero


@dataclass(frozen=True)
class Revolution(Shape):
    """Closed polygon (r, z), r >= 0, in either direction, turned a full circle about z (metres).

    A vessel with an inside goes up on the outside and down on the inside.  Edges on the axis (r = 0) make no surface.
    """

    kind: ClassVar[str] = "revolution"
    profile: Points2

    def __post_init__(self) -> None:
        points = polygon_points(self.profile, "revolution", "profile")
        # rounding near the axis would leave a hair-thin hole
        points = tuple((0.0 if abs(r) < AXIS else r, z) for r, z in points)
        object.__setattr__(self, "profile", points)
        for k, (r, _) in enumerate(self.profile):
            if r < 0.0:
                raise AssetError(f"profile, point {k}: the radius {r:g} is negative", where="revolution")
        check_simple((self.profile,), "revolution", "profile")

    def mesh(self, detail: int = 32) -> TriangleMesh:
        """Charts: one strip per smooth run of the profile, one disc per flat cap."""
        return lathe_mesh(oriented(self.profile), detail)

    def volume_properties(self) -> MassProperties:
        """Closed form: the sum of signed frustums, one per edge of the profile."""
        return lathe_moments(oriented(self.profile)).properties()

    def colliders(self) -> tuple[PlacedShape, ...]:
        """Convex pieces that leave the inside free, see `wedges.py`."""
        from .wedges import turned_pieces

        return turned_pieces(oriented(self.profile))

    def bounds(self) -> tuple[Array, Array]:
        """Of the true round body."""
        p = np.array(self.profile)
        r = p[:, 0].max()
        return np.array([-r, -r, p[:, 1].min()]), np.array([r, r, p[:, 1].max()])
