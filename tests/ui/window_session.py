# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window: panels draw, undo works, jobs end in the scene by way of the timers.

The order names an asset package, a part, rig and bone of it, and the backend's Python (may be empty).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))
from session import PAUSE, Session, run


def scroll(session: Session, clicks: int) -> None:
    """Turn the wheel over the sidebar."""
    _, area, _ = session.viewport()
    side = next(r for r in area.regions if r.type == "UI")
    there, near = (str(side.x + 40), "300"), (str(side.x + 42), "302")
    session.mouse("mousemove", *there, "sleep", "0.3", "mousemove", *near, "sleep", "0.3")
    session.mouse("click", "--delay", "60", "--repeat", str(clicks), "5")


def steps(session: Session) -> Iterator[float]:
    """The session."""
    report, order = session.report, session.order
    yield from session.start()
    _, area, _ = session.viewport()
    area.spaces[0].show_region_ui = True
    area.spaces[0].shading.color_type = "MATERIAL"
    yield PAUSE
    for region in area.regions:
        if region.type == "UI":
            try:
                region.active_panel_category = "SimReady"
            except AttributeError:  # no such setting, or read-only until the panels have been drawn once
                report["steps"].append("category not set")
            edge = region.x
            session.mouse("mousemove", str(edge), "500", "mousedown", "1", "mousemove", str(edge - 60), "500")
            session.mouse("mousemove", str(edge - 110), "500", "mouseup", "1")
    yield PAUSE
    for region in area.regions:
        if region.type == "UI":
            region.active_panel_category = "SimReady"
    session.picture("empty")
    yield PAUSE

    session.import_asset(order["package"])
    session.look()
    yield PAUSE
    names = sorted(bpy.data.objects.keys())
    report["objects"] = names
    session.select(order["part"])
    bpy.ops.simready.open_pose("EXEC_DEFAULT", True, share=0.6)
    bpy.context.window_manager.simready.image = order.get("image", "")
    bpy.ops.simready.check("EXEC_DEFAULT", True)
    yield PAUSE
    session.picture("part")
    rig = bpy.data.objects[order["rig"]]
    session.select(rig.name)
    rig.data.bones.active = rig.data.bones[order["bone"]]
    yield PAUSE
    session.picture("joint")
    yield PAUSE

    for _ in range(2):
        session.in_window(bpy.ops.ed.undo)
        yield PAUSE
    report["after_undo"] = sorted(o.name for o in bpy.context.scene.objects)
    for _ in range(2):
        session.in_window(bpy.ops.ed.redo)
        yield PAUSE
    report["after_redo"] = sorted(o.name for o in bpy.context.scene.objects)

    if order["backend_python"]:
        yield from backend_session(session)
    bpy.context.preferences.active_section = "ADDONS"
    yield PAUSE


def backend_session(session: Session) -> Iterator[float]:
    """A job that ends in the scene by way of the timers, and one that is cancelled."""
    report, order = session.report, session.order
    running = session.load("operators.backend_session").session
    settings = bpy.context.preferences.addons[order["module"]].preferences
    settings.backend_python = order["backend_python"]
    if order.get("generate"):
        bpy.data.objects[order["rig"]].location.x = 3.0
        before = set(bpy.data.objects.keys())
        bpy.ops.simready.generate("INVOKE_DEFAULT")
        end, shown = time.monotonic() + 240, False
        while running.job is not None and time.monotonic() < end:
            if not shown and running.job.progress.fraction > 0.3:
                session.picture("progress")
                shown = True
            yield 0.3
        session.look()
        report["generate"] = {"error": running.last_error, "message": running.last_message}
        report["generated"] = sorted(set(bpy.data.objects.keys()) - before)
        bpy.ops.simready.open_pose("EXEC_DEFAULT", True, share=0.6)
        yield PAUSE
        session.picture("generated")
        for _ in range(2):  # the opened pose, and the asset
            session.in_window(bpy.ops.ed.undo)
            yield PAUSE
        report["generated_after_undo"] = sorted(o.name for o in bpy.context.scene.objects)
    bpy.ops.simready.check("INVOKE_DEFAULT", use_physics=True)
    yield from session.settled()
    bpy.ops.simready.cancel()
    end = time.monotonic() + 60
    while running.job is not None and time.monotonic() < end:
        yield 0.2
    report["cancel"] = {"error": running.last_error, "message": running.last_message}
    bpy.ops.simready.check("INVOKE_DEFAULT", use_physics=True)
    yield from session.settled()
    end = time.monotonic() + 120
    while running.job is not None and time.monotonic() < end:
        yield 0.3
    report["physics"] = {"error": running.last_error, "message": running.last_message}
    yield PAUSE
    scroll(session, 16)
    yield 2.0
    session.picture("checked")
    bpy.ops.simready.backend_stop()
    yield PAUSE


run(steps)
