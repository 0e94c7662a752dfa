# SPDX-License-Identifier: GPL-3.0-or-later
"""An asset becomes a rig: one armature object, one bone per link, one object per part."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
from bpy.types import Context, Object
from mathutils import Matrix, Vector

from ..errors import AssetError
from ..formats.shapes_json import NoBlobs, to_json
from ..geometry import MassProperties, PlacedShape, Pose
from ..geometry.pose import Array
from ..model import Asset, Camera, Joint, JointKind, Link, Material, Part, Provenance, Texture
from ..model.collision_fit import CollisionFit
from ..steps import Step, Steps, run
from .appearance import blender_material
from .colliders import make_collider
from .exact import affine_inverse, flat, matrix_array, read_record, write_record
from .joint_pose import read_position, set_position
from .joint_rig import apply_joint
from .measuring import measuring
from .placement import bone_parent_matrix, rest_matrix
from .properties import NEW_ELEMENT_ORDER
from .shape_mesh import blender_mesh
from .shape_record import shape_record

BONE_SHARE = 0.35
"""Length of a bone as a share of the size of its link's parts."""


@dataclass
class _Build:
    """What has been made so far, to be taken away again if anything fails."""

    asset: Asset
    context: Context
    collection: Any = None
    armature: Object | None = None
    objects: list[Object] = field(default_factory=list)
    data: list[Any] = field(default_factory=list)
    images: dict[Texture, Any] = field(default_factory=dict)
    materials: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def undo(self) -> None:
        """Remove everything again."""
        for obj in reversed(self.objects):
            with suppress(ReferenceError):  # the artist has deleted it while it was built
                bpy.data.objects.remove(obj)
        for block in (*reversed(self.data), *self.materials.values(), *self.images.values()):
            with suppress(ReferenceError):
                _remove_block(block)
        if self.collection is not None:
            with suppress(ReferenceError):
                bpy.data.collections.remove(self.collection)


def _remove_block(block: Any) -> None:
    homes = {
        bpy.types.Mesh: bpy.data.meshes,
        bpy.types.Armature: bpy.data.armatures,
        bpy.types.Camera: bpy.data.cameras,
        bpy.types.Material: bpy.data.materials,
        bpy.types.Image: bpy.data.images,
    }
    next(home for kind, home in homes.items() if isinstance(block, kind)).remove(block)


def asset_to_scene(asset: Asset, context: Context) -> Object:
    """Build the asset in the context's scene, in a collection of its own, and return its armature object.

    The armature's space is the asset's frame, and it stands at the world's origin. The armature is made active and the
    only selected object. On failure nothing stays behind. Raises AssetError.
    """
    return run(building(asset, context))


def building(asset: Asset, context: Context) -> Steps[Object]:
    """`asset_to_scene` in small steps; closed before its end it leaves nothing behind."""
    if context.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    build = _Build(asset, context)
    view = context.view_layer
    active, selected = view.objects.active, list(view.objects.selected)
    count = max(1, len(asset.parts))
    try:
        _make_collection(build)
        armature = _make_armature(build)
        _make_bones(build, armature)
        yield Step("Building joints", 0.0)
        yield from _make_joints(armature, asset)
        for order, part in enumerate(asset.parts):
            yield Step("Building parts", 0.1 + 0.7 * order / count)
            yield from _making_part(build, armature, part, order)
        if asset.camera is not None:
            _make_camera(build, armature, asset.camera)
        yield Step("Showing", 0.8)
        yield from _record_positions(build, armature)
        yield Step("Measuring", 0.9)
        yield from measuring(armature, asset)
    except BaseException:
        build.undo()
        _select_again(context, active, selected)
        raise
    return armature


def _select_again(context: Context, active: Object | None, selected: list[Object]) -> None:
    view = context.view_layer
    with suppress(ReferenceError, RuntimeError):
        for obj in selected:
            obj.select_set(True)
        view.objects.active = active


def _make_collection(build: _Build) -> None:
    build.collection = bpy.data.collections.new(build.asset.name)
    (build.context.collection or build.context.scene.collection).children.link(build.collection)


