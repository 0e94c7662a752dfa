# SPDX-License-Identifier: GPL-3.0-or-later
"""Give a joint a good first guess of axis, anchor and range, with alternatives to cycle through."""

from __future__ import annotations

from typing import Any

from bpy.props import EnumProperty, IntProperty, StringProperty
from bpy.types import Context, Object, UILayout
from mathutils import Vector

from ..physx_blender.geometry.joint_guess import JointGuess, guess_joint
from ..physx_blender.scene.joint_frame import set_frame
from ..physx_blender.scene.link_geometry import link_meshes, parent_of
from ..physx_blender.scene.properties import JOINT_KINDS
from ..physx_blender.scene.rig_links import rest_pose, set_joint
from . import ids
from .common import active_rig
from .joint_edit import JointOperator, joint_bone_name


class WithGuesses:
    """Properties and redo panel of an operator that guesses: the kind, and which of the guesses."""

    kind: EnumProperty(
        name="Kind", description="How the parts move against each other", items=JOINT_KINDS, default="hinge"
    )
    alternative: IntProperty(
        name="Alternative",
        description="Which of the guesses to take; the best is 1",
        default=1,
        min=1,
        soft_max=6,
    )
    found: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def choose(self, context: Context, rig: Object, bone: str) -> JointGuess:
        """Guess from the geometry of a link and its parent, and give the joint what was chosen."""
        guesses = guess_joint(
            link_meshes(rig, bone, context), link_meshes(rig, parent_of(rig, bone), context), self.kind
        )
        self.alternative = min(self.alternative, len(guesses))
        self.found = "\n".join(g.why for g in guesses)
        chosen = guesses[self.alternative - 1]
        rest_pose(rig.pose.bones[bone])
        set_frame(context, rig, bone, anchor=Vector(chosen.anchor), axis=Vector(chosen.axis))
        set_joint(rig, bone, chosen)
        return chosen

    def draw_guesses(self, layout: UILayout) -> None:
        """Kind, number, and what speaks for each guess."""
        layout.use_property_split = True
        layout.prop(self, "kind")
        names = self.found.split("\n") if self.found else []
        if len(names) < 2:
            return
        layout.prop(self, "alternative")
        column = layout.column(align=True)
        for number, name in enumerate(names, start=1):
            row = column.row()
            row.active = number == self.alternative
            row.label(
                text=f"{number}  {name[:1].upper()}{name[1:]}",
                icon="RADIOBUT_ON" if number == self.alternative else "RADIOBUT_OFF",
            )


class SIMREADY_OT_guess_joint(WithGuesses, JointOperator):
    """Guess axis, pivot and range of the joint anew from the shapes of the parts; also changes its kind"""

    bl_idname = ids.GUESS_JOINT
    bl_label = "Guess Joint"

    def invoke(self, context: Context, event: Any) -> set[str]:
        """Start from the kind that the joint has."""
        rig, name = active_rig(context), joint_bone_name(context)
        if rig is not None and name and rig.pose.bones[name].simready_joint.kind != "fixed":
            self.kind = rig.pose.bones[name].simready_joint.kind
        return self.execute(context)

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Guess."""
        self.choose(context, rig, bone)

    def draw(self, context: Context) -> None:
        """Redo panel."""
        self.draw_guesses(self.layout)


CLASSES = (SIMREADY_OT_guess_joint,)
