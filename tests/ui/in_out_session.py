# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window: files dropped, proposals swapped, the reference camera, Esc on a job."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))
from session import PAUSE, Session, run


def drop(session: Session, path: str) -> Any:
    """A file let go over the viewport, after Blender has found out which handlers want it."""
    file = Path(path)
    return session.in_window(
        lambda: bpy.ops.wm.drop_import_file(
            "INVOKE_DEFAULT", directory=str(file.parent), files=[{"name": file.name}]
        )
    )


def rigs() -> list[str]:
    return sorted(o.name for o in bpy.context.scene.objects if o.type == "ARMATURE")


def steps(session: Session) -> Iterator[float]:
    """The session."""
    report, order = session.report, session.order
    yield from session.start()
    _, area, _ = session.viewport()
    area.spaces[0].show_region_ui = True
    yield PAUSE
    for region in area.regions:
        if region.type == "UI":
            region.active_panel_category = "SimReady"

    for kind in ("urdf", "mjcf", "package"):
        drop(session, order[kind])
        yield from session.settled()
        end = time.monotonic() + 30.0
        # it is read beside the window
        while (not rigs() or session.viewport()[0].modal_operators) and time.monotonic() < end:
            yield PAUSE
        report[f"dropped_{kind}"] = rigs()
        for obj in list(bpy.data.objects):
            bpy.data.objects.remove(obj)
        yield PAUSE
    # two handlers want a picture, Blender's own and ours: a menu asks
    report["dropped_picture"] = sorted(drop(session, order["picture"]))
    yield PAUSE
    session.picture("drop_menu")
    session.event("ESC", "PRESS", (40, 40))
    session.event("ESC", "RELEASE", (40, 40))
    yield PAUSE

    yield from proposals(session)
    yield from clipboard(session)
    if order["backend_python"]:
        yield from escape(session)


def proposals(session: Session) -> Iterator[float]:
    """A finished job, whose files the order names, and what one does with it."""
    report, order = session.report, session.order
    made = session.load("operators.generate").generate_order(order["picture"], "", 3, "sideboard")
    session.load("physx_blender.steps").run(made.done(bpy.context, None, Path(order["result"])))
    session.look()
    yield PAUSE
    report["made"] = rigs()
    report["picture_beside"] = sorted(session.in_window(bpy.ops.simready.reference_board))
    yield PAUSE
    session.picture("proposals")
    session.in_window(lambda: bpy.ops.simready.use_choice("EXEC_DEFAULT", True, number=1))
    yield PAUSE
    rig = bpy.context.view_layer.objects.active
    report["used"] = [rig.name, rig.simready_generation.choice]
    yield from session.undo()
    rig = bpy.data.objects["sideboard"]
    report["after_undo"] = [rig.name, rig.simready_generation.choice]

    bpy.context.view_layer.objects.active = rig
    _, area, _ = session.viewport()
    space = area.spaces[0]
    for name in ("through", "back"):
        session.in_window(lambda: bpy.ops.simready.look_through("EXEC_DEFAULT", True))
        yield PAUSE
        camera = next(o for o in rig.children if o.type == "CAMERA")
        report[name] = [space.region_3d.view_perspective, camera.visible_get(), space.camera == camera]
        session.picture(name)
    report["scene_camera"] = bpy.context.scene.camera is None


def copy_picture(path: str) -> bool:
    """Put a picture into the clipboard as another program would, where there is one that can."""
    program = shutil.which("xclip")
    if program is None:
        return False
    words = [program, "-selection", "clipboard", "-target", "image/png", "-in", path]
    # it stays, to hand the picture over; what it inherits must not keep anybody waiting
    return (
        subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
        == 0
    )


def clipboard(session: Session) -> Iterator[float]:
    """Paste where the system can, and say so where it cannot."""
    _, area, _ = session.viewport()
    kind = area.ui_type
    bpy.context.window_manager.simready.image = ""
    session.report["copied"] = copy_picture(session.order["picture"])
    yield PAUSE
    try:
        session.in_window(bpy.ops.simready.paste_picture)
        said = "pasted" if Path(bpy.context.window_manager.simready.image).is_file() else "nothing"
    except RuntimeError as error:
        said = str(error)
    yield PAUSE
    session.report["paste"] = said
    if said == "pasted":
        got = Path(bpy.context.window_manager.simready.image).read_bytes()
        session.report["same_picture"] = got == Path(session.order["picture"]).read_bytes()
    session.report["area_kept"] = area.ui_type == kind


def escape(session: Session) -> Iterator[float]:
    """Esc over the viewport ends the job; without a job it means what it always means."""
    report, order = session.report, session.order
    backend = session.load("operators.backend_session").session
    settings = bpy.context.preferences.addons[order["module"]].preferences
    settings.backend_python = order["backend_python"]
    bpy.context.view_layer.objects.active = bpy.data.objects["sideboard"]
    _, _, region = session.viewport()
    place = (region.x + region.width // 3, region.y + region.height // 2)
    yield from session.hover(place)
    # at once, while the backend still starts: the job must not be able to end by itself before
    session.in_window(lambda: bpy.ops.simready.check("INVOKE_DEFAULT", use_physics=True))
    yield from session.settled()
    session.event("ESC", "PRESS", place)
    session.event("ESC", "RELEASE", place)
    end = time.monotonic() + 30
    while backend.job is not None and time.monotonic() < end:
        yield 0.1
    report["escape"] = {"error": backend.last_error, "message": backend.last_message}
    backend.stop()


run(steps)
