# SPDX-License-Identifier: GPL-3.0-or-later
"""From a mouse ray to a joint's angle or travel, and back to points that can be drawn.

Points, directions and rays are arrays (3,) in one frame of the caller's choice; angles in radians, counted right-handed
about `axis` from the direction `zero`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .pose import Array

EDGE_ON = 0.2
"""Cosine between view and axis below which the plane of turning is seen too much from its edge to be aimed at."""
PARALLEL = 1e-6
FINE = 0.1


@dataclass(frozen=True)
class Ray:
    """What lies under the mouse: `origin` (3,) and unit `direction` (3,), away from the viewer."""

    origin: Array
    direction: Array

    def __post_init__(self) -> None:
        direction = np.asarray(self.direction, float)
        object.__setattr__(self, "origin", np.asarray(self.origin, float))
        object.__setattr__(self, "direction", direction / np.linalg.norm(direction))


def radial(axis: Array, zero: Array, angle: float) -> Array:
    """Unit direction (3,) at `angle`; `zero` must be a unit vector across `axis`."""
    turned: Array = math.cos(angle) * zero + math.sin(angle) * np.cross(axis, zero)
    return turned


def across(axis: Array, wish: Array) -> Array:
    """Unit vector (3,) across the unit vector `axis`, as near to `wish` as can be; any where `wish` says nothing."""
    flat = wish - (wish @ axis) * axis
    length = math.sqrt(flat @ flat)
    if length <= 1e-6 * max(1.0, math.sqrt(wish @ wish)):
        flat = np.eye(3)[int(np.argmin(np.abs(axis)))]
        flat = flat - (flat @ axis) * axis
        length = math.sqrt(flat @ flat)
    return np.asarray(flat / length)


def ray_angle(ray: Ray, centre: Array, axis: Array, zero: Array) -> float | None:
    """Angle in (-pi, pi] of the point where the ray meets the plane through `centre` across `axis`.

    None when the ray runs along the plane or meets it at the centre itself.
    """
    slope = float(ray.direction @ axis)
    if abs(slope) < PARALLEL:
        return None
    arm = ray.origin + float((centre - ray.origin) @ axis) / slope * ray.direction - centre
    x, y = float(arm @ zero), float(arm @ np.cross(axis, zero))
    return math.atan2(y, x) if math.hypot(x, y) > 1e-12 else None


def ray_travel(ray: Ray, point: Array, direction: Array) -> float | None:
    """Signed distance along the line (`point`, unit `direction`) of its point nearest to the ray's line.

    None when the two are parallel.
    """
    between = point - ray.origin
    cosine = float(ray.direction @ direction)
    share = 1.0 - cosine * cosine
    if share < PARALLEL:
        return None
    return (cosine * float(between @ ray.direction) - float(between @ direction)) / share


def angle_reader(
    first: Ray, centre: Array, axis: Array, zero: Array, radius: float
) -> Callable[[Ray], float | None]:
    """How to read an angle (up to whole turns and a constant) off the rays of one drag.

    By the plane of turning where it is seen well; seen from its edge, by the way along the side that faces the viewer, as one
    turns a wheel that stands edge-on.
    """
    if abs(float(first.direction @ axis)) >= EDGE_ON:
        return lambda ray: ray_angle(ray, centre, axis, zero)
    near_side = -across(axis, first.direction)
    along = np.cross(axis, near_side)

    def by_edge(ray: Ray) -> float | None:
        travel = ray_travel(ray, centre, along)
        return None if travel is None else travel / radius

    return by_edge


def nearest_turn(angle: float, near: float) -> float:
    """The angle that is a whole number of turns from `angle` and nearest to `near`."""
    return angle + 2.0 * math.pi * round((near - angle) / (2.0 * math.pi))


def snapped(value: float, step: float) -> float:
    """The multiple of `step` nearest to `value`."""
    return round(value / step) * step


@dataclass
class Pull:
    """One drag: what the value has become, however the hand has moved, finely or not, and however often around.

    value: now, unsnapped.  raw: what the mouse pointed at when last asked.  turns: whether raw values repeat every turn.
    """

    value: float
    raw: float
    turns: bool

    def move(self, raw: float | None, *, fine: bool = False) -> float:
        """Go on to `raw` (None: the mouse points at nothing, so nothing moves); the new value."""
        if raw is None:
            return self.value
        if self.turns:
            raw = nearest_turn(raw, self.raw)
        self.value += (raw - self.raw) * (FINE if fine else 1.0)
        self.raw = raw
        return self.value


def arc(low: float, high: float, step: float = math.radians(4.0)) -> Array:
    """Points (N, 2) of the unit circle from `low` to `high`, at most `step` apart; a full turn at most."""
    span = min(high - low, 2.0 * math.pi)
    count = max(2, math.ceil(span / step - 1e-9) + 1)
    angles = low + np.linspace(0.0, max(span, 0.0), count)
    return np.column_stack([np.cos(angles), np.sin(angles)])


def fan(points: Array) -> Array:
    """Corners (3 (N - 1), D) of the triangles between the origin and the line through `points` (N, D)."""
    corners = np.zeros((len(points) - 1, 3, points.shape[1]))
    corners[:, 1], corners[:, 2] = points[:-1], points[1:]
    return corners.reshape(-1, points.shape[1])


def pieces(points: Array, *, closed: bool = False) -> Array:
    """Ends (2 M, D) of the pieces of the line through `points` (N, D), for drawing them in one go."""
    following = np.roll(points, -1, axis=0) if closed else points[1:]
    start = points if closed else points[:-1]
    return np.stack([start, following], axis=1).reshape(-1, points.shape[1])
