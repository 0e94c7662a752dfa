# SPDX-License-Identifier: GPL-3.0-or-later
"""Assets in Blender: the only part of the core that knows bpy."""

from __future__ import annotations

from . import generation, joint_share, properties
from .asset_to_scene import asset_to_scene
from .scene_to_asset import part_name, scene_to_asset
from .simulation import settings as simulation_settings

GROUPS = (properties, generation, joint_share, simulation_settings)
"""Modules with property groups, each with `register` and `unregister`, in this order."""


def register() -> None:
    """Register all property groups, or none."""
    done = []
    try:
        for module in GROUPS:
            module.register()
            done.append(module)
    except Exception:
        for module in reversed(done):
            module.unregister()
        raise


def unregister() -> None:
    """Undo `register`."""
    for module in reversed(GROUPS):
        module.unregister()


__all__ = ["asset_to_scene", "part_name", "properties", "register", "scene_to_asset", "unregister"]
