# SPDX-License-Identifier: GPL-3.0-or-later
"""Fitted primitives contain every point, and find back the bodies that the points came from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from physx_blender.errors import AssetError
from physx_blender.geometry import Box, Capsule, Cylinder, Ellipsoid, PlacedShape, Pose
from physx_blender.geometry.primitive_fit import fitted_primitive, smallest_circle

TURNED = Pose((0.3, -0.2, 1.0), (0.8, 0.2, -0.4, 0.4))
KINDS = ("auto", "box", "cylinder", "capsule", "sphere")


def outside(points: np.ndarray, placed: PlacedShape) -> float:
    """How far the points stick out of the body, metres, by the definition of each kind."""
    p, shape = placed.pose.inverse().apply(points), placed.shape
    if isinstance(shape, Box):
        return float((np.abs(p) - np.array(shape.size) / 2.0).max())
    around = np.linalg.norm(p[:, :2], axis=1)
    if isinstance(shape, Cylinder):
        return max(float(around.max()) - shape.radius, float(np.abs(p[:, 2]).max()) - shape.height / 2.0)
    if isinstance(shape, Capsule):
        beyond = np.maximum(np.abs(p[:, 2]) - shape.length / 2.0, 0.0)
        return float((np.hypot(around, beyond) - shape.radius).max())
    assert isinstance(shape, Ellipsoid)
    return float((np.linalg.norm(p, axis=1) - shape.radii[0]).max())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_every_point_is_inside(kind: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(60, 3)) * generator.uniform(0.01, 1.0, size=3)
    placed = fitted_primitive(points, kind)
    assert outside(points, placed) < 1e-7
    if kind != "auto":
        assert placed.shape.kind == {"sphere": "ellipsoid"}.get(kind, kind)


def test_auto_is_the_smallest() -> None:
    points = np.random.default_rng(3).normal(size=(50, 3)) * (0.1, 0.2, 0.7)
    volumes = {k: fitted_primitive(points, k).volume_properties().mass for k in KINDS}
    assert volumes["auto"] == pytest.approx(min(volumes.values()))


@pytest.mark.parametrize(
    "shape",
    [Box((0.3, 0.2, 0.1)), Cylinder(0.1, 0.5), Capsule(0.1, 0.4), Ellipsoid((0.2, 0.2, 0.2))],
    ids=lambda s: s.kind,
)
def test_a_body_is_found_in_its_own_points(shape: Box | Cylinder | Capsule | Ellipsoid) -> None:
    placed = fitted_primitive(TURNED.apply(shape.mesh(64).vertices))
    assert placed.shape.kind == shape.kind
    assert placed.volume_properties().mass == pytest.approx(shape.volume_properties().mass, rel=0.01)
    assert placed.pose.position == pytest.approx(TURNED.position, abs=2e-3)


def test_smallest_circles() -> None:
    triangle = np.array([(0.0, 0.0), (1.0, 0.0), (0.5, math.sqrt(3.0) / 2.0), (0.5, 0.2)])
    centre, radius = smallest_circle(triangle)
    assert radius == pytest.approx(1.0 / math.sqrt(3.0))
    assert centre == pytest.approx((0.5, math.sqrt(3.0) / 6.0))
    obtuse = np.array([(0.0, 0.0), (2.0, 0.0), (1.0, 0.1)])
    assert smallest_circle(obtuse)[1] == pytest.approx(1.0)
    line = np.array([(0.0, 0.0), (1.0, 1.0), (3.0, 3.0)])
    assert smallest_circle(line)[1] == pytest.approx(1.5 * math.sqrt(2.0))
    assert smallest_circle(np.array([(1.0, 2.0)]))[1] == 0.0


def test_flat_and_straight_things_get_a_thickness() -> None:
    flat = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], float)
    for points in (flat, flat[:2], flat[:1]):
        for kind in KINDS:
            assert fitted_primitive(points, kind).volume_properties().mass > 0.0


def test_nothing_cannot_be_fitted() -> None:
    with pytest.raises(AssetError, match="finite points"):
        fitted_primitive(np.zeros((0, 3)))
    with pytest.raises(AssetError, match="kind"):
        fitted_primitive(np.zeros((4, 3)), "cone")
