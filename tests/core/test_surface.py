# SPDX-License-Identifier: GPL-3.0-or-later
"""Points on surfaces are where they should be, and contacts are found where bodies meet."""

from __future__ import annotations

import numpy as np
import pytest

from physx_blender.errors import AssetError
from physx_blender.geometry import Box, Cylinder, Pose, TriangleMesh
from physx_blender.geometry.surface import contact_points, nearest_distances, sample_surface


def box(size: tuple[float, float, float], place: tuple[float, float, float]) -> TriangleMesh:
    return Box(size).mesh().transformed(Pose(place))


def test_samples_of_a_box_are_on_it_and_spread_by_area() -> None:
    points, normals = sample_surface(box((2.0, 1.0, 0.5), (0, 0, 0)), 4000)
    share = np.abs(points) / (1.0, 0.5, 0.25)
    assert np.allclose(share.max(axis=1), 1.0)
    face = np.argmax(share, axis=1)
    rows = np.arange(len(points))
    assert (np.sign(points[rows, face]) == normals[rows, face]).all()
    areas = np.array([1.0 * 0.5, 2.0 * 0.5, 2.0 * 1.0])
    assert np.allclose(np.bincount(face) / len(points), areas / areas.sum(), atol=0.01)
    # every spot has a sample near it
    spot = np.random.default_rng(0).uniform(-1, 1, (500, 3)) * (1.0, 0.5, 0.25)
    spot[:, 2] = 0.25
    assert nearest_distances(spot, points)[0].max() < 0.12


def test_nearest_agrees_with_brute_force() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(300, 3)), rng.normal(size=(200, 3))
    full = np.linalg.norm(a[:, None] - b[None], axis=2)
    distance, index = nearest_distances(a, b)
    assert np.allclose(distance, full.min(axis=1))
    assert (index == full.argmin(axis=1)).all()


def test_contact_of_a_lid_is_the_rim_it_lies_on() -> None:
    body = box((1.0, 0.6, 0.4), (0, 0, 0.2))
    lid = box((0.2, 0.6, 0.05), (0.4, 0, 0.4251))
    low, high = (f(contact_points(lid, body), axis=0) for f in (np.min, np.max))
    assert np.allclose(low, (0.3, -0.3, 0.4), atol=0.03)
    assert np.allclose(high, (0.5, 0.3, 0.4), atol=0.03)


def test_contact_of_a_wheel_on_its_axle_is_around_the_axle() -> None:
    wheel = Cylinder(0.3, 0.05).mesh()
    axle = Cylinder(0.02, 0.3).mesh()
    points = contact_points(wheel, axle)
    assert np.linalg.norm(points.mean(axis=0)[:2]) < 0.01
    assert np.linalg.norm(points[:, :2], axis=1).max() < 0.06


def test_a_mesh_without_area_is_refused() -> None:
    line = TriangleMesh(np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0]], float), np.array([[0, 1, 2]], np.int32))
    with pytest.raises(AssetError, match="no area"):
        sample_surface(line, 10)
