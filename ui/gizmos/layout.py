# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the handles of a joint are in the world, for the view that shows them."""

from __future__ import annotations

import numpy as np
from bpy.types import Context

from ...operators.joint_drag import RING_RADIUS, cone_rim, ring_radius
from ...operators.view import ui_scale, view_direction, world_per_pixel
from ...physx_blender.geometry.dragging import radial
from ...physx_blender.geometry.pose import Array
from ...physx_blender.scene.joint_view import JointView

NEEDLE = 0.62
"""Where the handle of the position is between pivot and ring."""
ASIDE = 13.0
"""Pixels that a limit's handle stands outside its range, so that it never covers that of the position."""
HANDLE_RADIUS = 6.5
GRASP = 12.0
"""Pixels around a handle that count as the handle."""


def handle_place(context: Context, view: JointView, handle: str) -> Array:
    """Point (3,) of the world in which a handle is centred."""
    value = view.value(handle)
    if handle.startswith("TRAVEL"):
        return view.on_rail(value) + _outwards(handle) * _aside(context, view.on_rail(value)) * view.slide
    radius = ring_radius(context, view)
    if handle == "CONE":
        rim = cone_rim(view, view_direction(context, view.origin))
        return np.asarray(view.origin + radius * (np.cos(value) * view.axis + np.sin(value) * rim))
    if handle == "ANGLE":
        return np.asarray(view.origin + NEEDLE * radius * view.direction(value))
    aside = _outwards(handle) * ASIDE / RING_RADIUS
    return np.asarray(view.origin + radius * radial(view.axis, view.zero, value + aside))


def _outwards(handle: str) -> float:
    return {"LOW": -1.0, "HIGH": 1.0}.get(handle.rpartition("_")[2], 0.0)


def _aside(context: Context, point: Array) -> float:
    return ASIDE * ui_scale(context) * world_per_pixel(context, point)
