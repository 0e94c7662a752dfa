# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs for joints as lines and areas in space: what kind, which axis, which range; and which end of it is wrong.

Kinds differ in shape, not in colour alone: a hinge has a ring and a sector, a slide a square and a rail with crosses at its
ends, a cylindrical joint both, a ball three rings and a cone, a free one a star.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .dragging import arc, fan, pieces, radial
from .pose import Array

TURNING = ("hinge", "cylindrical")
SLIDING = ("slide", "cylindrical")
MARK = 0.22  # of the radius: the sign of the kind at the anchor
HEAD = 0.22
STOP = 0.18
LOOSE = 1.4  # half the length of a rail without ends


@dataclass(frozen=True)
class Symbol:
    """A joint to be drawn, in any frame.

    origin: anchor (3,), m.  axis, zero, slide: unit vectors (3,), `zero` across `axis`.  radius: size of the sign, m.
    angle_limits: rad; travel_limits: m in the frame; None = without.  wrong: ends that collide, such as 'angle_low'.
    """

    kind: str
    origin: Array
    axis: Array
    zero: Array
    slide: Array
    radius: float
    angle_limits: tuple[float, float] | None
    travel_limits: tuple[float, float] | None
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stroke:
    """Lines (pairs of ends, (2 M, 3)) or, where `filled`, triangles (3 M, 3) of one meaning.

    layer: 'axis' or 'range'.  wrong: it stands for an end that collides.
    """

    layer: str
    points: Array
    filled: bool = False
    wrong: bool = False


def strokes(symbol: Symbol) -> Iterator[Stroke]:
    """All that is drawn of a joint."""
    yield Stroke("axis", _mark(symbol))
    if symbol.kind in TURNING:
        yield Stroke("axis", _arrow(symbol, symbol.axis, 1.0))
        yield from _turning(symbol)
    if symbol.kind in SLIDING:
        yield from _rail(symbol)
    if symbol.kind == "ball":
        yield from _cone(symbol)


def _plane(symbol: Symbol, flat: Array, x: Array, y: Array) -> Array:
    """Points (N, 2) in units of the radius, in the plane of two directions through the anchor."""
    placed: Array = symbol.origin + symbol.radius * (flat[:, :1] * x + flat[:, 1:] * y)
    return placed


def _mark(symbol: Symbol) -> Array:
    side = np.cross(symbol.axis, symbol.zero)
    ring = MARK * arc(0.0, 2.0 * math.pi, math.radians(60.0))[:-1]
    square = MARK * np.array([(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)])
    if symbol.kind == "slide":
        x = symbol.zero - (symbol.zero @ symbol.slide) * symbol.slide
        x = x / max(float(np.linalg.norm(x)), 1e-12)
        return pieces(_plane(symbol, square, x, np.cross(symbol.slide, x)), closed=True)
    turning = pieces(_plane(symbol, ring, symbol.zero, side), closed=True)
    if symbol.kind == "hinge":
        return turning
    if symbol.kind == "cylindrical":
        return np.vstack([turning, pieces(_plane(symbol, square, symbol.zero, side), closed=True)])
    if symbol.kind == "ball":
        planes = ((symbol.zero, side), (symbol.zero, symbol.axis), (side, symbol.axis))
        return np.vstack([pieces(_plane(symbol, ring, x, y), closed=True) for x, y in planes])
    rays = [s * MARK * symbol.radius * d for d in (symbol.axis, symbol.zero, side) for s in (-1.0, 1.0)]
    return np.array([symbol.origin + ray for ray in rays])


def _arrow(symbol: Symbol, direction: Array, length: float) -> Array:
    """A line through the anchor with a head at the positive end."""
    tip = symbol.origin + length * symbol.radius * direction
    foot = symbol.origin - 0.35 * length * symbol.radius * direction
    return np.vstack([[foot, tip], _head(symbol, tip, direction)])


