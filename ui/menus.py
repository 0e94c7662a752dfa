# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries in File > Import and File > Export, and what happens when a URDF is dropped on the window."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.types import Context, FileHandler

from ..operators import ids


def _import(self: Any, context: Context) -> None:
    self.layout.operator(ids.IMPORT, text="Sim-Ready Asset (.urdf, .xml, package)")


def _export(self: Any, context: Context) -> None:
    self.layout.operator(ids.EXPORT_MJCF, text="MJCF for MuJoCo (.xml)")
    self.layout.operator(ids.EXPORT_URDF, text="URDF (.urdf)")


class SIMREADY_FH_urdf(FileHandler):
    """URDF files."""

    bl_idname = "SIMREADY_FH_urdf"
    bl_label = "URDF"
    bl_import_operator = ids.IMPORT
    bl_file_extensions = ".urdf"

    @classmethod
    def poll_drop(cls, context: Context) -> bool:
        """Anywhere in the 3D viewport or the outliner."""
        return context.area is not None and context.area.type in ("VIEW_3D", "OUTLINER")


CLASSES = (SIMREADY_FH_urdf,)


def register() -> None:
    """Add the entries."""
    bpy.types.TOPBAR_MT_file_import.append(_import)
    bpy.types.TOPBAR_MT_file_export.append(_export)


def unregister() -> None:
    """Remove the entries."""
    bpy.types.TOPBAR_MT_file_export.remove(_export)
    bpy.types.TOPBAR_MT_file_import.remove(_import)
