# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes as an editable Blender mesh, and a Blender mesh back to the shapes that it still shows.

Each face knows by an integer attribute which shape it belongs to (from 1; 0 = none, which is what faces get that an
artist adds). A digest of each shape's faces tells later whether it has been edited.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import bmesh
import bpy
import numpy as np

from ..geometry import Mesh, PlacedShape, Pose, TriangleMesh
from ..geometry.pose import Array
from .mesh_buffers import SHAPE_ATTRIBUTE, MeshBuffers, buffers_of

UV_LAYER = "UVMap"
FLAT_ANGLE = np.radians(0.05)
SMOOTH_ANGLE = np.radians(35.0)


@dataclass(frozen=True)
class Faces:
    """Polygons of a mesh as flat arrays.

    vertices (V, 3); starts and sizes (F,) of each polygon in corners (C,), which index vertices; uv (C, 2) or None.
    """

    vertices: Array
    starts: Any
    sizes: Any
    corners: Any
    uv: Array | None

    def digest(self) -> str:
        """Fingerprint of positions and faces, in single precision."""
        data = hashlib.sha256()
        for array, dtype in ((self.vertices, "<f4"), (self.sizes, "<i4"), (self.corners, "<i4")):
            # adding zero turns -0.0 into 0.0, which modifiers and edit mode do not keep apart
            data.update((np.asarray(array) + 0).astype(dtype).tobytes())
        return data.hexdigest()[:32]

    def topology_digest(self) -> str:
        """Fingerprint of the faces alone."""
        data = hashlib.sha256()
        for array in (self.sizes, self.corners):
            data.update(np.asarray(array).astype("<i4").tobytes())
        return data.hexdigest()[:32]

    def uv_digest(self) -> str:
        """Fingerprint of the texture coordinates."""
        return (
            "" if self.uv is None else hashlib.sha256((self.uv + 0).astype("<f4").tobytes()).hexdigest()[:32]
        )

    def moved(self, vertices: Array) -> Faces:
        """The same polygons with other positions."""
        return replace(self, vertices=vertices)

    def signed_volume(self) -> float:
        """Volume inside the polygons, negative when they are turned inwards; each is cut into a fan of triangles."""
        inner = np.concatenate([np.arange(1, n - 1) for n in self.sizes])
        first = np.repeat(self.starts, self.sizes - 2)
        a, b, c = (self.vertices[self.corners[k]] for k in (first, first + inner, first + inner + 1))
        return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)

    def chosen(self, wanted: Any) -> Faces:
        """The polygons of the mask `wanted` (F,), with the vertices they use, order kept."""
        sizes = self.sizes[wanted]
        index = _corner_index(self.starts[wanted], sizes)
        used, corners = np.unique(self.corners[index], return_inverse=True)
        return Faces(
            self.vertices[used],
            np.cumsum(sizes) - sizes,
            sizes,
            corners.reshape(-1),
            None if self.uv is None else self.uv[index],
        )


def _corner_index(starts: Any, sizes: Any) -> Any:
    total = int(sizes.sum())
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.arange(total) - first + np.repeat(starts, sizes)


def blender_mesh(name: str, shapes: tuple[PlacedShape, ...], frame: Pose) -> bpy.types.Mesh:
    """A new mesh of all shapes in the frame of the object; few faces: flat triangles are joined."""
    to_object = frame.inverse()
    mesh = bpy.data.meshes.new(name)
    if not shapes:
        return mesh
    groups = [_few_faces(s.shape.mesh(), not isinstance(s.shape, Mesh)) for s in shapes]
    offsets = np.cumsum([0] + [len(g.vertices) for g in groups[:-1]])
    vertices = np.concatenate(
        [(to_object @ s.pose).apply(g.vertices) for s, g in zip(shapes, groups, strict=True)]
    )
    corners = np.concatenate([g.corners + o for g, o in zip(groups, offsets, strict=True)]).astype(np.int32)
    sizes = np.concatenate([g.sizes for g in groups]).astype(np.int32)
    owner = np.concatenate([np.full(len(g.sizes), k + 1) for k, g in enumerate(groups)]).astype(np.int32)
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", vertices.astype(np.float32).reshape(-1))
    mesh.loops.add(len(corners))
    mesh.loops.foreach_set("vertex_index", corners)
    mesh.polygons.add(len(sizes))
    mesh.polygons.foreach_set("loop_start", (np.cumsum(sizes) - sizes).astype(np.int32))
    mesh.attributes.new(SHAPE_ATTRIBUTE, "INT", "FACE").data.foreach_set("value", owner)
    if any(g.uv is not None for g in groups):
        uv = np.concatenate([np.zeros((len(g.corners), 2)) if g.uv is None else g.uv for g in groups])
        layer = mesh.uv_layers.new(name=UV_LAYER)
        layer.uv.foreach_set("vector", uv.astype(np.float32).reshape(-1))
    mesh.update(calc_edges=True)
    # a damaged file can bring faces that Blender must never see
    mesh.validate(clean_customdata=False)
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), dtype=bool))
    mesh.set_sharp_from_angle(angle=SMOOTH_ANGLE)
    return mesh


