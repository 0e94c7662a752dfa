# SPDX-License-Identifier: GPL-3.0-or-later
"""Long work slice by slice, as a window does it: the same result as all at once, nothing left when stopped, one undo step."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.stretches import StandIn, measured
from tests.blender.zoo import Load, cabinet, names

LONGEST = 0.1
"""Seconds of the window's own processor time that nothing may take at once."""


@pytest.fixture
def package(tmp_path: Path, from_extension: Load) -> Path:
    asset = cabinet(names(from_extension))
    return Path(from_extension("physx_blender.formats.package").write_package(asset, tmp_path / "in"))


def blocks(bpy: Any) -> dict[str, list[str]]:
    """Names of all data that an import makes."""
    kinds = ("objects", "meshes", "armatures", "materials", "images", "cameras", "collections", "actions")
    return {kind: sorted(b.name for b in getattr(bpy.data, kind)) for kind in kinds}


def steps_of(bpy: Any, operator: str, **values: Any) -> Any:
    stand_in = StandIn(f"SIMREADY_OT_{operator}", **values)
    return stand_in.steps(bpy.context), stand_in


def json_of(from_extension: Load, asset: Any, folder: Path) -> bytes:
    from_extension("physx_blender.formats.package").write_package(asset, folder)
    return (folder / "asset.json").read_bytes()


def test_an_import_in_slices_is_the_import(
    bpy: Any, from_extension: Load, package: Path, tmp_path: Path
) -> None:
    work = from_extension("operators.work").Work
    read = from_extension("operators.common").read_asset
    file = package / "asset.json" if package.is_dir() else package
    bpy.ops.simready.import_asset(filepath=str(file))
    at_once = json_of(from_extension, read(bpy.context, []), tmp_path / "one")
    bpy.ops.wm.read_homefile(use_empty=True)
    steps, stand_in = steps_of(bpy, "import_asset", filepath=str(file))
    stretches, result = measured(work(steps), 0.002)
    assert result == {"FINISHED"}
    assert stretches.slices > 3
    assert stretches.longest < LONGEST
    assert stand_in.reports[-1][0] == {"INFO"}
    assert json_of(from_extension, read(bpy.context, []), tmp_path / "two") == at_once


def test_a_stopped_import_leaves_nothing(bpy: Any, from_extension: Load, package: Path) -> None:
    work = from_extension("operators.work").Work
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.view_layer.objects.active
    before = blocks(bpy)
    for looks in (1, 3, 5, 8, 12, 16):
        started = work(
            from_extension("physx_blender.scene.asset_to_scene").building(
                cabinet(names(from_extension)), bpy.context
            )
        )
        for _ in range(looks):
            assert not started.advance(0.0001)
        assert started.stop()
        assert blocks(bpy) == before
        assert bpy.context.view_layer.objects.active == cube
        assert cube.select_get()


def test_an_undo_in_the_middle_ends_the_work_and_leaves_nothing(bpy: Any, from_extension: Load) -> None:
    module = from_extension("operators.work")
    building = from_extension("physx_blender.scene.asset_to_scene").building
    error = from_extension("physx_blender.errors").AssetError
    bpy.ops.ed.undo_push(message="First")
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.ed.undo_push(message="Cube")
    work = module.Work(building(cabinet(names(from_extension)), bpy.context))
    work.advance(0.0001)
    bpy.ops.ed.undo()
    assert work.lost
    with pytest.raises(error, match="interrupted"):
        work.advance()
    assert not any(blocks(bpy)[kind] for kind in ("objects", "armatures", "collections"))


def test_an_import_in_slices_is_one_step_to_undo(bpy: Any, from_extension: Load, package: Path) -> None:
    """As the window does it: the step is pushed when the modal operator has finished, and not before."""
    work = from_extension("operators.work").Work
    file = package / "asset.json" if package.is_dir() else package
    bpy.ops.ed.undo_push(message="Before")
    steps, _ = steps_of(bpy, "import_asset", filepath=str(file))
    measured(work(steps))
    bpy.ops.ed.undo_push(message="Import")
    bpy.ops.ed.undo()
    assert not bpy.data.objects
    bpy.ops.ed.redo()
    assert any(o.type == "ARMATURE" for o in bpy.data.objects)


