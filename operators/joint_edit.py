# SPDX-License-Identifier: GPL-3.0-or-later
"""Change where a joint turns and which way, without moving the parts that hang on it."""

from __future__ import annotations

import bpy
from bpy.types import Context, Object, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.joint_frame import flip_axis, move_anchor
from . import ids
from .common import active_rig, has_rig, reports_errors, rig_of


def active_bone_name(context: Context) -> str:
    """Bone that the user works on: the active one of the active rig, or that of the active part; '' = none."""
    obj = context.active_object
    rig = rig_of(obj)
    if rig is None or obj is None:
        return ""
    if obj == rig:
        return rig.data.bones.active.name if rig.data.bones.active else ""
    while obj.parent != rig:
        obj = obj.parent
    return str(obj.parent_bone) if obj.parent_type == "BONE" else ""


class _JointEdit(Operator):
    """What both have in common."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be a joint."""
        if not has_rig(cls, context):
            return False
        rig, name = active_rig(context), active_bone_name(context)
        if rig is None or name not in rig.data.bones or rig.data.bones[name].parent is None:
            cls.poll_message_set("Select a part that moves, or the bone of its joint")
            return False
        return True

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Change the joint's frame, in object mode."""
        rig, name = active_rig(context), active_bone_name(context)
        if rig is None or not name:
            raise AssetError("select a part that moves, or the bone of its joint")
        mode = rig.mode if context.active_object == rig else "OBJECT"
        if context.mode != "OBJECT":
            bpy.ops.object.mode_set(mode="OBJECT")
        self.change(context, rig, name)
        if mode != "OBJECT":
            bpy.ops.object.mode_set(mode=mode)
        return {"FINISHED"}

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Do it."""
        raise NotImplementedError


class SIMREADY_OT_flip_joint_axis(_JointEdit):
    """Let the joint open to the other side"""

    bl_idname = ids.FLIP_AXIS
    bl_label = "Flip Axis"

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Turn the bone round."""
        flip_axis(context, rig, bone)


class SIMREADY_OT_joint_anchor_to_cursor(_JointEdit):
    """Move the point that the joint turns about to the 3D cursor; the parts stay where they are"""

    bl_idname = ids.ANCHOR_TO_CURSOR
    bl_label = "Anchor to 3D Cursor"

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Move the bone's head."""
        move_anchor(context, rig, bone, rig.matrix_world.inverted() @ context.scene.cursor.location)


CLASSES = (SIMREADY_OT_flip_joint_axis, SIMREADY_OT_joint_anchor_to_cursor)
