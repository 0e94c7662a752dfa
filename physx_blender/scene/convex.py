# SPDX-License-Identifier: GPL-3.0-or-later
"""Convex collision pieces for meshes that artists have made, inside Blender's own Python.

The backend divides meshes with CoACD. This is the way without a backend: the surface is cut by planes
until no hull of a piece fills what is empty. Hollow things so stay hollow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from importlib.util import find_spec
from typing import Any

import bmesh
import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from ..geometry import Mesh, PlacedShape, Pose, TriangleMesh, is_convex, oriented_bounds
from ..geometry.mesh_report import welded
from ..geometry.pose import Array
from ..model import Asset, Part
from ..steps import Step, Steps, aside, run
from .recent import Recent

MOST_PIECES = 24
HOLLOW_SHARE = 0.03
"""A hull may not fill an empty ball with a radius above this share of the mesh's size."""
SAMPLES_ALONG = 20
NOTCH_ANGLE = 0.2
MOST_NOTCH_PLANES = 6
ON_PLANE = 1e-7
SAMPLES_A_STEP, FACES_A_STEP = 64, 256
_CUT = Step("Cutting convex pieces")
_RAYS = tuple(Vector(d).normalized() for d in ((0.8, 0.36, 0.48), (-0.35, 0.9, 0.26), (0.21, -0.44, 0.87)))
_OFFSETS = (0.2, 0.35, 0.5, 0.65, 0.8)


def with_convex_collision(asset: Asset, notes: list[str]) -> Asset:
    """The asset with collision pieces for every part whose shapes have no convex pieces of their own."""
    parts = with_convex_collision_of(asset.parts, notes)
    return asset if parts is asset.parts else replace(asset, parts=parts)


def with_convex_collision_of(parts: tuple[Part, ...], notes: list[str]) -> tuple[Part, ...]:
    """The same for some parts."""
    if find_spec("coacd") is not None:
        return parts
    return tuple(_with_pieces(part, notes) for part in parts)


def cutting_ahead(parts: Iterable[Part]) -> Steps[None]:
    """Cut all that `with_convex_collision_of` will ask for, in small steps, into the cache."""
    if find_spec("coacd") is not None:
        return
    for part in parts:
        yield _CUT
        for placed in part.shapes if part.collision is None else ():
            if needs_cutting(placed) and isinstance(placed.shape, Mesh):
                yield from cutting(placed.shape.triangles)


def needs_cutting(placed: PlacedShape) -> bool:
    """Whether a shape has no convex pieces of its own."""
    return isinstance(placed.shape, Mesh) and not is_convex(placed.shape.triangles)


def _with_pieces(part: Part, notes: list[str]) -> Part:
    if part.collision is not None or not any(needs_cutting(s) for s in part.shapes):
        return part
    collision: list[PlacedShape] = []
    for placed in part.shapes:
        if needs_cutting(placed) and isinstance(placed.shape, Mesh):
            pieces = convex_pieces(placed.shape.triangles)
            notes.append(
                f"part {part.name!r} collides as {len(pieces)} convex pieces, cut without the backend"
            )
            collision.extend(PlacedShape(Mesh(p), placed.pose) for p in pieces)
        else:
            collision.extend(placed.colliders())
    return replace(part, collision=tuple(collision))


def convex_pieces(
    mesh: TriangleMesh, hollow_share: float = HOLLOW_SHARE, most: int = MOST_PIECES
) -> tuple[TriangleMesh, ...]:
    """Convex meshes that together fill about the space of `mesh`, open or closed; the same mesh, the same pieces.

    hollow_share: radius of the largest empty ball that a piece may fill, as a share of the mesh's size.
    most: largest number of pieces.  A piece without thickness is returned flat.
    """
    return run(cutting(mesh, hollow_share, most))


_pieces: Recent[tuple[TriangleMesh, ...]] = Recent(256, 64 * 1024 * 1024)


