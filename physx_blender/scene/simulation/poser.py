# SPDX-License-Identifier: GPL-3.0-or-later
"""Positions of a simulation become poses of objects and bones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import bpy
import numpy as np
from bpy.types import Depsgraph, Object, PoseBone
from mathutils import Matrix

from ...errors import AssetError
from ...formats.layout import joint_element_names
from ...geometry import Pose
from ...geometry.pose import Array
from ...model import Joint, JointKind
from ...simulation import SimulatedJoint, SimulationLayout
from ...simulation.messages import Element
from ..exact import affine_inverse
from ..joint_pose import local_motion, position_channels
from ..placement import bone_of
from ..rigs import rig_of
from .channels import Changes, Kept, Target, moved_object, rotation_channel, rotation_values, write
from .stage import Actor, Stage

Positions = Sequence[float]


@dataclass(frozen=True)
class _Moving:
    """A joint of an asset, the bone that shows it, and its elements in the simulation."""

    joint: Joint
    bone: str
    elements: tuple[SimulatedJoint, ...]


@dataclass(frozen=True)
class _Cast:
    """An actor and what of the simulation moves it. carrier: number of the actor that it is parented to."""

    actor: Actor
    base: SimulatedJoint | None
    moving: tuple[_Moving, ...]
    carrier: int | None


class Poser:
    """Shows states of a simulation in Blender, and knows what is where in them.

    `targets` are all objects and bones that it moves; `start` their channels before anything moved.
    """

    def __init__(self, stage: Stage, layout: SimulationLayout) -> None:
        self.layout = layout
        self._casts = [_cast(stage, layout, k) for k in range(len(stage.actors))]
        self._numbers = {(b.scene_body, b.link): k for k, b in enumerate(layout.bodies)}
        targets = []
        for cast in self._casts:
            if cast.base is not None:
                targets.append(Target(cast.actor.object))
            targets += [Target(cast.actor.object, m.bone) for m in cast.moving]
        self.targets = tuple(targets)
        self.start: Kept = {t: stage.start[t] for t in self.targets}

    def apply(self, positions: Positions) -> None:
        """Pose everything; what is gone meanwhile is passed over."""
        numbers = {o.name: k for k, o in enumerate(bpy.data.objects) if o.library is None}
        objects: Changes = {}
        for cast in self._casts:
            obj = bpy.data.objects.get(cast.actor.object)
            if obj is None or obj.name not in numbers:
                continue
            if cast.base is not None:
                objects[numbers[obj.name]] = self._moved(obj, cast, positions)
            if cast.moving and obj.pose is not None:
                bones = self._posed(obj, cast, positions)
                if write(obj.pose.bones, bones):
                    obj.update_tag(refresh={"DATA"})
        if write(bpy.data.objects, objects):
            for number in objects:
                bpy.data.objects[number].update_tag(refresh={"OBJECT"})

    def _posed(self, obj: Object, cast: _Cast, positions: Positions) -> Changes:
        """Channels of the bones of a rig."""
        bones = {b.name: (k, b) for k, b in enumerate(obj.pose.bones)}
        joints = zip(cast.moving, self._joint_positions(cast, positions), strict=True)
        return {
            bones[moving.bone][0]: _channels(bones[moving.bone][1], moving.joint, position, cast.actor.scale)
            for moving, position in joints
            if moving.bone in bones
        }

    def body_of(self, obj: Object, depsgraph: Depsgraph) -> int | None:
        """Number of the simulated body that an object shows, None when it shows none."""
        rig = rig_of(obj)
        for number, cast in enumerate(self._casts):
            if rig is not None and cast.actor.object == rig.name:
                try:
                    bone = bone_of(obj, rig)
                except AssetError:
                    return None
                links = {b: link for link, b in cast.actor.bones.items()}
                link = links.get(bone, cast.actor.asset.base.name)
                return self._numbers.get((number, link))
            if rig is None and cast.actor.object == obj.name:
                return self._numbers.get((number, cast.actor.asset.base.name))
        return None

    def body_frame(self, number: int, positions: Positions) -> Array:
        """Frame (4, 4) in the world of a simulated body at these positions."""
        body = self.layout.bodies[number]
        cast = self._casts[body.scene_body]
        asset = cast.actor.asset
        base = self._place(cast, positions).matrix
        joint = asset.joint_of.get(body.link)
        if joint is None:
            return base
        named = {
            m.joint.name: p for m, p in zip(cast.moving, self._joint_positions(cast, positions), strict=True)
        }
        moved: Array = base @ asset.link_poses(named)[body.link].matrix @ Pose(joint.anchor).matrix
        return moved

    def is_held(self, number: int) -> bool:
        """Is the body fastened to the world: no joint between it and the world moves?"""
        body = self.layout.bodies[number]
        cast = self._casts[body.scene_body]
        if cast.base is not None:
            return False
        link = body.link
        while (joint := cast.actor.asset.joint_of.get(link)) is not None:
            if joint.kind is not JointKind.FIXED:
                return False
            link = joint.parent
        return True

    def _place(self, cast: _Cast, positions: Positions) -> Pose:
        return cast.actor.place if cast.base is None else _pose(positions[cast.base.span])

    def _motion(self, cast: _Cast, positions: Positions) -> Array:
        """Motion (4, 4) in the world of the actor's frame since the start."""
        moved: Array = self._place(cast, positions).matrix @ cast.actor.place.inverse().matrix
        return moved

    def _moved(self, obj: Object, cast: _Cast, positions: Positions) -> dict[str, tuple[float, ...]]:
        """Channels of an object that moves as a whole."""
        motion = self._motion(cast, positions)
        if cast.carrier is not None:
            # what carries it moves as well
            motion = affine_inverse(self._motion(self._casts[cast.carrier], positions)) @ motion
        inside = affine_inverse(cast.actor.channels) @ motion @ cast.actor.channels
        return moved_object(obj, self.start[Target(obj.name)], Matrix(inside.tolist()))

    def _joint_positions(self, cast: _Cast, positions: Positions) -> list[tuple[float, ...]]:
        """Positions of the joints of an asset, in the order of `moving`, as `Joint.position` has them."""
        found: dict[str, tuple[float, ...]] = {}
        for moving in cast.moving:
            joint = moving.joint
            values = [tuple(positions[e.span]) for e in moving.elements]
            if joint.kind is JointKind.CYLINDRICAL:
                found[joint.name] = (*values[1], *values[0])
            elif joint.kind is not JointKind.FREE:
                found[joint.name] = values[0]
        for moving in cast.moving:
            joint = moving.joint
            if joint.kind is not JointKind.FREE:
                continue
            # MuJoCo has it in the world; the bone wants it against its parent
            asset = cast.actor.asset
            x, y, z = joint.anchor
            frame = self._place(cast, positions).inverse() @ _pose(positions[moving.elements[0].span])
            moved = asset.link_poses(found)[joint.parent].inverse() @ frame @ Pose((-x, -y, -z))
            shift = moved.apply(np.array([joint.anchor]))[0] - np.array(joint.anchor)
            found[joint.name] = (float(shift[0]), float(shift[1]), float(shift[2]), *moved.quaternion)
        return [found[m.joint.name] for m in cast.moving]


