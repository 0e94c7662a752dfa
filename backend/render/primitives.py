# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ray-caster can intersect, and how every shape is said with it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Extrusion,
    HollowBox,
    Mesh,
    Revolution,
    Shape,
    Tube,
)
from physx_blender.geometry.pose import Array, Quat, Vec3, rotation_between

from .outline import Mask, convex_pieces_2d
from .profile import Ring, rings_of

IDENTITY: Quat = (1.0, 0.0, 0.0, 0.0)
ORIGIN: Vec3 = (0.0, 0.0, 0.0)
# A rounding wider than this share of a box's longest side is drawn; a finer one is below a pixel in small images.
DRAWN_BEVEL = 0.015


class Kind(IntEnum):
    """Families that are packed together; all members of one have the same number of planes and quadrics."""

    BOX = 0
    POLYHEDRON = 1
    TRIANGLES = 2
    ELLIPSOID = 3
    FRUSTUM = 4
    RING = 5


@dataclass(frozen=True)
class Primitive:
    """One primitive in the frame of its shape, in metres.

    params by kind: BOX half extents (3).  ELLIPSOID radii (3).  FRUSTUM and RING: half height h, outer radius at
    z = -h and z = +h, inner radius at both (0, 0 for FRUSTUM), outward normals of the end planes through (0, 0, -h)
    and (0, 0, h): 11 numbers.  POLYHEDRON: none, data = (planes (8, 4) n.x + d <= 0 inside with unit normals, padded
    by repetition, corners (8, 3) of a box around it).  TRIANGLES: none, data = corners (M, 3, 3).
    quaternion, position: from the primitive's own frame into the shape's.
    """

    kind: Kind
    params: tuple[float, ...]
    quaternion: Quat = IDENTITY
    position: Vec3 = ORIGIN
    data: Any = None


def frustum(
    half: float,
    outer: tuple[float, float],
    inner: tuple[float, float] = (0.0, 0.0),
    *,
    quaternion: Quat = IDENTITY,
    position: Vec3 = ORIGIN,
    ends: tuple[Vec3, Vec3] = ((0.0, 0.0, -1.0), (0.0, 0.0, 1.0)),
) -> Primitive:
    """A frustum about z between -half and +half, hollow when an inner radius is positive."""
    kind = Kind.RING if max(inner) > 0.0 else Kind.FRUSTUM
    return Primitive(kind, (half, *outer, *inner, *ends[0], *ends[1]), quaternion, position)


def _box(shape: Box) -> list[Primitive]:
    x, y, z = (side / 2 for side in shape.size)
    r = shape.bevel
    if r <= DRAWN_BEVEL * max(shape.size):
        return [Primitive(Kind.BOX, (x, y, z))]
    a, b, c = x - r, y - r, z - r
    slabs = ((x, b, c), (a, y, c), (a, b, z))
    found = [Primitive(Kind.BOX, half) for half in slabs]
    half = math.sqrt(0.5)
    # Quarter turns that take z to each axis.
    turns: tuple[Quat, ...] = ((half, 0.0, half, 0.0), (half, -half, 0.0, 0.0), IDENTITY)
    inner = (a, b, c)
    for axis, turn in enumerate(turns):
        for s in (-1.0, 1.0):
            for t in (-1.0, 1.0):
                place = [s * inner[0], t * inner[1], 0.0] if axis == 2 else [0.0, 0.0, t * c]
                if axis != 2:
                    place[1 - axis] = s * inner[1 - axis]
                at = (place[0], place[1], place[2])
                found.append(frustum(inner[axis], (r, r), quaternion=turn, position=at))
    corners = [(sx * a, sy * b, sz * c) for sx in (-1, 1) for sy in (-1, 1) for sz in (-1, 1)]
    found += [Primitive(Kind.ELLIPSOID, (r, r, r), IDENTITY, at) for at in corners]
    return found


def _cylinder(shape: Cylinder) -> list[Primitive]:
    top = shape.radius if shape.top_radius is None else shape.top_radius
    return [frustum(shape.height / 2, (shape.radius, top))]


def _ellipsoid(shape: Ellipsoid) -> list[Primitive]:
    return [Primitive(Kind.ELLIPSOID, tuple(shape.radii))]


def _capsule(shape: Capsule) -> list[Primitive]:
    r, h = shape.radius, shape.length / 2
    ball = (r, r, r)
    if h <= 0.0:
        return [Primitive(Kind.ELLIPSOID, ball)]
    return [
        frustum(h, (r, r)),
        Primitive(Kind.ELLIPSOID, ball, IDENTITY, (0.0, 0.0, -h)),
        Primitive(Kind.ELLIPSOID, ball, IDENTITY, (0.0, 0.0, h)),
    ]


def _rotated(q: Quat, v: Array) -> Vec3:
    """Turn v by the inverse of the quaternion q."""
    w, u = q[0], -np.array(q[1:])
    r = v + 2.0 * np.cross(u, np.cross(u, v) + w * v)
    return (float(r[0]), float(r[1]), float(r[2]))


