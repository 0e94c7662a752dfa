# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window: from a picture to an asset, as the manual tells it, with its pictures."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bpy
from mathutils import Vector

sys.path.insert(0, str(Path(__file__).resolve().parent))
from handles import Handles
from session import PAUSE, SHORT, Session, run

LONGEST = 240.0
BESIDE = 0.12
"""How far to look to the right of things, by the distance of the viewer."""


def wait(condition: Callable[[], bool], seconds: float = LONGEST) -> Iterator[float]:
    """Until something has come about."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it has not come about"
        yield 0.2


def take(session: Session, name: str) -> None:
    """A picture of Blender's window; where the viewport with its sidebar is in it goes into the report."""
    window, area, _ = session.viewport()
    search = ["xdotool", "search", "--onlyvisible", "--class", "blender"]
    number = subprocess.run(search, capture_output=True, text=True, check=True).stdout.split()[0]
    path = str(session.output / f"{name}.png")
    subprocess.run(["import", "-window", number, path], check=True)
    top = window.height - area.y - area.height
    session.report.setdefault("boxes", {})[name] = [area.x, top, area.x + area.width, top + area.height]


def look(session: Session, angles: tuple[float, float, float], zoom: int) -> None:
    """Look at everything, in the middle of what the sidebar leaves."""
    session.look(angles, zoom)
    _, area, _ = session.viewport()
    view = area.spaces[0].region_3d
    view.view_location += view.view_rotation @ Vector((BESIDE * view.view_distance, 0.0, 0.0))


def show_sidebar(session: Session) -> Iterator[float]:
    """Our tab beside a viewport that fills the window."""
    session.in_window(lambda: bpy.ops.screen.screen_full_area())
    yield PAUSE
    _, area, _ = session.viewport()
    space = area.spaces[0]
    space.show_region_ui = True
    space.shading.color_type = "MATERIAL"
    space.overlay.show_bones = space.overlay.show_relationship_lines = False
    yield PAUSE
    next(r for r in area.regions if r.type == "UI").active_panel_category = "SimReady"
    yield PAUSE


def generate(session: Session) -> Iterator[float]:
    """Generate; Esc over the viewport; generate again, and wait."""
    report = session.report
    backend = session.load("operators.backend_session").session
    settings = bpy.context.preferences.addons[session.order["module"]].preferences
    settings.backend_python = session.order["backend_python"]
    # beside the file, so that the panel shows a short path
    picture = shutil.copy(session.order["picture"], session.output)
    bpy.ops.wm.save_as_mainfile(filepath=str(session.output / "scene.blend"))
    session.in_window(lambda: bpy.ops.simready.set_picture(filepath=picture))
    bpy.context.window_manager.simready.image = bpy.path.relpath(picture)
    yield PAUSE
    session.in_window(lambda: bpy.ops.simready.generate("INVOKE_DEFAULT"))
    yield from wait(lambda: backend.job is None or backend.job.progress.fraction > 0.2)
    take(session, "generating")
    yield SHORT
    yield from session.key("ESC")
    yield from wait(lambda: backend.job is None, 30.0)
    report["escape"] = [backend.last_message, len(bpy.data.objects)]
    begun = time.monotonic()
    session.in_window(lambda: bpy.ops.simready.generate("INVOKE_DEFAULT"))
    yield from wait(lambda: backend.job is None)
    report["generated"] = [backend.last_error, backend.last_message, time.monotonic() - begun]
    backend.stop()


def moving_part() -> Any:
    """A part on a joint that turns or slides."""
    rig = next(o for o in bpy.data.objects if o.type == "ARMATURE")
    kinds = ("hinge", "slide")
    moving = [b.name for b in rig.pose.bones if b.parent is not None and b.simready_joint.kind in kinds]
    return next((o for name in moving for o in rig.children if o.parent_bone == name), None)


def steps(session: Session) -> Iterator[float]:
    """The session."""
    report = session.report
    yield from session.start()
    yield from show_sidebar(session)
    yield from generate(session)
    rig = next(o for o in bpy.data.objects if o.type == "ARMATURE")
    found = session.load("operators.choices").choices(rig.simready_generation.job)
    report["proposals"] = [[c.label, c.confidence, c.parts, c.joints, c.thumbnail.is_file()] for c in found]
    parts = [o for o in rig.children_recursive if o.type == "MESH" and o.simready_part.confidence >= 0]
    report["sure"] = {o.name: o.simready_part.confidence for o in parts}
    session.select(rig.name)
    session.in_window(bpy.ops.simready.reference_board)
    look(session, (1.25, 0.0, 0.35), 1)
    bpy.context.view_layer.objects.active = rig
    yield PAUSE
    yield PAUSE  # thumbnails are loaded on a thread
    take(session, "alternatives")
    session.in_window(bpy.ops.simready.reference_board)
    session.in_window(lambda: bpy.ops.simready.look_through("EXEC_DEFAULT", True))
    yield PAUSE
    yield PAUSE
    take(session, "reference_camera")
    session.in_window(lambda: bpy.ops.simready.look_through("EXEC_DEFAULT", True))

    place = str(found[0].folder / "asset.json") if found else ""
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    bpy.context.window_manager.simready.image = ""
    session.import_asset(place)
    look(session, (1.15, 0.0, 0.5), 2)
    part = moving_part()
    report["moving"] = part.name if part is not None else ""
    if part is None:
        return
    session.select(part.name)
    yield PAUSE
    handles = Handles(session)
    view = handles.view()
    handle = "ANGLE" if view.kind == "hinge" else "TRAVEL"
    low, high = view.angle_limits or view.travel_limits or (0.0, 1.0)

    def picture() -> Iterator[float]:
        yield PAUSE
        take(session, "panel")
        yield SHORT

    yield from handles.pull(handle, low + 0.7 * (high - low), close=picture)


run(steps)
