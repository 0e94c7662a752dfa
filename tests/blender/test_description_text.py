# SPDX-License-Identifier: GPL-3.0-or-later
"""Edit as Text and Rebuild from Text, in real Blender."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.blender.zoo import Load, cabinet, differences, names, zoo


def read(from_extension: Load, bpy: Any) -> Any:
    return from_extension("operators.common").read_asset(bpy.context, [], placed=False)


def test_unchanged_text_changes_nothing(bpy: Any, from_extension: Load) -> None:
    before = zoo(names(from_extension))
    rig = from_extension("physx_blender.scene").asset_to_scene(before, bpy.context)
    assert bpy.ops.simready.edit_text() == {"FINISHED"}
    text = bpy.data.texts[rig.name + ".asset.toml"].as_string()
    assert text.count("[part.") == len(before.parts)
    assert bpy.ops.simready.rebuild_from_text() == {"CANCELLED"}, "there is nothing to rebuild"
    # the description goes through the scene: meshes and textures stay what they are
    assert differences(before, read(from_extension, bpy)) == []


def test_rebuilt_where_it_stood_with_what_was_changed(bpy: Any, from_extension: Load) -> None:
    rig = from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    before = read(from_extension, bpy)
    rig.location, rig.rotation_euler = (1.0, 2.0, 0.0), (0.0, 0.0, 0.5)
    bpy.context.view_layer.update()
    bpy.ops.simready.edit_text()
    text = bpy.data.texts["cabinet.asset.toml"]
    hinge = next(j for j in before.joints if j.kind.value == "hinge")
    low = math.degrees(hinge.angle_limits[0])
    said = text.as_string()
    assert f"angle = [{low:.7g}" in said
    said = said.replace(f"angle = [{low:.7g}", "angle = [-42.0", 1)
    said = said.replace('name = "cabinet"', 'name = "cupboard"', 1)
    text.from_string(said)
    bpy.ops.ed.undo_push(message="Text changed")
    assert bpy.ops.simready.rebuild_from_text("EXEC_DEFAULT", True) == {"FINISHED"}
    new = bpy.context.view_layer.objects.active
    assert (new.name, new.users_collection[0].name) == ("cupboard", "cupboard")
    assert tuple(new.location) == pytest.approx((1.0, 2.0, 0.0))
    assert new.matrix_world.to_euler().z == pytest.approx(0.5)
    after = read(from_extension, bpy)
    changed = next(j for j in after.joints if j.name == hinge.name)
    assert changed.angle_limits[0] == pytest.approx(math.radians(-42.0))
    assert [o.name for o in bpy.data.objects if o.type == "ARMATURE"] == ["cupboard"]
    assert not [m for m in bpy.data.meshes if m.users == 0], "meshes of the old rig are left behind"
    assert "cupboard.asset.toml" in bpy.data.texts
    assert len(bpy.data.texts) == 1
    bpy.ops.ed.undo()
    assert [o.name for o in bpy.data.objects if o.type == "ARMATURE"] == ["cabinet"]
    assert differences(before, read(from_extension, bpy)) == []


def test_mistake_is_told_with_its_line_and_changes_nothing(bpy: Any, from_extension: Load) -> None:
    from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    objects = sorted(o.name for o in bpy.data.objects)
    bpy.ops.simready.edit_text()
    text = bpy.data.texts["cabinet.asset.toml"]
    said = text.as_string()
    text.from_string(said.replace("anchor = [", "anchor = [true, ", 1))
    line = said[: said.index("anchor = [")].count("\n") + 1
    with pytest.raises(RuntimeError, match=rf"line {line}, joint .*anchor must be 3 numbers"):
        bpy.ops.simready.rebuild_from_text()
    assert sorted(o.name for o in bpy.data.objects) == objects


def test_there_must_be_a_text(bpy: Any, from_extension: Load) -> None:
    from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    with pytest.raises(RuntimeError, match="Use Edit as Text first"):
        bpy.ops.simready.rebuild_from_text()
