# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs of joints: told apart by shape, where they belong, and wrong only where that was said."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from physx_blender.geometry.dragging import across, radial
from physx_blender.geometry.joint_symbols import Stroke, Symbol, strokes

RANDOM = np.random.default_rng(3)
KINDS = ("hinge", "slide", "cylindrical", "ball", "free")


def symbol(kind: str = "hinge") -> Symbol:
    axis = RANDOM.normal(size=3)
    axis /= np.linalg.norm(axis)
    zero = across(axis, RANDOM.normal(size=3))
    slide = zero if kind == "cylindrical" else axis
    turns, slides = kind in ("hinge", "cylindrical", "ball"), kind in ("slide", "cylindrical")
    return Symbol(
        kind,
        RANDOM.normal(size=3),
        axis,
        zero,
        slide,
        0.2,
        ((0.0 if kind == "ball" else -0.5), 1.2) if turns else None,
        (-0.1, 0.3) if slides else None,
    )


def points(found: list[Stroke], layer: str = "", *, filled: bool = False) -> np.ndarray:
    return np.vstack([s.points for s in found if s.filled == filled and layer in ("", s.layer)])


@pytest.mark.parametrize("kind", KINDS)
def test_lines_come_in_pairs_and_areas_in_threes(kind: str) -> None:
    for stroke in strokes(symbol(kind)):
        assert stroke.points.shape[1] == 3
        assert len(stroke.points) % (3 if stroke.filled else 2) == 0
        assert np.isfinite(stroke.points).all()


def test_kinds_differ_in_shape() -> None:
    one = replace(symbol("cylindrical"), angle_limits=None, travel_limits=None)
    shapes = {
        kind: points(list(strokes(replace(one, kind=kind))), "axis").round(9).tobytes() for kind in KINDS
    }
    assert len(set(shapes.values())) == len(KINDS)


def test_the_sector_of_a_hinge_lies_across_its_axis_between_its_limits() -> None:
    one = symbol("hinge")
    corners = points(list(strokes(one)), filled=True) - one.origin
    assert corners @ one.axis == pytest.approx(np.zeros(len(corners)), abs=1e-12)
    angles = np.arctan2(corners @ np.cross(one.axis, one.zero), corners @ one.zero)
    rim = np.linalg.norm(corners, axis=1) > 1e-9
    assert angles[rim].min() == pytest.approx(-0.5)
    assert angles[rim].max() == pytest.approx(1.2)
    triangles = corners.reshape(-1, 3, 3)
    area = 0.5 * np.linalg.norm(
        np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]), axis=1
    )
    assert area.sum() == pytest.approx(0.5 * 0.2**2 * 1.7, rel=1e-2)


def test_the_rail_of_a_slide_ends_at_its_limits() -> None:
    one = symbol("slide")
    along = (points(list(strokes(one)), "range") - one.origin) @ one.slide
    assert along.min() == pytest.approx(-0.1)
    assert along.max() == pytest.approx(0.3)


def test_the_rim_of_a_cone_is_at_its_angle() -> None:
    one = symbol("ball")
    rim = points(list(strokes(one)), "range") - one.origin
    rim = rim[np.linalg.norm(rim, axis=1) > 1e-9]
    assert rim @ one.axis / 0.2 == pytest.approx(np.full(len(rim), math.cos(1.2)))


@pytest.mark.parametrize(
    ("limits", "names"),
    [
        ((-0.5, 1.2), {"angle_low", "angle_high"}),
        ((0.0, 1.2), {"angle_high"}),
        ((0.3, 1.2), {"angle_high"}),
        ((-1.0, -0.2), {"angle_low"}),
    ],
)
def test_only_the_side_that_collides_is_wrong(limits: tuple[float, float], names: set[str]) -> None:
    for wrong in names:
        one = replace(symbol("hinge"), angle_limits=limits, wrong=frozenset({wrong}))
        bad = [s for s in strokes(one) if s.wrong and s.filled]
        assert len(bad) == 1
        corners = bad[0].points - one.origin
        rim = corners[np.linalg.norm(corners, axis=1) > 1e-9]
        end = limits[0] if wrong == "angle_low" else limits[1]
        assert (rim @ radial(one.axis, one.zero, end)).max() == pytest.approx(0.2)
    assert not any(s.wrong for s in strokes(replace(symbol("hinge"), angle_limits=limits)))


def test_without_limits_there_is_no_area() -> None:
    for kind in ("hinge", "ball"):
        one = replace(symbol(kind), angle_limits=None)
        assert not any(s.filled for s in strokes(one))


def test_more_than_a_turn_is_drawn_as_one() -> None:
    one = replace(symbol("hinge"), angle_limits=(-30.0, 30.0))
    assert np.linalg.norm(points(list(strokes(one))) - one.origin, axis=1).max() < 0.3
