# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for simulators."""

from __future__ import annotations

from bpy.types import Context

from ...operators import ids
from ...operators.export_asset import any_rig
from .base import Side


class SIMREADY_PT_export(Side):
    """Out."""

    bl_idname = "SIMREADY_PT_export"
    bl_label = "Export"

    def draw(self, context: Context) -> None:
        """By simulator, and by format."""
        layout = self.layout
        row = layout.row()
        row.scale_y = 1.2
        # a menu has no poll; its entries would all be grey
        row.enabled = any_rig(context)
        row.menu("SIMREADY_MT_export_for", icon="EXPORT")
        column = layout.column(align=True)
        column.operator(ids.EXPORT_MJCF, text="MJCF (MuJoCo)")
        column.operator(ids.EXPORT_URDF, text="URDF (ROS 2, Isaac Sim, PyBullet)")
        column.operator(ids.EXPORT_USD, text="USD with Physics (Isaac Sim)")
        column.operator(ids.EXPORT_PACKAGE, text="Everything into a Folder", icon="PACKAGE")


CLASSES = (SIMREADY_PT_export,)
