# SPDX-License-Identifier: GPL-3.0-or-later
"""Rigs from plain objects, and two rigs into one."""

from __future__ import annotations

import bpy
import numpy as np
from bpy.types import Context, Object
from mathutils import Vector

from ..errors import AssetError
from ..model.names import clean_name
from .exact import matrix_array, rigid_part
from .joint_frame import rebase_record
from .joint_rig import apply_joint
from .placement import rest_matrix
from .rig_links import add_link, hang_part, joint_names, own_inertia, rest_pose, set_own_inertia

SAME_SCALE = 1e-4


def new_rig(context: Context, part: Object) -> Object:
    """An asset of one plain object: a rig that stands below its middle, with the object on its base."""
    corners = [part.matrix_world @ Vector(c) for c in part.bound_box]
    low, high = (Vector([f(c[k] for c in corners) for k in range(3)]) for f in (min, max))
    data = bpy.data.armatures.new(part.name)
    data.display_type = "STICK"
    rig = bpy.data.objects.new(f"{part.name} asset", data)
    (part.users_collection or (context.scene.collection,))[0].objects.link(rig)
    rig.location = ((low.x + high.x) / 2.0, (low.y + high.y) / 2.0, low.z)
    rig.show_in_front = True
    rig.simready_asset.is_asset = True
    context.view_layer.update()
    if rig.name not in context.view_layer.objects:
        raise AssetError("its collection is excluded from the view layer; include it", where=part.name)
    base = add_link(context, rig, part.name, "", 0.35 * max(high - low))
    hang_part(part, rig, base, np.array(rig.matrix_world.inverted() @ part.matrix_world))
    return rig


def join_rigs(context: Context, target: Object, source: Object) -> dict[str, str]:
    """Move all links and parts of one rig into another; new names of the bones by their old ones.

    Nothing moves at rest; the joints of `source` go to rest. Its base has no parent afterwards. Raises AssetError for rigs
    of different scale.
    """
    scales = [o.matrix_world.to_scale() for o in (target, source)]
    if max(abs(a - b) for a, b in zip(*scales, strict=True)) > SAME_SCALE * max(scales[0]):
        raise AssetError(
            f"is scaled differently from {target.name!r}; give both armatures the same scale first",
            where=f"asset {source.name!r}",
        )
    view = context.view_layer
    for bone in source.pose.bones:
        rest_pose(bone)
    view.update()
    shift = target.matrix_world.inverted() @ source.matrix_world
    renamed = _unique_names(target, source)
    depsgraph = context.evaluated_depsgraph_get()
    places = {
        obj: (obj.parent_type, obj.parent_bone, matrix_array(shift) @ rest_matrix(obj, source, depsgraph))
        for obj in source.children
    }
    inertias = {b.name: own_inertia(source, b.name) for b in source.pose.bones}
    base = next(b.name for b in source.data.bones if b.parent is None)
    active = view.objects.active
    with context.temp_override(
        active_object=target,
        object=target,
        selected_objects=[target, source],
        selected_editable_objects=[target, source],
    ):
        bpy.ops.object.join()
    view.objects.active = active if active is not None and active.name in view.objects else target
    for obj, (kind, bone, rest) in places.items():
        hang_part(obj, target, bone if kind == "BONE" else base, rest)
        if (
            obj.simready_part.role == "CAMERA"
        ):  # an asset has one; that of the other asset stays as a plain camera
            obj.simready_part.role = "NONE"
            obj.simready_part.included = False
    turn = shift.to_3x3().normalized()
    for name, body in inertias.items():
        bone = target.pose.bones[name]
        if body is not None:
            set_own_inertia(target, name, body.moved(rigid_part(matrix_array(shift))))
        bone.simready_joint.slide_axis = turn @ Vector(bone.simready_joint.slide_axis)
        rebase_record(target, name)
        apply_joint(bone)
    return renamed


def _unique_names(target: Object, source: Object) -> dict[str, str]:
    renamed: dict[str, str] = {}
    taken = set(target.data.bones.keys()) | set(source.data.bones.keys())
    for bone in list(source.data.bones):
        old = bone.name
        if old in target.data.bones:
            bone.name = clean_name(old, taken, "link")
            taken.add(bone.name)
        renamed[old] = bone.name
    names = joint_names(target)
    for pose in source.pose.bones:
        settings = pose.simready_joint
        if settings.name in names:
            settings.name = clean_name(settings.name, [*names, *joint_names(source, pose.name)], "joint")
    return renamed


def base_of(rig: Object) -> str:
    """Name of the base link."""
    return str(next(b.name for b in rig.data.bones if b.parent is None))
