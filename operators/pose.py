# SPDX-License-Identifier: GPL-3.0-or-later
"""Put all joints of an asset to rest, or open them to see whether they move as they should."""

from __future__ import annotations

from bpy.props import FloatProperty
from bpy.types import Context, Operator, PoseBone

from ..physx_blender.scene.joint_rig import slide_direction
from . import ids
from .common import active_rig, has_rig


def _set_share(bone: PoseBone, share: float) -> None:
    """Put a joint at a share of the way from rest to its farther limit."""
    settings = bone.simready_joint
    if bone.parent is None:
        return
    if settings.kind in ("hinge", "cylindrical"):
        far = max(settings.angle_low, settings.angle_high, key=abs) if settings.use_angle_limits else 0.0
        bone.rotation_euler = (0.0, far * share, 0.0)
    if settings.kind in ("slide", "cylindrical"):
        far = max(settings.travel_low, settings.travel_high, key=abs) if settings.use_travel_limits else 0.0
        bone.location = [far * share * c for c in slide_direction(bone)]
    if settings.kind in ("ball", "free") and share == 0.0:
        bone.location = (0.0, 0.0, 0.0)
        bone.rotation_quaternion = (1.0, 0.0, 0.0, 0.0)


class _Pose(Operator):
    """What both have in common."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)


class SIMREADY_OT_rest_pose(_Pose):
    """Put every joint to rest"""

    bl_idname = ids.REST_POSE
    bl_label = "Close"

    def execute(self, context: Context) -> set[str]:
        """Close."""
        for bone in active_rig(context).pose.bones:  # type: ignore[union-attr]
            _set_share(bone, 0.0)
        return {"FINISHED"}


class SIMREADY_OT_open_pose(_Pose):
    """Open every joint that has limits"""

    bl_idname = ids.OPEN_POSE
    bl_label = "Open"

    share: FloatProperty(name="How Far", subtype="FACTOR", min=0.0, max=1.0, default=0.75)

    def execute(self, context: Context) -> set[str]:
        """Open."""
        for bone in active_rig(context).pose.bones:  # type: ignore[union-attr]
            _set_share(bone, self.share)
        return {"FINISHED"}


CLASSES = (SIMREADY_OT_rest_pose, SIMREADY_OT_open_pose)
