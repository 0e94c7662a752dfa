# SPDX-License-Identifier: GPL-3.0-or-later
"""A rigid body."""

from __future__ import annotations

from dataclasses import dataclass

from ..geometry.mass import MassProperties
from .names import check_name


@dataclass(frozen=True)
class Link:
    """A rigid body; its parts name it.

    inertial: mass (kg), centre (asset frame at rest) and inertia about the centre (kg m^2, asset axes) where a file
    or a person gave them, or None when they follow from the parts.
    """

    name: str
    inertial: MassProperties | None = None

    def __post_init__(self) -> None:
        check_name(self.name, f"link {self.name!r}")