def _link(build: _Build, obj: Object) -> None:
    build.objects.append(obj)
    build.collection.objects.link(obj)


def _make_armature(build: _Build) -> Object:
    asset = build.asset
    data = bpy.data.armatures.new(asset.name)
    build.data.append(data)
    data.display_type = "STICK"
    armature = bpy.data.objects.new(asset.name, data)
    _link(build, armature)
    armature.show_in_front = True
    settings = armature.simready_asset
    settings.is_asset = True
    settings.category, settings.description = asset.category, asset.description
    settings.fixed_base = asset.fixed_base
    confidence = asset.provenance.confidence
    settings.confidence = -1.0 if confidence is None else confidence
    settings.record = write_record(
        {
            "object": armature.name,
            "name": asset.name,
            "provenance": to_json(asset.provenance, Provenance, NoBlobs(), "provenance"),
        }
    )
    view = build.context.view_layer
    view.update()
    for obj in view.objects.selected:
        obj.select_set(False)
    if armature.name not in view.objects:
        raise AssetError(
            "cannot be built because its collection is excluded from the view layer; choose another active collection",
            where=f"asset {asset.name!r}",
        )
    armature.select_set(True)
    view.objects.active = armature
    build.armature = armature
    return armature


def _link_sizes(asset: Asset) -> dict[str, float]:
    """Longest side of the box around the parts of each link; a share of the asset's for a link without parts."""
    corners: dict[str, list[Array]] = {link.name: [] for link in asset.links}
    for part in asset.parts:
        for placed in part.shapes or part.collision or ():
            low, high = placed.shape.bounds()
            grid = np.stack(np.meshgrid(*zip(low, high, strict=True), indexing="ij"), axis=-1).reshape(-1, 3)
            corners[part.link].append(placed.pose.apply(grid))
    everything = [c for points in corners.values() for c in points]
    whole = float(np.ptp(np.concatenate(everything), axis=0).max()) if everything else 1.0
    whole = whole if whole > 0 else 1.0
    return {
        name: max(float(np.ptp(np.concatenate(points), axis=0).max()), 0.1 * whole)
        if points
        else 0.25 * whole
        for name, points in corners.items()
    }


def _make_bones(build: _Build, armature: Object) -> None:
    asset, sizes = build.asset, _link_sizes(build.asset)
    with build.context.temp_override(active_object=armature, object=armature, selected_objects=[armature]):
        bpy.ops.object.mode_set(mode="EDIT")
        try:
            bones = armature.data.edit_bones
            for link in asset.links_in_order:
                joint = asset.joint_of.get(link.name)
                bone = bones.new(link.name)
                axis = Vector(joint.axis if joint else (0.0, 0.0, 1.0))
                bone.head = joint.anchor if joint else (0.0, 0.0, 0.0)
                bone.tail = bone.head + axis * (BONE_SHARE * sizes[link.name])
                bone.align_roll(_roll_direction(joint))
                if joint is not None:
                    bone.parent = bones[joint.parent]
                    bone.use_connect = False
        finally:
            bpy.ops.object.mode_set(mode="OBJECT")


def _roll_direction(joint: Joint | None) -> Vector:
    """Direction that the bone's Z axis leans to: the axis of sliding, else up, else the back."""
    if joint is None:
        return Vector((0.0, -1.0, 0.0))
    if joint.slide_axis is not None and abs(Vector(joint.slide_axis).dot(Vector(joint.axis))) < 0.999:
        return Vector(joint.slide_axis)
    return Vector((0.0, 0.0, 1.0)) if abs(joint.axis[2]) < 0.9 else Vector((0.0, -1.0, 0.0))


