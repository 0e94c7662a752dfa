# SPDX-License-Identifier: GPL-3.0-or-later
"""Presets of the export dialogs (Operator Presets): files in ui/presets, in Blender's own form."""

from __future__ import annotations

from pathlib import Path

import bpy

FOLDER = Path(__file__).resolve().parent
"""Blender looks for ``presets/operator/<operator>/<name>.py`` below it."""


def register() -> None:
    """Let Blender find them."""
    bpy.utils.register_preset_path(str(FOLDER))


def unregister() -> None:
    """Undo `register`."""
    bpy.utils.unregister_preset_path(str(FOLDER))
