# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a pose bone move as its joint does: rotation mode, channel locks, limit constraints, mimic driver.

Local Y of the bone is the joint's axis. The joint's settings are the truth; everything here is derived from them and
rebuilt whenever they change.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from bpy.types import PoseBone

from .exact import matrix_array

if TYPE_CHECKING:
    from .properties import JointSettings

ANGLE_LIMITS = "Joint angle limits"
TRAVEL_LIMITS = "Joint travel limits"
LIMIT_SLACK = 1e-6
"""Blender rounds; a joint that stands exactly at its limit must not be pushed about by the rounding."""


def pose_bone_of(settings: JointSettings) -> PoseBone:
    """The pose bone that carries these settings."""
    return next(b for b in settings.id_data.pose.bones if b.simready_joint == settings)


def refresh(settings: JointSettings) -> None:
    """Rebuild what follows from the settings of one joint, and from those that follow it."""
    bone = pose_bone_of(settings)
    apply_joint(bone)
    for other in bone.id_data.pose.bones:
        if other.simready_joint.mimic_joint == settings.name and other != bone:
            _apply_mimic(other)


def slide_direction(bone: PoseBone) -> tuple[float, float, float]:
    """Direction of sliding in the bone's own frame at rest."""
    settings = bone.simready_joint
    if settings.kind != "cylindrical" or not settings.use_slide_axis:
        return (0.0, 1.0, 0.0)
    rest = matrix_array(bone.bone.matrix_local)[:3, :3]
    x, y, z = rest.T @ np.array(settings.slide_axis[:])
    length = float(np.linalg.norm((x, y, z)))
    return (float(x / length), float(y / length), float(z / length)) if length > 0 else (0.0, 1.0, 0.0)


def apply_joint(bone: PoseBone) -> None:
    """Set the bone up for the kind and limits of its joint."""
    settings = bone.simready_joint
    kind = settings.kind if bone.parent is not None else "fixed"
    turns, slides = kind in ("hinge", "cylindrical"), kind in ("slide", "cylindrical")
    # Y must not be the middle angle, or Blender reads a hinge beyond 90 degrees as a turn about the other axes.
    wanted = "QUATERNION" if kind in ("ball", "free") else "YXZ"
    if bone.rotation_mode != wanted:
        bone.rotation_mode = wanted
    loose = kind in ("ball", "free")
    bone.lock_rotation = (not loose, not (loose or turns), not loose)
    bone.lock_rotation_w = not loose
    bone.lock_rotations_4d = not loose
    direction = slide_direction(bone)
    moving = [kind == "free" or (slides and abs(c) > 1e-6) for c in direction]
    bone.lock_location = tuple(not m for m in moving)
    bone.lock_scale = (True, True, True)
    _apply_angle_limits(bone, kind)
    _apply_travel_limits(bone, direction if slides else None)
    _apply_mimic(bone)


def _constraint(bone: PoseBone, kind: str, name: str, wanted: bool) -> Any:
    found = bone.constraints.get(name)
    if not wanted:
        if found is not None:
            bone.constraints.remove(found)
        return None
    if found is None:
        found = bone.constraints.new(kind)
        found.name = name
        found.owner_space = "LOCAL"
        found.use_transform_limit = True
    return found


def _apply_angle_limits(bone: PoseBone, kind: str) -> None:
    settings = bone.simready_joint
    turns = kind in ("hinge", "cylindrical")
    cone = kind == "ball" and settings.use_angle_limits and settings.angle_high < math.pi
    limit = _constraint(bone, "LIMIT_ROTATION", ANGLE_LIMITS, turns or cone)
    if limit is None:
        return
    low, high = settings.angle_low, settings.angle_high
    if cone:
        # Blender has no cone limit; the box around it keeps the artist near the truth.
        low = -high
    across = (low, high) if cone else (0.0, 0.0)
    limit.use_limit_x = limit.use_limit_z = True
    limit.min_x, limit.max_x = limit.min_z, limit.max_z = across
    limit.use_limit_y = settings.use_angle_limits
    limit.min_y, limit.max_y = low - LIMIT_SLACK, high + LIMIT_SLACK
    # Only the newer behaviour knows angles beyond half a turn, but it may throw a joint to its far end.
    limit.use_legacy_behavior = low >= -math.pi and high <= math.pi


def _apply_travel_limits(bone: PoseBone, direction: tuple[float, float, float] | None) -> None:
    settings = bone.simready_joint
    limit = _constraint(bone, "LIMIT_LOCATION", TRAVEL_LIMITS, direction is not None)
    if limit is None or direction is None:
        return
    for name, component in zip("xyz", direction, strict=True):
        across = abs(component) <= 1e-6
        limited = across or settings.use_travel_limits
        ends = (0.0, 0.0) if across else (settings.travel_low * component, settings.travel_high * component)
        slack = 0.0 if across else LIMIT_SLACK
        for side, value in (("min", min(ends) - slack), ("max", max(ends) + slack)):
            setattr(limit, f"use_{side}_{name}", limited)
            setattr(limit, f"{side}_{name}", value)


def channel_of(kind: str) -> str | None:
    """Pose channel of a joint with one degree of freedom; index 1 (Y) of it."""
    return {"hinge": "rotation_euler", "slide": "location"}.get(kind)


def _apply_mimic(bone: PoseBone) -> None:
    """Let the bone follow its leader by a driver without any Python in it: sum of one variable, then a polynomial."""
    settings = bone.simready_joint
    for channel in ("rotation_euler", "location"):
        _remove_driver(bone, channel)
    channel = channel_of(settings.kind) or ""
    if not settings.mimic_joint or not channel:
        return
    leader = next((b for b in bone.id_data.pose.bones if b.simready_joint.name == settings.mimic_joint), None)
    if leader is None or leader == bone or leader.simready_joint.kind != settings.kind:
        return
    curve = bone.driver_add(channel, 1)
    while curve.keyframe_points:
        curve.keyframe_points.remove(curve.keyframe_points[0])
    while curve.modifiers:
        curve.modifiers.remove(curve.modifiers[0])
    line = curve.modifiers.new("GENERATOR")
    line.mode = "POLYNOMIAL"
    line.poly_order = 1
    line.coefficients = (settings.mimic_offset, settings.mimic_multiplier)
    curve.driver.type = "SUM"
    variable = curve.driver.variables.new()
    variable.name = "leader"
    variable.type = "SINGLE_PROP"
    variable.targets[0].id = bone.id_data
    variable.targets[0].data_path = f"{leader.path_from_id()}.{channel}[1]"


def _remove_driver(bone: PoseBone, channel: str) -> None:
    animation = bone.id_data.animation_data
    if animation is not None and animation.drivers.find(f"{bone.path_from_id()}.{channel}", index=1):
        bone.driver_remove(channel, 1)
