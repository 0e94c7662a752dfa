# SPDX-License-Identifier: GPL-3.0-or-later
"""The MJCF and the URDF of an asset say the same, by two independent readers: MuJoCo and yourdfpy."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from physx_blender.formats.mjcf import write_mjcf
from physx_blender.formats.urdf import write_urdf
from physx_blender.geometry import Box, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part

from .agreement import assert_agree
from .random_assets import assets


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(assets())
def test_random_assets_agree(asset: Asset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mjcf, urdf = write_mjcf(asset, Path(folder)), write_urdf(asset, Path(folder))
        assert_agree(asset, mjcf, urdf, poses=200)


@pytest.mark.parametrize("scale", [0.08, 2.0])
def test_every_kind_in_a_chain_of_six_agrees_at_both_ends_of_scale(tmp_path: Path, scale: float) -> None:
    wood = Material("Oak wood", 700.0)
    kinds = (
        JointKind.HINGE,
        JointKind.SLIDE,
        JointKind.BALL,
        JointKind.CYLINDRICAL,
        JointKind.FIXED,
        JointKind.HINGE,
    )
    links = [f"part {k}" for k in range(7)]
    size = scale / 10
    parts = [
        Part(name, name, (PlacedShape(Box((size, size / 2, size / 20)), Pose((k * size, 0, size))),), wood)
        for k, name in enumerate(links)
    ]
    joints = [
        Joint(
            f"joint {k}",
            kind,
            links[k],
            links[k + 1],
            (0.3, -0.5, 0.8),
            (k * size, size / 3, size),
            angle_limits=(-0.5, 1.0) if kind in (JointKind.HINGE, JointKind.CYLINDRICAL) else None,
            travel_limits=(0.0, size) if kind in (JointKind.SLIDE, JointKind.CYLINDRICAL) else None,
            slide_axis=(0.0, 1.0, 0.0) if kind is JointKind.CYLINDRICAL else None,
        )
        for k, kind in enumerate(kinds)
    ]
    asset = Asset("chain", tuple(parts), tuple(map(Link, links)), tuple(joints), fixed_base=True)
    assert_agree(asset, write_mjcf(asset, tmp_path), write_urdf(asset, tmp_path), poses=200)
