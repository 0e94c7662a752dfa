# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for simulators."""

from __future__ import annotations

from bpy.types import Context

from ...operators import ids
from .base import Side


class SIMREADY_PT_export(Side):
    """Out."""

    bl_idname = "SIMREADY_PT_export"
    bl_label = "Export"

    def draw(self, context: Context) -> None:
        """Formats."""
        column = self.layout.column(align=True)
        column.operator(ids.EXPORT_MJCF, text="MJCF (MuJoCo)", icon="EXPORT")
        column.operator(ids.EXPORT_URDF, text="URDF", icon="EXPORT")
        column.operator(ids.EXPORT_PACKAGE, text="Everything into a Folder", icon="PACKAGE")


CLASSES = (SIMREADY_PT_export,)
