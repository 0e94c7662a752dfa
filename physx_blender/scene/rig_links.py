# SPDX-License-Identifier: GPL-3.0-or-later
"""Links and parts of a rig: add a link, hang parts on it, give it another parent, take it away. Nothing moves at rest."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from bpy.types import Context, Object, PoseBone
from mathutils import Matrix, Vector

from ..errors import AssetError
from ..geometry import MassProperties
from ..geometry.joint_guess import JointGuess
from ..geometry.pose import Array
from ..model.names import clean_name
from .exact import affine_inverse, as_vec3, read_record, write_record
from .joint_frame import editing_bones
from .joint_rig import apply_joint
from .link_geometry import parts_on
from .placement import bone_parent_matrix, rest_matrix

TURNING = ("hinge", "cylindrical", "ball")
SLIDING = ("slide", "cylindrical")


def add_link(context: Context, rig: Object, name: str, parent: str, length: float) -> str:
    """A new bone below `parent` ('' = a new base above the one there is), without parts; the name it got."""
    name = clean_name(name, rig.data.bones.keys(), "link")
    with editing_bones(context, rig):
        bones = rig.data.edit_bones
        old_roots = [b for b in bones if b.parent is None]
        bone = bones.new(name)
        bone.head, bone.tail = Vector(), Vector((0.0, 0.0, max(length, 1e-3)))
        bone.align_roll(Vector((0.0, -1.0, 0.0)))
        name = bone.name
        if parent:
            bone.parent = bones[parent]
            bone.use_connect = False
        else:
            for root in old_roots:
                root.parent, root.use_connect = bone, False
    apply_joint(rig.pose.bones[name])
    return name


def set_parent(context: Context, rig: Object, bone: str, parent: str) -> None:
    """Let a link hang on another one. Raises AssetError when that one hangs on it."""
    above = rig.data.bones[parent]
    while above is not None:
        if above.name == bone:
            raise AssetError(
                f"hangs on {bone!r} itself; choose a link that does not", where=f"link {parent!r}"
            )
        above = above.parent
    with editing_bones(context, rig):
        bones = rig.data.edit_bones
        bones[bone].use_connect = False
        bones[bone].parent = bones[parent]
    apply_joint(rig.pose.bones[bone])


def frame_at_rest(obj: Object, rig: Object, context: Context) -> Array:
    """Where an object is in the asset's frame at rest (4, 4); for one outside the rig, where it is seen now."""
    above = obj.parent
    while above is not None and above != rig:
        above = above.parent
    if above == rig:
        return rest_matrix(obj, rig, context.evaluated_depsgraph_get())
    return np.array(rig.matrix_world.inverted() @ obj.matrix_world)


def hang_part(obj: Object, rig: Object, bone: str, rest: Array) -> None:
    """Put an object on a link's bone, at `rest` (4, 4) in the asset's frame."""
    obj.parent, obj.parent_type, obj.parent_bone = rig, "BONE", bone
    inverse = affine_inverse(bone_parent_matrix(rig.data.bones[bone]))
    obj.matrix_parent_inverse = Matrix(inverse.tolist())
    obj.matrix_basis = Matrix(np.asarray(rest).tolist())


def joint_names(rig: Object, but: str = "") -> list[str]:
    """Names of all joints of a rig, but that of one bone."""
    return [b.simready_joint.name for b in rig.pose.bones if b.simready_joint.name and b.name != but]


def set_joint(rig: Object, bone: str, guess: JointGuess) -> None:
    """Give a bone the kind and range of a guess, at rest; its frame is set by `set_frame`."""
    pose = rig.pose.bones[bone]
    settings = pose.simready_joint
    settings.building = True
    settings.kind = guess.kind.value
    if not settings.name:
        settings.name = clean_name(f"{bone} joint", joint_names(rig, bone), "joint")
        settings.known_name = settings.name
    turns, slides = guess.kind.value in TURNING, guess.kind.value in SLIDING
    travel = guess.travel if guess.kind.value == "cylindrical" else (guess.range if slides else None)
    angle = guess.range if turns else None
    settings.use_angle_limits, settings.use_travel_limits = angle is not None, travel is not None
    settings.angle_low, settings.angle_high = angle or (-math.pi, math.pi)
    settings.travel_low, settings.travel_high = travel or (0.0, 0.0)
    settings.use_slide_axis = False
    settings.mimic_joint = ""
    settings.building = False
    rest_pose(pose)
    apply_joint(pose)


def rest_pose(bone: PoseBone) -> None:
    """Put a joint to rest."""
    bone.location = (0.0, 0.0, 0.0)
    bone.rotation_euler = (0.0, 0.0, 0.0)
    bone.rotation_quaternion = (1.0, 0.0, 0.0, 0.0)
    bone.scale = (1.0, 1.0, 1.0)


