# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user sees: panels, preferences, menus, file handlers."""

from __future__ import annotations

import bpy

from . import menus, panels, preferences

CLASSES = (*preferences.CLASSES, *panels.CLASSES, *menus.CLASSES)


def register() -> None:
    """Register the user interface."""
    done = []
    try:
        for cls in CLASSES:
            bpy.utils.register_class(cls)
            done.append(cls)
    except Exception:
        for cls in reversed(done):
            bpy.utils.unregister_class(cls)
        raise
    menus.register()


def unregister() -> None:
    """Undo `register`."""
    menus.unregister()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
