# SPDX-License-Identifier: GPL-3.0-or-later
"""An asset that goes into the scene comes out of it as it went in."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.blender.random_assets import random_asset
from tests.blender.zoo import Load, cabinet, differences, names, zoo


@pytest.mark.parametrize("make", [cabinet, zoo])
def test_round_trip_is_exact(bpy: Any, from_extension: Load, make: Any) -> None:
    scene = from_extension("physx_blender.scene")
    asset = make(names(from_extension))
    armature = scene.asset_to_scene(asset, bpy.context)
    notes: list[str] = []
    back = scene.scene_to_asset(armature, bpy.context.evaluated_depsgraph_get(), notes=notes)
    assert differences(asset, back) == []
    assert notes == []


def empty_scene(bpy: Any) -> None:
    for name in ("objects", "meshes", "armatures", "materials", "images", "collections", "cameras"):
        blocks = getattr(bpy.data, name)
        for block in list(blocks):
            blocks.remove(block)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_round_trip_of_random_assets(bpy: Any, from_extension: Load, seed: int) -> None:
    empty_scene(bpy)
    scene, m = from_extension("physx_blender.scene"), names(from_extension)
    random = Random(seed)
    asset = random_asset(m, random)
    armature = scene.asset_to_scene(asset, bpy.context)
    back = scene.scene_to_asset(armature, bpy.context.evaluated_depsgraph_get())
    assert differences(asset, back) == []


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_random_assets_turned_and_scaled_in_the_scene(bpy: Any, from_extension: Load, seed: int) -> None:
    empty_scene(bpy)
    scene, m = from_extension("physx_blender.scene"), names(from_extension)
    random = Random(seed)
    asset = random_asset(m, random)
    armature = scene.asset_to_scene(asset, bpy.context)
    scale = random.uniform(0.3, 3.0)
    armature.location, armature.scale = (random.random(), 2.0, -1.0), (scale, scale, scale)
    armature.rotation_euler = (random.random(), 2.0, -1.0)
    back = scene.scene_to_asset(armature, bpy.context.evaluated_depsgraph_get())
    pose = m.Pose.from_matrix(np.array(armature.matrix_world.normalized()))
    expected = from_extension("physx_blender.model.placement").moved_asset(asset, pose, scale)
    assert differences(expected, back, tolerance=5e-6) == []
    mass = from_extension("physx_blender.model.inertia").link_mass_properties
    here, there = asset.link_poses(asset.current_positions()), back.link_poses(back.current_positions())
    for link in asset.links:
        old, new = mass(asset, link.name), mass(back, link.name)
        assert new.mass == pytest.approx(old.mass * scale**3, rel=1e-5)
        assert np.allclose(
            np.linalg.eigvalsh(new.matrix), np.linalg.eigvalsh(old.matrix) * scale**5, rtol=1e-4, atol=1e-12
        )
        before = here[link.name].apply(np.array([old.centre]))[0] * scale
        after = there[link.name].apply(np.array([new.centre]))[0]
        assert np.allclose(pose.apply(before[None])[0], after, atol=2e-5)
