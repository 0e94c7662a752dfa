# SPDX-License-Identifier: GPL-3.0-or-later
"""Assets in Blender: the only part of the core that knows bpy."""

from __future__ import annotations

from . import properties
from .asset_to_scene import asset_to_scene
from .properties import register, unregister
from .scene_to_asset import part_name, scene_to_asset

__all__ = ["asset_to_scene", "part_name", "properties", "register", "scene_to_asset", "unregister"]
