# SPDX-License-Identifier: GPL-3.0-or-later
"""The one tab in the sidebar, in the order of work: picture, asset, joint, part, check, export."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, Object, Panel, UILayout, UIList

from ..operators import ids
from ..operators.backend_session import session
from ..operators.common import active_rig, rig_of
from ..operators.joint_edit import active_bone_name
from ..physx_blender.model.provenance import LOW_CONFIDENCE
from ..physx_blender.protocol import JobKind, ServerState
from ..physx_blender.scene import part_name
from .preferences import backend_state, draw_backend, wrapped

CATEGORY = "SimReady"
RECOGNISES = (
    "The embedded model knows about twenty kinds of household and workshop objects made of plain shapes: cabinets and "
    "tables, boxes and bins, doors and windows, ovens, refrigerators, washing machines, microwaves, toasters, safes, "
    "laptops, pots, bottles, fans, valves, hand levers, switches, buttons and dials. It was trained on drawn objects only, one "
    "per picture. Of anything else it makes the nearest thing it knows, and says so with a low confidence. Give it a "
    "picture with a plain or transparent background. Sizes and materials are estimates: check them."
)


class _Side(Panel):
    """Where all panels are."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = CATEGORY


class SIMREADY_PT_generate(_Side):
    """From a picture."""

    bl_idname = "SIMREADY_PT_generate"
    bl_label = "From a Picture"

    def draw(self, context: Context) -> None:
        """Picture, seed, generate, progress."""
        layout = self.layout
        panel = context.window_manager.simready
        layout.prop(panel, "image", text="")
        column = layout.column(align=True)
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(panel, "mask")
        column.prop(panel, "seed")
        job = session.job
        if job is None or job.order.kind is not JobKind.GENERATE:
            row = layout.row()
            row.scale_y = 1.4
            row.enabled = bool(panel.image)
            row.operator(ids.GENERATE, icon="SHADERFX")
        else:
            draw_job(layout, context)
        draw_outcome(layout, context, JobKind.GENERATE)
        if backend_state(context) not in (ServerState.RUNNING, ServerState.STOPPED):
            draw_backend(layout, context)


def draw_outcome(layout: UILayout, context: Context, kind: JobKind) -> None:
    """How the last job of a kind has ended."""
    if session.last_kind is not kind:
        return
    if session.last_error:
        wrapped(layout, session.last_error, context, "ERROR")
    elif session.last_message:
        wrapped(layout, session.last_message, context, "CHECKMARK" if session.last_good else "CANCEL")


def draw_job(layout: UILayout, context: Context) -> None:
    """The running job."""
    job = session.job
    if job is None:
        return
    row = layout.row(align=True)
    text = "Cancelling" if job.cancelling else (job.progress.stage or "waiting").capitalize()
    row.progress(factor=job.progress.fraction, text=text)
    row.operator(ids.CANCEL, text="", icon="X")
    if job.progress.message:
        wrapped(layout, job.progress.message, context)


class SIMREADY_PT_model(_Side):
    """What to expect."""

    bl_idname = "SIMREADY_PT_model"
    bl_parent_id = "SIMREADY_PT_generate"
    bl_label = "What the Model Recognises"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Say it plainly."""
        wrapped(self.layout, RECOGNISES, context)


class SIMREADY_PT_asset(_Side):
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


def counted(number: int, what: str) -> str:
    """One joint, two joints."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def kilograms(mass: float) -> str:
    """A mass as people read it."""
    return f"{1000 * mass:.3g} g" if mass < 0.1 else f"{mass:.3g} kg"


