# SPDX-License-Identifier: GPL-3.0-or-later
"""The active part: material and mass, collision, touch."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, Object, UILayout

from ...operators import ids
from ...operators.common import rig_of
from ...physx_blender.model.display_colours import RANKS
from ...physx_blender.scene.colliders import colliders_of
from ...physx_blender.scene.part_values import PRIORS, is_estimated
from ...physx_blender.scene.swatches import material_icon, rank_icon
from .. import physics_view
from ..preferences import wrapped
from .base import Side

ESTIMATE_ICON = "QUESTION"


def active_part(context: Context) -> Object | None:
    """The active object where it is part of an asset, or a helper of one."""
    obj = context.active_object
    return obj if obj is not None and obj.type == "MESH" and rig_of(obj) is not None else None


def is_body(context: Context) -> bool:
    """Whether a part is active that has physics of its own."""
    obj = active_part(context)
    return obj is not None and obj.simready_part.role in ("NONE", "PART")


def split(layout: UILayout) -> UILayout:
    """A column with names on the left and values on the right."""
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    return column


class SIMREADY_PT_part(Side):
    """The active part."""

    bl_idname = "SIMREADY_PT_part"
    bl_label = "Part"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A part of an asset."""
        return active_part(context) is not None

    def draw(self, context: Context) -> None:
        """Material and mass."""
        obj = active_part(context)
        if obj is None:
            return
        part = obj.simready_part
        layout = self.layout
        row = layout.row(align=True)
        row.prop(part, "included", text="")
        row.prop(obj, "name", text="", icon="MESH_DATA")
        if not is_body(context):
            split(layout).prop(part, "role")
            return
        layout.active = part.included
        row = layout.row(align=True)
        row.prop(part, "material_name", text="", icon_value=material_icon(part.material_name))
        row.operator(ids.SET_MATERIAL, text="", icon="VIEWZOOM")
        column = split(layout)
        draw_value(column, part, "density", "DENSITY")
        draw_value(column, part, "shown_mass", "")
        draw_value(column, part, "friction", "FRICTION")
        draw_value(column, part, "restitution", "RESTITUTION")
        if any(is_estimated(part, prior) for prior in PRIORS):
            layout.operator(ids.CONFIRM, text="Confirm Estimates", icon=ESTIMATE_ICON).prior = "ALL"


def draw_value(column: UILayout, part: Any, name: str, prior: str) -> None:
    """A value, with a mark that confirms it where it is a guess."""
    row = column.row(align=True)
    row.prop(part, name)
    if prior and is_estimated(part, prior):
        row.operator(ids.CONFIRM, text="", icon=ESTIMATE_ICON, emboss=False).prior = prior
    elif part.material_estimated:
        row.label(text="", icon="BLANK1")


class _OfBody(Side):
    """Below the part, where it has physics of its own."""

    bl_parent_id = "SIMREADY_PT_part"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A part, not a helper."""
        return is_body(context)


class SIMREADY_PT_part_collision(_OfBody):
    """What the part collides by."""

    bl_idname = "SIMREADY_PT_part_collision"
    bl_label = "Collision"

    def draw(self, context: Context) -> None:
        """Kind, its one setting, and the preview."""
        obj = active_part(context)
        if obj is None:
            return
        part = obj.simready_part
        layout = self.layout
        column = split(layout)
        column.prop(part, "collision", text="Kind")
        if part.collision == "PRIMITIVE":
            column.prop(part, "collision_primitive")
        if part.collision == "CONVEX":
            column.prop(part, "collision_quality", slider=True)
        if part.collision == "OWN":
            count = len(colliders_of(obj))
            if not count:
                wrapped(layout, "It has no collider object: it collides as with Automatic.", context, "ERROR")
        row = layout.row(align=True)
        draw_switch(row, context, "show_collision", "Show", "HIDE_OFF")
        row.operator(ids.OWN_COLLIDERS, text="Edit", icon="EDITMODE_HLT")


def draw_switch(layout: UILayout, context: Context, name: str, text: str, icon: str) -> None:
    """A switch of something shown in the viewport."""
    switches = physics_view.settings.of(context)
    layout.prop(switches, name, text=text, icon=icon, toggle=True)
    if switches.problem and getattr(switches, name):
        layout.label(text="", icon="ERROR")


class SIMREADY_PT_part_touch(_OfBody):
    """How often people touch the part."""

    bl_idname = "SIMREADY_PT_part_touch"
    bl_label = "Touch"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Rank, and the tinted view with its legend."""
        obj = active_part(context)
        if obj is None:
            return
        part = obj.simready_part
        column = split(self.layout)
        column.prop(part, "affordance_rank", text="Rank")
        column.prop(part, "description")
        draw_switch(self.layout, context, "show_ranks", "Show as Heat", "LIGHT_HEMI")
        if physics_view.settings.of(context).show_ranks:
            draw_legend(self.layout)


def draw_legend(layout: UILayout) -> None:
    """Which colour is which rank."""
    row = layout.row(align=True)
    row.alignment = "CENTER"
    for rank in RANKS:
        row.label(text="", icon_value=rank_icon(rank))
    row = layout.row(align=True)
    row.label(text="1 most")
    half = row.row()
    half.alignment = "CENTER"
    half.label(text="not said", icon_value=rank_icon(0))
    half = row.row()
    half.alignment = "RIGHT"
    half.label(text="10 hardly")


class SIMREADY_PT_part_more(_OfBody):
    """Rarely needed."""

    bl_idname = "SIMREADY_PT_part_more"
    bl_label = "Soft Body and Role"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Modulus, ratio, role."""
        obj = active_part(context)
        if obj is None:
            return
        part = obj.simready_part
        column = split(self.layout)
        draw_value(column, part, "youngs_modulus", "YOUNGS_MODULUS")
        draw_value(column, part, "poissons_ratio", "POISSONS_RATIO")
        column.prop(part, "role")


CLASSES = (
    SIMREADY_PT_part,
    SIMREADY_PT_part_collision,
    SIMREADY_PT_part_touch,
    SIMREADY_PT_part_more,
)
