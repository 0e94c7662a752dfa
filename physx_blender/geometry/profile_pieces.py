# SPDX-License-Identifier: GPL-3.0-or-later
"""Divides the profile of a turned body into convex polygons, with as few rings around the axis as it can."""

from __future__ import annotations

import itertools

import numpy as np

from ..errors import AssetError
from .polygon import check_simple, convex_polygons, signed_area
from .polyline import simplified
from .pose import Array
from .values import Points2

TOLERANCES = (0.01, 0.005, 0.002)  # of the profile's size
RING_COST = 16  # wedges of a ring, against one piece that reaches the axis
SLIVER = 1e-5  # pieces below this share of the profile's area are left out

Trapezoid = tuple[
    float, float, float, float
]  # left and right radius at the bottom, left and right at the top


def profile_pieces(profile: Points2) -> list[Points2]:
    """Convex polygons (r, z) that fill a counter-clockwise profile, within 1 % of its size."""
    outline = _fewer_points(profile)
    choices = [convex_polygons(outline), _slabs(outline)]
    area = signed_area(outline)
    choices = [[p for p in pieces if signed_area(p) > SLIVER * area] for pieces in choices]
    return min(choices, key=lambda pieces: sum(1 if is_full(p) else RING_COST for p in pieces))


def is_full(polygon: Points2) -> bool:
    """Whether a convex polygon reaches the axis over its whole height, so that turning it gives a convex body."""
    axis = [z for r, z in polygon if r == 0.0]
    heights = [z for _, z in polygon]
    return bool(axis) and min(axis) == min(heights) and max(axis) == max(heights)


def _fewer_points(profile: Points2) -> Points2:
    """The profile with fewer points where that keeps it simple and its area within 5 %."""
    if len(profile) <= 8:
        return profile
    points = np.array(profile)
    size = float(np.ptp(points, axis=0).max())
    # the ring is cut where it meets the axis and at its extremes, which stay
    anchors = {int(np.argmin(points[:, 1])), int(np.argmax(points[:, 1])), int(np.argmax(points[:, 0]))}
    anchors |= {k for k in range(len(points)) if points[k, 0] == 0.0}
    order = sorted(anchors)
    for tolerance in TOLERANCES:
        rows: list[Array] = []
        for a, b in zip(order, [*order[1:], order[0] + len(points)], strict=True):
            stretch = points[np.arange(a, b + 1) % len(points)]
            rows.append(simplified(stretch, tolerance * size)[:-1])
        outline = tuple((float(r), float(z)) for r, z in np.concatenate(rows))
        if len(outline) < 3 or abs(signed_area(outline) / signed_area(profile) - 1.0) > 0.05:
            continue
        try:
            check_simple((outline,), "revolution", "profile")
        except AssetError:
            continue
        return outline
    return profile


def _slabs(profile: Points2) -> list[Points2]:
    """Horizontal trapezoids between the heights of the points, joined upward while they stay convex."""
    levels = sorted({z for _, z in profile})
    edges = [(a, b) for a, b in zip(profile, profile[1:] + profile[:1], strict=True) if a[1] != b[1]]
    done: list[list[tuple[float, Trapezoid]]] = []
    growing: list[list[tuple[float, Trapezoid]]] = []
    for low, high in itertools.pairwise(levels):
        middle = (low + high) / 2.0
        crossing = sorted(
            (_radius(a, b, middle), _radius(a, b, low), _radius(a, b, high))
            for a, b in edges
            if min(a[1], b[1]) <= low and high <= max(a[1], b[1])
        )
        following = []
        for (_, left_low, left_high), (_, right_low, right_high) in zip(
            crossing[::2], crossing[1::2], strict=True
        ):
            piece: Trapezoid = (left_low, right_low, left_high, right_high)
            below = next((s for s in growing if _continues(s, piece, low, high)), None)
            if below is not None:
                growing.remove(below)
                following.append([*below, (high, piece)])
            else:
                following.append([(low, piece), (high, piece)])
        done.extend(growing)
        growing = following
    return [_polygon(stack) for stack in (*done, *growing)]


def _radius(a: tuple[float, float], b: tuple[float, float], z: float) -> float:
    """Radius of the edge at a height; exact at its ends."""
    if z == a[1]:
        return a[0]
    if z == b[1]:
        return b[0]
    return a[0] + (b[0] - a[0]) * (z - a[1]) / (b[1] - a[1])


def _continues(stack: list[tuple[float, Trapezoid]], piece: Trapezoid, low: float, high: float) -> bool:
    """Whether a trapezoid stands exactly on the stack and leaves it convex."""
    (bottom, _), (top, last) = stack[-2], stack[-1]
    if top != low or last[2] != piece[0] or last[3] != piece[1]:
        return False
    height, step = top - bottom, high - low
    left = (piece[2] - piece[0]) / step - (last[2] - last[0]) / height
    right = (piece[3] - piece[1]) / step - (last[3] - last[1]) / height
    return left >= -1e-9 and right <= 1e-9


def _polygon(stack: list[tuple[float, Trapezoid]]) -> Points2:
    """Outline of a stack, counter-clockwise: up on the right, down on the left."""
    (bottom, first), *rest = stack
    right = [(first[1], bottom), *((t[3], z) for z, t in rest)]
    left = [(first[0], bottom), *((t[2], z) for z, t in rest)]
    ring = right + left[::-1]
    return tuple(p for k, p in enumerate(ring) if p != ring[k - 1])
