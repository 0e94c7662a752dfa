# SPDX-License-Identifier: GPL-3.0-or-later
"""An asset that goes into the scene comes out of it as it went in."""

from __future__ import annotations

from typing import Any

import pytest

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
