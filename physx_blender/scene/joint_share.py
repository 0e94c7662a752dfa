# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a joint is open, as a share of its range: what the sliders show and set.

0 is the end of the range that is nearer to rest ("closed"), 1 the other one. A joint without limits counts half a turn, or
twice its bone's length, to either side.
"""

from __future__ import annotations

import math
from random import Random

import bpy
from bpy.props import FloatProperty, IntProperty
from bpy.types import Context, Object, PoseBone
from mathutils import Quaternion

from .joint_rig import slide_direction

TURNING = ("hinge", "cylindrical")
SLIDING = ("slide", "cylindrical")
Positions = dict[str, tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]]


def angle_ends(bone: PoseBone) -> tuple[float, float]:
    """Closed and open angle (rad from rest) of a joint that turns."""
    settings = bone.simready_joint
    return (
        _ends(settings.angle_low, settings.angle_high) if settings.use_angle_limits else (-math.pi, math.pi)
    )


def travel_ends(bone: PoseBone) -> tuple[float, float]:
    """Closed and open travel (m from rest) of a joint that slides."""
    settings = bone.simready_joint
    free = 2.0 * bone.bone.length
    return _ends(settings.travel_low, settings.travel_high) if settings.use_travel_limits else (-free, free)


def _ends(low: float, high: float) -> tuple[float, float]:
    return (low, high) if abs(low) <= abs(high) else (high, low)


def moves_itself(bone: PoseBone) -> bool:
    """Has the joint a position of its own to set (it moves, and follows no other)?"""
    settings = bone.simready_joint
    return bone.parent is not None and settings.kind != "fixed" and not settings.mimic_joint


def angle_of(bone: PoseBone) -> float:
    """Angle now (rad from rest), as the pose channel has it."""
    return float(bone.rotation_euler[1])


def travel_of(bone: PoseBone) -> float:
    """Travel now (m from rest), as the pose channel has it."""
    return sum(float(a) * b for a, b in zip(bone.location, slide_direction(bone), strict=True))


def set_angle(bone: PoseBone, angle: float) -> None:
    """Turn the joint to an angle from rest (rad)."""
    bone.rotation_euler = (0.0, angle, 0.0)


def set_travel(bone: PoseBone, travel: float) -> None:
    """Slide the joint to a travel from rest (m)."""
    bone.location = [travel * c for c in slide_direction(bone)]


def _share(value: float, ends: tuple[float, float]) -> float:
    closed, opened = ends
    return min(max((value - closed) / (opened - closed), 0.0), 1.0) if opened != closed else 0.0


def set_open(bone: PoseBone, share: float) -> None:
    """Move a joint from rest towards its farther limit by a share of the way; without limits it goes to rest."""
    kind, settings = bone.simready_joint.kind, bone.simready_joint
    if kind in TURNING:
        set_angle(bone, share * angle_ends(bone)[1] if settings.use_angle_limits else 0.0)
    if kind in SLIDING:
        set_travel(bone, share * travel_ends(bone)[1] if settings.use_travel_limits else 0.0)


def set_closed(bone: PoseBone) -> None:
    """Put a joint where it is closed: at rest, or as near to it as its limits let it."""
    kind, settings = bone.simready_joint.kind, bone.simready_joint
    if kind in TURNING:
        set_angle(bone, _nearest(settings.use_angle_limits, settings.angle_low, settings.angle_high))
    if kind in SLIDING:
        set_travel(bone, _nearest(settings.use_travel_limits, settings.travel_low, settings.travel_high))


def set_random(bone: PoseBone, random: Random) -> None:
    """Put a joint anywhere in its range, evenly; a ball tilts within its cone."""
    kind, settings = bone.simready_joint.kind, bone.simready_joint
    if kind in TURNING:
        set_angle(bone, random.uniform(*angle_ends(bone)))
    if kind in SLIDING:
        set_travel(bone, random.uniform(*travel_ends(bone)))
    if kind == "ball":
        around = random.uniform(-math.pi, math.pi)
        tilt = random.uniform(0.0, settings.angle_high if settings.use_angle_limits else math.pi)
        bone.rotation_quaternion = Quaternion((math.cos(around), 0.0, math.sin(around)), tilt)


def _nearest(limited: bool, low: float, high: float) -> float:
    return min(max(0.0, low), high) if limited else 0.0


def positions(rig: Object) -> Positions:
    """Pose channels of all joints, to be restored later."""
    return {
        b.name: (tuple(b.location), tuple(b.rotation_euler), tuple(b.rotation_quaternion))
        for b in rig.pose.bones
    }


def restore(rig: Object, saved: Positions) -> None:
    """Put all joints where they were; bones that are gone are left out."""
    for name, (location, euler, quaternion) in saved.items():
        bone = rig.pose.bones.get(name)
        if bone is not None:
            bone.location, bone.rotation_euler, bone.rotation_quaternion = location, euler, quaternion


def _get_angle_share(self: PoseBone) -> float:
    return _share(angle_of(self), angle_ends(self))


def _set_angle_share(self: PoseBone, value: float) -> None:
    closed, opened = angle_ends(self)
    set_angle(self, closed + value * (opened - closed))


def _get_travel_share(self: PoseBone) -> float:
    return _share(travel_of(self), travel_ends(self))


def _set_travel_share(self: PoseBone, value: float) -> None:
    closed, opened = travel_ends(self)
    set_travel(self, closed + value * (opened - closed))


def activate_joint(context: Context, rig: Object, bone: str) -> None:
    """Make a joint the one that is worked on: its bone, and in object mode the rig, become active."""
    rig.data.bones.active = rig.data.bones[bone]
    if context.mode == "OBJECT" and rig.name in context.view_layer.objects and rig.visible_get():
        for obj in context.selected_objects:
            obj.select_set(False)
        rig.select_set(True)
        context.view_layer.objects.active = rig


def _get_index(self: Object) -> int:
    if self.type != "ARMATURE":
        return -1
    part, bone = bpy.context.active_object, self.data.bones.active
    if part is not None and part.parent == self and part.parent_type == "BONE":
        return int(self.pose.bones.find(part.parent_bone))
    return int(self.pose.bones.find(bone.name)) if bone is not None else -1


def _set_index(self: Object, value: int) -> None:
    if self.type == "ARMATURE" and 0 <= value < len(self.pose.bones):
        activate_joint(bpy.context, self, self.pose.bones[value].name)


def register() -> None:
    """Hang the sliders on pose bones; the pose channels are what is stored, keyed and overridden."""
    bpy.types.Object.simready_joint_index = IntProperty(
        name="Active Joint",
        description="The joint that is worked on",
        get=_get_index,
        set=_set_index,
        options={"SKIP_SAVE"},
    )
    bpy.types.PoseBone.simready_angle_share = FloatProperty(
        name="Angle",
        description="How far the joint is turned: 0 = closed, 1 = open. Key the bone's rotation to animate it",
        subtype="FACTOR",
        min=0.0,
        max=1.0,
        get=_get_angle_share,
        set=_set_angle_share,
        options={"SKIP_SAVE"},
        override={"LIBRARY_OVERRIDABLE"},
    )
    bpy.types.PoseBone.simready_travel_share = FloatProperty(
        name="Travel",
        description="How far the joint is pulled: 0 = closed, 1 = open. Key the bone's location to animate it",
        subtype="FACTOR",
        min=0.0,
        max=1.0,
        get=_get_travel_share,
        set=_set_travel_share,
        options={"SKIP_SAVE"},
        override={"LIBRARY_OVERRIDABLE"},
    )


def unregister() -> None:
    """Undo `register`."""
    del bpy.types.PoseBone.simready_travel_share
    del bpy.types.PoseBone.simready_angle_share
    del bpy.types.Object.simready_joint_index
