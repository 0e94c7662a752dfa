# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of an asset, put on the scene that it was read from, so that reading it again gives the changed asset."""

from __future__ import annotations

from collections.abc import Iterable

import bpy
import numpy as np
from bpy.types import Context, Object, PoseBone
from mathutils import Matrix, Vector

from ..errors import AssetError
from ..formats.shapes_json import NoBlobs, to_json
from ..geometry import PlacedShape, Pose
from ..geometry.pose import Array
from ..model import Asset, Joint, Link, Material, Part
from ..model.edits import Edit, MoveAsset, SetJoint, SetLink, SetPart, apply_edits
from .asset_frame import AssetFrame
from .asset_to_scene import fill_inertial, fill_limits, fill_material
from .colliders import make_collider, remove_colliders
from .exact import affine_inverse, matrix_array, read_record, rigid_part, unmoved, write_record
from .joint_frame import move_anchor, rebase_record
from .joint_pose import set_position
from .joint_rig import apply_joint
from .part_values import silently
from .placement import rest_matrix
from .scene_to_asset import part_name
from .shape_mesh import blender_mesh
from .shape_record import shape_record


def edit_scene(context: Context, rig: Object, asset: Asset, edits: Iterable[Edit]) -> None:
    """Put the changes on the rig.

    asset: as read from `rig` with its place in the scene. In object mode. Raises AssetError before anything is changed
    where a change cannot be made.
    """
    edits = tuple(edits)
    frame = AssetFrame.of(rig)
    inner = tuple(e for e in edits if not isinstance(e, MoveAsset))
    local_before, local_after = (frame.from_world(a) for a in (asset, apply_edits(asset, inner)))
    objects = {e.part.name: _part_object(rig, e.part.name) for e in inner if isinstance(e, SetPart)}
    before = {p.name: p for p in local_before.parts}
    after = {p.name: p for p in local_after.parts}
    for name, obj in objects.items():
        if before[name].shapes != after[name].shapes:
            _must_be_plain(obj)
    for edit in edits:
        if isinstance(edit, MoveAsset):
            scaled = Matrix.Diagonal((edit.scale, edit.scale, edit.scale, 1.0))
            rig.matrix_world = Matrix(edit.pose.matrix.tolist()) @ scaled @ rig.matrix_world
        elif isinstance(edit, SetPart):
            name = edit.part.name
            _set_part(objects[name], rig, before[name], after[name])
        elif isinstance(edit, SetJoint):
            joint = next(j for j in local_after.joints if j.name == edit.joint.name)
            old = next(j for j in local_before.joints if j.name == joint.name)
            _set_joint(context, rig, old, joint)
        elif isinstance(edit, SetLink):
            link = next(one for one in local_after.links if one.name == edit.link.name)
            _set_link(rig, bone_of_link(rig, local_after, link.name), link)
    context.view_layer.update()


def _part_object(rig: Object, name: str) -> Object:
    for obj in rig.children_recursive:
        if obj.simready_part.role in ("NONE", "PART") and part_name(obj) == name:
            return obj
    raise AssetError("is gone; check again", where=f"part {name!r}")


def bone_of_link(rig: Object, asset: Asset, link: str) -> PoseBone:
    """The bone that a link was read from. Raises AssetError when it is gone."""
    bones = sorted(rig.pose.bones, key=lambda b: b.simready_joint.link_order)
    by_name = {b.name: b for b in bones}
    if link in by_name:
        return by_name[link]
    joint = asset.joint_of.get(link)
    found = next((b for b in bones if joint is not None and b.simready_joint.name == joint.name), None)
    if found is None:
        raise AssetError("has no bone of its name; rename its bone", where=f"link {link!r}")
    return found


def _must_be_plain(obj: Object) -> None:
    where = f"part {obj.name!r}"
    if obj.type != "MESH":
        raise AssetError("is not a mesh; convert it first (Object > Convert > Mesh)", where=where)
    if obj.modifiers:
        raise AssetError("has modifiers; apply them first (Object > Convert > Mesh)", where=where)
    if obj.data.shape_keys is not None:
        raise AssetError("has shape keys; apply them first", where=where)


def _set_part(obj: Object, rig: Object, before: Part, after: Part) -> None:
    settings = obj.simready_part
    if before.shapes != after.shapes:
        replace_shapes(obj, rig, after.shapes)
    with silently(settings):
        record = read_record(settings.record, f"part {obj.name!r}")
        if before.material != after.material:
            fill_material(settings, after.material)
            record["material"] = to_json(after.material, Material, NoBlobs(), "material")
        if before.mass != after.mass:
            settings.use_mass = after.mass is not None
            if after.mass is not None:
                settings.mass, settings.mass_at_volume, record["mass"] = after.mass, 0.0, after.mass
        if record:
            settings.record = write_record(record)
    if before.collision != after.collision:
        set_collision(obj, rig, after.collision)