def _make_joints(armature: Object, asset: Asset) -> Steps[None]:
    joint_order = {joint.name: k for k, joint in enumerate(asset.joints)}
    with_parts = {part.link for part in asset.parts}
    for order, link in enumerate(asset.links):
        bone = armature.pose.bones[link.name]
        joint = asset.joint_of.get(link.name)
        settings = bone.simready_joint
        settings.building = True
        settings.link_order = order
        if joint is not None:
            settings.joint_order = joint_order[joint.name]
            _fill_joint(settings, joint)
        if link.inertial is not None:
            settings.use_inertial = True
            fill_inertial(settings, link.inertial)
        settings.record = write_record(
            {
                "bone": bone.name,
                "rest": flat(matrix_array(bone.bone.matrix_local)),
                "link": to_json(link, Link, NoBlobs(), "link"),
                "joint": None if joint is None else to_json(joint, Joint, NoBlobs(), "joint"),
                "has_parts": link.name in with_parts,
            }
        )
        settings.building = False
        yield Step("Building joints")
    for link in asset.links_in_order:
        yield Step("Building joints")
        bone = armature.pose.bones[link.name]
        apply_joint(bone)
        joint = asset.joint_of.get(link.name)
        if joint is not None:
            set_position(bone, joint)


def _fill_joint(settings: Any, joint: Joint) -> None:
    settings.name, settings.known_name, settings.kind = joint.name, joint.name, joint.kind.value
    fill_limits(settings, joint)
    if joint.angle_limits is None and joint.kind in (JointKind.HINGE, JointKind.CYLINDRICAL):
        settings.angle_low, settings.angle_high = -math.pi, math.pi
    if joint.slide_axis is not None:
        settings.use_slide_axis = True
        settings.slide_axis = joint.slide_axis
    settings.damping, settings.friction_loss = joint.damping, joint.friction_loss
    settings.stiffness, settings.armature = joint.stiffness, joint.armature
    if joint.mimic is not None:
        settings.mimic_joint = joint.mimic.joint
        settings.mimic_multiplier, settings.mimic_offset = joint.mimic.multiplier, joint.mimic.offset


def fill_limits(settings: Any, joint: Joint) -> None:
    """Put the limits of a joint into its settings."""
    settings.use_angle_limits = joint.angle_limits is not None
    if joint.angle_limits is not None:
        settings.angle_low, settings.angle_high = joint.angle_limits
    settings.use_travel_limits = joint.travel_limits is not None
    if joint.travel_limits is not None:
        settings.travel_low, settings.travel_high = joint.travel_limits


def fill_inertial(settings: Any, body: MassProperties) -> None:
    """Put the inertia of a link (armature's frame at rest) into its settings."""
    settings.inertial_mass, settings.inertial_centre = body.mass, body.centre
    m = body.matrix
    settings.inertial_moments = (m[0, 0], m[1, 1], m[2, 2], m[0, 1], m[0, 2], m[1, 2])


def _object_frame(part: Part) -> Pose:
    """Origin and axes of the part's object: those of its first shape, so that a box is straight in its own axes."""
    shapes = part.shapes or part.collision or ()
    return shapes[0].pose


def add_part(
    context: Context, armature: Object, asset: Asset, part: Part, material: Any, collection: Any
) -> Object:
    """One more part on the bone of its link, after all others. Nothing stays behind on failure.

    asset: that the part is like.  material: Blender material to show it with; None = one of its own.
    """
    build = _Build(asset, context)
    if material is not None:
        build.materials[(part.material.name, part.colour, part.texture)] = material
    build.collection = collection
    try:
        run(_making_part(build, armature, part, NEW_ELEMENT_ORDER))
    except BaseException:
        build.collection = None
        build.materials.clear()
        build.undo()
        raise
    return build.objects[0]


