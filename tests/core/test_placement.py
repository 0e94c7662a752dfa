# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole asset moved and scaled."""

from __future__ import annotations

import math

import numpy as np
import pytest

from physx_blender.errors import AssetError
from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Extrusion,
    HollowBox,
    MassProperties,
    Mesh,
    PlacedShape,
    Pose,
    Revolution,
    Shape,
    Tube,
)
from physx_blender.model import Asset, Camera, Joint, JointKind, Link, Material, Mimic, Part
from physx_blender.model.placement import moved_asset, scaled_shape

SHAPES: tuple[Shape, ...] = (
    Box((0.1, 0.2, 0.3), 0.01),
    Cylinder(0.1, 0.2, 0.05),
    Ellipsoid((0.1, 0.2, 0.3)),
    Capsule(0.1, 0.2),
    Tube(((0.0, 0.0, 0.0), (0.1, 0.0, 0.0), (0.1, 0.1, 0.0)), 0.02, 0.01),
    Extrusion(((0.0, 0.0), (0.1, 0.0), (0.0, 0.1)), 0.05, (((0.01, 0.01), (0.03, 0.01), (0.01, 0.03)),)),
    Revolution(((0.0, 0.0), (0.1, 0.0), (0.1, 0.2), (0.0, 0.2))),
    HollowBox((0.3, 0.4, 0.5), 0.02, ("-y",)),
    Mesh(Box((0.1, 0.2, 0.3)).mesh()),
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.kind)
@pytest.mark.parametrize("scale", [0.25, 3.0])
def test_scaled_shape_has_the_scaled_mass_properties(shape: Shape, scale: float) -> None:
    before, after = shape.volume_properties(), scaled_shape(shape, scale).volume_properties()
    assert after.mass == pytest.approx(before.mass * scale**3, rel=1e-9)
    assert np.allclose(after.centre, np.array(before.centre) * scale)
    assert np.allclose(after.matrix, before.matrix * scale**5, rtol=1e-9, atol=1e-15)
    assert type(scaled_shape(shape, scale)) is type(shape)


def asset() -> Asset:
    """A tree of all kinds of joints."""
    wood = Material("oak", 700.0)
    names = ["base", *(k.value for k in JointKind)]
    position = {
        JointKind.HINGE: (0.5,),
        JointKind.SLIDE: (0.1,),
        JointKind.CYLINDRICAL: (0.4, -0.1),
        JointKind.BALL: (math.cos(0.3), 0.0, math.sin(0.3), 0.0),
        JointKind.FREE: (0.1, 0.2, 0.3, math.cos(0.2), math.sin(0.2), 0.0, 0.0),
    }
    joints = tuple(
        Joint(
            f"j {k.value}",
            k,
            names[n],
            k.value,
            (0.6, 0.0, 0.8),
            (0.1 * n, 0.2, 0.3),
            position=position.get(k),
        )
        for n, k in enumerate(JointKind)
    )
    parts = tuple(
        Part(
            n,
            n,
            (PlacedShape(SHAPES[k], Pose((0.1 * k, 0.0, 0.5), (0.8, 0.0, 0.6, 0.0))),),
            wood,
            mass=0.5 if k else None,
        )
        for k, n in enumerate(names)
    )
    body = MassProperties(2.0, (0.1, 0.2, 0.3), ((0.1, 0.0, 0.01), (0.0, 0.2, 0.0), (0.01, 0.0, 0.15)))
    links = tuple(Link(n, body if n == "slide" else None) for n in names)
    return Asset("tree", parts, links, joints, camera=Camera(Pose((1.0, -2.0, 0.5)), 0.8, 64, 48))


def test_points_move_alike_at_every_joint_position() -> None:
    before, pose, scale = asset(), Pose((1.0, -2.0, 0.3), (0.5, 0.5, -0.1, 0.7)), 1.7
    after = moved_asset(before, pose, scale)
    here, there = before.link_poses(before.current_positions()), after.link_poses(after.current_positions())
    for old, new in zip(before.parts, after.parts, strict=True):
        points = here[old.link].apply(old.shapes[0].mesh().vertices)
        moved = there[new.link].apply(new.shapes[0].mesh().vertices)
        assert np.allclose(pose.apply(points * scale), moved, atol=1e-9)
        assert new.mass is None or new.mass == pytest.approx(0.5 * scale**3)
    slide = next(link.inertial for link in after.links if link.name == "slide")
    assert slide is not None
    assert slide.mass == pytest.approx(2.0 * scale**3)
    assert np.allclose(
        np.linalg.eigvalsh(slide.matrix), np.linalg.eigvalsh(before.links[3].inertial.matrix) * scale**5
    )  # type: ignore[union-attr]
    assert after.camera is not None
    assert np.allclose(after.camera.pose.position, pose.apply(np.array([[1.0, -2.0, 0.5]]) * scale)[0])


def test_travel_scales_and_angles_stay() -> None:
    slide = Joint("s", JointKind.SLIDE, "a", "b", travel_limits=(-0.1, 0.2), damping=2.0, armature=0.5)
    follower = Joint("t", JointKind.SLIDE, "a", "c", mimic=Mimic("s", 2.0, 0.1))
    hinge = Joint("h", JointKind.HINGE, "a", "d", angle_limits=(-1.0, 2.0))
    part = Part("p", "a", (PlacedShape(Box((1, 1, 1))),), Material("oak", 700.0))
    before = Asset("x", (part,), tuple(Link(n) for n in "abcd"), (slide, follower, hinge))
    s, t, h = moved_asset(before, Pose(), 2.0).joints
    assert (s.travel_limits, s.damping, s.armature) == ((-0.2, 0.4), 2.0, 4.0)
    assert t.mimic == Mimic("s", 2.0, 0.2)
    assert h.angle_limits == (-1.0, 2.0)
    assert moved_asset(before, Pose()) is before
    with pytest.raises(AssetError, match="scale"):
        moved_asset(before, Pose(), -1.0)
