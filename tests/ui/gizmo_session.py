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
from session import PAUSE, SHORT, Session, run


class Handles:
    """The handles of the active joint, as the mouse meets them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.layout = session.load("ui.gizmos.layout")
        self.drag = session.load("operators.joint_drag")

    def view(self) -> Any:
        """The active joint."""
        return self.drag.active_joint(bpy.context)[1]

    def place(self, handle: str, value: float | None = None) -> tuple[int, int]:
        """Where a handle is in the window; with a value, where it would be with that."""

        def find() -> Any:
            view = self.view()
            if value is not None:
                changes = {"ANGLE": {"angle": value}, "TRAVEL": {"travel": value}}.get(handle)
                limits = list(view.travel_limits if handle.startswith("TRAVEL") else view.angle_limits or ())
                if changes is None:
                    limits[0 if handle.endswith("_LOW") else 1] = value
                    name = "travel_limits" if handle.startswith("TRAVEL") else "angle_limits"
                    changes = {name: tuple(limits)}
                view = type(view)(**{**view.__dict__, **changes})
            return self.layout.handle_place(bpy.context, view, handle)

        return self.session.on_screen(self.session.in_window(find))

    def pull(self, handle: str, value: float, **more: Any) -> Iterator[float]:
        """Drag a handle to where it would be with a value."""
        yield from self.session.drag(self.place(handle), self.place(handle, value), **more)


def settings(rig: str, bone: str) -> Any:
    """The joint of a bone, looked up anew: an undo leaves no old reference valid."""
    return bpy.data.objects[rig].pose.bones[bone].simready_joint


def hinge(session: Session, handles: Handles) -> Iterator[float]:
    """The door: its limit, with undo and redo, Ctrl, Shift and Esc; then its angle, past its limit."""
    report, rig = session.report, session.order["rig"]

    def low() -> float:
        return float(settings(rig, "door").angle_low)

    def picture() -> Iterator[float]:
        session.picture("dragging_limit")
        report["header"] = bpy.context.window_manager.windows[0] is not None
        yield SHORT

    session.select("door")
    yield PAUSE
    yield from session.hover((40, 300))
    session.picture("hinge")
    report["before"] = low()
    yield from session.hover(handles.place("ANGLE_LOW"))
    session.picture("hinge_hover")
    yield from handles.pull("ANGLE_LOW", math.radians(-60.0), close=picture)
    report["dragged"] = low()
    report["selected_after_drag"] = bpy.context.view_layer.objects.active.name
    yield from session.undo()
    report["undone"] = low()
    report["there_after_undo"] = sorted(bpy.data.objects.keys())
    yield from session.redo()
    report["redone"] = low()

    yield from handles.pull("ANGLE_LOW", math.radians(-83.0), ctrl=True)
    report["snapped"] = low()
    yield from handles.pull("ANGLE_LOW", math.radians(-20.0), end_with="ESC")
    report["after_escape"] = low()
    yield from session.undo()
    report["undone_after_escape"] = low()
    yield from handles.pull("ANGLE_LOW", math.radians(-100.0), shift=True)
    report["fine"] = low()

    yield from handles.pull("ANGLE", math.radians(-140.0), steps=10)
    posed = bpy.data.objects[rig].pose.bones["door"]
    report["angle"] = float(posed.rotation_euler[1])
    report["angle_limit"] = low()
    session.picture("hinge_open")
    yield from session.undo()
    report["angle_undone"] = float(bpy.data.objects[rig].pose.bones["door"].rotation_euler[1])
    yield from session.redo()


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
    yield from session.hover(handles.place("TRAVEL_HIGH"))
    session.picture("slide")
    yield from session.undo()
    report["travel_undone"] = float(handles.view().travel)


def steps(session: Session) -> Iterator[float]:
    """The session."""
    yield from session.start()
    session.import_asset(session.order["package"])
    session.look((1.1, 0.0, -0.5), zoom=-1)
    _, area, _ = session.viewport()
    area.spaces[0].shading.color_type = "MATERIAL"
    area.spaces[0].show_region_ui = False
    yield PAUSE
    session.in_window(lambda: bpy.ops.ed.undo_push(message="Ready"))
    handles = Handles(session)
    yield from hinge(session, handles)
    yield from slide(session, handles)


run(steps)
