# SPDX-License-Identifier: GPL-3.0-or-later
"""The active joint: kind, limits, resistance, coupling."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, UILayout

from ...operators import ids
from ...operators.common import rig_of
from ...operators.joint_edit import active_bone_name
from .base import Side


class SIMREADY_PT_joint(Side):
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


CLASSES = (
    SIMREADY_PT_joint,
    SIMREADY_PT_joint_dynamics,
)
