# SPDX-License-Identifier: GPL-3.0-or-later
"""The active part: material, mass, collision."""

from __future__ import annotations

from bpy.types import Context

from ...operators import ids
from ...operators.common import rig_of
from .asset import part_mass
from .base import Side, kilograms


class SIMREADY_PT_part(Side):
    """The active part."""

    bl_idname = "SIMREADY_PT_part"
    bl_label = "Part"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A part of an asset."""
        obj = context.active_object
        return obj is not None and obj.type == "MESH" and rig_of(obj) is not None

    def draw(self, context: Context) -> None:
        """Physics of the part."""
        obj = context.active_object
        rig = rig_of(obj)
        if rig is None:
            return
        part = obj.simready_part
        layout = self.layout
        layout.prop(obj, "name", text="", icon="MESH_DATA")
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        if part.role in ("COLLIDER", "CAMERA"):
            column.prop(part, "role")
            return
        column.prop(part, "included")
        row = column.row(align=True)
        row.prop(part, "material_name")
        row.operator(ids.SET_MATERIAL, text="", icon="VIEWZOOM")
        if part.material_estimated:
            column.prop(part, "material_estimated")
        column.prop(part, "density")
        column.prop(part, "friction")
        column.prop(part, "restitution")
        column.prop(part, "use_mass")
        if part.use_mass:
            column.prop(part, "mass")
        column.label(text=f"Mass {kilograms(part_mass(obj, rig.matrix_world.median_scale))}", icon="PHYSICS")
        column.prop(part, "collision")
        column.prop(part, "affordance_rank")
        column.prop(part, "description")


class SIMREADY_PT_part_more(Side):
    """Rarely needed."""

    bl_idname = "SIMREADY_PT_part_more"
    bl_parent_id = "SIMREADY_PT_part"
    bl_label = "Elasticity and Role"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Modulus, ratio, role."""
        part = context.active_object.simready_part
        column = self.layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(part, "youngs_modulus")
        column.prop(part, "poissons_ratio")
        column.prop(part, "role")


CLASSES = (
    SIMREADY_PT_part,
    SIMREADY_PT_part_more,
)