def _head(symbol: Symbol, tip: Array, direction: Array) -> Array:
    across = symbol.zero - (symbol.zero @ direction) * direction
    if np.linalg.norm(across) < 1e-6:
        across = np.cross(symbol.axis, direction)
    across = across / max(float(np.linalg.norm(across)), 1e-12)
    back = tip - HEAD * symbol.radius * direction
    ends: list[Array] = []
    for angle in (0.0, 2.0 * math.pi / 3.0, 4.0 * math.pi / 3.0):  # three wings are seen from anywhere
        ends += [tip, back + 0.5 * HEAD * symbol.radius * radial(direction, across, angle)]
    return np.array(ends)


def _turning(symbol: Symbol) -> Iterator[Stroke]:
    side = np.cross(symbol.axis, symbol.zero)
    if symbol.angle_limits is None:
        ring = arc(0.0, 2.0 * math.pi, math.radians(15.0))[:-1]
        yield Stroke("range", pieces(_plane(symbol, ring, symbol.zero, side), closed=True))
        return
    for name, low, high in _halves("angle", symbol.angle_limits):
        wrong = name in symbol.wrong
        edge = arc(low, high, math.radians(15.0))
        yield Stroke("range", pieces(_plane(symbol, edge, symbol.zero, side)), wrong=wrong)
        corners = _plane(symbol, fan(edge), symbol.zero, side)
        yield Stroke("range", corners, filled=True, wrong=wrong)
    for name, angle in zip(("angle_low", "angle_high"), symbol.angle_limits, strict=True):
        end = _plane(symbol, np.array([(0.0, 0.0), (math.cos(angle), math.sin(angle))]), symbol.zero, side)
        yield Stroke("range", end, wrong=name in symbol.wrong)


def _halves(what: str, limits: tuple[float, float]) -> Iterator[tuple[str, float, float]]:
    """The range on either side of rest, by the name of its end."""
    low, high = limits
    if low < 0.0:
        yield f"{what}_low", low, min(high, 0.0)
    if high > 0.0:
        yield f"{what}_high", max(low, 0.0), high


def _rail(symbol: Symbol) -> Iterator[Stroke]:
    if symbol.travel_limits is None:
        reach = LOOSE * symbol.radius * symbol.slide
        yield Stroke("axis", _head(symbol, symbol.origin + reach, symbol.slide))
        yield Stroke("axis", np.array([symbol.origin - reach, symbol.origin + reach]))
        return
    ends = [symbol.origin + t * symbol.slide for t in symbol.travel_limits]
    across = symbol.zero - (symbol.zero @ symbol.slide) * symbol.slide
    across = across / max(float(np.linalg.norm(across)), 1e-12)
    up = np.cross(symbol.slide, across)
    for name, low, high in _halves("travel", symbol.travel_limits):
        piece = np.array([symbol.origin + t * symbol.slide for t in (low, high)])
        yield Stroke("range", piece, wrong=name in symbol.wrong)
    for name, end in zip(("travel_low", "travel_high"), ends, strict=True):
        bars = STOP * symbol.radius * np.array([across, -across, up, -up])
        yield Stroke("range", end + bars, wrong=name in symbol.wrong)
    tip = ends[1] + 2.0 * HEAD * symbol.radius * symbol.slide
    yield Stroke("axis", np.vstack([[ends[1], tip], _head(symbol, tip, symbol.slide)]))


def _cone(symbol: Symbol) -> Iterator[Stroke]:
    yield Stroke("axis", np.array([symbol.origin, symbol.origin + symbol.radius * symbol.axis]))
    if symbol.angle_limits is None:
        return
    angle = min(symbol.angle_limits[1], math.pi)
    side = np.cross(symbol.axis, symbol.zero)
    ring = math.sin(angle) * arc(0.0, 2.0 * math.pi, math.radians(10.0))
    rim = _plane(symbol, ring, symbol.zero, side) + math.cos(angle) * symbol.radius * symbol.axis
    yield Stroke("range", pieces(rim))
    spokes = [p for k in range(0, len(rim) - 1, (len(rim) - 1) // 4) for p in (symbol.origin, rim[k])]
    yield Stroke("range", np.array(spokes))
    yield Stroke("range", symbol.origin + fan(rim - symbol.origin), filled=True)
