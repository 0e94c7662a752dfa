# SPDX-License-Identifier: GPL-3.0-or-later
"""Physics made visible in the viewport: colliders, ranks of touching, masses."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from . import refresh, settings

CLASSES = settings.CLASSES


@persistent  # type: ignore[untyped-decorator]
def _undone(*_: object) -> None:
    """A list of problems is not undone with the scene: the panel says that it may be out of date."""
    panel = bpy.context.window_manager.simready
    if panel.findings:
        panel.stale = True


@persistent  # type: ignore[untyped-decorator]
def _loaded(*_: object) -> None:
    """Another file: nothing of the last one is drawn on."""
    refresh.loaded(bpy.context)


def register() -> None:
    """Add the switches; drawing begins with the first of them."""
    settings.register()
    bpy.app.handlers.undo_post.append(_undone)
    bpy.app.handlers.redo_post.append(_undone)
    bpy.app.handlers.load_post.append(_loaded)


def unregister() -> None:
    """Undo `register`."""
    bpy.app.handlers.load_post.remove(_loaded)
    bpy.app.handlers.redo_post.remove(_undone)
    bpy.app.handlers.undo_post.remove(_undone)
    refresh.stop()
    settings.unregister()
