# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user sees: panels, preferences, menus, file handlers."""

from __future__ import annotations

from ..operators.common import register_classes, unregister_classes
from . import gizmos, menus, overlay, panels, popovers, preferences, viewport_settings

CLASSES = (
    *viewport_settings.CLASSES,
    *preferences.CLASSES,
    *panels.CLASSES,
    *menus.CLASSES,
    *gizmos.CLASSES,
)


def register() -> None:
    """Register the user interface."""
    register_classes(CLASSES)
    viewport_settings.register()
    overlay.register()
    menus.register()
    popovers.register()


def unregister() -> None:
    """Undo `register`."""
    popovers.unregister()
    menus.unregister()
    overlay.unregister()
    viewport_settings.unregister()
    unregister_classes(CLASSES)