def cutting(
    mesh: TriangleMesh, hollow_share: float = HOLLOW_SHARE, most: int = MOST_PIECES
) -> Steps[tuple[TriangleMesh, ...]]:
    """`convex_pieces` in small steps. What was cut lately comes from a cache."""
    key = (mesh, hollow_share, most)
    known = _pieces.get(key)
    if known is not None:
        return known
    frame = yield from _best_frame(mesh)
    body = welded(TriangleMesh(frame.inverse().apply(mesh.vertices), mesh.faces))
    size = float(np.ptp(body.vertices, axis=0).max())
    around = yield from _Surroundings.of(body, size, hollow_share)
    low, high = body.vertices.min(axis=0) - size, body.vertices.max(axis=0) + size
    waiting = [_Piece(body.vertices[body.faces], low, high, around)]
    done: list[_Piece] = []
    while waiting:
        waiting.sort(key=lambda p: -p.hollow)
        piece = waiting.pop(0)
        halves = None
        if piece.hollow > hollow_share * size and len(waiting) + len(done) + 2 <= most:
            halves = yield from piece.cut()
        if halves is None:
            done.append(piece)
        else:
            waiting.extend(halves)
        for piece in halves or ():
            yield _CUT
            piece.hull  # noqa: B018 - worked out here, one at a time
            yield _CUT
            piece.hollow  # noqa: B018
    found = tuple(p.mesh().transformed(frame) for p in done)
    return _pieces.put(key, found, sum(p.vertices.nbytes + p.faces.nbytes for p in (mesh, *found)))


def _best_frame(mesh: TriangleMesh) -> Steps[Pose]:
    """The frame along whose axes to cut: the mesh's own, unless more notches lie along those of its tightest box."""
    tight, _ = yield from aside(_CUT.text, partial(oriented_bounds, mesh.vertices))
    notches, weights = yield from _notches(welded(TriangleMesh(mesh.vertices, mesh.faces)))
    if not len(notches):
        return tight
    along = notches[:, 1] - notches[:, 0]
    along = along / np.linalg.norm(along, axis=1, keepdims=True)
    straight = [
        float(weights[(np.abs(along @ r) > 0.9999).any(axis=1)].sum()) for r in (np.eye(3), tight.rotation)
    ]
    return tight if straight[1] > straight[0] else Pose()


@dataclass(frozen=True, eq=False)
class _Surroundings:
    """What cuts are judged by.

    samples (N, 3): points outside the body, within its bounds, where there is room for a ball that a piece may not fill;
    clearance (N,): their distances to the surface, the largest first.
    notches (K, 2, 3): edges where the surface is concave; weights (K,): length times angle.
    """

    samples: Array
    clearance: Array
    notches: Array
    weights: Array
    size: float

    @staticmethod
    def of(body: TriangleMesh, size: float, hollow_share: float) -> Steps[_Surroundings]:
        tree = BVHTree.FromPolygons(body.vertices.tolist(), body.faces.tolist())
        spacing = size / SAMPLES_ALONG
        axes = []
        for low, high in zip(body.vertices.min(axis=0), body.vertices.max(axis=0), strict=True):
            count = max(1, round((high - low) / spacing))
            axes.append(low + (np.arange(count) + 0.5) * (high - low) / count)
        samples, clearance = [], []
        for number, point in enumerate(np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)):
            if number % SAMPLES_A_STEP == 0:
                yield _CUT
            distance = tree.find_nearest(point)[3]
            if distance > hollow_share * size and not _inside(tree, Vector(point), size):
                samples.append(point)
                clearance.append(distance)
        notches, weights = yield from _notches(body)
        order = np.argsort(-np.array(clearance), kind="stable")
        return _Surroundings(
            np.array(samples).reshape(-1, 3)[order], np.array(clearance)[order], notches, weights, size
        )


def _inside(tree: BVHTree, point: Vector, size: float) -> bool:
    """Parity of crossings along three skew rays, by majority: open meshes are judged sensibly."""
    votes = 0
    for direction in _RAYS:
        crossings, start = 0, point
        while crossings < 64:
            hit = tree.ray_cast(start, direction)[0]
            if hit is None:
                break
            crossings += 1
            start = hit + direction * (1e-6 * size)
        votes += crossings % 2
    return votes >= 2


