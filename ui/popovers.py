# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches in the viewport's popovers for gizmos and for overlays."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.types import Context

from ..operators import ids


def _gizmos(self: Any, context: Context) -> None:
    column = self.layout.column()
    column.active = context.space_data.show_gizmo
    column.label(text="SimReady")
    column.prop(context.window_manager.simready_viewport, "show_handles")


def _overlays(self: Any, context: Context) -> None:
    settings = context.window_manager.simready_viewport
    column = self.layout.column()
    column.active = context.space_data.overlay.show_overlays
    column.label(text="SimReady")
    column.prop(settings, "show_overlay")
    details = column.column()
    details.active = settings.show_overlay
    row = details.row(align=True)
    for name in ("show_axes", "show_ranges", "show_names"):
        row.prop(settings, name, toggle=True)
    details.operator(ids.FIND_COLLIDING_LIMITS, icon="VIEWZOOM")


def register() -> None:
    """Add the switches."""
    bpy.types.VIEW3D_PT_gizmo_display.append(_gizmos)
    bpy.types.VIEW3D_PT_overlay.append(_overlays)


def unregister() -> None:
    """Remove the switches."""
    bpy.types.VIEW3D_PT_overlay.remove(_overlays)
    bpy.types.VIEW3D_PT_gizmo_display.remove(_gizmos)