def _few_faces(mesh: TriangleMesh, join: bool) -> Faces:
    if not join:
        count = len(mesh.faces)
        return Faces(
            mesh.vertices,
            np.arange(count) * 3,
            np.full(count, 3),
            mesh.faces.reshape(-1).astype(np.int64),
            None if mesh.uv is None else mesh.uv.reshape(-1, 2),
        )
    editable = bmesh.new()
    try:
        vertices = [editable.verts.new(v) for v in mesh.vertices]
        layer = editable.loops.layers.uv.new(UV_LAYER) if mesh.uv is not None else None
        for number, triangle in enumerate(mesh.faces):
            face = editable.faces.new([vertices[i] for i in triangle])
            if layer is not None and mesh.uv is not None:
                for loop, uv in zip(face.loops, mesh.uv[number], strict=True):
                    loop[layer].uv = uv
        editable.normal_update()
        bmesh.ops.dissolve_limit(
            editable,
            angle_limit=FLAT_ANGLE,
            use_dissolve_boundaries=False,
            verts=[],
            edges=editable.edges[:],
            delimit={"UV"},
        )
        editable.verts.index_update()
        sizes = np.array([len(f.verts) for f in editable.faces])
        return Faces(
            # positions in double precision: bmesh has rounded them
            _exact_positions(np.array([v.co[:] for v in editable.verts]), mesh.vertices),
            np.cumsum(sizes) - sizes,
            sizes,
            np.array([loop.vert.index for f in editable.faces for loop in f.loops]),
            None
            if layer is None
            else np.array([loop[layer].uv[:] for f in editable.faces for loop in f.loops]),
        )
    finally:
        editable.free()


def _exact_positions(rounded: Array, exact: Array) -> Array:
    """For each rounded position the exact one it came from."""
    table = {tuple(np.float32(v) for v in p): p for p in exact}
    return np.array([table.get(tuple(np.float32(v) for v in p), p) for p in rounded])


def faces_of(mesh: bpy.types.Mesh) -> tuple[Faces, Any]:
    """All polygons of a mesh, and for each the number of its shape (F,), 0 where none is known."""
    return faces_in(buffers_of(mesh))


def faces_in(buffers: MeshBuffers) -> tuple[Faces, Any]:
    """The same, of arrays that have been taken already."""
    count = len(buffers.starts)
    faces = Faces(
        buffers.vertices.reshape(-1, 3).astype(np.float64),
        buffers.starts,
        np.diff(buffers.starts, append=np.int32(len(buffers.corners))),
        buffers.corners.astype(np.int64),
        None if buffers.uv is None else buffers.uv.reshape(-1, 2).astype(np.float64),
    )
    return faces, np.zeros(count, dtype=np.int32) if buffers.owner is None else buffers.owner


def triangles(faces: Faces, owner_mesh: bpy.types.Mesh, wanted: Any) -> TriangleMesh | None:
    """The polygons of the mask `wanted` as triangles, cut as Blender shows them; None when nothing is left.

    Triangles without area, which Blender makes of needles, are kept: leaving them out would open the mesh.
    """
    owner_mesh.calc_loop_triangles()
    count = len(owner_mesh.loop_triangles)
    polygon, loops = np.empty(count, dtype=np.int32), np.empty(count * 3, dtype=np.int32)
    owner_mesh.loop_triangles.foreach_get("polygon_index", polygon)
    owner_mesh.loop_triangles.foreach_get("loops", loops)
    chosen = loops.reshape(-1, 3)[wanted[polygon]]
    if not len(chosen):
        return None
    used, corners = np.unique(faces.corners[chosen], return_inverse=True)
    uv = None if faces.uv is None else faces.uv[chosen]
    return TriangleMesh(faces.vertices[used], corners.reshape(-1, 3).astype(np.int32), uv)


def connected_to(faces: Faces, owner: Any, seeds: set[int]) -> set[int]:
    """Shape numbers whose faces share a vertex with the faces of any in `seeds`, directly or through others."""
    lowest = np.full(len(faces.vertices), -1)
    pairs: set[tuple[int, int]] = set()
    per_corner = np.repeat(owner, faces.sizes)
    for number in np.unique(owner):
        mine = np.unique(faces.corners[_corner_index(faces.starts, faces.sizes)[per_corner == number]])
        before = np.unique(lowest[mine])
        pairs |= {(int(number), int(b)) for b in before if b >= 0}
        lowest[mine] = number
    grown = set(seeds)
    while True:
        more = {b for a, b in pairs if a in grown} | {a for a, b in pairs if b in grown}
        if more <= grown:
            return grown
        grown |= more


def separate(mesh: TriangleMesh) -> tuple[TriangleMesh, ...]:
    """Unconnected bodies of a mesh, when each of them is closed and turned outwards; else the mesh as it is.

    A shell inside another (the wall of a bottle) is turned inwards: such meshes must stay together.
    """
    label = _components(mesh)
    numbers = np.unique(label)
    if len(numbers) == 1:
        return (mesh,)
    pieces = []
    for number in numbers:
        kept = label == number
        used, faces = np.unique(mesh.faces[kept], return_inverse=True)
        piece = TriangleMesh(
            mesh.vertices[used],
            faces.reshape(-1, 3).astype(np.int32),
            None if mesh.uv is None else mesh.uv[kept],
        )
        if not _closed(piece) or _signed_volume(piece) <= 0.0:
            return (mesh,)
        pieces.append(piece)
    return tuple(pieces)


def _components(mesh: TriangleMesh) -> Any:
    """Number of the connected component of each face (M,)."""
    label = np.arange(len(mesh.vertices))
    while True:
        lowest = label[mesh.faces].min(axis=1)
        new = label.copy()
        np.minimum.at(new, mesh.faces.reshape(-1), np.repeat(lowest, 3))
        new = new[new]
        if np.array_equal(new, label):
            return label[mesh.faces[:, 0]]
        label = new


def _closed(mesh: TriangleMesh) -> bool:
    edges = np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]])
    there = np.sort(edges[:, 0] * np.int64(len(mesh.vertices)) + edges[:, 1])
    back = np.sort(edges[:, 1] * np.int64(len(mesh.vertices)) + edges[:, 0])
    return bool(np.array_equal(there, back))


def _signed_volume(mesh: TriangleMesh) -> float:
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)
