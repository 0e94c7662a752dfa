# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window for `panels.py`: a clock around every panel's `draw`."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "ui"))
from session import PAUSE, Session, run

TIMES = 12


class Clock:
    """Calls with a clock around them; what they take is added to `times`, in ms of the processor.

    Blender counts the arguments of what it calls, so each kind of call has a function of its own.
    """

    def __init__(self, times: list[float]) -> None:
        self.times = times

    def _timed(self, call: Callable[..., Any], *arguments: Any) -> Any:
        worked = time.thread_time()
        try:
            return call(*arguments)
        finally:
            self.times.append(1000.0 * (time.thread_time() - worked))

    def draw(self, call: Callable[..., None]) -> Callable[..., None]:
        """Of a panel."""
        return lambda itself, context: self._timed(call, itself, context)

    def draw_item(self, call: Callable[..., None]) -> Callable[..., None]:
        """Of a list: one line."""
        return lambda itself, context, layout, data, item, icon, active, name, index: self._timed(
            call, itself, context, layout, data, item, icon, active, name, index
        )

    def filter_items(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Of a list: which lines."""
        return lambda itself, context, data, name: self._timed(call, itself, context, data, name)


def open_all(session: Session) -> list[Any]:
    """All panels of the sidebar, open from now on."""
    classes = session.load("ui.panels").CLASSES
    for cls in reversed(classes):
        bpy.utils.unregister_class(cls)
    for cls in classes:
        cls.bl_options = set(getattr(cls, "bl_options", set())) - {"DEFAULT_CLOSED"}
        bpy.utils.register_class(cls)
    return [c for c in classes if getattr(c, "bl_space_type", "") == "VIEW_3D"]


def steps(session: Session) -> Iterator[float]:
    """Everything there is to draw, then some redraws."""
    report, order = session.report, session.order
    yield from session.start()
    panels = open_all(session)
    made = session.load("operators.generate").generate_order(order["picture"], "", 3, "chest")
    session.load("physx_blender.steps").run(made.done(bpy.context, None, Path(order["result"])))
    rig = next(o for o in bpy.data.objects if o.type == "ARMATURE")
    parts = [o for o in rig.children if o.type == "MESH"]
    session.select(parts[1].name)
    session.in_window(lambda: bpy.ops.simready.check("EXEC_DEFAULT", True))
    for _ in range(2):
        session.in_window(lambda: bpy.ops.simready.measure("EXEC_DEFAULT", True))
    _, area, _ = session.viewport()
    area.spaces[0].show_region_ui = True
    yield PAUSE
    side = next(r for r in area.regions if r.type == "UI")
    side.active_panel_category = "SimReady"
    yield PAUSE
    session.picture("before")
    times: dict[str, list[float]] = {}
    lists = [c for c in session.load("ui.panels").CLASSES if issubclass(c, bpy.types.UIList)]
    for method, classes, suffix in (
        ("draw", panels, ""),
        ("draw_item", lists, ", one line"),
        ("filter_items", lists, ", which lines"),
    ):
        for cls in classes:
            if method in vars(cls):
                clock = Clock(times.setdefault(cls.__name__ + suffix, []))
                setattr(cls, method, getattr(clock, method)(getattr(cls, method)))
    for _ in range(TIMES):
        side.tag_redraw()
        yield 0.1
    report["parts"], report["blender"] = len(parts), bpy.app.version_string
    report["milliseconds"] = {
        name: [statistics.median(found), max(found)] for name, found in times.items() if found
    }
    report["not drawn"] = [name for name, found in times.items() if not found]
    session.picture("panels")


run(steps)
