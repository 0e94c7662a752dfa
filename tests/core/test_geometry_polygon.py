# SPDX-License-Identifier: GPL-3.0-or-later
"""Triangles, convex pieces and moments of polygons."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, Polygon

from physx_blender.errors import AssetError
from physx_blender.geometry.polygon import (
    check_simple,
    convex_polygons,
    cross,
    hull,
    plane_moments,
    signed_area,
    triangulate,
)

radii = st.lists(st.floats(0.2, 1.0), min_size=3, max_size=24)


def star(
    values: list[float], centre: tuple[float, float] = (0.0, 0.0), scale: float = 1.0
) -> tuple[tuple[float, float], ...]:
    """Star-shaped polygon: simple by construction."""
    n = len(values)
    return tuple(
        (
            centre[0] + scale * r * math.cos(2 * math.pi * k / n),
            centre[1] + scale * r * math.sin(2 * math.pi * k / n),
        )
        for k, r in enumerate(values)
    )


@given(outer=radii, holes=st.lists(radii, max_size=4), flip=st.booleans())
@settings(deadline=None, max_examples=150)
def test_triangles_and_convex_pieces_cover_exactly(
    outer: list[float], holes: list[list[float]], flip: bool
) -> None:
    outline = star([r + 2.0 for r in outer], scale=1.0) if len(outer) > 5 else star([3.0] * 6)
    places = [(0.0, 0.0), (0.9, 0.3), (-0.8, 0.5), (0.1, -0.95)]
    rings = tuple(star(h, places[k], 0.35)[:: -1 if flip else 1] for k, h in enumerate(holes))
    check_simple((outline, *rings), "test", "polygon")
    true = Polygon(outline, rings)
    points, triangles = triangulate(outline, rings)
    areas = [cross(*(points[i] for i in t)) / 2 for t in triangles]
    assert min(areas) > 0.0
    assert sum(areas) == pytest.approx(true.area, rel=1e-9)
    assert len(points) == len(outline) + sum(len(r) for r in rings)
    assert len(triangles) == len(points) - 2 + 2 * len(rings)
    pieces = convex_polygons(outline, rings)
    assert sum(signed_area(p) for p in pieces) == pytest.approx(true.area, rel=1e-9)
    assert len(pieces) <= len(triangles)
    for piece in pieces:
        shape = Polygon(piece)
        assert shape.convex_hull.area == pytest.approx(shape.area, rel=1e-9)
        assert true.buffer(1e-9).contains(shape)


@given(radii)
@settings(deadline=None)
def test_moments_against_a_sum_over_triangles(values: list[float]) -> None:
    outline = star(values, (0.4, -0.3))
    area, first, second = plane_moments(outline)
    points, triangles = triangulate(outline)
    total = np.zeros((2, 2))
    centre = np.zeros(2)
    for t in triangles:
        p = np.array([points[i] for i in t])
        size = abs(np.linalg.det(p[1:] - p[0])) / 2
        middles = (p + np.roll(p, 1, axis=0)) / 2  # this rule is exact for squares
        total += size / 3 * middles.T @ middles
        centre += size / 3 * middles.sum(axis=0)
    assert area == pytest.approx(signed_area(outline))
    np.testing.assert_allclose(first, centre, atol=1e-12)
    np.testing.assert_allclose(second, total, atol=1e-12)


def test_collinear_points_and_combs() -> None:
    square = ((0, 0), (0.5, 0), (1, 0), (1, 0.5), (1, 1), (0.5, 1), (0, 1), (0, 0.5))
    assert len(triangulate(square)[1]) == 6
    comb = (*((k * 0.1, 1.0 if k % 2 else 0.2) for k in range(41)), (4.0, -0.1), (0.0, -0.1))
    assert sum(signed_area(p) for p in convex_polygons(comb)) == pytest.approx(Polygon(comb).area)
    assert len(convex_polygons(((0, 0), (1, 0), (1, 1), (0, 1)))) == 1


def test_four_hundred_points_take_no_time() -> None:
    n = 400
    gear = star([1.0 if k // 2 % 2 else 0.9 for k in range(n)])
    bore = star([0.3] * 64)
    assert sum(signed_area(p) for p in convex_polygons(gear, (bore,))) == pytest.approx(
        Polygon(gear, [bore]).area
    )


@pytest.mark.parametrize(
    ("rings", "message"),
    [
        ([((0, 0), (1, 1), (1, 0), (0, 1))], "crosses or touches itself: edge 0 of ring 0 meets edge 2"),
        ([((0, 0), (2, 0), (2, 2), (1, 0), (0, 2))], "crosses or touches itself"),
        ([((0, 0), (1, 0), (1, 0), (0, 1))], "point 1 and the next one are the same"),
        ([((0, 0), (1, 0), (2, 0))], "encloses no area"),
        ([((0, 0), (2, 0), (1, 0), (1, 1))], "crosses or touches itself"),
        (
            [((0, 0), (1, 0), (1, 1), (0, 1)), ((0.5, 0.5), (1.5, 0.5), (0.5, 0.8))],
            "edge 1 of ring 0 meets edge 0 of ring 1",
        ),
    ],
)
def test_bad_polygons_are_named(rings: list[tuple[tuple[float, float], ...]], message: str) -> None:
    with pytest.raises(AssetError, match=message):
        check_simple(rings, "test", "polygon")


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=3, max_size=40))
@settings(deadline=None)
def test_hull_against_shapely(points: list[tuple[float, float]]) -> None:
    corners = hull(np.array(points))
    other = MultiPoint(points).convex_hull
    if len(corners) >= 3 and other.geom_type == "Polygon":
        assert signed_area(tuple(map(tuple, corners))) == pytest.approx(other.area, abs=1e-12)
