# SPDX-License-Identifier: GPL-3.0-or-later
"""The active asset: its links, parts and masses."""

from __future__ import annotations

from bpy.types import Context, Object, UILayout

from ...operators import ids
from ...operators.common import active_rig
from ...physx_blender.model.provenance import LOW_CONFIDENCE
from ...physx_blender.scene import part_name
from ..preferences import wrapped
from .base import Side, counted, kilograms


class SIMREADY_PT_asset(Side):
    """The active asset."""

    bl_idname = "SIMREADY_PT_asset"
    bl_label = "Asset"

    def draw(self, context: Context) -> None:
        """Summary."""
        layout = self.layout
        rig = active_rig(context)
        if rig is None:
            wrapped(layout, "Generate or import an asset, or select a part of one.", context)
            layout.operator(ids.IMPORT, icon="IMPORT")
            if context.active_object is not None and context.active_object.type == "ARMATURE":
                layout.operator(ids.MAKE_ASSET, icon="ARMATURE_DATA")
            return
        settings = rig.simready_asset
        layout.label(text=rig.name, icon="OUTLINER_OB_ARMATURE")
        if 0 <= settings.confidence < LOW_CONFIDENCE:
            box = layout.box()
            box.alert = True
            wrapped(
                box,
                f"Low confidence ({settings.confidence:.0%}): the model may have mistaken the object. Compare it with the "
                "picture, try another seed or cut the object out.",
                context,
                "ERROR",
            )
        elif settings.confidence >= 0:
            layout.label(text=f"Confidence {settings.confidence:.0%}", icon="CHECKMARK")
        column = layout.column(align=True)
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(settings, "category")
        column.prop(settings, "fixed_base")
        row = layout.row(align=True)
        row.operator(ids.REST_POSE)
        row.operator(ids.OPEN_POSE)
        draw_parts(layout, rig)
        layout.operator(ids.MEASURE, icon="FILE_REFRESH")


def part_mass(obj: Object, scale: float) -> float:
    """Mass of a part in kg, from its settings and the volume when last measured."""
    part = obj.simready_part
    mass = part.mass if part.use_mass else part.volume * part.density
    return float(mass * scale**3)


def draw_parts(layout: UILayout, rig: Object) -> None:
    """Links with their parts and masses."""
    scale = rig.matrix_world.median_scale
    parts = [
        o for o in rig.children_recursive if o.simready_part.role in ("NONE", "PART") and o.type == "MESH"
    ]
    total = 0.0
    column = layout.box().column(align=True)
    for bone in sorted(rig.pose.bones, key=lambda b: b.simready_joint.link_order):
        joint = bone.simready_joint
        kind = joint.kind if bone.parent else ("fixed base" if rig.simready_asset.fixed_base else "free base")
        icon = joint.bl_rna.properties["kind"].enum_items[joint.kind].icon if bone.parent else "HOME"
        draw_element(column, rig, f"link '{bone.name}'", bone.name, icon, kind, indent=0.0)
        for obj in parts:
            if obj.parent != rig or obj.parent_bone != bone.name or not obj.simready_part.included:
                continue
            mass = part_mass(obj, scale)
            total += mass
            detail = f"{obj.simready_part.material_name}, {kilograms(mass)}"
            draw_element(column, rig, f"part '{part_name(obj)}'", obj.name, "MESH_DATA", detail, indent=0.8)
    row = layout.row()
    row.label(text=f"{counted(len(parts), 'part')}, {counted(len(rig.pose.bones) - 1, 'joint')}")
    row.label(text=kilograms(total))


def draw_element(
    column: UILayout, rig: Object, element: str, text: str, icon: str, detail: str, indent: float
) -> None:
    """A line of the summary; a click selects the element."""
    split = column.split(factor=0.5)
    row = split.row()
    if indent:
        row.separator(factor=indent)
    row.alignment = "LEFT"
    button = row.operator(ids.SELECT, text=text, icon=icon, emboss=False)
    button.rig, button.element = rig.name, element
    split.label(text=detail)


CLASSES = (SIMREADY_PT_asset,)
