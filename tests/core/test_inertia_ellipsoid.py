# SPDX-License-Identifier: GPL-3.0-or-later
"""Principal axes and the ellipsoid of inertia, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from physx_blender.errors import AssetError
from physx_blender.geometry import Box, Cylinder, Ellipsoid, MassProperties, Pose
from physx_blender.geometry.inertia_ellipsoid import equivalent_ellipsoid, principal_axes

TURNED = Pose((0.3, -0.2, 1.0), (0.8, 0.2, -0.4, 0.4))


@pytest.mark.parametrize("pose", [Pose(), TURNED])
@pytest.mark.parametrize("radii", [(0.3, 0.2, 0.1), (0.1, 0.2, 0.3), (0.5, 0.02, 0.1), (0.2, 0.2, 0.2)])
def test_an_ellipsoid_is_its_own_ellipsoid(radii: tuple[float, float, float], pose: Pose) -> None:
    body = Ellipsoid(radii).volume_properties().scaled(700.0).moved(pose)
    placed, half = equivalent_ellipsoid(body)
    assert half == pytest.approx(sorted(radii, reverse=True), rel=1e-9)
    assert placed.position == pytest.approx(pose.position, abs=1e-12)
    assert np.linalg.det(placed.rotation) == pytest.approx(1.0)
    again = Ellipsoid(tuple(half)).volume_properties()
    again = again.scaled(body.mass / again.mass).moved(placed)
    assert np.allclose(again.matrix, body.matrix, rtol=1e-9, atol=1e-12 * body.mass)


def test_a_box_has_half_axes_of_its_sides() -> None:
    _, half = equivalent_ellipsoid(Box((0.6, 0.4, 0.2)).volume_properties().scaled(500.0))
    assert half == pytest.approx(math.sqrt(5.0 / 3.0) * np.array([0.3, 0.2, 0.1]), rel=1e-12)


def test_a_cylinder_has_the_closed_form() -> None:
    r, h = 0.1, 0.5
    moments, axes = principal_axes(Cylinder(r, h).volume_properties().moved(TURNED))
    volume = math.pi * r * r * h
    assert moments == pytest.approx(volume * np.array([r * r / 2, *[r * r / 4 + h * h / 12] * 2]), rel=1e-9)
    assert abs(axes[:, 0] @ TURNED.rotation[:, 2]) == pytest.approx(1.0)
    assert np.allclose(axes.T @ axes, np.eye(3))


def test_a_rod_without_thickness_has_no_width() -> None:
    rod = MassProperties.of(2.0, (0, 0, 0), np.diag([1e-12, 2.0 * 0.36 / 12.0, 2.0 * 0.36 / 12.0]))
    _, half = equivalent_ellipsoid(rod)
    assert half == pytest.approx((math.sqrt(5.0 / 12.0) * 0.6, 0.0, 0.0), abs=1e-5)


def test_no_body_has_no_ellipsoid() -> None:
    for bad in (
        MassProperties.total(()),
        MassProperties.of(1.0, (0, 0, 0), np.zeros((3, 3))),
        MassProperties.of(1.0, (0, 0, 0), np.diag([1.0, 0.1, 0.1])),
    ):
        with pytest.raises(AssetError, match="ellipsoid"):
            equivalent_ellipsoid(bad)
