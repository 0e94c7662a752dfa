# SPDX-License-Identifier: GPL-3.0-or-later
"""Geometry of links at rest, and places seen in a posed scene taken back to rest."""

from __future__ import annotations

import numpy as np
from bpy.types import Context, Object
from mathutils import Matrix, Vector

from ..errors import AssetError
from ..geometry import TriangleMesh
from ..geometry.pose import Array
from .exact import matrix_array
from .placement import bone_of, rest_matrix

GEOMETRY_TYPES = ("MESH", "CURVE", "SURFACE", "FONT", "META")


def is_part(obj: Object) -> bool:
    """Is the object geometry that belongs to an asset (no collider, no camera)?"""
    return (
        obj.type in GEOMETRY_TYPES
        and obj.simready_part.role in ("NONE", "PART")
        and obj.simready_part.included
    )


def parts_on(rig: Object, bone: str) -> list[Object]:
    """The part objects of a link; those on the armature itself belong to its base."""
    base = next((b.name for b in rig.data.bones if b.parent is None), "")
    return [o for o in rig.children_recursive if is_part(o) and (bone_of(o, rig) or base) == bone]


def object_mesh(obj: Object, matrix: Array, context: Context) -> TriangleMesh | None:
    """Triangles of an object, modifiers applied, placed by `matrix` (4, 4); None when it has no faces."""
    seen = obj.evaluated_get(context.evaluated_depsgraph_get())
    mesh = seen.to_mesh()
    try:
        if mesh is None or not mesh.polygons:
            return None
        mesh.calc_loop_triangles()
        vertices = np.empty(3 * len(mesh.vertices))
        mesh.vertices.foreach_get("co", vertices)
        triangles = np.empty(3 * len(mesh.loop_triangles), dtype=np.int32)
        mesh.loop_triangles.foreach_get("vertices", triangles)
        points = vertices.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]
        return TriangleMesh(points, triangles.reshape(-1, 3))
    finally:
        seen.to_mesh_clear()


def part_meshes(rig: Object, parts: list[Object], context: Context) -> tuple[TriangleMesh, ...]:
    """Triangles of parts in the asset's frame at rest, without those that have no faces."""
    depsgraph = context.evaluated_depsgraph_get()
    found = (object_mesh(o, rest_matrix(o, rig, depsgraph), context) for o in parts)
    return tuple(mesh for mesh in found if mesh is not None)


def link_meshes(rig: Object, bone: str, context: Context) -> tuple[TriangleMesh, ...]:
    """Triangles of a link's parts in the asset's frame at rest. Raises AssetError for a link without any."""
    found = part_meshes(rig, parts_on(rig, bone), context)
    if not found:
        raise AssetError("has no parts with faces, so there is nothing to measure", where=f"link {bone!r}")
    return found


def link_motion(rig: Object, bone: str) -> Matrix:
    """Motion of a link from rest to where it stands now, in the armature's frame; '' = the armature itself."""
    if not bone:
        return Matrix()
    return rig.pose.bones[bone].matrix @ rig.data.bones[bone].matrix_local.inverted()


def to_rest(rig: Object, bone: str, point: Vector) -> Vector:
    """Where a point (world) that moves with a link is at rest, in the asset's frame."""
    return link_motion(rig, bone).inverted() @ (rig.matrix_world.inverted() @ point)


def direction_to_rest(rig: Object, bone: str, direction: Vector) -> Vector:
    """A direction (world) that turns with a link, as it is at rest, in the asset's frame."""
    turn = link_motion(rig, bone).inverted().to_3x3() @ rig.matrix_world.inverted().to_3x3()
    return (turn @ direction).normalized()


def rest_frame(rig: Object, obj: Object, joint: str, context: Context) -> Array:
    """Matrix (4, 4) from an object's local space to the asset's frame at rest.

    A part is taken back along with its link; anything else counts as standing beside the parent of `joint`.
    """
    above = obj.parent
    while above is not None and above != rig:
        above = above.parent
    if above == rig:
        return rest_matrix(obj, rig, context.evaluated_depsgraph_get())
    seen = rig.matrix_world.inverted() @ obj.matrix_world
    return matrix_array(link_motion(rig, parent_of(rig, joint)).inverted() @ seen)


def parent_of(rig: Object, joint: str) -> str:
    """Parent link of a joint, which its line is fixed to; '' for the base."""
    parent = rig.data.bones[joint].parent
    return str(parent.name) if parent else ""
