# SPDX-License-Identifier: GPL-3.0-or-later
"""Tight box around points, turned as fits best."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import AssetError
from .polygon import hull
from .pose import Array, Pose, matrix_quaternion

ROUNDS = 12
STARTS = 16
MANY = 1500  # more points than this are thinned to the outermost ones before the search


def oriented_bounds(points: Any, *, thorough: bool = True) -> tuple[Pose, Array]:
    """Pose of a small box around points (N, 3), and its full size (3,) along its own axes.

    The pose takes the box's frame (origin in its middle) into the frame of the points.  Starts from the coordinate
    axes, the principal axes and a fixed set of turned ones; then each axis in turn is kept, and the smallest rectangle
    across it is found exactly (an edge of the hull lies on it), until nothing gets smaller.  Near the smallest box;
    exact for boxes.  Raises AssetError for an empty or non-finite array.
    Axis-parallel points give the identity rotation.  thorough: with the turned starts; without them it is about ten times
    quicker, and still exact for boxes.
    """
    p = np.asarray(points, float)
    if p.ndim != 2 or p.shape[1] != 3 or not len(p) or not np.isfinite(p).all():
        raise AssetError(f"oriented bounds need finite points (N, 3), got shape {p.shape}", where="points")
    middle = (p.min(axis=0) + p.max(axis=0)) / 2.0
    centred = p - middle
    few = _outermost(centred) if len(p) > MANY else centred
    spread = few - few.mean(axis=0)
    principal = np.linalg.svd(spread, full_matrices=True)[2].T if len(few) >= 3 else np.eye(3)
    found = np.eye(3)
    found_cost = _cost(few, found)
    for start in (np.eye(3), principal, *(_turned_frames() if thorough else ())):
        frame, cost = start, _cost(few, start)
        for turn in range(ROUNDS):
            candidate = _across(few, frame, turn % 3)
            now = _cost(few, candidate)
            if now < cost * (1.0 - 1e-12):
                frame, cost = candidate, now
        if cost < found_cost * (1.0 - 1e-9):
            found, found_cost = frame, cost
    best, best_cost = np.eye(3), _cost(centred, np.eye(3))
    for frame in (principal, found):  # measured with all points now
        cost = _cost(centred, frame)
        if cost < best_cost * (1.0 - 1e-9):
            best, best_cost = frame, cost
    if np.linalg.det(best) < 0.0:
        best = best * [1.0, 1.0, -1.0]
    turned = centred @ best
    low, high = turned.min(axis=0), turned.max(axis=0)
    x, y, z = (float(v) for v in middle + best @ ((low + high) / 2.0))
    return Pose((x, y, z), matrix_quaternion(best)), high - low


def _turned_frames() -> list[Array]:
    """A fixed set of rotations spread over all of them, so that the search seldom ends in a poor valley."""
    generator = np.random.default_rng(0)
    quaternions = generator.normal(size=(STARTS, 4))
    return [Pose(quaternion=(float(w), float(x), float(y), float(z))).rotation for w, x, y, z in quaternions]


def _outermost(points: Array) -> Array:
    """The points farthest out in each of 256 directions (Fibonacci sphere) and along the axes."""
    k = np.arange(256) + 0.5
    height = 1.0 - k / 128.0
    angle = k * math.pi * (3.0 - math.sqrt(5.0))
    ring = np.sqrt(1.0 - height**2)
    directions = np.column_stack([ring * np.cos(angle), ring * np.sin(angle), height])
    directions = np.concatenate([directions, np.eye(3), -np.eye(3)])
    found = [
        np.argmax(points @ block.T, axis=0) for block in np.array_split(directions, 32)
    ]  # in blocks: less memory
    return points[np.unique(np.concatenate(found))]


def _cost(points: Array, frame: Array) -> float:
    """Volume, with a little area and length so that flat and straight sets have a best box too."""
    x, y, z = np.ptp(points @ frame, axis=0)
    largest = max(x, y, z)
    return float(
        x * y * z + 1e-6 * largest * (x * y + y * z + z * x) + 1e-9 * largest * largest * (x + y + z)
    )


def _across(points: Array, frame: Array, axis: int) -> Array:
    """The frame turned about its own axis to the smallest rectangle around the points seen along it."""
    a, b = (axis + 1) % 3, (axis + 2) % 3
    flat = points @ frame[:, [a, b]]
    corners = hull(flat)
    if len(corners) < 2:
        return frame
    edges = np.roll(corners, -1, axis=0) - corners
    angles = np.unique(np.mod(np.arctan2(edges[:, 1], edges[:, 0]), math.pi / 2.0))
    c, s = np.cos(angles), np.sin(angles)
    along = corners @ np.stack([c, s])
    across = corners @ np.stack([-s, c])
    w, h = np.ptp(along, axis=0), np.ptp(across, axis=0)
    k = int(np.argmin(w * h + 1e-9 * (w + h) ** 2))
    turned = frame.copy()
    turned[:, a] = c[k] * frame[:, a] + s[k] * frame[:, b]
    turned[:, b] = -s[k] * frame[:, a] + c[k] * frame[:, b]
    return turned