def _making_part(build: _Build, armature: Object, part: Part, order: int) -> Steps[None]:
    frame = _object_frame(part)
    mesh = blender_mesh(part.name, part.shapes, frame)
    build.data.append(mesh)
    yield Step("Building parts")
    key = (part.material.name, part.colour, part.texture)
    if key not in build.materials:
        build.materials[key] = blender_material(part, build.images)
    mesh.materials.append(build.materials[key])
    obj = bpy.data.objects.new(part.name, mesh)
    _link(build, obj)
    bone = armature.data.bones[part.link]
    obj.parent, obj.parent_type, obj.parent_bone = armature, "BONE", part.link
    # the object's own location and rotation are its place in the asset's frame at rest
    obj.matrix_parent_inverse = Matrix(affine_inverse(bone_parent_matrix(bone)).tolist())
    obj.matrix_basis = Matrix(frame.matrix.tolist())
    rest = rest_matrix(obj, armature, None)
    settings = obj.simready_part
    settings.building = True
    settings.role, settings.order = "PART", order
    fill_material(settings, part.material)
    settings.affordance_rank = part.affordance_rank or 0
    settings.description = part.description
    settings.confidence = -1.0 if part.confidence is None else part.confidence
    if part.mass is not None:
        settings.use_mass, settings.mass = True, part.mass
    record = {
        "object": obj.name,
        "name": part.name,
        "link": part.link,
        "mass": part.mass,
        "confidence": part.confidence,
        "material": to_json(part.material, type(part.material), NoBlobs(), "material"),
        **shape_record(part.shapes, frame, mesh, rest),
    }
    if part.collision_fit is not None and part.shapes:
        fill_fit(settings, part.collision_fit)
    elif part.collision is not None:
        settings.collision = "OWN" if part.collision else "NONE"
        if part.collision:
            _add_collider(build, obj, part.collision, frame, rest)
    settings.record = write_record(record)
    settings.building = False


def fill_fit(settings: Any, fit: CollisionFit) -> None:
    """Let the colliders of a part be made from its shapes."""
    settings.collision = fit.kind.name
    settings.collision_primitive, settings.collision_quality = fit.primitive.upper(), fit.quality


def fill_material(settings: Any, material: Material) -> None:
    """Put the values of a material into the settings of a part."""
    settings.material_name, settings.density = material.name, material.density
    settings.youngs_modulus, settings.poissons_ratio = material.youngs_modulus, material.poissons_ratio
    settings.friction, settings.restitution = material.friction, material.restitution
    settings.material_estimated = material.estimated


def _add_collider(
    build: _Build, part: Object, shapes: tuple[PlacedShape, ...], frame: Pose, rest: Array
) -> None:
    obj = make_collider(part, shapes, frame, rest)
    build.data.append(obj.data)
    _link(build, obj)
    obj.hide_set(True)


def _make_camera(build: _Build, armature: Object, camera: Camera) -> None:
    data = bpy.data.cameras.new(f"{build.asset.name} reference camera")
    build.data.append(data)
    data.sensor_fit = "AUTO"
    data.lens_unit = "FOV"
    data.angle = camera.fov
    data.shift_x, data.shift_y = camera.shift_x, camera.shift_y
    obj = bpy.data.objects.new(data.name, data)
    _link(build, obj)
    obj.parent = armature
    obj.matrix_parent_inverse.identity()
    obj.matrix_basis = Matrix(camera.pose.matrix.tolist())
    data.display_size = 0.1 * float(np.linalg.norm(camera.pose.position)) or 0.1
    obj.hide_set(True)
    obj.simready_part.role = "CAMERA"
    obj.simready_part.record = write_record(
        {
            "rest": flat(rest_matrix(obj, armature, None)),
            "camera": to_json(camera, Camera, NoBlobs(), "camera"),
            "seen": [data.angle, data.shift_x, data.shift_y],
        }
    )


def _record_positions(build: _Build, armature: Object) -> Steps[None]:
    """Remember how each joint's position reads back, so that rounding is never taken for a change."""
    build.context.evaluated_depsgraph_get()
    yield Step("Showing")
    evaluated = armature.evaluated_get(build.context.evaluated_depsgraph_get())
    # all at once: whatever is written makes Blender evaluate the rig anew
    found = {b.name: list(read_position(b, evaluated.pose.bones[b.name])) for b in armature.pose.bones}
    for name, position in found.items():
        yield Step("Showing")
        settings = armature.pose.bones[name].simready_joint
        settings.record = write_record({**read_record(settings.record, name), "read": position})
