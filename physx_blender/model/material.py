# SPDX-License-Identifier: GPL-3.0-or-later
"""What a part is made of."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import AssetError
from .numbers import number


@dataclass(frozen=True)
class Material:
    """Physical material in SI units.

    density: kg/m^3.  youngs_modulus: Pa.  poissons_ratio: below 0.5.  friction: sliding coefficient against itself
    or a dry floor.  restitution: 0..1.  estimated: the values are priors until somebody has confirmed them.
    """

    name: str
    density: float
    youngs_modulus: float = 2.0e9
    poissons_ratio: float = 0.35
    friction: float = 0.5
    restitution: float = 0.4
    estimated: bool = True

    def __post_init__(self) -> None:
        where = f"material {self.name!r}"
        if not isinstance(self.name, str) or not self.name.strip() or len(self.name) > 80:
            raise AssetError("needs a name of 1 to 80 characters", where=where)
        for field, low, high, open_low in (
            ("density", 0.0, 30_000.0, True),
            ("youngs_modulus", 0.0, 2.0e12, True),
            ("poissons_ratio", -1.0, 0.5, True),
            ("friction", 0.0, 10.0, False),
            ("restitution", 0.0, 1.0, False),
        ):
            value = number(getattr(self, field), where, field, low=low, high=high, open_low=open_low)
            object.__setattr__(self, field, value)
