# SPDX-License-Identifier: GPL-3.0-or-later
"""What all operators that change a joint share, and the one that needs no questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy
from bpy.types import Context, Object, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.joint_frame import flip_axis
from . import ids
from .common import active_rig, has_rig, reports_errors, rig_of

NEEDS_JOINT = "Select a part that moves, or the bone of its joint"


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


def joint_bone_name(context: Context) -> str:
    """Bone of the joint that the user works on; '' = none.

    While the mesh of a base is edited, it is the joint of the rig's active bone: that is how a joint is put on an
    edge of the body that it hangs on.
    """
    rig, name = active_rig(context), active_bone_name(context)
    if rig is None:
        return ""
    if (name not in rig.data.bones or rig.data.bones[name].parent is None) and context.mode == "EDIT_MESH":
        name = rig.data.bones.active.name if rig.data.bones.active else ""
    return name if name in rig.data.bones and rig.data.bones[name].parent is not None else ""


def has_joint(cls: type[Operator], context: Context) -> bool:
    """`poll` of an operator that works on a joint of a rig that can be edited."""
    if not has_rig(cls, context):
        return False
    if not joint_bone_name(context):
        cls.poll_message_set(NEEDS_JOINT)
        return False
    return can_edit(cls, active_rig(context))


def can_edit(cls: type[Operator], rig: Object | None) -> bool:
    """`poll`: the rig's bones belong to this file."""
    if rig is not None and (rig.library or rig.data.library or rig.override_library):
        cls.poll_message_set("This asset is linked from another file; edit its joints there, pose them here")
        return False
    return True


@contextmanager
def in_object_mode(context: Context) -> Iterator[None]:
    """Object mode for a while; afterwards the active object is in its mode again."""
    active = context.active_object
    mode = active.mode if active is not None else "OBJECT"
    if mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    try:
        yield
    finally:
        if mode != "OBJECT" and context.active_object == active:
            bpy.ops.object.mode_set(mode=mode)


class JointOperator(Operator):
    """A change of the joint that the user works on."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be a joint."""
        return has_joint(cls, context)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Change the joint in object mode."""
        rig, name = active_rig(context), joint_bone_name(context)
        if rig is None or not name:
            raise AssetError(NEEDS_JOINT[0].lower() + NEEDS_JOINT[1:])
        self.prepare(context, rig, name)
        with in_object_mode(context):
            self.change(context, rig, name)
        return {"FINISHED"}

    def prepare(self, context: Context, rig: Object, bone: str) -> None:
        """Look at what can be seen only in the mode that the user is in."""

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Do it."""
        raise NotImplementedError


class SIMREADY_OT_flip_joint_axis(JointOperator):
    """Let the joint open to the other side; the parts stay where they are at rest"""

    bl_idname = ids.FLIP_AXIS
    bl_label = "Flip Axis"

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Turn the bone round."""
        flip_axis(context, rig, bone)


CLASSES = (SIMREADY_OT_flip_joint_axis,)
