# SPDX-License-Identifier: GPL-3.0-or-later
"""Masses as they follow from the scene now."""

from __future__ import annotations

from bpy.types import Context, Object, Operator

from ..physx_blender.model import Asset
from ..physx_blender.scene import part_name
from . import ids
from .common import active_rig, has_rig, read_asset, reports_errors


def measure(rig: Object, asset: Asset) -> None:
    """Remember the volumes of all parts for the panel; `asset` was read from `rig`."""
    by_name = {part.name: part for part in asset.parts}
    scale = rig.matrix_world.median_scale
    for obj in rig.children_recursive:
        if obj.simready_part.role not in ("NONE", "PART"):
            continue
        part = by_name.get(part_name(obj))
        if part is not None:
            volume = sum(s.volume_properties().mass for s in part.shapes)
            obj.simready_part.volume = volume / scale**3


class SIMREADY_OT_measure(Operator):
    """Measure the volumes of all parts again, after their meshes have been edited"""

    bl_idname = ids.MEASURE
    bl_label = "Update Masses"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Measure."""
        rig = active_rig(context)
        assert rig is not None
        measure(rig, read_asset(context, []))
        return {"FINISHED"}


CLASSES = (SIMREADY_OT_measure,)
