# SPDX-License-Identifier: GPL-3.0-or-later
"""The real size of an asset: typing any one dimension scales all of it.

The size at rest is measured with the masses (`measure.measure`), never while drawing, and kept in the armature's frame.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy
from bpy.types import Object

from ..errors import AssetError

LEAST, MOST = 1e-6, 1e6


def side_getter(axis: int) -> Callable[[Any], float]:
    """Getter of a side (0 width, 1 depth, 2 height) in the scene, metres."""

    def get(self: Any) -> float:
        return float(self.measured_size[axis] * self.id_data.matrix_world.median_scale)

    return get


def side_setter(axis: int) -> Callable[[Any, float], None]:
    """Setter: scale the armature uniformly so that this side has the given length; 0 and flat sides change nothing."""

    def set_(self: Any, value: float) -> None:
        now = side_getter(axis)(self)
        if value > 0.0 and now > 0.0 and LEAST < value / now < MOST:
            scale_rig(self.id_data, value / now)

    return set_


def scale_rig(rig: Object, factor: float) -> None:
    """Scale an asset about its origin, which stands on the floor. Raises AssetError for a factor out of reason."""
    if not LEAST < factor < MOST:
        raise AssetError(f"cannot be scaled by {factor:g}", where=f"asset {rig.name!r}")
    rig.scale = [s * factor for s in rig.scale]
    # the sides are shown by the world matrix, which otherwise waits for the next redraw
    bpy.context.view_layer.update()
