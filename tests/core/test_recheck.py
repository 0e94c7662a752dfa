# SPDX-License-Identifier: GPL-3.0-or-later
"""A recheck finds what a first check finds, and works out only what has changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physx_blender.checks import Memo, check_asset
from physx_blender.geometry import Box, Mesh, PlacedShape, Pose, TriangleMesh
from physx_blender.model import Asset
from tests.core.random_assets import assets
from tests.core.test_checks import CASES, OAK, cabinet, with_joint, with_part


def copied(asset: Asset) -> Asset:
    """Equal in content, no object shared where it matters: as if read from the scene again."""
    parts = tuple(
        replace(
            p,
            shapes=tuple(
                PlacedShape(
                    Mesh(
                        TriangleMesh(np.array(s.shape.triangles.vertices), np.array(s.shape.triangles.faces))
                    )
                    if isinstance(s.shape, Mesh)
                    else replace(s.shape),  # type: ignore[type-var]
                    Pose(tuple(s.pose.position), tuple(s.pose.quaternion)),
                )
                for s in p.shapes
            ),
        )
        for p in asset.parts
    )
    return replace(asset, parts=parts)


def test_nothing_is_worked_out_again_when_nothing_has_changed() -> None:
    memo = Memo()
    first = check_asset(cabinet(), memo)
    assert memo.worked > 10
    assert check_asset(copied(cabinet()), memo) == first
    assert memo.worked == 0
    assert memo.reused > 10


def test_one_part_changes_and_the_others_are_remembered() -> None:
    memo = Memo()
    check_asset(cabinet(), memo)
    everything = memo.worked
    # the tray is inside the carcass: nothing outside depends on its size
    tray = PlacedShape(Box((0.3, 0.2, 0.1)), Pose((0.0, 0.0, 0.1)))
    changed = with_part(cabinet(), "tray", shapes=(tray,))
    assert check_asset(changed, memo) == check_asset(changed)
    assert 0 < memo.worked < everything / 2
    back = check_asset(cabinet(), memo)
    assert back == check_asset(cabinet())


@pytest.mark.parametrize("code", CASES)
def test_a_fault_that_comes_and_goes_is_seen(code: str) -> None:
    memo = Memo()
    make, _, _ = CASES[code]
    for asset in (cabinet(), make(), cabinet(), make(), copied(make())):
        assert check_asset(asset, memo) == check_asset(asset)


@settings(max_examples=12, deadline=None)
@given(assets(), st.integers(0, 2**31))
def test_random_assets_and_random_edits(asset: Asset, seed: int) -> None:
    memo = Memo()
    generator = np.random.default_rng(seed)
    for _ in range(5):
        part = asset.parts[int(generator.integers(len(asset.parts)))]
        what = int(generator.integers(4))
        if what == 0:
            asset = with_part(
                asset, part.name, material=replace(OAK, density=float(generator.uniform(1, 30_000)))
            )
        elif what == 1:
            shift = Pose(tuple(generator.normal(size=3) * 0.1))
            asset = with_part(
                asset, part.name, shapes=tuple(PlacedShape(s.shape, shift @ s.pose) for s in part.shapes)
            )
        elif what == 2 and asset.joints:
            joint = asset.joints[int(generator.integers(len(asset.joints)))]
            asset = with_joint(asset, joint.name, anchor=tuple(generator.normal(size=3)))
        else:
            asset = with_part(asset, part.name, collision=() if part.shapes else part.collision)
        assert check_asset(asset, memo) == check_asset(asset)