def merge_into(context: Context, rig: Object, bone: str, target: str) -> list[str]:
    """Make a link part of another: parts, links below and own inertia go there. Notes on what was lost.

    Raises AssetError when `bone` is above `target` but not just above it.
    """
    gone, kept = rig.data.bones[bone], rig.data.bones[target]
    if gone in kept.parent_recursive and kept.parent != gone:
        raise AssetError(
            f"has other links between itself and {target!r}; merge those as well", where=f"link {bone!r}"
        )
    if kept.parent == gone and gone.parent is None:
        gone, kept = kept, gone  # the base is always there
    elif kept.parent == gone:
        set_parent(context, rig, target, gone.parent.name)
    bone, target = gone.name, kept.name
    notes = _merge_inertia(rig, bone, target)
    depsgraph = context.evaluated_depsgraph_get()
    carried = [o for o in rig.children if o.parent_type == "BONE" and o.parent_bone == bone]
    for obj, rest in [(o, rest_matrix(o, rig, depsgraph)) for o in carried]:
        hang_part(obj, rig, target, rest)
    _forget_joint(rig, rig.pose.bones[bone].simready_joint.name)
    with editing_bones(context, rig):
        bones = rig.data.edit_bones
        for child in list(bones[bone].children):
            child.use_connect = False
            child.parent = bones[target]
        bones.remove(bones[bone])
    return notes


def dissolve(rig: Object, bone: str) -> None:
    """Fix a joint; those that followed it move by themselves."""
    settings = rig.pose.bones[bone].simready_joint
    _forget_joint(rig, settings.name)
    settings.mimic_joint = ""
    settings.kind = "fixed"


def couple(rig: Object, follower: str, leader: str, ratio: float) -> None:
    """Let a joint follow another one of its kind: position = ratio * position of the leader. Raises AssetError."""
    mine, theirs = (rig.pose.bones[n].simready_joint for n in (follower, leader))
    where = f"joint {mine.name or follower!r}"
    if mine.kind != theirs.kind or mine.kind not in ("hinge", "slide"):
        raise AssetError(
            f"a {mine.kind} cannot follow the {theirs.kind} {theirs.name!r}; only hinges follow hinges, and "
            "slides slides",
            where=where,
        )
    if theirs.mimic_joint:
        raise AssetError(
            f"{theirs.name!r} follows {theirs.mimic_joint!r} itself; follow that one", where=where
        )
    if any(b.simready_joint.mimic_joint == mine.name for b in rig.pose.bones if mine.name):
        raise AssetError("leads other joints; uncouple those first", where=where)
    if not theirs.name:
        theirs.name = clean_name(f"{leader} joint", joint_names(rig, leader), "joint")
    mine.building = True
    mine.mimic_multiplier, mine.mimic_offset, mine.mimic_joint = ratio, 0.0, theirs.name
    mine.building = False
    apply_joint(rig.pose.bones[follower])


def _forget_joint(rig: Object, name: str) -> None:
    """Joints that follow a joint which goes away move by themselves from now on."""
    for other in rig.pose.bones:
        if name and other.simready_joint.mimic_joint == name:
            other.simready_joint.mimic_joint = ""


def own_inertia(rig: Object, bone: str) -> MassProperties | None:
    """Mass properties typed for a link, in the asset's frame at rest; None = they follow from its parts."""
    settings = rig.pose.bones[bone].simready_joint
    if not settings.use_inertial:
        return None
    xx, yy, zz, xy, xz, yz = (float(v) for v in settings.inertial_moments)
    return MassProperties(
        settings.inertial_mass, as_vec3(settings.inertial_centre), ((xx, xy, xz), (xy, yy, yz), (xz, yz, zz))
    )


def set_own_inertia(rig: Object, bone: str, body: MassProperties) -> None:
    """Type mass properties for a link, in the asset's frame at rest."""
    settings: Any = rig.pose.bones[bone].simready_joint
    record = read_record(settings.record, f"bone {bone!r}")
    if record:
        record["link"] = None  # what was imported is not the truth any more
        settings.record = write_record(record)
    m = body.matrix
    settings.use_inertial = True
    settings.inertial_mass, settings.inertial_centre = body.mass, body.centre
    settings.inertial_moments = (m[0, 0], m[1, 1], m[2, 2], m[0, 1], m[0, 2], m[1, 2])


def _merge_inertia(rig: Object, bone: str, parent: str) -> list[str]:
    bodies = [own_inertia(rig, name) for name in (bone, parent)]
    typed = [b for b in bodies if b is not None]
    if len(typed) == 2:
        set_own_inertia(rig, parent, MassProperties.total(typed))
    empty = [name for name in (bone, parent) if not parts_on(rig, name)]
    if len(typed) != 1 or (bodies[0] is None and bone in empty):
        return []
    if bodies[1] is None and parent in empty:
        set_own_inertia(rig, parent, typed[0])
        return []
    rig.pose.bones[parent].simready_joint.use_inertial = False
    return [
        f"the typed inertia of one of the two links is gone; that of {parent!r} follows from its parts now"
    ]
