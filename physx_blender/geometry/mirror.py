# SPDX-License-Identifier: GPL-3.0-or-later
"""The other side: shapes, points and directions mirrored at a plane through the origin across x, y or z."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .extrusion import Extrusion
from .hollow_box import HollowBox
from .mesh import Mesh
from .placed import PlacedShape
from .pose import Array, Pose, Vec3
from .shape import Shape
from .trianglemesh import TriangleMesh
from .tube import Tube

SYMMETRIC = frozenset({"box", "cylinder", "ellipsoid", "capsule", "revolution"})
"""Shapes that look the same when their own x axis is turned round."""


def mirror_matrix(axis: int) -> Array:
    """Reflection (3, 3) across the coordinate `axis` (0, 1, 2)."""
    matrix = np.eye(3)
    matrix[axis, axis] = -1.0
    return matrix


def mirrored_vector(vector: Vec3, axis: int) -> Vec3:
    """A point or a direction on the other side."""
    x, y, z = (-v if k == axis else v for k, v in enumerate(vector))
    return (x, y, z)


def mirrored_axis(vector: Vec3, axis: int) -> Vec3:
    """An axis of turning on the other side, about which the same angles give the mirrored motion.

    A turn is an axial vector: its mirror image is the mirrored direction, reversed.
    """
    x, y, z = (v if k == axis else -v for k, v in enumerate(vector))
    return (x, y, z)


def mirrored_shape(placed: PlacedShape, axis: int) -> PlacedShape:
    """A placed shape on the other side: exactly, and as the same kind of shape wherever that can be."""
    side = mirror_matrix(axis)
    own = _own_mirror(placed.shape)
    if own is None:
        mesh = placed.shape.mesh()
        points = placed.pose.apply(mesh.vertices) @ side
        uv = None if mesh.uv is None else mesh.uv[:, ::-1]
        centre = (points.min(axis=0) + points.max(axis=0)) / 2.0
        wall = placed.shape.wall if isinstance(placed.shape, Mesh) else None
        x, y, z = (float(v) for v in centre)
        return PlacedShape(
            Mesh(TriangleMesh(points - centre, mesh.faces[:, ::-1], uv), wall), Pose((x, y, z))
        )
    shape, flip = own
    matrix = np.eye(4)
    matrix[:3, :3] = side @ placed.pose.rotation @ mirror_matrix(flip)
    matrix[:3, 3] = side @ np.array(placed.pose.position)
    return PlacedShape(shape, Pose.from_matrix(matrix))


def _own_mirror(shape: Shape) -> tuple[Shape, int] | None:
    """The shape mirrored in its own frame, and across which of its axes; None = only its mesh can be mirrored."""
    if isinstance(shape, HollowBox):
        closed = [
            k for k, letter in enumerate("xyz") if not any(face[-1] == letter for face in shape.open_faces)
        ]
        return (shape, closed[0]) if closed else None
    if isinstance(shape, Tube):
        return replace(shape, path=tuple((-x, y, z) for x, y, z in shape.path)), 0
    if isinstance(shape, Extrusion):
        outline, *holes = (tuple((-x, y) for x, y in ring) for ring in (shape.outline, *shape.holes))
        return replace(shape, outline=outline, holes=tuple(holes)), 0
    return (shape, 0) if shape.kind in SYMMETRIC else None


def other_side_name(name: str) -> str:
    """The name with left and right swapped, whole words only; unchanged when it says neither."""
    pairs = (("left", "right"), ("Left", "Right"), ("LEFT", "RIGHT"), ("l", "r"), ("L", "R"))
    words, now = [], ""
    for letter in name:
        if letter.isalnum():
            now += letter
            continue
        words += [now, letter]
        now = ""
    words.append(now)
    swap = {a: b for pair in pairs for a, b in (pair, pair[::-1])}
    return "".join(swap.get(word, word) for word in words)
