# SPDX-License-Identifier: GPL-3.0-or-later
"""All joints of all assets at once, in the viewport; nothing of it is there while it is off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import bpy
import numpy as np
from bpy.app.handlers import persistent
from bpy.types import Context

from ...operators.view import ui_scale
from ...physx_blender.geometry.pose import Array
from ..drawing import blended
from .batches import Batches, Sheet, Signs
from .gather import Handled, Shown, handled_joint, in_frame, shown_joints, signature, with_settings
from .names import Names
from .watch import Frames, Rig, changed_settings, shown_rigs, structure

WIDTH = 1.8
CHANGES = ("depsgraph_update_post", "frame_change_post", "undo_post", "redo_post")


class Overlay:
    """What is drawn, and whether it still holds. Kept across redraws; turned on and off by the settings."""

    def __init__(self) -> None:
        self.handles: list[Any] = []
        self.signs, self.names = Signs(), Names()
        self.uploads = 0
        self.forget()

    def forget(self) -> None:
        """Keep nothing of what was seen."""
        self.stale = True
        self.joints: list[Shown] = []
        """All joints, each in its own frame."""
        self.keys: list[Any] = []
        """What each looks like: equal for two that look the same."""
        self.handled: Handled = None
        self.structure: tuple[Any, ...] | None = None
        self.frames: list[Frames] = []
        self.places = np.zeros((0, 4, 4))
        self.sheet: Sheet | None = None
        self.batches: Batches | None = None
        self.signs.forget()
        self.names.forget()

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
        self.forget()

    def update(self, context: Context) -> None:
        """Look at the scene again where something has changed, and upload where that shows."""
        handled = handled_joint(context)
        if not self.stale and handled == self.handled:
            return
        rigs = shown_rigs(context)
        seen = structure(context, rigs)
        changed = seen != self.structure
        if changed:
            self._look(context, rigs, seen)
        places = self._places(rigs)
        if changed or handled != self.handled or self.sheet is None:
            self.sheet = self._sheet(handled)
        elif np.array_equal(places, self.places):
            self.stale = False
            return
        self.stale, self.handled, self.places = False, handled, places
        self.batches = self.sheet.placed(places)
        self.uploads += 1

    def _look(self, context: Context, rigs: list[Rig], seen: tuple[Any, ...]) -> None:
        """Find out which joints there are, or only what those look like whose settings have changed."""
        changed = changed_settings(self.structure, seen)
        self.structure = seen
        if changed is not None:
            found = {rig.name: rig for rig, _ in rigs}
            for number, joint in enumerate(self.joints):
                if (joint.rig, joint.bone) in changed:
                    self.joints[number] = with_settings(joint, found[joint.rig])
                    (self.keys[number],) = signature([self.joints[number]])
            return
        joints = shown_joints(context, rigs=rigs)
        self.frames = [Frames(rig, [j.bone for j in joints if j.rig == rig.name]) for rig, _ in rigs]
        self.joints = [in_frame(j, f) for j, f in zip(joints, self._places(rigs), strict=True)]
        self.keys = list(signature(self.joints))

    def _places(self, rigs: list[Rig]) -> Array:
        """Frames (joints, 4, 4) of all joints in the world, in their order."""
        found = [frames.now(rig) for frames, (rig, _) in zip(self.frames, rigs, strict=True)]
        return np.concatenate([np.zeros((0, 4, 4)), *found])

    def _sheet(self, handled: Handled) -> Sheet:
        joints, keys = self.joints.copy(), [(key, False) for key in self.keys]
        for number, joint in enumerate(joints):
            if (joint.rig, joint.bone) == handled:
                joints[number], keys[number] = replace(joint, has_handles=True), (self.keys[number], True)
        return self.signs.sheet(joints, keys)

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
            self.names.draw(context, self.joints, self.places[:, :3, 3])


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
