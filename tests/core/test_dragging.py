# SPDX-License-Identifier: GPL-3.0-or-later
"""Mouse rays to angles and travels, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from physx_blender.geometry.dragging import (
    Pull,
    Ray,
    across,
    angle_reader,
    arc,
    fan,
    nearest_turn,
    pieces,
    radial,
    ray_angle,
    ray_travel,
    snapped,
)

RANDOM = np.random.default_rng(7)


def frame() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A random centre, axis and zero direction."""
    axis = RANDOM.normal(size=3)
    axis /= np.linalg.norm(axis)
    return RANDOM.normal(size=3), axis, across(axis, RANDOM.normal(size=3))


@pytest.mark.parametrize("angle", np.linspace(-3.1, 3.1, 13))
def test_a_ray_through_a_point_of_the_circle_reads_its_angle(angle: float) -> None:
    centre, axis, zero = frame()
    eye = centre + 5.0 * axis + RANDOM.normal(size=3)
    target = centre + 0.3 * radial(axis, zero, angle)
    assert ray_angle(Ray(eye, target - eye), centre, axis, zero) == pytest.approx(angle, abs=1e-9)


def test_angles_count_right_handed() -> None:
    x, y, z = np.eye(3)
    assert radial(z, x, math.pi / 2) == pytest.approx(y)
    assert radial(y, z, math.pi / 2) == pytest.approx(x)


def test_a_ray_along_the_plane_or_through_the_centre_reads_nothing() -> None:
    x, _, z = np.eye(3)
    assert ray_angle(Ray(np.zeros(3) - x, x), np.zeros(3), z, x) is None
    assert ray_angle(Ray(5.0 * z, -z), np.zeros(3), z, x) is None


def test_travel_is_that_of_the_nearest_point() -> None:
    for _ in range(20):
        point, direction, _ = frame()
        ray = Ray(RANDOM.normal(size=3), RANDOM.normal(size=3))
        travel = ray_travel(ray, point, direction)
        assert travel is not None
        # least squares over both lines is another way to the same point
        columns = np.column_stack([direction, -ray.direction])
        expected = np.linalg.lstsq(columns, ray.origin - point, rcond=None)[0][0]
        assert travel == pytest.approx(expected, abs=1e-9)


def test_travel_along_a_parallel_ray_is_nothing() -> None:
    x, y, _ = np.eye(3)
    assert ray_travel(Ray(y, x), np.zeros(3), x) is None


def test_edge_on_the_side_that_faces_the_viewer_follows_the_mouse() -> None:
    x, y, z = np.eye(3)
    # seen from the front (from -y), a wheel about z: its near side moves to +x when it turns right-handed
    first = Ray(np.array([0.0, -9.0, 0.0]), y)
    read = angle_reader(first, np.zeros(3), z, x, radius=0.5)
    moved = read(Ray(np.array([0.1, -9.0, 0.0]), y))
    assert moved == pytest.approx(0.1 / 0.5)
    before = radial(z, x, -math.pi / 2)
    assert (radial(z, x, -math.pi / 2 + 0.2) - before) @ x > 0.0


def test_seen_from_above_the_plane_decides() -> None:
    x, y, z = np.eye(3)
    read = angle_reader(Ray(9.0 * z, -z), np.zeros(3), z, x, radius=0.5)
    assert read(Ray(9.0 * z + x + y, -z)) == pytest.approx(math.pi / 4)


def test_a_pull_goes_round_and_round() -> None:
    pull = Pull(0.0, 0.0, turns=True)
    for degrees in range(0, 1081, 30):
        wrapped = math.remainder(math.radians(degrees), 2.0 * math.pi)
        pull.move(wrapped)
    assert pull.value == pytest.approx(6.0 * math.pi)


def test_a_fine_pull_goes_a_tenth_of_the_way_and_goes_on_from_there() -> None:
    pull = Pull(1.0, 5.0, turns=False)
    assert pull.move(6.0) == pytest.approx(2.0)
    assert pull.move(7.0, fine=True) == pytest.approx(2.1)
    assert pull.move(8.0) == pytest.approx(3.1)
    assert pull.move(None) == pytest.approx(3.1)


@pytest.mark.parametrize(
    ("angle", "near", "expected"),
    [(0.1, 6.2, 0.1 + 2 * math.pi), (3.0, -3.0, 3.0 - 2 * math.pi), (1.0, 1.5, 1.0)],
)
def test_nearest_turn(angle: float, near: float, expected: float) -> None:
    assert nearest_turn(angle, near) == pytest.approx(expected)


def test_snapping() -> None:
    step = math.radians(5.0)
    assert snapped(math.radians(-62.6), step) == pytest.approx(math.radians(-65.0))
    assert snapped(0.0149, 0.01) == pytest.approx(0.01)


def test_across_is_a_unit_vector_across_and_towards_the_wish() -> None:
    for _ in range(20):
        _, axis, _ = frame()
        wish = RANDOM.normal(size=3)
        found = across(axis, wish)
        assert np.linalg.norm(found) == pytest.approx(1.0)
        assert found @ axis == pytest.approx(0.0, abs=1e-12)
        assert found @ wish > 0.0
        assert across(axis, 3.0 * axis) @ axis == pytest.approx(0.0, abs=1e-9)
        assert np.isfinite(across(axis, np.zeros(3))).all()


@pytest.mark.parametrize(("low", "high"), [(-0.3, 2.2), (0.0, 0.0), (0.0, 2 * math.pi), (-20.0, 20.0)])
def test_an_arc_is_on_the_circle_and_at_most_a_turn(low: float, high: float) -> None:
    points = arc(low, high)
    assert np.linalg.norm(points, axis=1) == pytest.approx(np.ones(len(points)))
    assert points[0] == pytest.approx([math.cos(low), math.sin(low)])
    chord = np.linalg.norm(np.diff(points, axis=0), axis=1)
    assert chord.max() <= 2.0 * math.sin(math.radians(2.0)) + 1e-12
    length = 2.0 * np.arcsin(chord / 2.0).sum()
    assert length == pytest.approx(min(high - low, 2.0 * math.pi))


def test_a_fan_covers_the_sector() -> None:
    corners = fan(arc(0.0, 1.5, math.radians(0.5))).reshape(-1, 3, 2)
    sides = corners[:, 1:] - corners[:, :1]
    area = 0.5 * np.abs(np.linalg.det(sides)).sum()
    assert area == pytest.approx(1.5 / 2.0, rel=1e-4)


def test_pieces_of_an_open_and_of_a_closed_line() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    assert pieces(points).tolist() == [[0, 0], [1, 0], [1, 0], [1, 1]]
    assert pieces(points, closed=True).tolist() == [[0, 0], [1, 0], [1, 0], [1, 1], [1, 1], [0, 0]]
