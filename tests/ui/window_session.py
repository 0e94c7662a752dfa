# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window: `blender --python window_session.py -- ORDER.json`.

The order names the extension's zip, an asset package, the backend's Python (may be empty) and a folder for results.
Every step runs from a timer, as a user's clicks would come between redraws; pictures of the window are taken on the
way. What went wrong is in report.json.
"""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bpy
from mathutils import Euler

ORDER = json.loads(Path(sys.argv[sys.argv.index("--") + 1]).read_text())
OUTPUT = Path(ORDER["output"])
MODULE = ORDER["module"]
REPORT: dict[str, Any] = {"errors": [], "steps": []}
PAUSE = 0.6


def load(name: str) -> Any:
    return importlib.import_module(f"{MODULE}.{name}")


def viewport() -> tuple[Any, Any, Any]:
    window = bpy.context.window_manager.windows[0]
    area = next(a for a in window.screen.areas if a.type == "VIEW_3D")
    return window, area, next(r for r in area.regions if r.type == "WINDOW")


def picture(name: str) -> None:
    if shutil.which("import"):
        subprocess.run(["import", "-window", "root", str(OUTPUT / f"{name}.png")], check=False)


def mouse(*arguments: str) -> None:
    if shutil.which("xdotool"):
        subprocess.run(["xdotool", *arguments], check=False)


def frame_all() -> None:
    """Look at everything from the front quarter."""
    window, area, region = viewport()
    area.spaces[0].region_3d.view_rotation = Euler((1.25, 0.0, -0.6)).to_quaternion()
    with bpy.context.temp_override(window=window, area=area, region=region):
        bpy.ops.object.select_all(action="SELECT")
        bpy.ops.view3d.view_selected()
        bpy.ops.view3d.zoom(delta=-2)
        bpy.ops.object.select_all(action="DESELECT")


def scroll(clicks: int) -> None:
    """Turn the wheel over the sidebar."""
    _, area, _ = viewport()
    side = next(r for r in area.regions if r.type == "UI")
    mouse(
        "mousemove",
        str(side.x + 40),
        "300",
        "sleep",
        "0.3",
        "mousemove",
        str(side.x + 42),
        "302",
        "sleep",
        "0.3",
    )
    mouse("click", "--delay", "60", "--repeat", str(clicks), "5")


def select(name: str) -> None:
    for obj in bpy.context.view_layer.objects.selected:
        obj.select_set(False)
    bpy.data.objects[name].select_set(True)
    bpy.context.view_layer.objects.active = bpy.data.objects[name]


def in_window(operator: Callable[[], Any]) -> None:
    window, area, region = viewport()
    with bpy.context.temp_override(window=window, area=area, region=region):
        operator()


def session() -> Iterator[float]:
    """Steps, each ended by the seconds until the next."""
    mouse("mousemove", "400", "600", "key", "Escape")  # the splash screen
    yield 1.0
    bpy.ops.extensions.package_install_files(
        filepath=ORDER["archive"], repo="user_default", enable_on_install=True
    )
    assert MODULE in bpy.context.preferences.addons
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    _, area, _ = viewport()
    area.spaces[0].show_region_ui = True
    area.spaces[0].shading.color_type = "MATERIAL"
    yield PAUSE
    for region in area.regions:
        if region.type == "UI":
            try:
                region.active_panel_category = "SimReady"
            except AttributeError:  # no such setting, or read-only until the panels have been drawn once
                REPORT["steps"].append("category not set")
            edge = region.x
            mouse("mousemove", str(edge), "720", "mousedown", "1", "mousemove", str(edge - 60), "720")
            mouse("mousemove", str(edge - 110), "720", "mouseup", "1")
    yield PAUSE
    for region in area.regions:
        if region.type == "UI":
            region.active_panel_category = "SimReady"
    picture("empty")
    yield PAUSE

    window, area, region = viewport()
    with bpy.context.temp_override(window=window, area=area, region=region):
        bpy.ops.simready.import_asset("EXEC_DEFAULT", True, filepath=ORDER["package"])
    frame_all()
    yield PAUSE
    names = sorted(bpy.data.objects.keys())
    REPORT["objects"] = names
    select(ORDER["part"])
    bpy.ops.simready.open_pose("EXEC_DEFAULT", True, share=0.6)
    bpy.context.window_manager.simready.image = ORDER.get("image", "")
    bpy.ops.simready.check("EXEC_DEFAULT", True)
    yield PAUSE
    picture("part")
    rig = bpy.data.objects[ORDER["rig"]]
    select(rig.name)
    rig.data.bones.active = rig.data.bones[ORDER["bone"]]
    yield PAUSE
    picture("joint")
    yield PAUSE

    for _ in range(2):
        in_window(bpy.ops.ed.undo)
        yield PAUSE
    REPORT["after_undo"] = sorted(o.name for o in bpy.context.scene.objects)
    for _ in range(2):
        in_window(bpy.ops.ed.redo)
        yield PAUSE
    REPORT["after_redo"] = sorted(o.name for o in bpy.context.scene.objects)

    if ORDER["backend_python"]:
        yield from backend_session()
    bpy.context.preferences.active_section = "ADDONS"
    yield PAUSE


def backend_session() -> Iterator[float]:
    """A job that ends in the scene by way of the timers, and one that is cancelled."""
    running = load("operators.backend_session").session
    settings = bpy.context.preferences.addons[MODULE].preferences
    settings.backend_python = ORDER["backend_python"]
    if ORDER.get("generate"):
        bpy.data.objects[ORDER["rig"]].location.x = 3.0
        before = set(bpy.data.objects.keys())
        bpy.ops.simready.generate("INVOKE_DEFAULT")
        end, shown = time.monotonic() + 240, False
        while running.job is not None and time.monotonic() < end:
            if not shown and running.job.progress.fraction > 0.3:
                picture("progress")
                shown = True
            yield 0.3
        frame_all()
        REPORT["generate"] = {"error": running.last_error, "message": running.last_message}
        REPORT["generated"] = sorted(set(bpy.data.objects.keys()) - before)
        bpy.ops.simready.open_pose("EXEC_DEFAULT", True, share=0.6)
        yield PAUSE
        picture("generated")
        for _ in range(2):  # the opened pose, and the asset
            in_window(bpy.ops.ed.undo)
            yield PAUSE
        REPORT["generated_after_undo"] = sorted(o.name for o in bpy.context.scene.objects)
    bpy.ops.simready.check("INVOKE_DEFAULT", use_physics=True)
    yield PAUSE
    bpy.ops.simready.cancel()
    end = time.monotonic() + 60
    while running.job is not None and time.monotonic() < end:
        yield 0.2
    REPORT["cancel"] = {"error": running.last_error, "message": running.last_message}
    bpy.ops.simready.check("INVOKE_DEFAULT", use_physics=True)
    end = time.monotonic() + 120
    while running.job is not None and time.monotonic() < end:
        yield 0.3
    REPORT["physics"] = {"error": running.last_error, "message": running.last_message}
    yield PAUSE
    scroll(16)
    yield 2.0
    picture("checked")
    bpy.ops.simready.backend_stop()
    yield PAUSE


def main() -> None:
    steps = session()

    def advance() -> float | None:
        try:
            return next(steps)
        except StopIteration:
            pass
        except Exception:  # noqa: BLE001 - the report is read by the test
            REPORT["errors"].append(traceback.format_exc())
            picture("failed")
        (OUTPUT / "report.json").write_text(json.dumps(REPORT, indent=1))
        bpy.ops.wm.quit_blender()
        return None

    bpy.context.preferences.view.show_splash = False
    bpy.app.timers.register(advance, first_interval=2.0)


main()
