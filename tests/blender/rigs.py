# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of joint tools share: selecting, reading back, and comparing places."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.blender.zoo import Load


def select(bpy: Any, *objects: Any) -> None:
    """Select these alone; the last one becomes active."""
    for obj in list(bpy.context.selected_objects):
        obj.select_set(False)
    for obj in objects:
        obj.select_set(True)
    bpy.context.view_layer.objects.active = objects[-1]


def read(from_extension: Load, bpy: Any) -> Any:
    """The active asset as it would be exported."""
    return from_extension("operators.common").read_asset(bpy.context, [])


def rest_places(asset: Any) -> dict[str, Any]:
    """Vertices of all parts that have any, at rest."""
    return {
        p.name: np.concatenate([s.pose.apply(s.shape.mesh().vertices) for s in p.shapes])
        for p in asset.parts
        if p.shapes
    }


def same_parts(before: Any, after: Any) -> None:
    """No part has moved at rest."""
    here, there = rest_places(before), rest_places(after)
    assert here.keys() == there.keys()
    for name, points in here.items():
        assert np.abs(points - there[name]).max() < 2e-6, name


def box(bpy: Any, name: str, size: tuple[float, float, float], place: tuple[float, float, float]) -> Any:
    """A plain mesh object."""
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=place, scale=size)
    obj = bpy.context.active_object
    obj.name = name
    return obj


def undone_in_one_step(bpy: Any, state: Any, operator: Any) -> None:
    """`operator` changes what `state` returns; one undo takes it back, and one redo brings it again."""
    bpy.ops.ed.undo_push(message="Before")
    before = state()
    assert operator("EXEC_DEFAULT", True) == {"FINISHED"}
    after = state()
    assert after != before
    bpy.ops.ed.undo()
    assert state() == before
    bpy.ops.ed.redo()
    assert state() == after
