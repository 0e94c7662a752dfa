# SPDX-License-Identifier: GPL-3.0-or-later
"""A link with its joint, parts and all that hangs on it, once more on the other side of the asset."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from bpy.types import Context, Object, PoseBone
from mathutils import Vector

from ..errors import AssetError
from ..geometry import MassProperties
from ..geometry.mirror import mirror_matrix, mirrored_axis, mirrored_shape, mirrored_vector, other_side_name
from ..model import Asset, Part
from ..model.names import clean_name
from .asset_to_scene import add_part
from .exact import as_vec3
from .joint_frame import set_frame
from .joint_rig import apply_joint
from .link_geometry import is_part, parts_on
from .rig_links import add_link, joint_names, own_inertia, set_own_inertia
from .scene_to_asset import part_name, scene_to_asset

COPIED = ("damping", "friction_loss", "stiffness", "armature", "use_angle_limits", "use_travel_limits")
UNSCALED = 1e-5


def mirror_links(context: Context, rig: Object, bone: str, axis: int) -> dict[str, str]:
    """Mirror a link and all below it at the plane through the asset's origin across `axis` (0 = x, 1 = y, 2 = z).

    Names swap left and right; the same positions give the mirrored motion. New bones by the old ones. Raises AssetError
    for the base and for a scaled rig.
    """
    if rig.data.bones[bone].parent is None:
        raise AssetError("is the base; mirror the links that move", where=f"link {bone!r}")
    if max(abs(s - 1.0) for s in rig.matrix_world.to_scale()) > UNSCALED:
        raise AssetError("is scaled; apply its scale (Ctrl A) before mirroring", where=f"asset {rig.name!r}")
    asset = scene_to_asset(rig, context.evaluated_depsgraph_get(), placed=False)
    order = [bone, *(b.name for b in rig.data.bones[bone].children_recursive)]
    sources = {name: parts_on(rig, name) for name in order}
    made: dict[str, str] = {}
    for name in order:
        old = rig.data.bones[name]
        parent = made.get(old.parent.name, old.parent.name)
        made[name] = add_link(context, rig, _other_name(name, rig.data.bones.keys()), parent, old.length)
        _mirror_joint(context, rig, name, made[name], axis)
        for obj in sources[name]:
            _mirror_part(context, rig, asset, obj, made[name], axis)
    return made


def _other_name(name: str, taken: Any) -> str:
    return clean_name(other_side_name(name), taken)


def _mirror_joint(context: Context, rig: Object, old: str, new: str, axis: int) -> None:
    rest = rig.data.bones[old].matrix_local
    source, target = rig.pose.bones[old].simready_joint, rig.pose.bones[new].simready_joint
    pointing = as_vec3(rest.col[1].to_3d())
    direction = mirrored_vector(pointing, axis) if source.kind == "slide" else mirrored_axis(pointing, axis)
    anchor = mirrored_vector(as_vec3(rest.col[3].to_3d()), axis)
    body = own_inertia(rig, old)
    target.building = True
    target.kind = source.kind
    name = clean_name(other_side_name(source.name or f"{old} joint"), joint_names(rig, new), "joint")
    target.name, target.known_name = name, name
    for field in COPIED:
        setattr(target, field, getattr(source, field))
    target.angle_low, target.angle_high = source.angle_low, source.angle_high
    target.travel_low, target.travel_high = source.travel_low, source.travel_high
    if source.kind == "cylindrical" and source.use_slide_axis:
        target.use_slide_axis = True
        target.slide_axis = mirrored_vector(as_vec3(source.slide_axis), axis)
    elif (
        source.kind == "cylindrical"
    ):  # along the axis of turning, which points the other way on the other side
        target.travel_low, target.travel_high = -source.travel_high, -source.travel_low
    target.building = False
    set_frame(context, rig, new, anchor=Vector(anchor), axis=Vector(direction))
    if body is not None:
        side = mirror_matrix(axis)
        set_own_inertia(
            rig, new, MassProperties.of(body.mass, side @ np.array(body.centre), side @ body.matrix @ side)
        )
    bone: PoseBone = rig.pose.bones[new]
    apply_joint(bone)


def _mirror_part(context: Context, rig: Object, asset: Asset, obj: Object, link: str, axis: int) -> None:
    part = next((p for p in asset.parts if p.name == part_name(obj)), None)
    if part is None:  # without faces: nothing to see on the other side either
        return
    taken = {part_name(o) for o in rig.children_recursive if is_part(o)}
    collision = part.collision
    other: Part = replace(
        part,
        name=clean_name(other_side_name(part.name), taken),
        link=link,
        shapes=tuple(mirrored_shape(s, axis) for s in part.shapes),
        collision=None if collision is None else tuple(mirrored_shape(s, axis) for s in collision),
    )
    material = obj.data.materials[0] if getattr(obj.data, "materials", None) else None
    add_part(context, rig, asset, other, material, obj.users_collection[0])
