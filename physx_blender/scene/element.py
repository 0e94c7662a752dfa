# SPDX-License-Identifier: GPL-3.0-or-later
"""Point and direction of a mesh element: vertex, edge, face, or what is selected in edit mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import bmesh
from bpy.types import Mesh, Object
from mathutils import Matrix, Vector

from ..errors import AssetError


@dataclass(frozen=True)
class Element:
    """Where an element is and which way it points, in the space it was measured in; a vertex points nowhere.

    outline: ends of an edge, corners of a face in order, where they were asked for.
    """

    name: str
    point: Vector
    direction: Vector | None = None
    outline: tuple[Vector, ...] = ()

    def moved(self, matrix: Matrix) -> Element:
        """The element in another space; `matrix` is affine."""
        turned = None
        if self.direction is not None:
            # a face's normal follows the inverse transpose, an edge the matrix itself
            linear = matrix.to_3x3()
            if self.name == "face":
                linear = linear.inverted_safe().transposed()
            turned = (linear @ self.direction).normalized()
        return Element(self.name, matrix @ self.point, turned, tuple(matrix @ p for p in self.outline))


def selected_element(obj: Object) -> Element:
    """The active element of a mesh in edit mode, or, without one, what its selection says; in the object's space.

    Two selected vertices give the point half way and the line between them. Raises AssetError when nothing is selected.
    """
    mesh = bmesh.from_edit_mesh(obj.data)
    chosen = [v for v in mesh.verts if v.select]
    active = mesh.select_history.active
    if isinstance(active, bmesh.types.BMFace) and active.select:
        return Element("face", active.calc_center_median(), active.normal.copy())
    if isinstance(active, bmesh.types.BMEdge) and active.select:
        return _between("edge", *(v.co for v in active.verts))
    if len(chosen) == 2:
        return _between("two vertices", chosen[0].co, chosen[1].co)
    if isinstance(active, bmesh.types.BMVert) and active.select:
        return Element("vertex", active.co.copy())
    faces = [f for f in mesh.faces if f.select]
    if faces:
        area = sum(f.calc_area() for f in faces) or 1.0
        middle = sum((f.calc_center_median() * f.calc_area() for f in faces), Vector()) / area
        normal = sum((f.normal * f.calc_area() for f in faces), Vector())
        return Element("face", middle, normal.normalized() if normal.length > 1e-9 else None)
    if chosen:
        return Element("vertex", sum((v.co for v in chosen), Vector()) / len(chosen))
    raise AssetError("has nothing selected; select a vertex, an edge or a face", where=f"part {obj.name!r}")


def _between(name: str, a: Any, b: Any) -> Element:
    line = b - a
    return Element(name, (a + b) / 2.0, line.normalized() if line.length > 1e-9 else None, (a, b))


def elements_of_polygon(mesh: Mesh, polygon: int) -> list[Element]:
    """Vertices, edges and the face itself of one polygon, in the mesh's space."""
    face = mesh.polygons[polygon]
    points = [mesh.vertices[k].co.copy() for k in face.vertices]
    found = [Element("vertex", p) for p in points]
    found += [_between("edge", a, b) for a, b in zip(points, points[1:] + points[:1], strict=True)]
    return [*found, Element("face", face.center.copy(), face.normal.copy(), tuple(points))]
