# SPDX-License-Identifier: GPL-3.0-or-later
"""How the numbers of a part follow each other, and which of them are still a model's guess.

Density and mass are two views of one thing while the volume is known: the one that was edited last decides. `building`
on the settings silences all of this, for code that fills them in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from bpy.types import Context, Object

from .exact import matrix_array
from .placement import rest_matrix

PRIORS = ("DENSITY", "FRICTION", "RESTITUTION", "YOUNGS_MODULUS", "POISSONS_RATIO")
LEAST_DENSITY, MOST_DENSITY = 0.001, 30_000.0


@contextmanager
def silently(settings: Any) -> Iterator[None]:
    """Fill in settings without any of them answering."""
    before, settings.building = settings.building, True
    try:
        yield
    finally:
        settings.building = before


def is_estimated(settings: Any, prior: str) -> bool:
    """Whether a value (of `PRIORS`) is still what a model guessed."""
    return bool(settings.material_estimated) and prior not in settings.touched


def confirm(settings: Any, *priors: str) -> None:
    """Take values as known; with the last of them the whole material is."""
    settings.touched = settings.touched | set(priors)
    if settings.material_estimated and set(PRIORS) <= settings.touched:
        settings.material_estimated = False


def confirmed(prior: str) -> Callable[[Any, Context], None]:
    """An update callback: whoever edits a value knows it."""

    def update(self: Any, context: Context) -> None:
        if not self.building:
            confirm(self, prior)

    return update


def shape_changed(self: Any, context: Context) -> None:
    """Update callback: whoever shows the part looks at it again, after a script's change as well."""
    if not self.building:
        self.id_data.update_tag()


def density_changed(self: Any, context: Context) -> None:
    """Update callback: the mass follows."""
    if self.building:
        return
    confirm(self, "DENSITY")
    with silently(self):
        self.use_mass = False
        self.measured_mass = self.volume * self.density


def mass_changed(self: Any, context: Context) -> None:
    """Update callback: the density follows, where a volume is known."""
    if self.building:
        return
    confirm(self, "DENSITY")
    with silently(self):
        self.use_mass = True
        self.measured_mass = self.mass
        self.mass_at_volume = _own_determinant(self.id_data)
        if self.volume > 0.0:
            self.density = min(max(self.mass / self.volume, LEAST_DENSITY), MOST_DENSITY)


def shown_mass(self: Any) -> float:
    """Getter: mass as it stands in the scene (kg), as last measured or typed."""
    return float(self.measured_mass) * _asset_scale(self.id_data) ** 3


def type_mass(self: Any, value: float) -> None:
    """Setter of what `shown_mass` shows."""
    self.mass = max(value / _asset_scale(self.id_data) ** 3, 1e-9)


def _asset_scale(obj: Object) -> float:
    rig = _rig(obj)
    return 1.0 if rig is None else float(rig.matrix_world.median_scale)


def _own_determinant(obj: Object) -> float:
    """How the part's own placement scales volumes, 0 for an object of no asset."""
    rig = _rig(obj)
    if rig is None:
        return 0.0
    matrix = matrix_array(obj.matrix_basis) if obj.parent != rig else rest_matrix(obj, rig, None)
    return abs(float(np.linalg.det(matrix[:3, :3])))


def _rig(obj: Object | None) -> Object | None:
    while obj is not None:
        if obj.type == "ARMATURE" and obj.simready_asset.is_asset:
            return obj
        obj = obj.parent
    return None
