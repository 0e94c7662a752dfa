# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of the extension: Esc over a 3D viewport cancels the running job, and does what it always does otherwise."""

from __future__ import annotations

from typing import Any

import bpy

from ..operators import ids

KEYMAP = "3D View Generic"
"""All regions of a 3D viewport, the sidebar too. A tool that runs (grab, box select) gets Esc before any keymap."""
_items: list[tuple[Any, Any]] = []


def register() -> None:
    """Add the keys to the add-on keymap, where the user can change them."""
    keyconfig = bpy.context.window_manager.keyconfigs.addon
    if keyconfig is None:  # in background mode there are no keys
        return
    keymap = keyconfig.keymaps.new(name=KEYMAP, space_type="VIEW_3D")
    # the operator's poll fails while no job runs, and the key goes on to whatever else it means
    _items.append((keymap, keymap.keymap_items.new(ids.CANCEL, "ESC", "PRESS")))


def unregister() -> None:
    """Remove them."""
    for keymap, item in _items:
        keymap.keymap_items.remove(item)
    _items.clear()
