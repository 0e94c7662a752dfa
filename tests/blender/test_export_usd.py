# SPDX-License-Identifier: GPL-3.0-or-later
"""USD written by the operator, and read back by Blender's own importer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.blender.zoo import Load, cabinet, names


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


def world_bounds(bpy: Any, obj: Any) -> np.ndarray:
    corners = np.array(
        [
            obj.matrix_world @ v.co
            for v in obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).data.vertices
        ]
    )
    return np.array([corners.min(axis=0), corners.max(axis=0)])


def test_parts_come_back_where_they_are(bpy: Any, rig: Any, tmp_path: Path) -> None:
    rig.location = (0.5, -0.25, 0.0)
    hinge = next(b for b in rig.pose.bones if b.simready_joint.kind.lower() == "hinge")
    hinge.rotation_mode = "XYZ"
    hinge.rotation_euler.y = 0.4
    bpy.context.view_layer.update()
    parts = {o.name: world_bounds(bpy, o) for o in rig.children if o.type == "MESH" and not o.hide_render}
    file = tmp_path / "cabinet.usda"
    assert bpy.ops.simready.export_usd(filepath=str(file)) == {"FINISHED"}
    before = set(bpy.data.objects)
    assert bpy.ops.wm.usd_import(filepath=str(file)) == {"FINISHED"}
    bpy.context.view_layer.update()
    back = [o for o in bpy.data.objects if o not in before and o.type == "MESH"]
    seen: dict[str, list[np.ndarray]] = {}
    for obj in back:
        stem = obj.name.split(".")[0]
        part = max((p for p in parts if stem.startswith(p.replace(" ", "_"))), key=len)
        seen.setdefault(part, []).append(world_bounds(bpy, obj))
    assert set(seen) == set(parts)
    for part, bounds in seen.items():
        low = np.min([b[0] for b in bounds], axis=0)
        high = np.max([b[1] for b in bounds], axis=0)
        np.testing.assert_allclose([low, high], parts[part], atol=2e-3)


def test_placement_base_and_suffix(bpy: Any, rig: Any, tmp_path: Path) -> None:
    rig.location = (3.0, 0.0, 0.0)
    bpy.context.view_layer.update()
    free = tmp_path / "a.usd"
    assert bpy.ops.simready.export_usd(filepath=str(free), placement="ASSET", base="FREE") == {"FINISHED"}
    fixed = tmp_path / "b.usda"
    assert bpy.ops.simready.export_usd(filepath=str(fixed), base="FIXED") == {"FINISHED"}
    assert ":fixed" not in free.read_text()
    assert ":fixed" in fixed.read_text()
    assert "double3 xformOp:translate = (3, " in fixed.read_text()
    assert "double3 xformOp:translate = (3, " not in free.read_text()
    with pytest.raises(RuntimeError, match=r"write a \.usda"):
        bpy.ops.simready.export_usd(filepath=str(tmp_path / "c.usdc"))
    assert not (tmp_path / "c.usdc").exists()


def test_collection_and_command(bpy: Any, from_extension: Load, rig: Any, tmp_path: Path) -> None:
    collection = rig.users_collection[0]
    view = bpy.context.view_layer
    view.active_layer_collection = view.layer_collection.children[collection.name]
    assert bpy.ops.collection.exporter_add(name="SIMREADY_FH_usd") == {"FINISHED"}
    collection.exporters[0].export_properties.filepath = str(tmp_path / "c.usda")
    assert bpy.ops.collection.exporter_export(index=0) == {"FINISHED"}
    main = from_extension("operators.command_line").main
    bpy.ops.simready.export_package(directory=str(tmp_path / "cabinet"))
    assert main(["import", str(tmp_path / "cabinet"), "--output", str(tmp_path / "d.usda")]) == 0
    assert "PhysicsRevoluteJoint" in (tmp_path / "c.usda").read_text()
    assert "PhysicsRevoluteJoint" in (tmp_path / "d.usda").read_text()
