# SPDX-License-Identifier: GPL-3.0-or-later
"""All joints of all assets at once, in the viewport; nothing of it is there while it is off."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.app.handlers import persistent
from bpy.types import Context

from ...operators.view import ui_scale
from ..drawing import blended
from .batches import Batches, Signs
from .gather import Handled, Shown, handled_joint, shown_joints, signature
from .names import Names

WIDTH = 1.8
CHANGES = ("depsgraph_update_post", "frame_change_post", "undo_post", "redo_post")


class Overlay:
    """What is drawn, and whether it still holds. Kept across redraws; turned on and off by the settings."""

    def __init__(self) -> None:
        self.handles: list[Any] = []
        self.stale = True
        self.joints: list[Shown] = []
        self.handled: Handled = None
        self.seen: tuple[Any, ...] | None = None
        self.batches: Batches | None = None
        self.signs, self.names = Signs(), Names()
        self.uploads = 0

    @property
    def on(self) -> bool:
        """Are the callbacks there?"""
        return bool(self.handles)

    def switch(self, on: bool) -> None:
        """Put the callbacks in, or take them out."""
        if on == self.on:
            return
        if on:
            add = bpy.types.SpaceView3D.draw_handler_add
            self.handles = [
                add(self.draw_signs, (), "WINDOW", "POST_VIEW"),
                add(self.draw_words, (), "WINDOW", "POST_PIXEL"),
            ]
            for name in CHANGES:
                getattr(bpy.app.handlers, name).append(_changed)
        else:
            for handle in self.handles:
                bpy.types.SpaceView3D.draw_handler_remove(handle, "WINDOW")
            for name in CHANGES:
                getattr(bpy.app.handlers, name).remove(_changed)
            self.handles = []
        self.joints, self.seen, self.batches, self.stale = [], None, None, True
        self.signs.forget()
        self.names.forget()

    def update(self, context: Context) -> None:
        """Look at the scene again where something has changed, and upload where that shows."""
        handled = handled_joint(context)
        if not self.stale and handled == self.handled:
            return
        self.stale, self.handled = False, handled
        self.joints = shown_joints(context, handled)
        seen = signature(self.joints)
        if seen != self.seen or self.batches is None:
            self.seen, self.batches = seen, self.signs.build(self.joints, seen)
            self.uploads += 1

    def draw_signs(self) -> None:
        """Axes and ranges, in the world."""
        context = bpy.context
        if not context.space_data.overlay.show_overlays:
            return
        settings = context.window_manager.simready_viewport
        self.update(context)
        layers = [
            layer
            for layer, wanted in (("range", settings.show_ranges), ("axis", settings.show_axes))
            if wanted
        ]
        if self.batches is not None and layers:
            with blended():
                self.batches.draw(layers, WIDTH * ui_scale(context))

    def draw_words(self) -> None:
        """Names, in pixels."""
        context = bpy.context
        if context.space_data.overlay.show_overlays and context.window_manager.simready_viewport.show_names:
            self.update(context)
            self.names.draw(context, self.joints)


overlay = Overlay()


@persistent
def _changed(*_: Any) -> None:
    overlay.stale = True


@persistent
def _loaded(*_: Any) -> None:
    """A file may bring a window manager of its own, with other settings."""
    overlay.stale = True
    settings = getattr(bpy.context.window_manager, "simready_viewport", None)
    overlay.switch(settings is not None and settings.show_overlay)


def register() -> None:
    """Follow the settings through the loading of files."""
    bpy.app.handlers.load_post.append(_loaded)


def unregister() -> None:
    """Undo `register`; nothing is drawn any more."""
    bpy.app.handlers.load_post.remove(_loaded)
    overlay.switch(False)
