# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches of what is shown of physics in the viewport; with the window manager, neither saved nor undone, as overlays."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import BoolProperty, PointerProperty
from bpy.types import Context, PropertyGroup


def _changed(self: Any, context: Context) -> None:
    from . import refresh

    refresh.switched(context)


class PhysicsView(PropertyGroup):
    """What to show of the active asset."""

    show_collision: BoolProperty(
        name="Collision",
        description="Show exactly what will be exported to collide by, one colour per piece",
        update=_changed,
    )
    show_ranks: BoolProperty(
        name="Touch Ranks",
        description="Tint every part by how often people touch it: bright = most, dark = hardly ever, grey = not said",
        update=_changed,
    )
    show_inertia: BoolProperty(
        name="Mass and Inertia",
        description="Show the centre of mass of the asset and of every link, and for each link the solid ellipsoid that "
        "turns as it does: where it is long, the mass lies far out",
        update=_changed,
    )
    problem: bpy.props.StringProperty(description="Why the asset cannot be shown", options={"HIDDEN"})

    @property
    def anything(self) -> bool:
        """Whether there is something to draw."""
        return bool(self.show_collision or self.show_ranks or self.show_inertia)


CLASSES = (PhysicsView,)


def of(context: Context) -> Any:
    """The switches."""
    return context.window_manager.simready_physics_view


def register() -> None:
    """Hang the switches on the window manager; their class is registered already."""
    bpy.types.WindowManager.simready_physics_view = PointerProperty(type=PhysicsView)


def unregister() -> None:
    """Undo `register`."""
    del bpy.types.WindowManager.simready_physics_view
