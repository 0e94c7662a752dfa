# SPDX-License-Identifier: GPL-3.0-or-later
"""Oriented bounding boxes."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from physx_blender.errors import AssetError
from physx_blender.geometry import Box, Pose, oriented_bounds
from tests.core.geometry_samples import SAMPLES

quaternions = st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: sum(v * v for v in q) > 0.01)


@given(size=st.tuples(*[st.floats(0.01, 2.0)] * 3), quaternion=quaternions)
@settings(deadline=None, max_examples=60)
def test_a_turned_box_is_found_again(
    size: tuple[float, float, float], quaternion: tuple[float, float, float, float]
) -> None:
    points = Pose((1.0, -2.0, 3.0), quaternion).apply(Box(size).mesh().vertices)
    pose, found = oriented_bounds(points)
    np.testing.assert_allclose(sorted(found), sorted(size), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(pose.position, (1.0, -2.0, 3.0), atol=1e-9)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_box_holds_all_and_is_about_as_small_as_another_library_finds(name: str) -> None:
    points = Pose((0.3, 0.2, 0.1), (0.4, -0.3, 0.8, 0.1)).apply(SAMPLES[name].mesh(16).vertices)
    pose, size = oriented_bounds(points)
    local = pose.inverse().apply(points)
    assert (np.abs(local) <= size / 2 + 1e-9).all()
    other = trimesh.bounds.oriented_bounds(points)[1]
    assert np.prod(size) <= np.prod(other) * 1.03


def test_axis_parallel_points_keep_their_axes() -> None:
    pose, size = oriented_bounds(Box((0.1, 0.2, 0.3)).mesh().vertices + 5.0)
    assert pose.quaternion == (1.0, 0.0, 0.0, 0.0)
    np.testing.assert_allclose(size, (0.1, 0.2, 0.3))


def test_flat_straight_and_single() -> None:
    turn = Pose(quaternion=(0.4, -0.3, 0.8, 0.1))
    _, size = oriented_bounds(turn.apply(np.array([[0, 0, 0], [2, 0, 0], [2, 1, 0], [0, 1, 0.0]])))
    np.testing.assert_allclose(sorted(size), (0.0, 1.0, 2.0), atol=1e-9)
    _, size = oriented_bounds(turn.apply(np.array([[0, 0, 0], [0.5, 0, 0], [2, 0, 0.0]])))
    np.testing.assert_allclose(sorted(size), (0.0, 0.0, 2.0), atol=1e-9)
    pose, size = oriented_bounds([[1, 2, 3]])
    np.testing.assert_allclose(pose.position, (1, 2, 3))
    np.testing.assert_allclose(size, 0.0)
    with pytest.raises(AssetError, match="finite points"):
        oriented_bounds(np.zeros((0, 3)))
