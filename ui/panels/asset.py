# SPDX-License-Identifier: GPL-3.0-or-later
"""The active asset: its links, parts and masses."""

from __future__ import annotations

import math

from bpy.app.translations import pgettext_iface as iface_
from bpy.types import Context, Object, PoseBone, UILayout

from ...operators import ids
from ...operators.common import active_rig, counted
from ...physx_blender.model.provenance import LOW_CONFIDENCE
from ...physx_blender.scene import part_name
from ...physx_blender.scene.properties import PanelState
from .. import physics_view
from ..preferences import wrapped
from .base import Side, kilograms
from .part import draw_switch, split

PAGE = 24
"""Links and parts shown at once: what a sidebar has room for, and draws without a pause."""


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
        column = split(layout)
        column.prop(settings, "category")
        column.prop(settings, "fixed_base")
        sides = column.column(align=True)
        for side in ("width", "depth", "height"):
            sides.prop(settings, side)
        column.operator(ids.MEASURE_POINTS, icon="DRIVER_DISTANCE")
        draw_mass(layout, context, rig)


def draw_mass(layout: UILayout, context: Context, rig: Object) -> None:
    """Total mass, and the switch of what shows it in the viewport."""
    row = layout.row(align=True)
    row.label(text=f"Mass {kilograms(total_mass(rig))}", icon="PHYSICS")
    draw_switch(row, context, "show_inertia", "Inertia", "HIDE_OFF")
    row.operator(ids.MEASURE, text="", icon="FILE_REFRESH")
    problem = physics_view.settings.of(context).problem
    if problem:
        wrapped(layout, problem, context, "ERROR")


def parts_by_bone(rig: Object) -> dict[str, list[Object]]:
    """The parts of the asset by the bone that they hang on; '' = on the armature or on another part."""
    found: dict[str, list[Object]] = {}
    for obj in rig.children_recursive:
        if obj.type == "MESH" and obj.simready_part.role in ("NONE", "PART") and obj.simready_part.included:
            found.setdefault(obj.parent_bone if obj.parent == rig else "", []).append(obj)
    return found


def total_mass(rig: Object) -> float:
    """Mass of the asset in kg, as last measured or typed."""
    own = {b.name: b.simready_joint for b in rig.pose.bones if b.simready_joint.use_inertial}
    scale = rig.matrix_world.median_scale
    return sum(j.inertial_mass * scale**3 for j in own.values()) + sum(
        obj.simready_part.shown_mass
        for bone, parts in parts_by_bone(rig).items()
        if bone not in own
        for obj in parts
    )


class SIMREADY_PT_asset_parts(Side):
    """What the asset consists of."""

    bl_idname = "SIMREADY_PT_asset_parts"
    bl_parent_id = "SIMREADY_PT_asset"
    bl_label = "Parts"
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return active_rig(context) is not None

    def draw(self, context: Context) -> None:
        """Links and parts with their masses."""
        rig = active_rig(context)
        if rig is not None:
            draw_parts(self.layout, rig, context.window_manager.simready)


def draw_parts(layout: UILayout, rig: Object, panel: PanelState) -> None:
    """Links with their parts and masses, a page at a time; by the filter where there are many."""
    by_bone = parts_by_bone(rig)
    lines: list[tuple[PoseBone, Object | None]] = []
    for bone in sorted(rig.pose.bones, key=lambda b: b.simready_joint.link_order):
        lines += [(bone, None), *((bone, obj) for obj in by_bone.get(bone.name, ()))]
    if len(lines) > PAGE:
        layout.prop(panel, "parts_filter", text="", icon="VIEWZOOM")
        wanted = panel.parts_filter.lower()
        lines = [(b, o) for b, o in lines if wanted in (b.name if o is None else part_name(o)).lower()]
    pages = max(1, math.ceil(len(lines) / PAGE))
    page = min(panel.parts_page, pages)
    column = layout.column(align=True)
    for bone, obj in lines[PAGE * (page - 1) : PAGE * page]:
        draw_line(column, rig, bone, obj)
    if pages > 1:
        row = layout.row(align=True)
        row.prop(panel, "parts_page")
        row.label(text=f"{iface_('of')} {pages}", translate=False)
    count = sum(len(parts) for parts in by_bone.values())
    layout.label(text=f"{counted(count, 'part')}, {counted(len(rig.pose.bones) - 1, 'joint')}")


def draw_line(column: UILayout, rig: Object, bone: PoseBone, obj: Object | None) -> None:
    """A link (obj: None), or one of its parts."""
    if obj is None:
        joint = bone.simready_joint
        kind = joint.kind if bone.parent else ("fixed base" if rig.simready_asset.fixed_base else "free base")
        icon = joint.bl_rna.properties["kind"].enum_items[joint.kind].icon if bone.parent else "HOME"
        if joint.use_inertial:
            kind = f"{kind}, {kilograms(joint.inertial_mass * rig.matrix_world.median_scale**3)}"
        draw_element(column, rig, f"link '{bone.name}'", bone.name, icon, kind, indent=0.0)
        return
    detail = f"{obj.simready_part.material_name}, {kilograms(obj.simready_part.shown_mass)}"
    draw_element(column, rig, f"part '{part_name(obj)}'", obj.name, "MESH_DATA", detail, indent=0.8)


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


CLASSES = (SIMREADY_PT_asset, SIMREADY_PT_asset_parts)
