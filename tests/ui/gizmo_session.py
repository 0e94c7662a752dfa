# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window: drags the handles of a door and of a drawer with the mouse."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))
from handles import Handles
from session import PAUSE, Session, run


def settings(rig: str, bone: str) -> Any:
    """The joint of a bone, looked up anew: an undo leaves no old reference valid."""
    return bpy.data.objects[rig].pose.bones[bone].simready_joint


def hinge(session: Session, handles: Handles) -> Iterator[float]:
    """The door: its limit, with undo and redo, Ctrl, Shift and Esc; then its angle, past its limit."""
    report, rig = session.report, session.order["rig"]

    def high() -> float:
        return float(settings(rig, "left door").angle_high)

    def picture() -> Iterator[float]:
        yield PAUSE  # until what the mouse has done is drawn
        session.picture("dragging_limit")

    session.select("left door")
    yield PAUSE
    report["before"] = high()
    yield from session.hover(handles.place("ANGLE_HIGH"))
    session.picture("hinge_hover")
    yield from handles.pull("ANGLE_HIGH", math.radians(60.0), close=picture)
    report["dragged"] = high()
    report["selected_after_drag"] = bpy.context.view_layer.objects.active.name
    yield from session.undo()
    report["undone"] = high()
    report["there_after_undo"] = sorted(bpy.data.objects.keys())
    yield from session.redo()
    report["redone"] = high()

    yield from handles.pull("ANGLE_HIGH", math.radians(84.2), ctrl=True)
    report["snapped"] = high()
    yield from handles.pull("ANGLE_HIGH", math.radians(20.0), end_with="ESC")
    report["after_escape"] = high()
    yield from session.undo()
    report["undone_after_escape"] = high()
    yield from handles.pull("ANGLE_HIGH", math.radians(100.0), shift=True)
    report["fine"] = high()

    yield from handles.pull("ANGLE", math.radians(140.0), steps=6)
    report["angle"] = float(bpy.data.objects[rig].pose.bones["left door"].rotation_euler[1])
    report["angle_limit"] = high()
    yield from session.undo()
    report["angle_undone"] = float(bpy.data.objects[rig].pose.bones["left door"].rotation_euler[1])
    yield from session.redo()
    yield from session.hover(handles.place("ANGLE"))
    session.picture("hinge_open")


def slide(session: Session, handles: Handles) -> Iterator[float]:
    """The drawer: its upper limit and its travel."""
    report, rig = session.report, session.order["rig"]
    session.select("drawer")
    yield PAUSE
    report["travel_before"] = float(settings(rig, "drawer").travel_high)
    yield from handles.pull("TRAVEL_HIGH", 0.2)
    report["travel_dragged"] = float(settings(rig, "drawer").travel_high)
    yield from handles.pull("TRAVEL_HIGH", 0.233, ctrl=True)
    report["travel_snapped"] = float(settings(rig, "drawer").travel_high)
    yield from handles.pull("TRAVEL", 0.15)
    report["travel"] = float(handles.view().travel)
    yield from session.hover(handles.place("TRAVEL"))
    session.picture("slide")
    yield from session.undo()
    report["travel_undone"] = float(handles.view().travel)


def others(session: Session, handles: Handles) -> Iterator[float]:
    """The lever's cone, the valve's two ranges, the dial that turns on and on, the door that follows."""
    report, rig = session.report, session.order["rig"]
    session.select("lever")
    yield PAUSE
    yield from handles.pull("CONE", math.radians(50.0))
    report["cone"] = float(settings(rig, "lever").angle_high)
    session.picture("ball")
    session.select("valve")
    yield PAUSE
    session.picture("cylindrical")
    session.select("dial")
    yield PAUSE
    for angle in (math.radians(120.0), math.radians(240.0), math.radians(360.0)):
        yield from handles.pull("ANGLE", angle)
    report["dial"] = float(handles.view().angle)
    session.picture("dial")
    session.select("right door")
    yield PAUSE
    before = float(handles.view().angle)
    centre = session.on_screen(handles.view().origin)
    yield from session.drag((centre[0] + 50, centre[1]), (centre[0] + 50, centre[1] + 40))
    report["follower_moved"] = abs(float(handles.view().angle) - before)
    session.picture("follower")


def steps(session: Session) -> Iterator[float]:
    """The session."""
    yield from session.start()
    session.import_asset(session.order["package"])
    session.look((1.1, 0.0, -0.4), zoom=0)
    _, area, _ = session.viewport()
    area.spaces[0].shading.color_type = "MATERIAL"
    area.spaces[0].show_region_ui = False
    area.spaces[0].overlay.show_bones = area.spaces[0].overlay.show_relationship_lines = False
    yield PAUSE
    session.in_window(lambda: bpy.ops.ed.undo_push(message="Ready"))
    handles = Handles(session)
    scene = {"hinge": hinge, "slide": slide, "others": others}[session.order["scene"]]
    yield from scene(session, handles)


run(steps)
