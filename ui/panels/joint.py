# SPDX-License-Identifier: GPL-3.0-or-later
"""The active joint: kind, limits, resistance, coupling."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, UILayout

from ...operators import ids
from ...operators.common import rig_of
from ...operators.joint_edit import joint_bone_name
from .base import Side


class SIMREADY_PT_joint(Side):
    """The active joint."""

    bl_idname = "SIMREADY_PT_joint"
    bl_label = "Joint"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A bone with a parent."""
        return rig_of(context.active_object) is not None and joint_bone_name(context) != ""

    def draw(self, context: Context) -> None:
        """Settings of the joint."""
        rig = rig_of(context.active_object)
        if rig is None:
            return
        bone = rig.pose.bones[joint_bone_name(context)]
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
            _frame_tools(layout, context)

    def _position(self, column: UILayout, bone: Any, joint: Any) -> None:
        if joint.mimic_joint:
            column.label(text=f"Follows {joint.mimic_joint}", icon="LINKED")
            return
        if joint.kind in ("hinge", "cylindrical"):
            column.prop(bone, "rotation_euler", index=1, text="Angle Now")
        if joint.kind == "slide":
            column.prop(bone, "location", index=1, text="Travel Now")


def _frame_tools(layout: UILayout, context: Context) -> None:
    """Where the joint is and which way it points."""
    layout.operator(ids.GUESS_JOINT, icon="LIGHT")
    picks = _tools(layout, "Pick")
    for what, text in (("BOTH", "Both"), ("PIVOT", "Pivot"), ("AXIS", "Axis")):
        picks.operator(ids.PICK_FRAME, text=text).what = what
    pivots = _tools(layout, "Pivot")
    for target, text in (("CURSOR", "Cursor"), ("CONTACT", "Contact"), ("SELECTION", "Selection")):
        if target != "SELECTION" or context.mode == "EDIT_MESH":
            pivots.operator(ids.MOVE_PIVOT, text=text).target = target
    axes = _tools(layout, "Axis")
    for source in ("X", "Y", "Z", "VIEW", "SELECTION"):
        if source != "SELECTION" or context.mode == "EDIT_MESH":
            axes.operator(ids.AIM_AXIS, text=source.title()).source = source
    axes.operator(ids.FLIP_AXIS, text="", icon="ARROW_LEFTRIGHT")


def _tools(layout: UILayout, name: str) -> UILayout:
    """A row of buttons after its name; the rows below each other begin at one place."""
    row = layout.split(factor=0.2, align=True)
    row.label(text=name)
    return row.row(align=True)


class SIMREADY_PT_joint_dynamics(Side):
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
        joint = rig.pose.bones[joint_bone_name(context)].simready_joint
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


CLASSES = (
    SIMREADY_PT_joint,
    SIMREADY_PT_joint_dynamics,
)
