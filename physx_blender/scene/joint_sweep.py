# SPDX-License-Identifier: GPL-3.0-or-later
"""Sweep every joint of a rig through its range, one after the other, and put everything back."""

from __future__ import annotations

import math

from bpy.types import Object, PoseBone
from mathutils import Quaternion

from .joint_share import (
    SLIDING,
    TURNING,
    angle_ends,
    angle_of,
    moves_itself,
    positions,
    restore,
    set_angle,
    set_travel,
    travel_ends,
    travel_of,
)

SECONDS = 1.6
"""Time for one joint: from where it stands to one end, to the other, and back."""
WIDEST_TILT = math.radians(80.0)
"""How far a ball tilts that has no limit."""


def can_sweep(bone: PoseBone) -> bool:
    """Does a joint turn, slide or tilt by itself?"""
    return moves_itself(bone) and bone.simready_joint.kind in (*TURNING, *SLIDING, "ball")


class Sweep:
    """One run over a rig. Ask for the pose `at` a time; `stop` restores what was there before."""

    def __init__(self, rig: Object) -> None:
        self.rig = rig
        self.saved = positions(rig)
        self.names = [b.name for b in rig.pose.bones if can_sweep(b)]
        self.current = -1

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return SECONDS * len(self.names)

    def at(self, seconds: float) -> str:
        """Pose the rig as it is `seconds` after the start; the bone that moves, '' = it is over."""
        number = int(seconds / SECONDS)
        if number != self.current and 0 <= self.current < len(self.names):
            self._place(self.names[self.current], 0.0)
        self.current = number
        if number >= len(self.names):
            return ""
        self._place(self.names[number], seconds / SECONDS - number)
        return self.names[number]

    def _place(self, name: str, phase: float) -> None:
        bone = self.rig.pose.bones.get(name)
        if bone is None:
            return
        start = self.saved[name]
        bone.location, bone.rotation_euler, bone.rotation_quaternion = start
        if bone.simready_joint.kind == "ball":
            settings = bone.simready_joint
            tilt = settings.angle_high if settings.use_angle_limits else WIDEST_TILT
            bone.rotation_quaternion = tilted(Quaternion(start[2]), tilt, phase)
        if bone.simready_joint.kind in TURNING:
            set_angle(bone, swept(angle_of(bone), angle_ends(bone), phase))
        if bone.simready_joint.kind in SLIDING:
            set_travel(bone, swept(travel_of(bone), travel_ends(bone), phase))

    def stop(self) -> None:
        """Put everything back."""
        restore(self.rig, self.saved)


def swept(start: float, ends: tuple[float, float], phase: float) -> float:
    """Position at `phase` (0..1): a quarter to the first end, half to the other, a quarter back; eased."""
    first, last = ends
    legs = ((0.0, 0.25, start, first), (0.25, 0.75, first, last), (0.75, 1.0, last, start))
    for begin, end, a, b in legs:
        if phase <= end:
            share = (1.0 - math.cos(math.pi * (phase - begin) / (end - begin))) / 2.0
            return a + share * (b - a)
    return start


def tilted(start: Quaternion, tilt: float, phase: float) -> Quaternion:
    """Rotation of a ball at `phase` (0..1): from the start through its rest to the four sides of its cone, and back.

    tilt: half the angle of the cone (rad).
    """
    rest = Quaternion()
    sides = [Quaternion(axis, a) for axis in ((1, 0, 0), (0, 0, 1)) for a in (tilt, -tilt)]
    stations = [start, rest, *(q for side in sides for q in (side, rest)), start]
    place = min(phase, 1.0) * (len(stations) - 1)
    leg = min(int(place), len(stations) - 2)
    share = (1.0 - math.cos(math.pi * (place - leg))) / 2.0
    return stations[leg].slerp(stations[leg + 1], share)


def bone_label(bone: PoseBone) -> str:
    """Name of a bone's joint, as the lists show it."""
    return str(bone.simready_joint.name or bone.name)
