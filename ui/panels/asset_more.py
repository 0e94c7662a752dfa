# SPDX-License-Identifier: GPL-3.0-or-later
"""The active asset as text, and in the asset browser."""

from __future__ import annotations

from bpy.types import Context

from ...operators import ids
from ...operators.common import active_rig
from .base import Side


class SIMREADY_PT_asset_more(Side):
    """As text, and in the library."""

    bl_idname = "SIMREADY_PT_asset_more"
    bl_parent_id = "SIMREADY_PT_asset"
    bl_label = "Text and Library"
    bl_order = 10
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """An asset."""
        return active_rig(context) is not None

    def draw(self, context: Context) -> None:
        """Edit, rebuild, mark."""
        column = self.layout.column(align=True)
        column.operator(ids.EDIT_TEXT, icon="TEXT")
        column.operator(ids.REBUILD_FROM_TEXT, icon="FILE_REFRESH")
        self.layout.operator(ids.MARK_ASSET, icon="ASSET_MANAGER")


CLASSES = (SIMREADY_PT_asset_more,)
