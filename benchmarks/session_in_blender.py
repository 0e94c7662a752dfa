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
    session = importlib.import_module("bl_ext.user_default.simready_props.operators.backend_session").session
    try:
        timed("simulate 1 frame, with the start of the backend", lambda: ops.simulate(frames=1, bake=False))
        timed(f"simulate {FRAMES} frames and bake", lambda: ops.simulate(frames=FRAMES))
    finally:
        session.stop()
    return figures


if __name__ == "__main__":
    said = json.loads(Path(sys.argv[-1]).read_text())
    Path(said["result"]).write_text(json.dumps(main(said)))
    os._exit(0)  # bpy 4.5 does not end by itself while operators are registered
