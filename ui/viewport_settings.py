# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown of joints in the viewport; belongs to the window manager and is neither saved nor undone, as overlays."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, CollectionProperty, FloatProperty, PointerProperty, StringProperty
from bpy.types import Context, PropertyGroup

from .overlay import overlay


def redraw(context: Context) -> None:
    """Draw all 3D viewports again."""
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


def _shown(self: ViewportSettings, context: Context) -> None:
    redraw(context)


def _switched(self: ViewportSettings, context: Context) -> None:
    overlay.switch(self.show_overlay)
    overlay.stale = True  # an operator that has found collisions sets it again
    redraw(context)


class CollidingLimit(PropertyGroup):
    """An end of a joint's range on the way to which a part runs into another; found when `value` was the end."""

    rig: StringProperty()
    joint: StringProperty()
    end: StringProperty(description="angle_low, angle_high, travel_low or travel_high")
    value: FloatProperty(description="The limit (rad, m) for which this was found")


class ViewportSettings(PropertyGroup):
    """Switches of the popovers for gizmos and overlays."""

    show_handles: BoolProperty(
        name="Joint Handles",
        description="Show the active joint of a SimReady asset with handles for its limits and its position",
        default=True,
        update=_shown,
    )
    show_overlay: BoolProperty(
        name="Joints",
        description="Show all joints of all SimReady assets",
        default=False,
        update=_switched,
    )
    show_axes: BoolProperty(
        name="Axes", description="Show kinds and axes of joints", default=True, update=_shown
    )
    show_ranges: BoolProperty(
        name="Ranges",
        description="Show how far joints move; in red where a limit was found to run parts into others",
        default=True,
        update=_shown,
    )
    show_names: BoolProperty(name="Names", description="Show the names of joints", update=_shown)
    collisions: CollectionProperty(type=CollidingLimit)


CLASSES = (CollidingLimit, ViewportSettings)


def register() -> None:
    """Hang the settings on the window manager; their class is registered already."""
    bpy.types.WindowManager.simready_viewport = PointerProperty(type=ViewportSettings)


def unregister() -> None:
    """Undo `register`."""
    del bpy.types.WindowManager.simready_viewport
