# SPDX-License-Identifier: GPL-3.0-or-later
"""Icons made of picture files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import bpy.utils.previews

_collection: Any = None


def icon_of(path: Path) -> int:
    """Icon number of a picture file; 0 where it cannot be shown."""
    global _collection
    if _collection is None:
        _collection = bpy.utils.previews.new()
    name = str(path)
    if name not in _collection:
        if not path.is_file():
            return 0
        _collection.load(name, name, "IMAGE")
    return int(_collection[name].icon_id)


def unregister() -> None:
    """Free the pictures."""
    global _collection
    if _collection is not None:
        bpy.utils.previews.remove(_collection)
        _collection = None
