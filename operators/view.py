# SPDX-License-Identifier: GPL-3.0-or-later
"""What a 3D viewport sees: rays under the mouse, pixels and metres."""

from __future__ import annotations

import numpy as np
from bpy.types import Context, Event
from bpy_extras import view3d_utils

from ..physx_blender.geometry.dragging import Ray
from ..physx_blender.geometry.pose import Array


def ui_scale(context: Context) -> float:
    """Pixels of the screen per pixel meant."""
    return float(context.preferences.system.ui_scale)


def mouse_ray(context: Context, event: Event) -> Ray:
    """What lies under the mouse, in the world."""
    place = (event.mouse_region_x, event.mouse_region_y)
    region, view = context.region, context.region_data
    return Ray(
        np.array(view3d_utils.region_2d_to_origin_3d(region, view, place)),
        np.array(view3d_utils.region_2d_to_vector_3d(region, view, place)),
    )


def world_per_pixel(context: Context, point: Array) -> float:
    """Metres that one pixel covers at a point (3,) of the world, across the view."""
    matrix = np.array(context.region_data.perspective_matrix)
    depth = abs(float(matrix[3, :3] @ point + matrix[3, 3]))
    return 2.0 * max(depth, 1e-9) / (float(np.linalg.norm(matrix[0, :3])) * max(context.region.width, 1))


def view_direction(context: Context, point: Array) -> Array:
    """Unit vector (3,) from a point (3,) of the world towards the viewer."""
    view = context.region_data
    inverse = np.array(view.view_matrix.inverted())
    if not view.is_perspective:
        return np.asarray(inverse[:3, 2])
    towards = inverse[:3, 3] - point
    return np.asarray(towards / max(float(np.linalg.norm(towards)), 1e-12))


def to_pixels(context: Context, points: Array) -> Array:
    """Places (N, 2) in the region of points (N, 3) of the world; NaN behind the viewer."""
    matrix = np.array(context.region_data.perspective_matrix)
    clip = points @ matrix[:, :3].T + matrix[:, 3]
    depth = np.where(clip[:, 3:] > 1e-9, clip[:, 3:], np.nan)
    size = np.array([context.region.width, context.region.height])
    return np.asarray((clip[:, :2] / depth + 1.0) / 2.0 * size)


def free_width(context: Context) -> tuple[float, float]:
    """What toolbar and sidebar leave of the region, from left to right in its pixels."""
    left, right = 0.0, float(context.region.width)
    for region in context.area.regions:
        if region.type == "TOOLS" and region.width > 1:
            left = max(left, float(region.width))
        elif region.type == "UI" and region.width > 1:
            right = min(right, context.region.width - float(region.width))
    return left, right
