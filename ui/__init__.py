# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user sees: panels, preferences, menus, file handlers."""

from __future__ import annotations

from ..operators.common import register_classes, unregister_classes
from . import menus, panels, preferences

CLASSES = (*preferences.CLASSES, *panels.CLASSES, *menus.CLASSES)


def register() -> None:
    """Register the user interface."""
    register_classes(CLASSES)
    menus.register()


def unregister() -> None:
    """Undo `register`."""
    menus.unregister()
    unregister_classes(CLASSES)
