# SPDX-License-Identifier: GPL-3.0-or-later
"""How colliders were made from what is seen, so that they can be made anew when that changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..errors import AssetError
from .numbers import number


class FitKind(Enum):
    """What is put around the shapes of a part, or into them."""

    PRIMITIVE = "primitive"
    CONVEX = "convex"
    HULL = "hull"


PRIMITIVES = ("auto", "box", "cylinder", "capsule", "sphere")


@dataclass(frozen=True)
class CollisionFit:
    """The colliders of a part are fitted to its shapes.

    primitive: which one, for a primitive; auto = the tightest.  quality: of convex pieces, 0 (few) to 1 (close).
    """

    kind: FitKind
    primitive: str = "auto"
    quality: float = 0.5

    def __post_init__(self) -> None:
        if self.primitive not in PRIMITIVES:
            raise AssetError(
                f"primitive must be one of {', '.join(PRIMITIVES)}, got {self.primitive!r}",
                where="collision_fit",
            )
        quality = number(self.quality, "collision_fit", "quality", low=0.0, high=1.0)
        object.__setattr__(self, "quality", quality)
