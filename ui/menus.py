# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries in Blender's own menus: File > Import and Export, Object, and the text editor's Text menu."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.types import Context, Menu

from ..operators import ids
from ..operators.export_options import settings_of
from ..physx_blender.formats.targets import MJCF_TARGETS, URDF_TARGETS


def _import(self: Any, context: Context) -> None:
    self.layout.operator(ids.IMPORT, text="Sim-Ready Asset (.urdf, .xml, package)")


def _export(self: Any, context: Context) -> None:
    self.layout.operator(ids.EXPORT_MJCF, text="MJCF for MuJoCo (.xml)")
    self.layout.operator(ids.EXPORT_URDF, text="URDF for ROS, Isaac, PyBullet (.urdf)")
    self.layout.operator(ids.EXPORT_USD, text="USD with Physics for Isaac, Omniverse (.usda)")
    self.layout.operator(ids.EXPORT_PACKAGE, text="Sim-Ready Asset, Everything into a Folder")


def _text(self: Any, context: Context) -> None:
    self.layout.separator()
    self.layout.operator(ids.REBUILD_FROM_TEXT, icon="FILE_REFRESH")


class SIMREADY_MT_export_for(Menu):
    """Export with the settings that a simulator wants"""

    bl_idname = "SIMREADY_MT_export_for"
    bl_label = "Export for"

    def draw(self, context: Context) -> None:
        """One entry per simulator and format."""
        layout = self.layout
        for title, operator, targets in (
            ("MJCF", ids.EXPORT_MJCF, MJCF_TARGETS),
            ("URDF", ids.EXPORT_URDF, URDF_TARGETS),
        ):
            layout.label(text=title)
            for name, options in targets.items():
                button = layout.operator(operator, text=name, translate=False)
                for setting, value in settings_of(options, urdf=operator == ids.EXPORT_URDF).items():
                    setattr(button, setting, value)
            layout.separator()


CLASSES = (SIMREADY_MT_export_for,)
_ENTRIES = (("TOPBAR_MT_file_import", _import), ("TOPBAR_MT_file_export", _export), ("TEXT_MT_text", _text))


def register() -> None:
    """Add the entries."""
    for menu, draw in _ENTRIES:
        getattr(bpy.types, menu).append(draw)


def unregister() -> None:
    """Remove the entries."""
    for menu, draw in reversed(_ENTRIES):
        getattr(bpy.types, menu).remove(draw)