def _notches(body: TriangleMesh) -> Steps[tuple[Array, Array]]:
    corners = body.vertices[body.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = normals / np.where(lengths > 0, lengths, 1.0)
    by_edge: dict[tuple[int, int], tuple[int, int]] = {}
    edges, weights = [], []
    for number, face in enumerate(body.faces):
        if number % FACES_A_STEP == 0:
            yield _CUT
        for k in range(3):
            a, b, opposite = int(face[k]), int(face[(k + 1) % 3]), int(face[(k + 2) % 3])
            other = by_edge.pop((b, a), None)
            if other is None:
                by_edge[a, b] = (number, opposite)
                continue
            rise = float(normals[other[0]] @ (body.vertices[opposite] - body.vertices[a]))
            angle = float(np.arccos(np.clip(normals[number] @ normals[other[0]], -1.0, 1.0)))
            if rise > 0.0 and angle > NOTCH_ANGLE:
                edges.append(body.vertices[[a, b]])
                weights.append(angle * float(np.linalg.norm(body.vertices[a] - body.vertices[b])))
    return np.array(edges).reshape(-1, 2, 3), np.array(weights)


@dataclass(frozen=True, eq=False)
class _Piece:
    """Triangles (M, 3, 3) of the surface that one hull is to cover, and the cell (low, high) that they were cut to."""

    triangles: Array
    low: Array
    high: Array
    around: _Surroundings

    @cached_property
    def points(self) -> Array:
        return np.unique(self.triangles.reshape(-1, 3), axis=0)

    @cached_property
    def hull(self) -> TriangleMesh | None:
        return hull_of(self.points)

    @cached_property
    def hollow(self) -> float:
        """Radius of the largest empty ball whose centre the hull would fill, metres; 0 where it may fill it."""
        samples = self.around.samples
        if self.hull is None or not len(samples):
            return 0.0
        a, b, c = (self.hull.vertices[self.hull.faces[:, k]] for k in range(3))
        normals = np.cross(b - a, c - a)
        heights = np.einsum("ij,ij->i", a, normals)
        for start in range(0, len(samples), SAMPLES_A_STEP):  # the largest balls come first
            block = samples[start : start + SAMPLES_A_STEP]
            inside = (np.einsum("nk,fk->nf", block, normals) < heights).all(axis=1)
            if inside.any():
                return float(self.around.clearance[start + int(np.argmax(inside))])
        return 0.0

    def cut(self) -> Steps[tuple[_Piece, _Piece] | None]:
        """Both sides of the plane along the axes that leaves the smallest hulls and the fewest notches."""
        near = 1e-3 * self.around.size
        middle = self.around.notches.mean(axis=1)
        mine = ((middle > self.low + near) & (middle < self.high - near)).all(axis=1)
        notches, weights = self.around.notches[mine], self.around.weights[mine]
        whole = _quick_volume(self.triangles)
        best: tuple[float, int, float] | None = None
        for axis in range(3):
            for place, solved in self._places(axis, notches, weights, near):
                yield _CUT
                sides = [_clipped(self.triangles, axis, place, side) for side in (-1.0, 1.0)]
                if any(not len(s) for s in sides):
                    continue
                volume = _quick_volume(sides[0])
                yield _CUT
                volume += _quick_volume(sides[1])
                cost = volume / whole - solved if whole > 0 else -solved
                if best is None or cost < best[0] - 1e-9:
                    best = (cost, axis, place)
        if best is None:
            return None
        _, axis, place = best
        below, above = self.high.copy(), self.low.copy()
        below[axis] = above[axis] = place
        return (
            _Piece(_clipped(self.triangles, axis, place, -1.0), self.low, below, self.around),
            _Piece(_clipped(self.triangles, axis, place, 1.0), above, self.high, self.around),
        )

    def _places(self, axis: int, notches: Array, weights: Array, near: float) -> list[tuple[float, float]]:
        """Where to cut across an axis, and the share of the notches that each cut would end."""
        low, high = float(self.points[:, axis].min()), float(self.points[:, axis].max())
        places = {low + share * (high - low) for share in _OFFSETS}
        ends = notches[:, :, axis]
        lying = np.abs(ends[:, 0] - ends[:, 1]) < near
        heights = np.round(ends[lying].mean(axis=1) / near) * near if lying.any() else np.zeros(0)
        total = float(weights.sum())
        levels, inverse = np.unique(heights, return_inverse=True)
        share = np.bincount(inverse.reshape(-1), weights=weights[lying], minlength=len(levels))
        found = [(p, 0.0) for p in sorted(places)]
        for k in np.argsort(-share, kind="stable")[:MOST_NOTCH_PLANES]:
            exact = float(ends[lying][heights == levels[k]].mean())
            found.append((exact, float(share[k]) / total))
        return [(p, solved) for p, solved in found if low + near < p < high - near]

    def mesh(self) -> TriangleMesh:
        """The hull, or the flat surface itself."""
        if self.hull is not None:
            return self.hull
        faces = np.arange(3 * len(self.triangles), dtype=np.int32).reshape(-1, 3)
        return TriangleMesh(self.triangles.reshape(-1, 3), faces)


def hull_of(points: Array) -> TriangleMesh | None:
    """Convex hull with outward triangles, or None when the points have no volume."""
    editable = bmesh.new()
    try:
        for p in points:
            editable.verts.new(p)
        found = bmesh.ops.convex_hull(editable, input=editable.verts[:], use_existing_faces=False)
        unused = {v for key in ("geom_interior", "geom_unused") for v in found[key]}
        bmesh.ops.delete(
            editable, geom=[v for v in unused if isinstance(v, bmesh.types.BMVert)], context="VERTS"
        )
        bmesh.ops.triangulate(editable, faces=editable.faces[:])
        if len(editable.faces) < 4:
            return None
        bmesh.ops.recalc_face_normals(editable, faces=editable.faces[:])
        editable.verts.index_update()
        vertices = np.array([v.co[:] for v in editable.verts])
        faces = np.array([[v.index for v in f.verts] for f in editable.faces], dtype=np.int32)
        extent = float(np.ptp(vertices, axis=0).max())
        volume = _volume(vertices, faces)
        if abs(volume) < 1e-7 * extent**3:
            return None
        return TriangleMesh(
            vertices, np.ascontiguousarray(faces if volume > 0 else faces[:, ::-1], dtype=np.int32)
        )
    finally:
        editable.free()


def _volume(vertices: Array, faces: Any) -> float:
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)