def set_collision(obj: Object, rig: Object, collision: tuple[PlacedShape, ...] | None) -> None:
    """Let a part collide by these shapes (asset frame at rest); None = automatic, empty = never."""
    remove_colliders(obj)
    obj.simready_part.collision = "SHAPE" if collision is None else "OWN" if collision else "NONE"
    if collision:
        rest = rest_matrix(obj, rig, None)
        collider = make_collider(obj, collision, collision[0].pose, rest)
        for home in obj.users_collection:
            home.objects.link(collider)
        collider.hide_set(True)


def replace_shapes(obj: Object, rig: Object, shapes: tuple[PlacedShape, ...]) -> None:
    """Show these shapes (asset frame at rest) instead of the mesh; materials stay, the object's scale becomes 1."""
    rest = rest_matrix(obj, rig, None)
    frame = _without_scale(rest)
    above = rest @ affine_inverse(matrix_array(obj.matrix_basis))
    basis = affine_inverse(above) @ frame.matrix
    back = affine_inverse(basis) @ matrix_array(obj.matrix_basis)
    for child in obj.children:
        child.matrix_parent_inverse = Matrix((back @ matrix_array(child.matrix_parent_inverse)).tolist())
    obj.matrix_basis = Matrix(basis.tolist())
    mesh = blender_mesh(obj.data.name, shapes, frame)
    for material in obj.data.materials:
        mesh.materials.append(material)
    slots = np.zeros(len(obj.data.polygons), dtype=np.int32)
    obj.data.polygons.foreach_get("material_index", slots)
    if len(slots):
        main = int(np.bincount(slots).argmax())
        mesh.polygons.foreach_set("material_index", np.full(len(mesh.polygons), main, dtype=np.int32))
    old, obj.data = obj.data, mesh
    if old.users == 0:
        name = old.name
        bpy.data.meshes.remove(old)
        mesh.name = name
    settings = obj.simready_part
    record = read_record(settings.record, f"part {obj.name!r}")
    record.update(shape_record(shapes, frame, mesh, rest_matrix(obj, rig, None)))
    record.setdefault("object", obj.name)
    record.setdefault("name", part_name(obj))
    with silently(settings):
        settings.role, settings.record = "PART", write_record(record)


def _without_scale(rest: Array) -> Pose:
    turned = rest.copy()
    turned[:3, :3] /= np.linalg.norm(rest[:3, :3], axis=0)
    if np.linalg.det(turned[:3, :3]) < 0.0:
        turned[:3, 0] = -turned[:3, 0]
    return rigid_part(turned)


def _set_joint(context: Context, rig: Object, before: Joint, after: Joint) -> None:
    bone = next((b for b in rig.pose.bones if b.simready_joint.name == after.name), None)
    if bone is None:
        bone = rig.pose.bones.get(after.child)
    if bone is None:
        raise AssetError("is gone; check again", where=f"joint {after.name!r}")
    if after.axis != before.axis or after.kind is not before.kind:
        raise AssetError(
            "can only be given other limits, another position or anchor", where=f"joint {after.name!r}"
        )
    if after.anchor != before.anchor:
        move_anchor(context, rig, bone.name, Vector(after.anchor))
        bone = rig.pose.bones[bone.name]
    settings = bone.simready_joint
    with silently(settings):
        fill_limits(settings, after)
        record = read_record(settings.record, f"bone {bone.name!r}")
        if record.get("joint"):
            data = to_json(after, Joint, NoBlobs(), "joint")
            for name in ("angle_limits", "travel_limits", "position"):
                record["joint"].pop(name, None)
                if name in data:
                    record["joint"][name] = data[name]
            record.pop("read", None)
            settings.record = write_record(record)
    apply_joint(bone)
    if after.position != before.position:
        set_position(bone, after)


def _set_link(rig: Object, bone: PoseBone, link: Link) -> None:
    settings = bone.simready_joint
    moved_from = read_record(settings.record, f"bone {bone.name!r}").get("rest")
    if moved_from is not None and not unmoved(matrix_array(bone.bone.matrix_local), moved_from):
        rebase_record(rig, bone.name)  # or the inertia would be taken for one that moved along with the bone
    with silently(settings):
        settings.use_inertial = link.inertial is not None
        if link.inertial is not None:
            fill_inertial(settings, link.inertial)
        record = read_record(settings.record, f"bone {bone.name!r}")
        if record:
            record["link"] = to_json(link, Link, NoBlobs(), "link")
            settings.record = write_record(record)
