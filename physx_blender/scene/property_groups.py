# SPDX-License-Identifier: GPL-3.0-or-later
"""Register property groups and hang them on Blender's types."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import PointerProperty
from bpy.types import PropertyGroup

Groups = tuple[type[PropertyGroup], ...]
Pointers = tuple[tuple[Any, str, type[PropertyGroup]], ...]
"""Blender's type, the name of the new property there, and the group."""


def register_groups(classes: Groups, pointers: Pointers) -> None:
    """Register the groups, then hang them up."""
    for cls in classes:
        bpy.utils.register_class(cls)
    for owner, name, cls in pointers:
        setattr(owner, name, PointerProperty(type=cls))


def unregister_groups(classes: Groups, pointers: Pointers) -> None:
    """Undo `register_groups`."""
    for owner, name, _ in reversed(pointers):
        delattr(owner, name)
    for cls in reversed(classes):
        bpy.utils.unregister_class(cls)