def _channels(
    bone: PoseBone, joint: Joint, position: tuple[float, ...], scale: float
) -> dict[str, tuple[float, ...]]:
    """Channels of a bone at a position of its joint, in the space of a rig that is shown `scale` times as large."""
    if joint.kind is JointKind.HINGE:
        return position_channels(bone, joint.kind, position)
    if joint.kind in (JointKind.SLIDE, JointKind.CYLINDRICAL):
        return position_channels(bone, joint.kind, (position[0], position[-1] / scale))
    x, y, z = joint.anchor
    joint = replace(joint, anchor=(x / scale, y / scale, z / scale))
    if joint.kind is JointKind.FREE:
        position = (*(v / scale for v in position[:3]), *position[3:])
    local = local_motion(bone, replace(joint, position=position))
    channel = rotation_channel(bone.rotation_mode)
    return {
        "location": tuple(local.to_translation()),
        channel: rotation_values(bone.rotation_mode, local.to_quaternion(), getattr(bone, channel)[:]),
    }


def _pose(values: Sequence[float]) -> Pose:
    x, y, z, qw, qx, qy, qz = values
    return Pose((x, y, z), (qw, qx, qy, qz))


def _cast(stage: Stage, layout: SimulationLayout, number: int) -> _Cast:
    actor = stage.actors[number]
    elements = {j.name: j for j in layout.joints if j.scene_body == number}
    moving = []
    for link in actor.asset.links_in_order[1:]:
        joint = actor.asset.joint_of[link.name]
        mine = tuple(elements[n] for n in joint_element_names(joint) if n in elements)
        if joint.kind is not JointKind.FIXED and mine:
            moving.append(_Moving(joint, actor.bones[link.name], mine))
    base_name = f"{actor.asset.base.name}:free"
    base = next((e for e in elements.values() if e.kind is Element.FREE and e.name == base_name), None)
    return _Cast(actor, base, tuple(moving), _carrier(stage, actor))


def _carrier(stage: Stage, carried: Actor) -> int | None:
    """Number of the actor that carries another, directly or through others."""
    numbers = {actor.object: k for k, actor in enumerate(stage.actors)}
    obj = bpy.data.objects.get(carried.object)
    above = None if obj is None else obj.parent
    while above is not None:
        if above.name in numbers:
            return numbers[above.name]
        above = above.parent
    return None
