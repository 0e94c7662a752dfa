# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of an object, in its record: their parameters, and digests of the faces they were shown as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpy
import numpy as np

from ..errors import AssetError
from ..formats.shapes_json import NoBlobs, shape_from_dict, shape_to_dict
from ..geometry import Box, Mesh, PlacedShape, Pose, Shape, TriangleMesh
from ..geometry.pose import Array
from ..model.placement import scaled_shape
from .exact import UNMOVED, flat, pose_record, recorded_pose, rigid_part, unmoved
from .mesh_buffers import MeshBuffers, buffers_of
from .shape_mesh import Faces, connected_to, faces_in, faces_of, separate, triangles

UNIFORM_SCALE_ERROR = 1e-4
"""Scales that differ by less than this share are one scale."""


class _SceneMesh(NoBlobs):
    """The vertices of a mesh shape stay in the Blender mesh; the record only says so."""

    def __init__(self, mesh: TriangleMesh | None = None) -> None:
        self.mesh = mesh

    def put_mesh(self, mesh: TriangleMesh, owner: str) -> str:
        return "scene"

    def get_mesh(self, file: str, where: str) -> TriangleMesh:
        if self.mesh is None:
            raise AssetError("has lost its mesh", where=where)
        return self.mesh


def shape_record(
    shapes: tuple[PlacedShape, ...], frame: Pose, mesh: bpy.types.Mesh, rest: Array
) -> dict[str, Any]:
    """What to remember of the shapes shown by `mesh`.

    frame: exact pose of the object in the asset frame.  rest: its placement (4, 4) as Blender rounded it.
    """
    faces, owner = faces_of(mesh)
    entries = []
    for number, placed in enumerate(shapes, start=1):
        shown = faces.chosen(owner == number)
        has_uv = not isinstance(placed.shape, Mesh) or placed.shape.triangles.uv is not None
        entries.append(
            {
                "shape": shape_to_dict(placed.shape, _SceneMesh()),
                "pose": pose_record(placed.pose),
                "uv": has_uv,
                "digest": shown.digest(),
                "topology": shown.topology_digest(),
                "uv_digest": shown.uv_digest(),
            }
        )
    return {"frame": pose_record(frame), "rest": flat(rest), "shapes": entries}


def read_shapes(
    mesh: bpy.types.Mesh,
    record: Mapping[str, Any],
    rest: Array,
    *,
    textured: bool,
    where: str,
    notes: list[str],
    buffers: MeshBuffers | None = None,
) -> tuple[PlacedShape, ...]:
    """The shapes that a mesh (as seen, in the object's frame) shows, in the asset frame at rest.

    record: as `shape_record` wrote it, or empty for an object the artist made.
    rest: placement (4, 4) of the object in the asset frame, scale and all.
    textured: texture coordinates matter, so that changing them makes a mesh of a shape.
    notes: receives a sentence for whatever could not be kept as it was.
    buffers: the arrays of the mesh, where they have been taken already.
    """
    faces, owner = faces_in(buffers or buffers_of(mesh))
    entries = list(record.get("shapes", []))
    intact, edited = _sort_out(faces, owner, entries, record, textured)
    shapes: list[PlacedShape] = []
    for number in intact:
        entry = entries[number - 1]
        shown = triangles(faces, mesh, owner == number) if entry["shape"]["kind"] == Mesh.kind else None
        shapes.extend(_placed(entry, shown, record, rest, where, notes))
    if edited:
        left = triangles(faces, mesh, np.isin(owner, sorted(edited)))
        if left is not None:
            shapes.extend(
                PlacedShape(Mesh(piece)) for piece in separate(_transformed(left, rest, where, notes))
            )
    return tuple(shapes)


def _sort_out(
    faces: Faces, owner: Any, entries: list[Any], record: Mapping[str, Any], textured: bool
) -> tuple[list[int], set[int]]:
    """Numbers of the shapes that are what they were, and of those that are not (0 = faces of no shape).

    The entry of a box that has been edited and still is a box is replaced by what it is now.
    """
    present = {int(n) for n in np.unique(owner)}
    edited = {n for n in present if not 1 <= n <= len(entries)}
    for number in present - edited:
        shown, entry = faces.chosen(owner == number), entries[number - 1]
        if textured and shown.uv_digest() != entry["uv_digest"]:
            edited.add(number)
        elif shown.digest() != entry["digest"]:
            box = _edited_box(shown, entry, record)
            if box is None:
                edited.add(number)
            else:
                entries[number - 1] = box
    if edited:
        edited = connected_to(faces, owner, edited)
    return sorted(present - edited), edited