@pytest.mark.parametrize("kind", ["mjcf", "urdf", "usd"])
def test_an_export_in_slices_writes_the_same_files(
    bpy: Any, from_extension: Load, tmp_path: Path, kind: str
) -> None:
    rig = from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    bpy.context.view_layer.objects.active = rig
    suffix = {"mjcf": "xml", "urdf": "urdf", "usd": "usda"}[kind]
    getattr(bpy.ops.simready, f"export_{kind}")(filepath=str(tmp_path / "one" / f"a.{suffix}"))
    from_extension("physx_blender.scene.scene_to_asset").forget_readings()
    steps, _ = steps_of(
        bpy, f"export_{kind}", filepath=str(tmp_path / "two" / f"a.{suffix}"), filename_ext=f".{suffix}"
    )
    stretches, result = measured(from_extension("operators.work").Work(steps))
    assert result == {"FINISHED"}
    assert stretches.longest < LONGEST
    one, two = (
        {
            p.relative_to(tmp_path / f).as_posix(): p.read_bytes()
            for p in (tmp_path / f).rglob("*")
            if p.is_file()
        }
        for f in ("one", "two")
    )
    assert one == two


def test_a_check_in_slices_finds_the_same(bpy: Any, from_extension: Load) -> None:
    rig = from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    next(o for o in rig.children if o.type == "MESH").scale = (1.3, 1.3, 1.3)
    bpy.context.view_layer.update()
    bpy.ops.simready.check()
    panel = bpy.context.window_manager.simready
    before = [(f.code, f.element, f.message) for f in panel.findings]
    from_extension("physx_blender.scene.scene_to_asset").forget_readings()
    from_extension("operators.check")._MEMOS.clear()
    panel.findings.clear()
    steps, _ = steps_of(bpy, "check")
    stretches, _ = measured(from_extension("operators.work").Work(steps))
    assert before
    assert [(f.code, f.element, f.message) for f in panel.findings] == before
    assert stretches.longest < LONGEST


def bowl(from_extension: Load, sides: int) -> Any:
    outline = ((0.0, 0.0), (0.2, 0.0), (0.25, 0.3), (0.24, 0.3), (0.19, 0.01), (0.0, 0.01))
    return from_extension("physx_blender.geometry").Revolution(outline).mesh(sides)


def test_convex_pieces_are_cut_in_slices(bpy: Any, from_extension: Load) -> None:
    convex = from_extension("physx_blender.scene.convex")
    mesh = bowl(from_extension, 24)
    stretches, pieces = measured(from_extension("operators.work").Work(convex.cutting(mesh)))
    assert stretches.slices > 5
    assert stretches.longest < LONGEST
    assert convex.convex_pieces(mesh) is pieces  # from the cache
    convex._pieces.clear()
    again = convex.convex_pieces(mesh)
    assert len(again) == len(pieces)
    assert all(np.array_equal(a.vertices, b.vertices) for a, b in zip(again, pieces, strict=True))


def test_a_thread_that_computes_lets_the_window_go_on(bpy: Any, from_extension: Load) -> None:
    aside = from_extension("physx_blender.steps").aside
    work = from_extension("operators.work").Work
    usual = sys.getswitchinterval()

    def compute() -> int:
        end, count = time.monotonic() + 0.5, 0
        while time.monotonic() < end:
            count += 1
        return threading.get_ident()

    stretches, thread = measured(work(aside("Computing", compute)))
    assert thread != threading.get_ident()
    assert stretches.slices > 5
    assert stretches.longest < LONGEST
    assert sys.getswitchinterval() == usual


def test_an_error_of_a_thread_is_raised_where_its_result_is_wanted(bpy: Any, from_extension: Load) -> None:
    steps, work = from_extension("physx_blender.steps"), from_extension("operators.work").Work
    seen: list[str] = []

    def fail() -> None:
        raise ValueError("no")

    def whole() -> Iterator[Any]:
        try:
            yield from steps.aside("Failing", fail)
        except ValueError as error:
            seen.append(str(error))
        return (yield from steps.scaled(steps.aside("Failing", fail), 0.0, 1.0))

    for do in (steps.run, lambda s: measured(work(s))):
        with pytest.raises(ValueError, match="no"):
            do(whole())
    assert seen == ["no", "no"]
