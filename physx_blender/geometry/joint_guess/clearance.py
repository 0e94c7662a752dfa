# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a body can move before it runs into another one."""

from __future__ import annotations

import math

import numpy as np

from ..pose import Array, axis_angle_matrix
from .body import Body

RAYS = 160
ARC_POINTS = 90
ARC_STEP = math.radians(15.0)
MOST_TESTS = 3_000_000
IGNORED = 0.03  # share of rays that may run into something: rough edges, samples that start inside


def entry_distances(start: Array, way: Array, triangles: Array, longest: float) -> Array:
    """Distance (N,), in lengths of `way`, to the first face that each ray enters from outside; inf = none nearer.

    start, way: (N, 3).  triangles: (M, 3, 3), counter-clockwise from outside.  Möller and Trumbore (1997), with the test
    of the side: faces that a ray leaves through do not count, so that bodies which overlap a little can come apart.
    """
    best = np.full(len(start), np.inf)
    if not len(triangles):
        return best
    low = np.minimum(start, start + longest * way).min(axis=0)
    high = np.maximum(start, start + longest * way).max(axis=0)
    meets = ((triangles.max(axis=1) >= low) & (triangles.min(axis=1) <= high)).all(axis=1)
    triangles = triangles[meets]
    if not len(triangles):
        return best
    a = triangles[:, 0]
    e1, e2 = triangles[:, 1] - a, triangles[:, 2] - a
    n = np.cross(e1, e2)
    block = max(1, MOST_TESTS // (8 * len(triangles)))
    for k in range(0, len(start), block):
        p, d = start[k : k + block, None], way[k : k + block, None]
        det = -(d * n).sum(axis=2)
        s = p - a
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (s * n).sum(axis=2) / det
            q = np.cross(s, d)
            u, v = (e2 * q).sum(axis=2) / det, -(e1 * q).sum(axis=2) / det
            hit = (det > 1e-15) & (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0) & (t > -1e-9) & (t <= longest)
        best[k : k + block] = np.where(hit, t, np.inf).min(axis=1)
    return best


def _spread(points: Array, count: int) -> Array:
    return points[np.linspace(0, len(points) - 1, min(count, len(points))).astype(int)]


def slide_clearance(child: Body, parent: Body, way: Array, longest: float) -> float:
    """How far (metres) the child can move along the unit direction `way`; inf when nothing is in its way."""
    start = _inner(child, RAYS)
    found = entry_distances(start, np.broadcast_to(way, start.shape), parent.triangles, longest)
    return float(np.sort(found)[int(IGNORED * len(found))])


def _inner(child: Body, count: int) -> Array:
    """Samples a hair inside of the child, so that what only touches is no obstacle."""
    picked = np.linspace(0, len(child.points) - 1, min(count, len(child.points))).astype(int)
    return child.points[picked] - 2e-3 * child.diagonal * child.normals[picked]


def turn_clearance(
    child: Body, parent: Body, axis: Array, anchor: Array, most: float = math.radians(120.0)
) -> float:
    """How far (radians, up to `most`) the child can turn about an axis, in steps of 15 degrees."""
    start = _inner(child, ARC_POINTS)
    x, y, z = (float(v) for v in axis)
    step = axis_angle_matrix((x, y, z), ARC_STEP)
    angle = 0.0
    blocked = np.zeros(len(start), dtype=bool)
    now = start - anchor
    while angle < most - 1e-9:
        after = now @ step.T
        blocked |= np.isfinite(entry_distances(now + anchor, after - now, parent.triangles, 1.0))
        if blocked.mean() > IGNORED:
            return angle
        now, angle = after, angle + ARC_STEP
    return most
