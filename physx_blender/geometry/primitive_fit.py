# SPDX-License-Identifier: GPL-3.0-or-later
"""The smallest simple body around points: box, cylinder, capsule or sphere."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import AssetError
from .box import Box
from .capsule import Capsule
from .cylinder import Cylinder
from .ellipsoid import Ellipsoid
from .oriented_bounds import oriented_bounds
from .placed import PlacedShape
from .polygon import hull
from .pose import Array, Pose, rotation_between

LEAST = 1e-5  # m: thinner things get this thickness, since no simulator takes a body without one
ROUNDING = 1.0 + 1e-9


def fitted_primitive(points: Any, kind: str = "auto") -> PlacedShape:
    """A body of this kind around points (N, 3), metres: ``box``, ``cylinder``, ``capsule``, ``sphere``.

    ``auto`` takes the one with the least volume; of equals, the box. Every point is inside or on it. Near the smallest:
    the axis of a round body is one of those of the tightest box. Raises AssetError for an empty or non-finite array.
    """
    p = np.asarray(points, float)
    frame, size = oriented_bounds(p)
    if kind not in (*_FITS, "auto"):
        raise AssetError(f"kind must be auto, {', '.join(_FITS)}, got {kind!r}", where="primitive")
    kinds: Sequence[str] = tuple(_FITS) if kind == "auto" else (kind,)
    found = [body for k in kinds for body in _FITS[k](p, frame, size)]
    return min(
        found, key=lambda body: body.volume_properties().mass * (1.0 - 1e-9 * (body.shape.kind == "box"))
    )


def _box(points: Array, frame: Pose, size: Array) -> list[PlacedShape]:
    x, y, z = (float(max(v, LEAST)) for v in size)
    return [PlacedShape(Box((x, y, z)), frame)]


def _along(points: Array, frame: Pose) -> list[tuple[Pose, Array, float]]:
    """For each axis of the frame: a pose with z along it through the middle of the smallest circle, the points in it,
    and the radius of the circle."""
    found = []
    for k in range(3):
        x, y, z = (float(v) for v in frame.rotation[:, k])
        turned = Pose(frame.position, rotation_between((0.0, 0.0, 1.0), (x, y, z)))
        local = turned.inverse().apply(points)
        centre, radius = smallest_circle(local[:, :2])
        shift = Pose((float(centre[0]), float(centre[1]), 0.0))
        found.append((turned @ shift, local - [centre[0], centre[1], 0.0], max(radius, LEAST) * ROUNDING))
    return found


def _cylinders(points: Array, frame: Pose, size: Array) -> list[PlacedShape]:
    bodies = []
    for pose, local, radius in _along(points, frame):
        low, high = float(local[:, 2].min()), float(local[:, 2].max())
        middle = Pose((0.0, 0.0, (low + high) / 2.0))
        bodies.append(PlacedShape(Cylinder(radius, max(high - low, LEAST)), pose @ middle))
    return bodies


def _capsules(points: Array, frame: Pose, size: Array) -> list[PlacedShape]:
    bodies = []
    for pose, local, radius in _along(points, frame):
        cap = np.sqrt(np.maximum(radius * radius - (local[:, :2] ** 2).sum(axis=1), 0.0))
        high, low = float((local[:, 2] - cap).max()), float((local[:, 2] + cap).min())
        middle = Pose((0.0, 0.0, (low + high) / 2.0))
        bodies.append(PlacedShape(Capsule(radius, max(high - low, 0.0)), pose @ middle))
    return bodies


def _sphere(points: Array, frame: Pose, size: Array) -> list[PlacedShape]:
    centre = points.mean(axis=0)
    step = 0.5
    for _ in range(200):  # towards the farthest point, in ever smaller steps (Badoiu and Clarkson 2003)
        far = points[int(np.argmax(((points - centre) ** 2).sum(axis=1)))]
        centre = centre + step * (far - centre)
        step = max(step * 0.93, 1e-7)
    middle = points[
        [int(np.argmin(points[:, k])) for k in range(3)] + [int(np.argmax(points[:, k])) for k in range(3)]
    ]
    boxed = (middle.min(axis=0) + middle.max(axis=0)) / 2.0
    centre = min((centre, boxed), key=lambda c: float(((points - c) ** 2).sum(axis=1).max()))
    radius = max(float(np.sqrt(((points - centre) ** 2).sum(axis=1).max())), LEAST) * ROUNDING
    x, y, z = (float(v) for v in centre)
    return [PlacedShape(Ellipsoid((radius, radius, radius)), Pose((x, y, z)))]


def smallest_circle(points: Array) -> tuple[Array, float]:
    """Centre (2,) and radius of the smallest circle around points (N, 2) (Welzl 1991, in its iterative form)."""
    outer = hull(points)
    outer = outer[np.random.default_rng(0).permutation(len(outer))]
    centre, radius = outer[0], 0.0
    for i, p in enumerate(outer):
        if _outside(p, centre, radius):
            centre, radius = p, 0.0
            for j, q in enumerate(outer[:i]):
                if _outside(q, centre, radius):
                    centre, radius = (p + q) / 2.0, float(np.linalg.norm(p - q)) / 2.0
                    for r in outer[:j]:
                        if _outside(r, centre, radius):
                            centre, radius = _circle(p, q, r)
    return centre, float(np.sqrt(((points - centre) ** 2).sum(axis=1).max()))


def _outside(p: Array, centre: Array, radius: float) -> bool:
    return math.hypot(p[0] - centre[0], p[1] - centre[1]) > radius * (1.0 + 1e-12)


def _circle(a: Array, b: Array, c: Array) -> tuple[Array, float]:
    """Through three points; through the two farthest where they lie on a line."""
    u, v = b - a, c - a
    d = 2.0 * float(u[0] * v[1] - u[1] * v[0])
    if abs(d) < 1e-14 * max(float(u @ u), float(v @ v)):
        pairs = [(a, b), (b, c), (a, c)]
        p, q = max(pairs, key=lambda pair: float(np.linalg.norm(pair[0] - pair[1])))
        return (p + q) / 2.0, float(np.linalg.norm(p - q)) / 2.0
    uu, vv = float(u @ u), float(v @ v)
    offset = np.array([v[1] * uu - u[1] * vv, u[0] * vv - v[0] * uu]) / d
    return a + offset, float(np.linalg.norm(offset))


_FITS: dict[str, Callable[[Array, Pose, Array], list[PlacedShape]]] = {
    "box": _box,
    "cylinder": _cylinders,
    "capsule": _capsules,
    "sphere": _sphere,
}
