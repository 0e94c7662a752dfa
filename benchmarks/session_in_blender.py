# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside Blender for `session.py`: one whole session, each step with a clock around it."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.stretches import StandIn, measured

FRAMES = 250


def main(order: dict[str, str]) -> dict[str, float]:
    """Import, check, pose, export, simulate; seconds each."""
    importlib.import_module("addon_utils")
    figures: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start, worked = time.perf_counter(), time.process_time()
        result = work()
        worked = time.process_time() - worked
        figures[name], figures[f"{name}, processor"] = time.perf_counter() - start, worked
        print(
            f"{order['version']}  {name}: {figures[name]:.3f} s, processor {worked:.3f} s",
            file=sys.stderr,
            flush=True,
        )
        return result

    def load(name: str) -> Any:
        return importlib.import_module(f"bl_ext.user_default.simready_props.{name}")

    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.extensions.package_install_files(
        filepath=order["extension"], repo="user_default", enable_on_install=True
    )
    ops, folder = bpy.ops.simready, Path(order["folder"])
    timed("import", lambda: ops.import_asset(filepath=order["package"]))
    rig = next(o for o in bpy.context.scene.objects if o.type == "ARMATURE")
    bpy.context.view_layer.objects.active = rig
    figures["parts"] = float(sum(o.type == "MESH" and bool(o.parent) for o in bpy.data.objects))
    settings: Any = getattr(bpy.context.window_manager, "simready_viewport", None)
    if settings is not None:
        timed("overlay on", lambda: setattr(settings, "show_overlay", True))
        timed("overlay off", lambda: setattr(settings, "show_overlay", False))
    timed("check", lambda: ops.check(use_physics=False, wait=True))
    timed("check again", lambda: ops.check(use_physics=False, wait=True))
    timed("open all joints", lambda: (ops.open_pose(), bpy.context.view_layer.update()))
    timed("close all joints", lambda: (ops.rest_pose(), bpy.context.view_layer.update()))
    timed("export MJCF", lambda: ops.export_mjcf(filepath=str(folder / "out.xml")))
    timed("export URDF", lambda: ops.export_urdf(filepath=str(folder / "out.urdf")))
    timed("export USD", lambda: ops.export_usd(filepath=str(folder / "out.usda")))
    session = load("operators.backend_session").session
    try:
        timed("simulate 1 frame, with the start of the backend", lambda: ops.simulate(frames=1, bake=False))
        timed(f"simulate {FRAMES} frames and bake", lambda: ops.simulate(frames=FRAMES))
        recording = recorded(load, FRAMES)
    finally:
        session.stop()
    figures |= longest_stretches(load, order, recording)
    return figures


def recorded(load: Callable[[str], Any], frames: int) -> Any:
    """So many frames of the scene, simulated, and not keyed."""
    return load("operators.simulation_player").calculate(bpy.context, frames)


def longest_stretches(load: Callable[[str], Any], order: dict[str, str], recording: Any) -> dict[str, float]:
    """How long each operator holds the window at a time, on a new file."""
    work = load("operators.work").Work
    folder, found = Path(order["folder"]), {}

    def timed(name: str, generator: Any) -> None:
        stretches, _ = measured(work(generator))
        key = f"{name}, longest stretch"
        found[key] = stretches.longest
        print(
            f"{order['version']}  {key}: {stretches.slice:.3f} s ({stretches.text}), evaluation {stretches.evaluation:.3f} s, "
            f"of {stretches.total:.3f} s in {stretches.slices} slices",
            file=sys.stderr,
            flush=True,
        )

    def operator(name: str, **values: Any) -> Any:
        return StandIn(f"SIMREADY_OT_{name}", **values).steps(bpy.context)

    def fresh() -> None:
        bpy.context.view_layer.update()
        load("physx_blender.scene.scene_to_asset").forget_readings()

    timed("bake", recording.baking())
    bpy.ops.wm.read_homefile(use_empty=True)
    timed("import", operator("import_asset", filepath=order["package"]))
    for name, generator in (
        ("check", lambda: operator("check", wait=False)),
        ("colliding limits", lambda: operator("find_colliding_limits")),
        ("export MJCF", lambda: operator("export_mjcf", filepath=str(folder / "again.xml"))),
        ("export URDF", lambda: operator("export_urdf", filepath=str(folder / "again.urdf"))),
        ("export USD", lambda: operator("export_usd", filepath=str(folder / "again.usda"))),
        ("export package", lambda: operator("export_package", directory=str(folder / "again"))),
        (
            "read for a simulation",
            lambda: load("physx_blender.scene.simulation.stage").stage_ahead(bpy.context),
        ),
    ):
        fresh()
        timed(name, generator())
    timed("cut a concave mesh", load("physx_blender.scene.convex").cutting(concave(load)))
    return found


def concave(load: Callable[[str], Any]) -> Any:
    """A pot of 800 triangles."""
    geometry = load("physx_blender.geometry")
    outline = ((0.0, 0.0), (0.2, 0.0), (0.25, 0.3), (0.24, 0.3), (0.19, 0.01), (0.0, 0.01))
    return geometry.Revolution(outline).mesh(100)


if __name__ == "__main__":
    said = json.loads(Path(sys.argv[-1]).read_text())
    Path(said["result"]).write_text(json.dumps(main(said)))
    os._exit(0)  # bpy 4.5 does not end by itself while operators are registered
