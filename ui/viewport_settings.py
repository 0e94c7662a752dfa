# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown of joints in the viewport; belongs to the window manager and is neither saved nor undone, as overlays."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import BoolProperty, PointerProperty
from bpy.types import Context, PropertyGroup


def _redraw(self: Any, context: Context) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


class ViewportSettings(PropertyGroup):
    """Switches of the popovers for gizmos and overlays."""

    show_handles: BoolProperty(
        name="Joint Handles",
        description="Show the active joint of a SimReady asset with handles for its limits and its position",
        default=True,
        update=_redraw,
    )


CLASSES = (ViewportSettings,)


def register() -> None:
    """Hang the settings on the window manager; their class is registered already."""
    bpy.types.WindowManager.simready_viewport = PointerProperty(type=ViewportSettings)


def unregister() -> None:
    """Undo `register`."""
    del bpy.types.WindowManager.simready_viewport
