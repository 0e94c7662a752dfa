# SPDX-License-Identifier: GPL-3.0-or-later
"""A rig becomes an asset again: the scene as the artist left it is the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from bpy.types import Depsgraph, Object, PoseBone

from ..errors import AssetError
from ..formats.shapes_json import NoBlobs, from_json
from ..geometry import MassProperties, PlacedShape, Pose
from ..geometry.pose import Array
from ..model import Asset, Camera, Joint, Link, Part, Provenance, Texture
from ..model.names import clean_name
from ..model.placement import moved_asset
from ..steps import Step, Steps
from .appearance import main_material, read_appearance
from .collision_modes import MADE, fit_of, made_collision, making_collision
from .exact import as_vec3, known_record, matrix_array, rigid_part, settle, settle_all, unmoved
from .joint_pose import position_from
from .joint_reading import SAME_POSITION, moved_since, raw_joint, read_joint
from .link_names import link_names, ordered_bones
from .part_reading import RawPart, raw_material, read_material, read_part
from .placement import bone_of, rest_matrix
from .seen_shapes import Seen, forget_shapes, seen_shapes
from .shape_record import UNIFORM_SCALE_ERROR

GEOMETRY_TYPES = frozenset({"MESH", "CURVE", "SURFACE", "FONT", "META"})


def scene_to_asset(
    armature: Object, depsgraph: Depsgraph, *, placed: bool = True, notes: list[str] | None = None
) -> Asset:
    """Read the asset back from its armature object, edits, modifiers, pose and all.

    depsgraph: evaluated, of the scene that the armature is in.
    placed: with the armature's location and rotation in the world; else in the armature's own frame. Its scale, which
        must be uniform and positive, always counts.
    notes: receives a sentence for whatever could not be kept as it was; the asset's provenance gets them as well.
    Raises AssetError that names the object or bone and says what to do.
    """
    if armature.type != "ARMATURE":
        raise AssetError("is not an armature; select the rig of an asset", where=armature.name)
    return _Reader(armature, depsgraph, [] if notes is None else notes).asset(placed)


def reading_ahead(armature: Object, depsgraph: Callable[[], Depsgraph]) -> Steps[None]:
    """Fill the caches in small steps with all that a reading needs, so that `scene_to_asset` then takes but a moment.

    depsgraph: gives the evaluated one of the scene, which may be another after each step. Raises AssetError as the
    reading would.
    """
    yield from _Reader(armature, depsgraph(), []).ahead(depsgraph)


def forget_readings() -> None:
    """Empty every cache of reading, so that the next reading works all out: for tests and measurements."""
    for function in (known_record, position_from, read_joint, read_material, _part_name):
        function.cache_clear()
    forget_shapes()


def part_name(obj: Object) -> str:
    """Name of the part that an object stands for: the one it was built with, unless the artist has renamed it."""
    return _part_name(obj.simready_part.record, obj.name)


@lru_cache(maxsize=4096)
def _part_name(text: str, shown: str) -> str:
    record = known_record(text, f"part {shown!r}")
    if record.get("name") and record.get("object") == shown:
        return str(record["name"])
    return clean_name(shown)


_Looks = tuple[Seen, tuple[float, float, float, float], Texture | None]


class _Reader:
    """One reading of one rig."""

    def __init__(self, armature: Object, depsgraph: Depsgraph, notes: list[str]) -> None:
        self.armature = armature
        self.depsgraph = depsgraph
        self.evaluated = armature.evaluated_get(depsgraph)
        self.notes = notes
        self.textures: dict[str, Texture] = {}
        self.records = {
            b.name: known_record(b.simready_joint.record, f"bone {b.name!r}") for b in armature.pose.bones
        }

    def asset(self, placed: bool) -> Asset:
        """The whole asset."""
        scale, pose = self._world(placed)
        self.bones = ordered_bones(self.armature)
        self.link_names = link_names(self.bones)
        parts = self._parts()
        self._drop_emptied_links({part.link for part in parts})
        settings = self.armature.simready_asset
        record = known_record(settings.record, self.armature.name)
        provenance = (
            from_json(record["provenance"], Provenance, NoBlobs(), "provenance")
            if record
            else Provenance("scene")
        )
        asset = Asset(
            name=self._name(self.armature.name, record, ()),
            parts=parts,
            links=tuple(self._link(bone) for bone in self.bones),
            joints=self._joints(),
            category=settings.category,
            description=settings.description,
            fixed_base=settings.fixed_base,
            camera=self._camera(),
            provenance=replace(provenance, notes=(*provenance.notes, *self.notes)),
        )
        return moved_asset(asset, pose, scale)

    def ahead(self, depsgraph: Callable[[], Depsgraph]) -> Steps[None]:
        """Read piece by piece into the caches."""
        self.bones = ordered_bones(self.armature)
        self.link_names = link_names(self.bones)
        objects, joints = self.part_objects(), self._joint_names()
        steps = max(1, len(objects) + len(joints))
        for number, obj in enumerate(objects):
            yield Step("Reading", number / steps)
            self.look_again(depsgraph())
            if obj.simready_part.collision in MADE:
                where = f"part {obj.name!r}"
                looks = self._looks(obj, where, rest_matrix(obj, self.armature, self.depsgraph))
                if looks is not None and looks[0].shapes:
                    yield from making_collision(looks[0].shapes, *_collision_settings(obj))
                self.look_again(depsgraph())
            self._part(obj, set())
        for number, (bone, name) in enumerate(joints.items()):
            yield Step("Reading", (len(objects) + number) / steps)
            self.look_again(depsgraph())
            self._joint(self.armature.pose.bones[bone], name, set(joints.values()))

    def look_again(self, depsgraph: Depsgraph) -> None:
        """Blender may have evaluated the scene anew."""
        self.depsgraph = depsgraph
        self.evaluated = self.armature.evaluated_get(depsgraph)

    def _world(self, placed: bool) -> tuple[float, Pose]:
        world = matrix_array(self.evaluated.matrix_world)
        where = f"asset {self.armature.name!r}"
        factors = np.linalg.norm(world[:3, :3], axis=0)
        if np.linalg.det(world[:3, :3]) <= 0.0:
            raise AssetError(
                "its armature has a negative (mirroring) or zero scale, which joints cannot follow; "
                "make the scale positive, or mirror the parts instead",
                where=where,
            )
        if np.ptp(factors) > UNIFORM_SCALE_ERROR * factors.mean():
            x, y, z = (round(float(f), 4) for f in factors)
            raise AssetError(
                f"its armature is scaled by {x:g}, {y:g}, {z:g}, which would bend its joints; "
                "give it the same scale in all directions, or scale the parts instead",
                where=where,
            )
        axes = world[:3, :3] / factors
        if np.abs(axes.T @ axes - np.eye(3)).max() > UNIFORM_SCALE_ERROR:
            raise AssetError("its armature is sheared by a parent; clear the parent's scale", where=where)
        scale = float(factors.mean())
        scale = 1.0 if abs(scale - 1.0) < SAME_POSITION else scale
        rigid = np.eye(4)
        rigid[:3, :3], rigid[:3, 3] = axes, world[:3, 3]
        if not placed or np.abs(rigid - np.eye(4)).max() < 1e-7:
            return scale, Pose()
        return scale, rigid_part(rigid)

    # links and joints

    def _name(self, shown: str, record: Mapping[str, Any], taken: Any) -> str:
        """Name of an element: the recorded one unless the artist has renamed its object or bone."""
        name = record.get("name", "")
        if name and shown == record.get("object") and name not in taken:
            return str(name)
        return clean_name(shown, taken)

    def _drop_emptied_links(self, used: set[str]) -> None:
        """Leave out links at the ends of the tree whose parts are all gone: nothing is left to move."""
        kept = list(self.bones)
        while True:
            parents = {b.parent.name for b in kept if b.parent is not None}
            empty = [
                b
                for b in kept
                if b.parent is not None and b.name not in parents and self._is_emptied(b, used)
            ]
            if not empty:
                break
            for bone in empty:
                self.notes.append(f"link {self.link_names[bone.name]!r} has no parts and was left out")
                kept.remove(bone)
        self.bones = kept

    def _is_emptied(self, bone: PoseBone, used: set[str]) -> bool:
        if self.link_names[bone.name] in used or bone.simready_joint.use_inertial:
            return False
        return bool(self.records[bone.name].get("has_parts", True))

    def _link(self, bone: PoseBone) -> Link:
        settings = bone.simready_joint
        name = self.link_names[bone.name]
        if not settings.use_inertial:
            return Link(name)
        data = self.records[bone.name].get("link")
        given = from_json(data, Link, NoBlobs(), f"link {name!r}").inertial if data else None
        moments: list[float] | None = None
        if given is not None:
            m = given.matrix
            moments = [float(v) for v in (m[0, 0], m[1, 1], m[2, 2], m[0, 1], m[0, 2], m[1, 2])]
        xx, yy, zz, xy, xz, yz = settle_all(settings.inertial_moments, moments)
        body = MassProperties(
            settle(settings.inertial_mass, given.mass if given else None),
            as_vec3(settle_all(settings.inertial_centre, given.centre if given else None)),
            ((xx, xy, xz), (xy, yy, yz), (xz, yz, zz)),
        )
        shift = moved_since(matrix_array(bone.bone.matrix_local), self.records[bone.name].get("rest"))
        return Link(name, body if shift is None else body.moved(rigid_part(shift)))

    def _joint_names(self) -> dict[str, str]:
        """Name of the joint of each bone, in the order of the joints."""
        place = {bone.name: number for number, bone in enumerate(self.bones)}
        bones = sorted(
            (b for b in self.bones if b.parent is not None),
            key=lambda b: (b.simready_joint.joint_order, place[b.name]),
        )
        names: dict[str, str] = {}
        taken: set[str] = set()
        for bone in bones:
            wanted = bone.simready_joint.name or f"{self.link_names[bone.name]} joint"
            names[bone.name] = clean_name(wanted, taken, "joint")
            taken.add(names[bone.name])
        return names

    def _joints(self) -> tuple[Joint, ...]:
        names, bones = self._joint_names(), self.armature.pose.bones
        taken = set(names.values())
        return tuple(
            self._without_impossible_mimics([self._joint(bones[b], n, taken) for b, n in names.items()])
        )

    def _joint(self, bone: PoseBone, name: str, all_names: set[str]) -> Joint:
        settings = bone.simready_joint
        leader = settings.mimic_joint if settings.kind in ("hinge", "slide") else ""
        if leader and leader not in all_names:
            self.notes.append(
                f"joint {name!r}: it followed {leader!r}, which is gone; now it moves by itself"
            )
            leader = ""
        evaluated = self.evaluated.pose.bones[bone.name]
        parent, child = self.link_names[bone.parent.name], self.link_names[bone.name]
        return read_joint(raw_joint(bone, evaluated, name, parent, child, follows=bool(leader)))

    def _without_impossible_mimics(self, joints: list[Joint]) -> list[Joint]:
        by_name = {j.name: j for j in joints}
        result = []
        for joint in joints:
            leader = by_name.get(joint.mimic.joint) if joint.mimic else None
            if leader is not None and (leader.kind is not joint.kind or leader is joint):
                self.notes.append(
                    f"joint {joint.name!r}: a {joint.kind.value} cannot follow the {leader.kind.value} "
                    f"{leader.name!r}; now it moves by itself"
                )
                joint = replace(joint, mimic=None)
            result.append(joint)
        return result

    # parts

    def part_objects(self) -> list[Object]:
        """Objects that are parts, in order."""
        scene = (
            self.depsgraph.scene.original
            if hasattr(self.depsgraph.scene, "original")
            else self.depsgraph.scene
        )
        there = set(scene.objects)
        objects = [o for o in self.armature.children_recursive if o in there]
        self.objects = objects
        found = [
            o
            for o in objects
            if o.type in GEOMETRY_TYPES
            and o.simready_part.role in ("NONE", "PART")
            and o.simready_part.included
            and not self._inside_another_rig(o)
        ]
        found.sort(key=lambda o: (o.simready_part.order, o.name))
        return found

    def _parts(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        taken: set[str] = set()
        for obj in self.part_objects():
            part = self._part(obj, taken)
            if part is not None:
                parts.append(part)
                taken.add(part.name)
        return tuple(parts)

    def _inside_another_rig(self, obj: Object) -> bool:
        while obj.parent != self.armature:
            obj = obj.parent
            if obj.type == "ARMATURE":
                return True
        return False

    def _part(self, obj: Object, taken: set[str]) -> Part | None:
        settings = obj.simready_part
        where, text = f"part {obj.name!r}", settings.record
        record = known_record(text, where)
        bone = bone_of(obj, self.armature) or self.bones[0].name
        rest = rest_matrix(obj, self.armature, self.depsgraph)
        looks = self._looks(obj, where, rest)
        if looks is None:
            return None
        seen, colour, texture = looks
        self.notes.extend(seen.notes)
        collision = self._collision(obj, where, seen.shapes)
        if not seen.shapes and not collision:
            self.notes.append(f"{where} has no faces and was left out")
            return None
        raw = RawPart(
            self._name(obj.name, record, taken),
            self.link_names[bone],
            raw_material(settings, text, where),
            rest.tobytes(),
            colour,
            settings.mass if settings.use_mass else None,
            settings.mass_at_volume,
            settings.affordance_rank,
            settings.description,
            settings.confidence if settings.confidence >= 0.0 else None,
        )
        fit = None
        if settings.collision in MADE and seen.shapes:
            fit = fit_of(*_collision_settings(obj))
        return read_part(raw, seen, texture, collision, fit)

    def _looks(self, obj: Object, where: str, rest: Array) -> _Looks | None:
        """Shapes, colour and texture as they are seen; None for what shows no mesh."""
        evaluated = obj.evaluated_get(self.depsgraph)
        mesh = evaluated.to_mesh()
        try:
            if mesh is None:
                return None
            material, several = main_material(obj, mesh)
            colour, texture = read_appearance(material, self.textures, where, self.notes)
            if several:
                self.notes.append(f"{where}: only its largest material was kept; a part has one")
            record = obj.simready_part.record
            return seen_shapes(mesh, record, rest, textured=texture is not None, where=where), colour, texture
        finally:
            evaluated.to_mesh_clear()

    def _collision(
        self, obj: Object, where: str, visible: tuple[PlacedShape, ...]
    ) -> tuple[PlacedShape, ...] | None:
        settings = obj.simready_part
        mode = settings.collision
        if mode in MADE and visible:
            return made_collision(visible, *_collision_settings(obj))
        if mode == "SHAPE" or mode in MADE:
            return None
        if mode == "NONE":
            return ()
        shapes: list[PlacedShape] = []
        for collider in self.objects:
            if collider.parent != obj or collider.simready_part.role != "COLLIDER":
                continue
            evaluated = collider.evaluated_get(self.depsgraph)
            rest = rest_matrix(collider, self.armature, self.depsgraph)
            mesh = evaluated.to_mesh()
            try:
                seen = seen_shapes(
                    mesh,
                    collider.simready_part.record,
                    rest,
                    textured=False,
                    where=f"collider {collider.name!r}",
                )
            finally:
                evaluated.to_mesh_clear()
            shapes.extend(seen.shapes)
            self.notes.extend(seen.notes)
        if not shapes:
            # a duplicate of a part comes without its colliders
            self.notes.append(f"{where}: it has no collider object of its own and collides by its shape")
            return None
        return tuple(shapes)

    def _camera(self) -> Camera | None:
        for obj in self.objects:
            if obj.type != "CAMERA" or obj.simready_part.role != "CAMERA":
                continue
            record = known_record(obj.simready_part.record, f"camera {obj.name!r}")
            given = from_json(record["camera"], Camera, NoBlobs(), "camera")
            data = obj.data
            rest = rest_matrix(obj, self.armature, self.depsgraph)
            pose = given.pose if unmoved(rest, record["rest"]) else rigid_part(_without_scale(rest))
            seen = [data.angle, data.shift_x, data.shift_y]
            if seen == record["seen"]:
                return replace(given, pose=pose)
            return replace(given, pose=pose, fov=data.angle, shift_x=data.shift_x, shift_y=data.shift_y)
        return None


def _collision_settings(obj: Object) -> tuple[str, str, float]:
    settings = obj.simready_part
    return settings.collision, settings.collision_primitive, settings.collision_quality


def _without_scale(matrix: Array) -> Array:
    result = matrix.copy()
    result[:3, :3] = matrix[:3, :3] / np.linalg.norm(matrix[:3, :3], axis=0)
    return result