def _tube(shape: Tube) -> list[Primitive]:
    points = np.array(shape.path, float)
    steps = np.diff(points, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    directions = steps / lengths[:, None]
    mitres = [(a + b) / np.linalg.norm(a + b) for a, b in pairwise(directions)]
    cuts = [directions[0], *mitres, directions[-1]]
    r, i = shape.radius, shape.inner_radius
    found = []
    for k, (d, length) in enumerate(zip(directions, lengths, strict=True)):
        q = rotation_between((0.0, 0.0, 1.0), (float(d[0]), float(d[1]), float(d[2])))
        middle = (points[k] + points[k + 1]) / 2
        ends = (_rotated(q, -cuts[k]), _rotated(q, cuts[k + 1]))
        place = (float(middle[0]), float(middle[1]), float(middle[2]))
        found.append(frustum(float(length) / 2, (r, r), (i, i), quaternion=q, position=place, ends=ends))
    return found


def prism(outline: Array, low: float, high: float, inner_edges: Mask, slack: float) -> Primitive:
    """A convex polygon (K, 2), counter-clockwise, K <= 6, from z = low to high.

    Edges marked in inner_edges (K,) bool are seams to a neighbour; they move out by `slack` so that no ray slips through.
    """
    edges = np.roll(outline, -1, axis=0) - outline
    n = np.stack([edges[:, 1], -edges[:, 0]], axis=1)
    n /= np.linalg.norm(n, axis=1, keepdims=True)
    planes = np.zeros((8, 4))
    k = len(outline)
    planes[:k, :2] = n
    planes[:k, 3] = -(n * outline).sum(axis=1) - slack * inner_edges
    planes[k] = (0.0, 0.0, 1.0, -high)
    planes[k + 1] = (0.0, 0.0, -1.0, low)
    planes[k + 2 :] = planes[0]
    lo, hi = outline.min(axis=0) - slack, outline.max(axis=0) + slack
    corners = np.array([(x, y, z) for x in (lo[0], hi[0]) for y in (lo[1], hi[1]) for z in (low, high)])
    return Primitive(Kind.POLYHEDRON, (), data=(planes, corners))


def _extrusion(shape: Extrusion) -> list[Primitive]:
    h = shape.height / 2
    slack = 1e-5 * float(np.ptp(np.array(shape.outline), axis=0).max())
    pieces = convex_pieces_2d(shape.outline, shape.holes, max_corners=6)
    return [prism(piece, -h, h, seams, slack) for piece, seams in pieces]


def _ring_primitive(ring: Ring) -> Primitive:
    half = (ring.high - ring.low) / 2
    return frustum(half, ring.outer, ring.inner, position=(0.0, 0.0, (ring.high + ring.low) / 2))


def _revolution(shape: Revolution) -> list[Primitive]:
    return [_ring_primitive(ring) for ring in rings_of(shape.profile)]


def wall_boxes(size: Vec3, wall: float, open_faces: tuple[str, ...]) -> list[tuple[Vec3, Vec3]]:
    """Non-overlapping boxes (half extents, centre) that make up the walls of a hollow box."""
    lo, hi = [-s / 2 for s in size], [s / 2 for s in size]
    boxes = []
    for axis, letter in ((2, "z"), (0, "x"), (1, "y")):
        for sign in "-+":
            if sign + letter in open_faces:
                continue
            a, b = list(lo), list(hi)
            if sign == "-":
                b[axis] = a[axis] = lo[axis] + wall
                a[axis] -= wall
                lo[axis] += wall
            else:
                a[axis] = hi[axis] - wall
                hi[axis] -= wall
            half = ((b[0] - a[0]) / 2, (b[1] - a[1]) / 2, (b[2] - a[2]) / 2)
            centre = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2)
            boxes.append((half, centre))
    return boxes


def _hollow_box(shape: HollowBox) -> list[Primitive]:
    walls = wall_boxes(shape.size, shape.wall, shape.open_faces)
    return [Primitive(Kind.BOX, half, IDENTITY, centre) for half, centre in walls]


def _mesh(shape: Mesh) -> list[Primitive]:
    return [Primitive(Kind.TRIANGLES, (), data=shape.triangles.vertices[shape.triangles.faces])]


_MAKERS: dict[type[Shape], Callable[[Any], list[Primitive]]] = {
    Box: _box,
    Cylinder: _cylinder,
    Ellipsoid: _ellipsoid,
    Capsule: _capsule,
    Tube: lru_cache(maxsize=4096)(_tube),
    Extrusion: lru_cache(maxsize=4096)(_extrusion),
    Revolution: lru_cache(maxsize=4096)(_revolution),
    HollowBox: _hollow_box,
    Mesh: _mesh,
}


def primitives_of(shape: Shape) -> list[Primitive]:
    """The primitives that make up a shape, in its frame; shapes of a kind not known here go by their triangles."""
    maker = _MAKERS.get(type(shape))
    if maker is not None:
        return list(maker(shape))
    mesh = shape.mesh()
    return [Primitive(Kind.TRIANGLES, (), data=mesh.vertices[mesh.faces])]