class SIMREADY_PT_joint(_Side):
    """The active joint."""

    bl_idname = "SIMREADY_PT_joint"
    bl_label = "Joint"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A bone with a parent."""
        rig, name = rig_of(context.active_object), active_bone_name(context)
        return rig is not None and name in rig.pose.bones and rig.pose.bones[name].parent is not None

    def draw(self, context: Context) -> None:
        """Settings of the joint."""
        rig = rig_of(context.active_object)
        if rig is None:
            return
        bone = rig.pose.bones[active_bone_name(context)]
        joint = bone.simready_joint
        layout = self.layout
        layout.label(text=f"{bone.parent.name} > {bone.name}", icon="BONE_DATA")
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(joint, "name")
        column.prop(joint, "kind")
        if joint.kind in ("hinge", "cylindrical", "ball"):
            column.prop(joint, "use_angle_limits")
            sub = column.column(align=True)
            sub.active = joint.use_angle_limits
            if joint.kind != "ball":
                sub.prop(joint, "angle_low")
            sub.prop(joint, "angle_high")
        if joint.kind in ("slide", "cylindrical"):
            column.prop(joint, "use_travel_limits")
            sub = column.column(align=True)
            sub.active = joint.use_travel_limits
            sub.prop(joint, "travel_low")
            sub.prop(joint, "travel_high")
        if joint.kind == "cylindrical":
            column.prop(joint, "use_slide_axis")
            if joint.use_slide_axis:
                column.prop(joint, "slide_axis")
        self._position(column, bone, joint)
        if joint.kind not in ("fixed", "free"):
            buttons = layout.column(align=True)
            buttons.operator(ids.FLIP_AXIS, icon="ARROW_LEFTRIGHT")
            buttons.operator(ids.ANCHOR_TO_CURSOR, icon="PIVOT_CURSOR")

    def _position(self, column: UILayout, bone: Any, joint: Any) -> None:
        if joint.mimic_joint:
            column.label(text=f"Follows {joint.mimic_joint}", icon="LINKED")
            return
        if joint.kind in ("hinge", "cylindrical"):
            column.prop(bone, "rotation_euler", index=1, text="Angle Now")
        if joint.kind == "slide":
            column.prop(bone, "location", index=1, text="Travel Now")


class SIMREADY_PT_joint_dynamics(_Side):
    """What resists the joint."""

    bl_idname = "SIMREADY_PT_joint_dynamics"
    bl_parent_id = "SIMREADY_PT_joint"
    bl_label = "Resistance and Coupling"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Dynamics and mimic."""
        rig = rig_of(context.active_object)
        if rig is None:
            return
        joint = rig.pose.bones[active_bone_name(context)].simready_joint
        column = self.layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        for name in ("damping", "friction_loss", "stiffness", "armature"):
            column.prop(joint, name)
        if joint.kind in ("hinge", "slide"):
            column.prop(joint, "mimic_joint")
            if joint.mimic_joint:
                column.prop(joint, "mimic_multiplier")
                column.prop(joint, "mimic_offset")
        column.prop(joint, "use_inertial")
        if joint.use_inertial:
            column.prop(joint, "inertial_mass")
            column.prop(joint, "inertial_centre")
            column.prop(joint, "inertial_moments")


class SIMREADY_PT_part(_Side):
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


class SIMREADY_PT_part_more(_Side):
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


class SIMREADY_UL_findings(UIList):
    """The list of problems."""

    bl_idname = "SIMREADY_UL_findings"

    def draw_item(
        self,
        context: Context,
        layout: UILayout,
        data: Any,
        item: Any,
        icon: int,
        active_data: Any,
        active: str,
        index: int,
    ) -> None:
        """One problem."""
        shown = {"ERROR": "CANCEL", "WARNING": "ERROR", "INFO": "INFO"}[item.severity]
        layout.label(text=f"{item.element}: {item.message}", icon=shown)


class SIMREADY_PT_check(_Side):
    """Problems."""

    bl_idname = "SIMREADY_PT_check"
    bl_label = "Check"

    def draw(self, context: Context) -> None:
        """Check, and the list of problems."""
        layout = self.layout
        panel = context.window_manager.simready
        row = layout.row(align=True)
        row.operator(ids.CHECK, icon="VIEWZOOM").use_physics = False
        row.operator(ids.CHECK, text="Physics Test", icon="PHYSICS").use_physics = True
        if session.job is not None and session.job.order.kind is JobKind.CHECK:
            draw_job(layout, context)
        draw_outcome(layout, context, JobKind.CHECK)
        if not panel.checked:
            return
        errors = sum(f.severity == "ERROR" for f in panel.findings)
        warnings = sum(f.severity == "WARNING" for f in panel.findings)
        layout.label(
            text=f"{panel.checked}: {counted(errors, 'error')}, {counted(warnings, 'warning')}",
            icon="ERROR" if errors else "CHECKMARK",
        )
        if not panel.findings:
            return
        layout.template_list("SIMREADY_UL_findings", "", panel, "findings", panel, "finding_index", rows=3)
        if 0 <= panel.finding_index < len(panel.findings):
            item = panel.findings[panel.finding_index]
            wrapped(layout, f"{item.element}: {item.message}", context)
            if item.advice:
                wrapped(layout, item.advice, context, "LIGHT_SUN")
            layout.operator(ids.SELECT, icon="RESTRICT_SELECT_OFF").index = panel.finding_index


class SIMREADY_PT_export(_Side):
    """Out."""

    bl_idname = "SIMREADY_PT_export"
    bl_label = "Export"

    def draw(self, context: Context) -> None:
        """Formats."""
        column = self.layout.column(align=True)
        column.operator(ids.EXPORT_MJCF, text="MJCF (MuJoCo)", icon="EXPORT")
        column.operator(ids.EXPORT_URDF, text="URDF", icon="EXPORT")
        column.operator(ids.EXPORT_PACKAGE, text="Everything into a Folder", icon="PACKAGE")


CLASSES = (
    SIMREADY_UL_findings,
    SIMREADY_PT_generate,
    SIMREADY_PT_model,
    SIMREADY_PT_asset,
    SIMREADY_PT_joint,
    SIMREADY_PT_joint_dynamics,
    SIMREADY_PT_part,
    SIMREADY_PT_part_more,
    SIMREADY_PT_check,
    SIMREADY_PT_export,
)
