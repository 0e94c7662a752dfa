# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches in the viewport's popovers for gizmos and for overlays."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.types import Context


def _gizmos(self: Any, context: Context) -> None:
    column = self.layout.column()
    column.active = context.space_data.show_gizmo
    column.label(text="SimReady")
    column.prop(context.window_manager.simready_viewport, "show_handles")


def register() -> None:
    """Add the switches."""
    bpy.types.VIEW3D_PT_gizmo_display.append(_gizmos)


def unregister() -> None:
    """Remove the switches."""
    bpy.types.VIEW3D_PT_gizmo_display.remove(_gizmos)
