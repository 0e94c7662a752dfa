# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user sees: panels, preferences, menus, file handlers, keys, translations."""

from __future__ import annotations

from ..operators.common import register_classes, unregister_classes
from . import (
    file_handlers,
    gizmos,
    keymap,
    menus,
    operator_presets,
    overlay,
    panels,
    physics_view,
    popovers,
    preferences,
    simulation_hint,
    thumbnails,
    translations,
    viewport_settings,
)

CLASSES = (
    *viewport_settings.CLASSES,
    *physics_view.CLASSES,
    *preferences.CLASSES,
    *panels.CLASSES,
    *menus.CLASSES,
    *file_handlers.CLASSES,
    *gizmos.CLASSES,
)


def register() -> None:
    """Register the user interface."""
    register_classes(CLASSES)
    viewport_settings.register()
    overlay.register()
    physics_view.register()
    menus.register()
    operator_presets.register()
    keymap.register()
    translations.register()
    popovers.register()
    simulation_hint.register()


def unregister() -> None:
    """Undo `register`."""
    simulation_hint.unregister()
    popovers.unregister()
    translations.unregister()
    keymap.unregister()
    operator_presets.unregister()
    thumbnails.unregister()
    menus.unregister()
    physics_view.unregister()
    overlay.unregister()
    viewport_settings.unregister()
    unregister_classes(CLASSES)
