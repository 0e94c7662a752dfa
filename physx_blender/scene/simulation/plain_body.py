# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain object of the scene as an asset of one part, so that it is simulated as everything else."""

from __future__ import annotations

from typing import Any

import numpy as np
from bpy.types import Depsgraph, Object

from ...errors import AssetError
from ...geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Mesh,
    PlacedShape,
    Pose,
    TriangleMesh,
    is_convex,
    oriented_bounds,
)
from ...geometry.pose import Array
from ...model import Asset, Link, Material, Part
from ...model.names import clean_name
from ..convex import hull_of
from ..exact import matrix_array, rigid_part
from ..shape_record import read_shapes

FLAT_SHARE = 1e-3
"""A surface thinner than this share of its size has no inside; standing still it becomes a slab."""
SLAB_SHARE = 0.1
THICKEST_SLAB = 1.0
SAME_BOX = 1e-4
"""Corners that are off by less than this share of its size are those of a box."""


def rigid_place(world: Array) -> Pose:
    """Where an object with this world matrix (4, 4) stands, without its scale; a mirrored one is not turned round."""
    matrix = world.copy()
    if np.linalg.det(matrix[:3, :3]) < 0.0:
        matrix[:3, :3] = -matrix[:3, :3]
    return rigid_part(matrix)


def plain_asset(obj: Object, depsgraph: Depsgraph, *, held: bool, notes: list[str]) -> tuple[Asset, Pose]:
    """The object as it is seen, as an asset in its own frame (scale applied), and that frame in the world.

    A rigid body brings its mass, friction and collision shape; any other object the physics of the Part panel.
    Raises AssetError for an object without faces.
    """
    where = f"object {obj.name!r}"
    seen = obj.evaluated_get(depsgraph)
    world = matrix_array(seen.matrix_world)
    place = rigid_place(world)
    mesh = seen.to_mesh()
    try:
        if mesh is None or not len(mesh.polygons):
            raise AssetError("has no faces; leave it out of the simulation, or give it some", where=where)
        # a mirror image would be told of, but nothing is lost by it here
        shapes = read_shapes(
            mesh, {}, np.linalg.inv(place.matrix) @ world, textured=False, where=where, notes=[]
        )
    finally:
        seen.to_mesh_clear()
    body = obj.rigid_body
    shape = "MESH" if body is None else body.collision_shape
    collision = _collision(shapes, shape, held, where)
    settings = obj.simready_part
    material = Material(
        settings.material_name.strip() or "unknown",
        settings.density,
        friction=settings.friction if body is None else min(body.friction, 10.0),
    )
    name = clean_name(obj.name)
    part = Part(
        name, "base", shapes, material, collision=collision, mass=None if body is None or held else body.mass
    )
    return Asset(name, (part,), (Link("base"),), (), fixed_base=held), place


def _collision(
    shapes: tuple[PlacedShape, ...], kind: str, held: bool, where: str
) -> tuple[PlacedShape, ...] | None:
    """Collision pieces of a kind of Blender's rigid bodies; None = as the shapes themselves say."""
    meshes = [s.shape.triangles.transformed(s.pose) for s in shapes if isinstance(s.shape, Mesh)]
    points = np.concatenate([m.vertices for m in meshes])
    low, high = points.min(axis=0), points.max(axis=0)
    size = high - low
    x, y, z = (float(v) for v in (low + high) / 2.0)
    middle = Pose((x, y, z))
    if size.max() <= 0.0:
        raise AssetError("has no size; scale it up, or leave it out of the simulation", where=where)
    if held and _thickness(points) < FLAT_SHARE * size.max():
        return (_slab(meshes, points, float(size.max())),)
    radius = float(size[:2].max() / 2.0)
    if kind == "BOX":
        least = 1e-4 * float(size.max())
        return (PlacedShape(Box(tuple(max(float(s), least) for s in size)), middle),)  # type: ignore[arg-type]
    if kind == "SPHERE":
        r = float(size.max() / 2.0)
        return (PlacedShape(Ellipsoid((r, r, r)), middle),)
    if kind == "CYLINDER" and radius > 0.0 and size[2] > 0.0:
        return (PlacedShape(Cylinder(radius, float(size[2])), middle),)
    if kind == "CAPSULE" and size[2] > 2.0 * radius > 0.0:
        return (PlacedShape(Capsule(radius, float(size[2]) - 2.0 * radius), middle),)
    if kind in ("CONVEX_HULL", "CONE", "CYLINDER", "CAPSULE") or (
        all(is_convex(m) for m in meshes[:1]) and len(meshes) == 1
    ):
        box = _as_box(points)
        if box is not None:
            return (box,)
        hull = hull_of(points)
        return None if hull is None else (PlacedShape(Mesh(hull)),)
    return None


def _thickness(points: Array) -> float:
    """Extent of points across the plane that fits them best."""
    centred = points - points.mean(axis=0)
    normal = np.linalg.svd(centred, full_matrices=False)[2][-1]
    return float(np.ptp(centred @ normal))


def _slab(meshes: list[TriangleMesh], points: Array, size: float) -> PlacedShape:
    """A flat surface with a thickness behind it: things would fall through a sheet when they are fast."""
    normal = np.zeros(3)
    for mesh in meshes:
        a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
        normal += np.cross(b - a, c - a).sum(axis=0)
    length = float(np.linalg.norm(normal))
    back = np.array([0.0, 0.0, -1.0]) if length < 1e-12 else -normal / length
    deep = points + back * min(THICKEST_SLAB, SLAB_SHARE * size)
    solid = np.concatenate([points, deep])
    box = _as_box(solid)
    if box is not None:
        return box
    hull = hull_of(solid)
    assert hull is not None, "a slab has an inside"
    return PlacedShape(Mesh(hull))


def _as_box(points: Array) -> PlacedShape | None:
    """The box whose corners these points are, or None: boxes stand more steadily than meshes of eight points."""
    corners: Any = np.unique(np.round(points, 7), axis=0)
    if len(corners) != 8:
        return None
    pose, size = oriented_bounds(corners)
    local = pose.inverse().apply(corners)
    if size.min() <= 0.0 or np.abs(np.abs(local) - size / 2.0).max() > SAME_BOX * size.max():
        return None
    x, y, z = (float(s) for s in size)
    return PlacedShape(Box((x, y, z)), pose)