def _clipped(triangles: Array, axis: int, place: float, side: float) -> Array:
    """The part of the triangles on one side (-1 below, 1 above) of a plane across `axis`, as triangles.

    A triangle in the plane goes to the side where its body is.
    """
    height = (triangles[:, :, axis] - place) * side
    height = np.where(np.abs(height) < ON_PLANE, 0.0, height)
    above, below = (height > 0.0).any(axis=1), (height < 0.0).any(axis=1)
    edge_a, edge_b = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    ours = ~above & ~below & (np.cross(edge_a, edge_b)[:, axis] * side < 0.0)
    inside = height >= 0.0
    count = inside.sum(axis=1)
    crossing = above & below
    one, two = triangles[crossing & (count == 1)], triangles[crossing & (count == 2)]
    pieces = [triangles[(above & ~below) | ours]]
    if len(one):
        tip = _turned_to(one, inside[crossing & (count == 1)])
        pieces.append(
            np.stack(
                [
                    tip[:, 0],
                    _crossing(tip[:, 0], tip[:, 1], axis, place),
                    _crossing(tip[:, 0], tip[:, 2], axis, place),
                ],
                axis=1,
            )
        )
    if len(two):
        lone = _turned_to(two, ~inside[crossing & (count == 2)])
        first = _crossing(lone[:, 0], lone[:, 1], axis, place)
        second = _crossing(lone[:, 0], lone[:, 2], axis, place)
        pieces.append(np.stack([first, lone[:, 1], lone[:, 2]], axis=1))
        pieces.append(np.stack([first, lone[:, 2], second], axis=1))
    return np.concatenate(pieces)


def _turned_to(triangles: Array, marked: Array) -> Array:
    """Each triangle with its one marked corner first."""
    first = np.argmax(marked, axis=1)
    order = (first[:, None] + np.arange(3)) % 3
    return np.take_along_axis(triangles, order[:, :, None], axis=1)


def _crossing(start: Array, end: Array, axis: int, place: float) -> Array:
    span = end[:, axis] - start[:, axis]
    share = (place - start[:, axis]) / np.where(span == 0.0, 1.0, span)
    return start + share[:, None] * (end - start)


@lru_cache(maxsize=1)
def _directions() -> Array:
    """64 directions spread over the sphere (a Fibonacci spiral)."""
    k = np.arange(64) + 0.5
    z = 1.0 - 2.0 * k / 64
    angle = np.pi * (1.0 + np.sqrt(5.0)) * k
    r = np.sqrt(1.0 - z * z)
    return np.stack([r * np.cos(angle), r * np.sin(angle), z], axis=1)


def _quick_volume(triangles: Array) -> float:
    """Volume of the hull of the points that are outermost in some direction."""
    points = triangles.reshape(-1, 3)
    # rows that lie in memory as they are searched, and no threads, which a busy machine makes slow
    outer = np.unique(np.argmax(np.einsum("dk,nk->dn", _directions(), points), axis=1))
    hull = hull_of(points[outer])
    return 0.0 if hull is None else _volume(hull.vertices, hull.faces)


__all__ = ["convex_pieces", "cutting", "cutting_ahead", "hull_of", "with_convex_collision"]
