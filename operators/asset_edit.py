# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn an armature of the artist into an asset, and choose materials."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import EnumProperty
from bpy.types import Context, Event, Object, Operator

from ..physx_blender.model.materials import MATERIALS
from ..physx_blender.scene.joint_rig import apply_joint
from . import ids
from .common import rig_of


class SIMREADY_OT_make_asset(Operator):
    """Treat the active armature and the meshes on its bones as an asset: one bone per link"""

    bl_idname = ids.MAKE_ASSET
    bl_label = "Make Asset of Armature"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """An armature that is no asset yet."""
        obj = context.active_object
        if obj is None or obj.type != "ARMATURE" or obj.simready_asset.is_asset:
            cls.poll_message_set("Select an armature that is not an asset yet")
            return False
        return True

    def execute(self, context: Context) -> set[str]:
        """Mark it, and give every joint its constraints."""
        rig = context.active_object
        rig.simready_asset.is_asset = True
        if context.mode != "OBJECT":
            bpy.ops.object.mode_set(mode="OBJECT")
        for bone in rig.pose.bones:
            apply_joint(bone)
        return {"FINISHED"}


_ITEMS: list[tuple[str, str, str]] = []


def _material_items(self: Any, context: Context) -> list[tuple[str, str, str]]:
    # Blender does not keep the texts of a dynamic enum; they must live as long as the menu
    if not _ITEMS:
        _ITEMS.extend((m.name, m.name, f"{m.density:g} kg/m³") for m in MATERIALS.values())
    return _ITEMS


class SIMREADY_OT_set_material(Operator):
    """Choose the physical material of all selected parts from the table"""

    bl_idname = ids.SET_MATERIAL
    bl_label = "Material from Table"
    bl_options = {"REGISTER", "UNDO"}
    bl_property = "material"

    material: EnumProperty(name="Material", items=_material_items)

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A part must be active."""
        if not parts_to_edit(context):
            cls.poll_message_set("Select a part of an asset")
            return False
        return True

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Search by typing."""
        context.window_manager.invoke_search_popup(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: Context) -> set[str]:
        """Fill in the values."""
        chosen = MATERIALS[self.material]
        for obj in parts_to_edit(context):
            settings = obj.simready_part
            settings.material_name = chosen.name
            for name in ("density", "youngs_modulus", "poissons_ratio", "friction", "restitution"):
                setattr(settings, name, getattr(chosen, name))
            settings.material_estimated = False
        return {"FINISHED"}


def parts_to_edit(context: Context) -> list[Object]:
    """The selected parts of assets, and the active one."""
    objects = {*context.selected_objects, context.active_object} - {None}
    return [
        o
        for o in objects
        if o.type == "MESH" and rig_of(o) is not None and o.simready_part.role in ("NONE", "PART")
    ]


CLASSES = (SIMREADY_OT_make_asset, SIMREADY_OT_set_material)
