# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn an armature of the artist into an asset, and choose materials."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import EnumProperty
from bpy.types import Context, Event, Object, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.model.materials import MATERIALS, ROWS
from ..physx_blender.scene import part_name
from ..physx_blender.scene.apply_edits import set_collision
from ..physx_blender.scene.asset_frame import AssetFrame
from ..physx_blender.scene.colliders import colliders_of
from ..physx_blender.scene.joint_rig import apply_joint
from ..physx_blender.scene.part_values import PRIORS, confirm
from ..physx_blender.scene.properties import ESTIMATES
from ..physx_blender.scene.simulators import exported_colliders
from ..physx_blender.scene.swatches import material_icon
from . import ids
from .common import read_rig, reports_errors, rig_of


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


_ITEMS: list[tuple[str, str, str, int, int]] = []


def _material_items(self: Any, context: Context) -> list[tuple[str, str, str, int, int]]:
    # Blender does not keep the texts of a dynamic enum; they must live as long as the menu
    if not _ITEMS:
        for number, (name, row) in enumerate(sorted(ROWS.items(), key=lambda item: item[0].lower())):
            m = row.material
            also = f". Also: {', '.join(row.aliases)}" if row.aliases else ""
            text = f"{m.density:g} kg/m³, friction {m.friction:g}, Young's modulus {m.youngs_modulus:.3g} Pa{also}"
            _ITEMS.append((name, name, text, material_icon(name), number))
    return _ITEMS


class SIMREADY_OT_set_material(Operator):
    """Choose the physical material of all selected parts from the table: density, friction, bounce and stiffness follow"""

    bl_idname = ids.SET_MATERIAL
    bl_label = "Material from Table"
    bl_options = {"REGISTER", "UNDO"}
    bl_property = "material"

    material: EnumProperty(name="Material", items=_material_items)

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A part must be active."""
        return has_parts(cls, context)

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
            confirm(settings, *PRIORS)
        return {"FINISHED"}


class SIMREADY_OT_confirm_estimate(Operator):
    """This value was estimated. Click to take it as known, or edit it; exported files tell guesses apart"""

    bl_idname = ids.CONFIRM
    bl_label = "Confirm Estimate"
    bl_options = {"REGISTER", "UNDO"}

    prior: EnumProperty(name="Value", items=(("ALL", "All", "All values of the part"), *ESTIMATES))

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A part must be active."""
        return has_parts(cls, context)

    def execute(self, context: Context) -> set[str]:
        """Take it as known."""
        for obj in parts_to_edit(context):
            confirm(obj.simready_part, *(PRIORS if self.prior == "ALL" else (self.prior,)))
        return {"FINISHED"}


class SIMREADY_OT_make_own_colliders(Operator):
    """Make objects of the colliders that the part has now, to edit them by hand; the part then collides by these"""

    bl_idname = ids.OWN_COLLIDERS
    bl_label = "Edit Colliders"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A part must be active."""
        return has_parts(cls, context)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Make them, shown and selected."""
        if context.mode != "OBJECT":
            bpy.ops.object.mode_set(mode="OBJECT")
        for obj in parts_to_edit(context):
            rig = rig_of(obj)
            assert rig is not None
            asset = AssetFrame.of(rig).from_world(read_rig(context, rig, []))
            part = next((p for p in asset.parts if p.name == part_name(obj)), None)
            if part is None:
                raise AssetError(
                    "is not part of the asset; tick Part of the Asset", where=f"part {obj.name!r}"
                )
            set_collision(obj, rig, exported_colliders(part) or None)
            for collider in colliders_of(obj):
                collider.hide_set(False)
                collider.select_set(True)
        return {"FINISHED"}


def has_parts(cls: Any, context: Context) -> bool:
    """`poll` of an operator that works on parts."""
    if not parts_to_edit(context):
        cls.poll_message_set("Select a part of an asset")
        return False
    return True


def parts_to_edit(context: Context) -> list[Object]:
    """The selected parts of assets, and the active one."""
    objects = {*context.selected_objects, context.active_object} - {None}
    return [
        o
        for o in objects
        if o.type == "MESH" and rig_of(o) is not None and o.simready_part.role in ("NONE", "PART")
    ]


CLASSES = (
    SIMREADY_OT_make_asset,
    SIMREADY_OT_set_material,
    SIMREADY_OT_confirm_estimate,
    SIMREADY_OT_make_own_colliders,
)
