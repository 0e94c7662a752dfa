# SPDX-License-Identifier: GPL-3.0-or-later
"""Collider objects: hidden wires that a part collides by."""

from __future__ import annotations

import bpy
import numpy as np
from bpy.types import Object
from mathutils import Matrix

from ..geometry import PlacedShape, Pose
from ..geometry.pose import Array
from .exact import affine_inverse, write_record
from .shape_mesh import blender_mesh
from .shape_record import shape_record


def make_collider(part: Object, shapes: tuple[PlacedShape, ...], frame: Pose, rest: Array) -> Object:
    """A new object with these shapes (asset frame at rest) on a part, in no collection yet.

    frame: pose of the new object.  rest: placement (4, 4) of the part, which may be scaled.
    """
    mesh = blender_mesh(f"{part.name} collider", shapes, frame)
    obj = bpy.data.objects.new(f"{part.name} collider", mesh)
    obj.parent = part
    obj.matrix_parent_inverse = Matrix((affine_inverse(rest) @ frame.matrix).tolist())
    obj.display_type = "WIRE"
    obj.hide_render = True
    obj.simready_part.role = "COLLIDER"
    placed = rest @ np.array(obj.matrix_parent_inverse)
    obj.simready_part.record = write_record(shape_record(shapes, frame, mesh, placed))
    return obj


def remove_colliders(part: Object) -> None:
    """Delete the collider objects of a part, with their meshes."""
    for child in list(part.children):
        if child.simready_part.role == "COLLIDER":
            mesh = child.data
            bpy.data.objects.remove(child)
            if mesh.users == 0:
                bpy.data.meshes.remove(mesh)


def colliders_of(part: Object) -> list[Object]:
    """The collider objects of a part."""
    return [c for c in part.children if c.simready_part.role == "COLLIDER"]
