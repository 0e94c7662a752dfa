# SPDX-License-Identifier: GPL-3.0-or-later
"""The structured description as data: what the text says, in SI units where the text has units.

Positions and slide ranges stay in voxels of the grid, angles in degrees, dimensions in centimetres: they are the text's
own coordinates, and only together with the geometry do they become metres (see `assemble`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ...errors import AssetError
from ...geometry.pose import Vec3

GRIDS = (32, 64)


class Movement(str, Enum):
    """How a group moves: A freely, B slides, C turns about an axis, D about a point, CB turns and slides, E fixed."""

    FREE = "A"
    SLIDE = "B"
    HINGE = "C"
    BALL = "D"
    HINGE_SLIDE = "CB"
    FIXED = "E"


@dataclass(frozen=True)
class PartText:
    """Line ``l_<id>``.  rank: 1 = touched most .. 10.  density: kg/m^3.  youngs_modulus: Pa.  None = not given."""

    id: int
    name: str
    rank: int | None = None
    material: str = ""
    density: float | None = None
    youngs_modulus: float | None = None
    poissons_ratio: float | None = None
    description: str = ""


@dataclass(frozen=True)
class GroupText:
    """Line ``group_<id>``: a rigid body of parts and how it moves against the group `parent` (None: the base group).

    axis, slide_axis: directions in voxel axes (not normalised).  position: voxels.  angles: degrees.  travel: voxels.
    None = not given.
    """

    id: int
    parts: tuple[int, ...]
    movement: Movement = Movement.FIXED
    parent: int | None = None
    axis: Vec3 | None = None
    position: Vec3 | None = None
    angles: tuple[float, float] | None = None
    slide_axis: Vec3 | None = None
    travel: tuple[float, float] | None = None


@dataclass(frozen=True)
class Description:
    """The whole text.  dimension: length, width, height in centimetres as far as given.  grid: 32 or 64."""

    name: str
    category: str
    dimension: tuple[float, ...]
    parts: tuple[PartText, ...]
    groups: tuple[GroupText, ...]
    grid: int = 32

    def __post_init__(self) -> None:
        if self.grid not in GRIDS:
            raise AssetError(f"grid must be 32 or 64, got {self.grid!r}", where="structured description")