def _edited_box(shown: Faces, entry: dict[str, Any], record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The entry for a sharp box whose sides have been moved in edit mode, or None when it is no box any more."""
    data = entry["shape"]
    if data["kind"] != Box.kind or data.get("bevel") or shown.topology_digest() != entry["topology"]:
        return None
    frame, pose = recorded_pose(record["frame"]), recorded_pose(entry["pose"])
    corners = (pose.inverse() @ frame).apply(shown.vertices)
    low, high = corners.min(axis=0), corners.max(axis=0)
    upper = corners > (low + high) / 2.0
    if np.abs(corners - np.where(upper, high, low)).max() > UNMOVED or (high - low).min() <= UNMOVED:
        return None
    # a box turned inside out, or with corners exchanged, does not enclose this volume
    volume = float(np.prod(high - low))
    if len(corners) != 8 or abs(shown.moved(corners).signed_volume() - volume) > 1e-5 * volume:
        return None
    middle = (low + high) / 2.0
    moved = pose @ Pose((float(middle[0]), float(middle[1]), float(middle[2])))
    size = [float(v) for v in high - low]
    return {**entry, "shape": {"kind": Box.kind, "size": size}, "pose": pose_record(moved)}


def _placed(
    entry: dict[str, Any],
    shown: TriangleMesh | None,
    record: Mapping[str, Any],
    rest: Array,
    where: str,
    notes: list[str],
) -> tuple[PlacedShape, ...]:
    """One untouched shape where it is now."""
    frame, pose = recorded_pose(record["frame"]), recorded_pose(entry["pose"])
    if shown is not None:
        # the Blender mesh is in the object's frame, the shape has one of its own
        shown = TriangleMesh(
            (pose.inverse() @ frame).apply(shown.vertices), shown.faces, shown.uv if entry["uv"] else None
        )
    shape = shape_from_dict(entry["shape"], _SceneMesh(shown), where)
    if unmoved(rest, record["rest"]):
        return (PlacedShape(shape, pose),)
    local = frame.inverse() @ pose
    factors = np.linalg.norm(rest[:3, :3], axis=0)
    straight = _is_straight(rest, factors)
    if (
        straight
        and np.linalg.det(rest[:3, :3]) > 0
        and np.ptp(factors) <= UNIFORM_SCALE_ERROR * factors.mean()
    ):
        scale = float(factors.mean()) if abs(factors.mean() - 1.0) > UNMOVED else 1.0
        return (PlacedShape(scaled_shape(shape, scale), _scaled_placement(rest, factors, local, scale)),)
    box = _stretched_box(shape, local, rest, factors) if straight else None
    if box is not None:
        return (box,)
    if not isinstance(shape, Mesh):
        notes.append(
            f"{where}: its scale is not the same in all directions, so its {shape.kind} became a mesh"
        )
    surface = shape.triangles if isinstance(shape, Mesh) else shape.mesh()
    moved = _transformed(surface.transformed(local), rest, where, notes)
    return (PlacedShape(Mesh(moved, shape.wall if isinstance(shape, Mesh) else None)),)


def _is_straight(rest: Array, factors: Array) -> bool:
    """No shear: the axes are at right angles."""
    axes = rest[:3, :3] / np.maximum(factors, 1e-12)
    return bool(np.abs(axes.T @ axes - np.eye(3)).max() < UNIFORM_SCALE_ERROR)


def _scaled_placement(rest: Array, factors: Array, local: Pose, scale: float) -> Pose:
    turned = rest.copy()
    turned[:3, :3] = rest[:3, :3] / factors
    x, y, z = local.position
    return rigid_part(turned) @ Pose((x * scale, y * scale, z * scale), local.quaternion)


def _stretched_box(shape: Shape, local: Pose, rest: Array, factors: Array) -> PlacedShape | None:
    """A sharp box stretched along its own axes stays a box; mirroring does not change it."""
    if not isinstance(shape, Box) or shape.bevel:
        return None
    axes = np.abs(local.rotation)
    if np.abs(axes - np.round(axes)).max() > UNMOVED:
        return None
    along = np.round(axes).T @ factors  # the factor along each of the box's axes
    turned = rest.copy()
    turned[:3, :3] = rest[:3, :3] / factors
    if np.linalg.det(turned[:3, :3]) < 0:
        turned[:3, 0] = -turned[:3, 0]
    centre = rest[:3, :3] @ np.array(local.position) + rest[:3, 3]
    turned[:3, 3] = centre
    x, y, z = (float(s * f) for s, f in zip(shape.size, along, strict=True))
    return PlacedShape(Box((x, y, z)), rigid_part(turned) @ Pose(quaternion=local.quaternion))


def _transformed(mesh: TriangleMesh, matrix: Array, where: str, notes: list[str]) -> TriangleMesh:
    """Vertices through any matrix (4, 4); a mirror image is turned right side out again."""
    determinant = float(np.linalg.det(matrix[:3, :3]))
    if abs(determinant) < 1e-18:
        raise AssetError("is scaled to nothing in some direction; give it a scale above 0", where=where)
    vertices = mesh.vertices @ matrix[:3, :3].T + matrix[:3, 3]
    if determinant > 0:
        return TriangleMesh(vertices, mesh.faces, mesh.uv)
    notes.append(f"{where}: its negative scale was applied, so that it is mirrored for good")
    return TriangleMesh(vertices, mesh.faces[:, ::-1], None if mesh.uv is None else mesh.uv[:, ::-1])
