# SPDX-License-Identifier: GPL-3.0-or-later
"""A piece that a person would name."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import AssetError
from ..geometry.placed import PlacedShape
from .collision_fit import CollisionFit
from .material import Material
from .names import check_name
from .numbers import number
from .texture import Texture

Colour = tuple[float, float, float, float]
MAX_DESCRIPTION = 4000


@dataclass(frozen=True)
class Part:
    """Geometry of one material on one link, for example "left door".

    shapes: what is seen, in the asset frame at rest (metres).
    colour: sRGB and alpha, each 0..1, as shown on screen.
    texture: image over the uv of the shapes' meshes, multiplied with nothing (it replaces the colour), or None.
    collision: what collides, or None when it follows from `shapes`; an empty tuple never collides.
    collision_fit: how `collision` was made from `shapes`, or None when it was set by hand or follows from the shapes.
    mass: kilograms, or None when it follows from volume and density.
    affordance_rank: 1 = touched most .. 10, or None.
    confidence: 0..1, how sure the generator was that this part is there, or None.
    """

    name: str
    link: str
    shapes: tuple[PlacedShape, ...]
    material: Material
    colour: Colour = (0.7, 0.7, 0.7, 1.0)
    texture: Texture | None = None
    collision: tuple[PlacedShape, ...] | None = None
    mass: float | None = None
    affordance_rank: int | None = None
    description: str = ""
    confidence: float | None = None
    collision_fit: CollisionFit | None = None
    where: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        where = f"part {self.name!r}"
        object.__setattr__(self, "where", where)
        check_name(self.name, where)
        check_name(self.link, f"{where}, link")
        object.__setattr__(self, "shapes", tuple(self.shapes))
        if self.collision is not None:
            object.__setattr__(self, "collision", tuple(self.collision))
        if not self.collision:
            object.__setattr__(self, "collision_fit", None)
        if not self.shapes and not self.collision:
            raise AssetError("has no geometry; give it a shape or delete it", where=where)
        try:
            rgba = tuple(float(c) for c in self.colour)
        except (TypeError, ValueError):
            rgba = ()
        if len(rgba) != 4 or not all(0.0 <= c <= 1.0 for c in rgba):
            raise AssetError(f"colour must be four numbers from 0 to 1, got {self.colour!r}", where=where)
        object.__setattr__(self, "colour", rgba)
        if self.mass is not None:
            object.__setattr__(self, "mass", number(self.mass, where, "mass", low=0.0, open_low=True))
        if self.confidence is not None:
            object.__setattr__(
                self, "confidence", number(self.confidence, where, "confidence", low=0.0, high=1.0)
            )
        rank = self.affordance_rank
        if rank is not None and (isinstance(rank, bool) or not isinstance(rank, int) or not 1 <= rank <= 10):
            raise AssetError(
                f"affordance rank must be a whole number from 1 to 10, got {rank!r}", where=where
            )
        if len(self.description) > MAX_DESCRIPTION:
            raise AssetError(f"description is over {MAX_DESCRIPTION} characters; shorten it", where=where)
