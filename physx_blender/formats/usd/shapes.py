# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes as prims of UsdGeom, seen or colliding."""

from __future__ import annotations

import numpy as np

from ...geometry import Box, Capsule, Cylinder, Ellipsoid, TriangleMesh
from ...geometry.pose import Array
from ..layout import Geom, Layout, is_urdf_primitive
from .usda import UsdaWriter, integers, rows


def write_geom(out: UsdaWriter, name: str, geom: Geom, layout: Layout, material: str) -> bool:
    """Write a geom as ``name`` into the open prim, bound to the material; False when it has no area at all.

    What collides is a primitive of UsdGeom or the convex hull of a mesh.
    """
    apis = ["MaterialBindingAPI"]
    primitive = not geom.textured and (is_urdf_primitive(geom.shape) or isinstance(geom.shape, Capsule))
    mesh = None if primitive else layout.mesh(geom)
    if not primitive and mesh is None:
        return False
    if not geom.visual:
        apis += ["PhysicsCollisionAPI"] if primitive else ["PhysicsCollisionAPI", "PhysicsMeshCollisionAPI"]
    with out.prim(_schema(geom) if primitive else "Mesh", name, apis=apis, shown_as=geom.name):
        shape = geom.shape
        scale = shape.size if primitive and isinstance(shape, Box) else None
        if mesh is not None:
            _mesh(out, mesh)
        elif isinstance(shape, Box):
            # a unit cube, scaled: UsdGeom has no box
            out.attribute("double", "size", 1.0)
            out.line("float3[] extent = [(-0.5, -0.5, -0.5), (0.5, 0.5, 0.5)]")
        elif isinstance(shape, (Cylinder, Capsule)):
            height = shape.height if isinstance(shape, Cylinder) else shape.length
            end = height / 2 + (shape.radius if isinstance(shape, Capsule) else 0.0)
            out.line('uniform token axis = "Z"')
            out.attribute("double", "radius", shape.radius)
            out.attribute("double", "height", height)
            _extent(out, np.array([shape.radius, shape.radius, end]))
        elif isinstance(shape, Ellipsoid):
            out.attribute("double", "radius", shape.radii[0])
            _extent(out, np.array(shape.radii))
        if geom.visual:
            out.relationship("material:binding", material)
        else:
            out.relationship("material:binding:physics", material)
            if mesh is not None:
                out.line('uniform token physics:approximation = "convexHull"')
        out.transform(geom.pose, scale)
    return True


def _schema(geom: Geom) -> str:
    shape = geom.shape
    if isinstance(shape, Box):
        return "Cube"
    if isinstance(shape, Cylinder):
        return "Cylinder"
    return "Capsule" if isinstance(shape, Capsule) else "Sphere"


def _extent(out: UsdaWriter, half: Array) -> None:
    out.line(f"float3[] extent = {rows(np.array([-half, half]))}")


def _mesh(out: UsdaWriter, mesh: TriangleMesh) -> None:
    out.line(f"float3[] extent = {rows(np.array([mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)]))}")
    out.line(f"int[] faceVertexCounts = {integers(np.full(len(mesh.faces), 3))}")
    out.line(f"int[] faceVertexIndices = {integers(mesh.faces)}")
    out.line(f"point3f[] points = {rows(mesh.vertices)}")
    if mesh.uv is not None:
        out.line(f"texCoord2f[] primvars:st = {rows(mesh.uv.reshape(-1, 2), 7)} (")
        out.line('    interpolation = "faceVarying"')
        out.line(")")
    out.line('uniform token subdivisionScheme = "none"')
