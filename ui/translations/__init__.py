# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension in other languages than English, by Blender's own translation of add-ons.

A language is a module with one table, English to translation. Blender looks into its own tables first, so words that
it knows (Cancel, Seed) look the same everywhere.
"""

from __future__ import annotations

import bpy

from ...operators import extension
from .japanese import JAPANESE

LANGUAGES = {"ja_JP": JAPANESE}


def _contexts(table: dict[str, str]) -> dict[tuple[str, str], str]:
    """Labels of operators are looked up in a context of their own; everything else in the general one."""
    return {(context, text): said for text, said in table.items() for context in ("*", "Operator")}


def register() -> None:
    """Hand the tables to Blender."""
    bpy.app.translations.register(
        extension.ROOT_PACKAGE, {language: _contexts(table) for language, table in LANGUAGES.items()}
    )


def unregister() -> None:
    """Take them back."""
    bpy.app.translations.unregister(extension.ROOT_PACKAGE)
