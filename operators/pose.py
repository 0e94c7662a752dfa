# SPDX-License-Identifier: GPL-3.0-or-later
"""Pose all joints of an asset at once: reset, close, open, at random."""

from __future__ import annotations

from random import Random

from bpy.props import FloatProperty, IntProperty
from bpy.types import Context, Operator, PoseBone

from ..physx_blender.scene.joint_share import moves_itself, set_closed, set_open, set_random
from ..physx_blender.scene.rig_links import rest_pose
from . import ids
from .common import active_rig, has_rig


class _Pose(Operator):
    """What all have in common."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)

    def execute(self, context: Context) -> set[str]:
        """Pose every joint that does not follow another."""
        for bone in active_rig(context).pose.bones:  # type: ignore[union-attr]
            if moves_itself(bone):
                self.pose(bone)
        return {"FINISHED"}

    def pose(self, bone: PoseBone) -> None:
        """Pose one joint."""
        raise NotImplementedError


class SIMREADY_OT_rest_pose(_Pose):
    """Put every joint to rest, balls and floating parts as well"""

    bl_idname = ids.REST_POSE
    bl_label = "Reset"

    def pose(self, bone: PoseBone) -> None:
        """Clear all channels."""
        rest_pose(bone)


class SIMREADY_OT_close_pose(_Pose):
    """Close every joint: to rest, or as near to it as its limits let it"""

    bl_idname = ids.CLOSE_POSE
    bl_label = "Close All"

    def pose(self, bone: PoseBone) -> None:
        """Close."""
        set_closed(bone)


class SIMREADY_OT_open_pose(_Pose):
    """Open every joint that has limits, towards the farther one"""

    bl_idname = ids.OPEN_POSE
    bl_label = "Open All"

    share: FloatProperty(
        name="How Far",
        description="Share of the way from rest to the farther limit",
        subtype="FACTOR",
        min=0.0,
        max=1.0,
        default=0.75,
    )

    def pose(self, bone: PoseBone) -> None:
        """Open."""
        set_open(bone, self.share)


class SIMREADY_OT_random_pose(_Pose):
    """Put every joint somewhere in its range; the same seed gives the same pose"""

    bl_idname = ids.RANDOM_POSE
    bl_label = "Randomise"

    seed: IntProperty(name="Seed", description="Another number gives another pose", default=1, min=0)

    def execute(self, context: Context) -> set[str]:
        """Draw one position after the other."""
        self.random = Random(self.seed)
        return super().execute(context)

    def pose(self, bone: PoseBone) -> None:
        """Anywhere."""
        set_random(bone, self.random)


CLASSES = (SIMREADY_OT_rest_pose, SIMREADY_OT_close_pose, SIMREADY_OT_open_pose, SIMREADY_OT_random_pose)
