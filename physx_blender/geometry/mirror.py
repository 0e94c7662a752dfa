# SPDX-License-Identifier: GPL-3.0-or-later
"""The other side: shapes, points and directions mirrored at a plane through the origin across x, y or z."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .hollow_box import HollowBox
from .mesh import Mesh
from .placed import PlacedShape
from .pose import Array, Pose, Vec3
from .trianglemesh import TriangleMesh

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
    """A placed shape on the other side; shapes without symmetry of their own become meshes."""
    flip = _symmetry_axis(placed)
    side = mirror_matrix(axis)
    if flip is None:
        mesh = placed.shape.mesh()
        points = placed.pose.apply(mesh.vertices) @ side
        uv = None if mesh.uv is None else mesh.uv[:, ::-1]
        centre = (points.min(axis=0) + points.max(axis=0)) / 2.0
        x, y, z = (float(v) for v in centre)
        return PlacedShape(Mesh(TriangleMesh(points - centre, mesh.faces[:, ::-1], uv)), Pose((x, y, z)))
    matrix = np.eye(4)
    matrix[:3, :3] = side @ placed.pose.rotation @ mirror_matrix(flip)
    matrix[:3, 3] = side @ np.array(placed.pose.position)
    return replace(placed, pose=Pose.from_matrix(matrix))


def _symmetry_axis(placed: PlacedShape) -> int | None:
    """An own axis whose reversal leaves the shape as it is; None = there is none that is known."""
    shape = placed.shape
    if isinstance(shape, HollowBox):
        closed = [
            k for k, letter in enumerate("xyz") if not any(face[-1] == letter for face in shape.open_faces)
        ]
        return closed[0] if closed else None
    return 0 if shape.kind in SYMMETRIC else None


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
