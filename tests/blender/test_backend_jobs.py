# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs on a real backend in its own environment, from inside Blender."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.blender.zoo import Load, cabinet, names

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURE = ROOT / "examples" / "nightstand.png"


def pump(session: Any, until: Any, seconds: float) -> None:
    """What Blender's timers do in a window."""
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        session.tick()
        time.sleep(0.05)
    assert until(), session.last_error or (session.job.progress if session.job else session.state())


def test_physics_test_of_the_scene(bpy: Any, from_extension: Load, backend: Any) -> None:
    from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    assert bpy.ops.simready.check(use_physics=True, wait=True) == {"FINISHED"}
    panel = bpy.context.window_manager.simready
    assert panel.checked == "cabinet"
    assert "physics test" in backend.last_message


def test_job_in_the_background_runs_and_can_be_cancelled(
    bpy: Any, from_extension: Load, backend: Any
) -> None:
    check = from_extension("operators.check")
    order = check.physics_order(cabinet(names(from_extension)), "cabinet", [])
    backend.order(bpy.context, order)
    with pytest.raises(from_extension("physx_blender.errors").AssetError, match="still running"):
        backend.order(bpy.context, order)
    assert not bpy.ops.simready.generate.poll()
    assert bpy.ops.simready.cancel() == {"FINISHED"}
    pump(backend, lambda: backend.job is None, 60.0)
    assert (backend.last_message, backend.last_error) == ("Cancelled", "")
    done: list[Any] = []
    order = check.physics_order(cabinet(names(from_extension)), "cabinet", [])
    backend.order(bpy.context, type(order)(order.title, order.kind, order.request, lambda *a: done.append(a)))
    pump(backend, lambda: backend.job is None, 90.0)
    assert backend.last_error == ""
    assert done[0][1].result["report"]["gate"]


def test_backend_that_cannot_start_is_explained(
    bpy: Any, from_extension: Load, backend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMREADY_BACKEND_PYTHON", "/nowhere/python")
    with pytest.raises(RuntimeError, match="environment"):
        bpy.ops.simready.backend_start(wait=True)
    assert bpy.ops.simready.backend_stop() == {"FINISHED"}


def test_picture_becomes_a_rig(bpy: Any, from_extension: Load, backend: Any) -> None:
    bpy.ops.ed.undo_push(message="Before")
    assert bpy.ops.simready.generate(image=str(PICTURE), name="thing", seed=3, wait=True) == {"FINISHED"}
    rig = bpy.context.view_layer.objects.active
    assert (rig.name, rig.simready_asset.is_asset) == ("thing", True)
    asset = from_extension("operators.common").read_asset(bpy.context, [])
    assert asset.joints
    assert asset.provenance.generator == "embedded"
    assert asset.provenance.seed == 3
    assert asset.camera is not None
    assert 0.0 <= rig.simready_asset.confidence <= 1.0
    camera = next(o for o in rig.children if o.type == "CAMERA")
    assert camera.data.background_images[0].image.packed_file is not None
    bpy.ops.ed.undo()
    assert not bpy.data.objects


def test_generation_is_cancelled_within_two_seconds(bpy: Any, from_extension: Load, backend: Any) -> None:
    generate = from_extension("operators.generate")
    backend.order(bpy.context, generate.generate_order(str(PICTURE), "", 0, ""))
    pump(backend, lambda: backend.job.progress.fraction > 0.1, 90.0)
    assert bpy.ops.simready.cancel() == {"FINISHED"}
    start = time.monotonic()
    pump(backend, lambda: backend.job is None, 20.0)
    assert time.monotonic() - start < 2.0
    assert backend.last_message == "Cancelled"
    assert not bpy.data.objects


def test_start_and_stop(bpy: Any, from_extension: Load, backend: Any) -> None:
    states = from_extension("physx_blender.protocol").ServerState
    assert bpy.ops.simready.backend_start(wait=True) == {"FINISHED"}
    assert backend.state() is states.RUNNING
    assert bpy.ops.simready.backend_stop() == {"FINISHED"}
    assert backend.state() is states.STOPPED


def test_another_seed_takes_the_place_and_brings_proposals(
    bpy: Any, from_extension: Load, backend: Any
) -> None:
    assert bpy.ops.simready.generate(image=str(PICTURE), name="thing", seed=3, wait=True) == {"FINISHED"}
    rig = bpy.context.view_layer.objects.active
    choices = from_extension("operators.choices").choices
    first = choices(rig.simready_generation.job)
    assert len(first) >= 2
    assert len({c.thumbnail.read_bytes() for c in first}) == len(first)
    assert bpy.ops.simready.use_choice(number=1) == {"FINISHED"}
    rig = bpy.context.view_layer.objects.active
    rig.location.x = 1.5
    assert bpy.ops.simready.regenerate(wait=True) == {"FINISHED"}
    rig = bpy.context.view_layer.objects.active
    assert (rig.name, rig.location.x) == ("thing", 1.5)
    assert (rig.simready_generation.seed, rig.simready_generation.choice) == ("4", 0)
    assert [o.name for o in bpy.data.objects if o.type == "ARMATURE"] == ["thing"]
    assert choices(rig.simready_generation.job)
    assert from_extension("operators.common").read_asset(bpy.context, []).provenance.seed == 4
