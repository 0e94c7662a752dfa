# SPDX-License-Identifier: GPL-3.0-or-later
"""Bent bars: paths of points, and the round bar that a path allows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from physx_blender.errors import AssetError
from physx_blender.geometry import Capsule, PlacedShape, Pose, Tube
from physx_blender.geometry.pose import Array, rotation_between

ARC_STEPS = 10  # of a half turn
_LEAST = 2e-4


def bent_bar(points: Sequence[Array], radius: float) -> PlacedShape:
    """Round bar through points (3,) in the asset frame; thinner where its bends are too sharp for the radius (m)."""
    path = _distinct(points)
    radius = max(radius, _LEAST)
    for _ in range(12):
        try:
            return PlacedShape(
                Tube(tuple((float(x), float(y), float(z)) for x, y, z in path), radius), Pose()
            )
        except AssetError:
            radius *= 0.7
    a, b = path[0], path[-1]
    return straight_bar(a, b, radius)


def straight_bar(a: Array, b: Array, radius: float) -> PlacedShape:
    """Capsule from a to b, its round ends included."""
    along = np.asarray(b, float) - np.asarray(a, float)
    length = float(np.linalg.norm(along))
    radius = max(min(radius, 0.45 * length), 1e-4)
    x, y, z = (float(v) for v in (np.asarray(a) + np.asarray(b)) / 2)
    if length < 1e-4:
        return PlacedShape(Capsule(radius, 1e-4), Pose((x, y, z)))
    dx, dy, dz = (float(v) for v in along / length)
    return PlacedShape(
        Capsule(radius, max(length - 2 * radius, 1e-5)),
        Pose((x, y, z), rotation_between((0, 0, 1), (dx, dy, dz))),
    )


def _distinct(points: Sequence[Array]) -> list[Array]:
    """The points without those that fall on the one before; two at least."""
    out = [np.asarray(points[0], float)]
    for p in points[1:]:
        if float(np.linalg.norm(p - out[-1])) > 2e-5:
            out.append(np.asarray(p, float))
    if len(out) < 2:
        out.append(out[0] + np.array([0.0, 0.0, 1e-3]))
    return out


def half_ellipse(centre: Array, across: Array, up: Array) -> list[Array]:
    """Points from centre - across over centre + up to centre + across; all (3,), metres."""
    steps = [math.pi * k / ARC_STEPS for k in range(ARC_STEPS + 1)]
    return [centre - math.cos(t) * across + math.sin(t) * up for t in steps]


def rounded_corner(a: Array, corner: Array, b: Array, radius: float) -> list[Array]:
    """Path a - corner - b with the corner rounded by up to `radius`, both ends included."""
    into, out = corner - a, b - corner
    first, second = float(np.linalg.norm(into)), float(np.linalg.norm(out))
    if min(first, second) < 1e-5:
        return [a, b]
    r = min(radius, 0.98 * first, 0.98 * second)
    start, end = corner - into * (r / first), corner + out * (r / second)
    curve = [
        (1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t * t * end
        for t in (k / (ARC_STEPS - 2) for k in range(ARC_STEPS - 1))
    ]
    return [a, *curve, b]


def cubic(a: Array, control_a: Array, control_b: Array, b: Array) -> list[Array]:
    """Points of a cubic Bezier curve."""
    out = []
    for k in range(ARC_STEPS + 3):
        t = k / (ARC_STEPS + 2)
        s = 1 - t
        out.append(s**3 * a + 3 * s * s * t * control_a + 3 * s * t * t * control_b + t**3 * b)
    return out
