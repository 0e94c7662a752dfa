# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes, joints and names on the other side."""

from __future__ import annotations

import numpy as np
import pytest

from physx_blender.geometry import PlacedShape, Pose
from physx_blender.geometry.mirror import (
    mirror_matrix,
    mirrored_axis,
    mirrored_shape,
    mirrored_vector,
    other_side_name,
)
from physx_blender.geometry.surface import nearest_distances, sample_surface
from physx_blender.model import Joint
from tests.core.geometry_samples import SAMPLES

POSE = Pose((0.3, -0.2, 0.5), (0.8, 0.2, -0.4, 0.4))


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_mirrored_shape_is_where_its_image_is(name: str, axis: int) -> None:
    placed = PlacedShape(SAMPLES[name], POSE)
    other = mirrored_shape(placed, axis)
    side = mirror_matrix(axis)
    before, after = placed.volume_properties(), other.volume_properties()
    assert after.mass == pytest.approx(before.mass, rel=1e-9)
    size = float(np.linalg.norm(np.ptp(placed.mesh().vertices, axis=0)))
    assert np.allclose(after.centre, side @ np.array(before.centre), atol=1e-9 * size)
    expected = sample_surface(placed.mesh(), 1500)[0] @ side
    distance, _ = nearest_distances(expected, sample_surface(other.mesh(), 6000)[0])
    assert distance.max() < 0.06 * size


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("kind", ["hinge", "slide"])
def test_the_mirrored_joint_moves_as_the_image_does(kind: str, axis: int) -> None:
    joint = Joint("j", kind, "a", "b", (0.36, 0.48, 0.8), (0.1, 0.2, -0.3))  # type: ignore[arg-type]
    turn = mirrored_vector if kind == "slide" else mirrored_axis
    other = Joint("k", kind, "a", "c", turn(joint.axis, axis), mirrored_vector(joint.anchor, axis))  # type: ignore[arg-type]
    side = mirror_matrix(axis)
    points = np.random.default_rng(0).normal(size=(20, 3))
    for position in (-0.7, 0.2, 1.4):
        here, there = joint.motion((position,)), other.motion((position,))
        assert np.allclose(there.apply(points @ side), here.apply(points) @ side)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("left door", "right door"),
        ("Right_handle.001", "Left_handle.001"),
        ("arm.L", "arm.R"),
        ("bright leftover", "bright leftover"),
        ("door", "door"),
    ],
)
def test_names_swap_sides(name: str, other: str) -> None:
    assert other_side_name(name) == other
    assert other_side_name(other) == name
