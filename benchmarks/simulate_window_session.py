# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window for `simulate_window.py`: counts what is drawn while an asset plays."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bpy
import gpu
from mathutils import Vector

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "ui"))
from session import PAUSE, Session, run

BARE_RATE = 60.0


class Counter:
    """Redraws of the viewport and of the sidebar beside it, and the processor's time of this thread."""

    def __init__(self, session: Session) -> None:
        self.viewport = self.sidebar = 0
        self.looks: list[float] = []
        space = bpy.types.SpaceView3D
        self.handle = space.draw_handler_add(self._viewport, (), "WINDOW", "POST_PIXEL")
        panel = session.load("ui.panels.simulate").SIMREADY_PT_simulate
        draw = panel.draw

        def counted(itself: Any, context: Any) -> None:
            self.sidebar += 1
            draw(itself, context)

        panel.draw = counted
        self.begin()

    def begin(self) -> None:
        """From nothing."""
        self.viewport = self.sidebar = 0
        self.looks = []
        self.started, self.worked = time.monotonic(), time.thread_time()
        self.all_worked = time.process_time()

    def figures(self) -> dict[str, float]:
        """Since the beginning."""
        spent, worked = time.monotonic() - self.started, time.thread_time() - self.worked
        all_worked = time.process_time() - self.all_worked
        found = {
            "redraws of the viewport a second": self.viewport / spent,
            "redraws of the sidebar a second": self.sidebar / spent,
            "processor for a redraw, main thread, ms": 1000.0 * worked / max(1, self.viewport),
            "processor for a redraw, with the renderer's, ms": 1000.0 * all_worked / max(1, self.viewport),
        }
        if self.looks:
            found["... of that the player's look, ms"] = 1000.0 * sum(self.looks) / max(1, self.viewport)
            found["longest look, ms"] = 1000.0 * max(self.looks)
        return found

    def _viewport(self) -> None:
        self.viewport += 1

    def clocked(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, its time of the processor kept."""

        def look(*arguments: Any) -> Any:
            worked = time.thread_time()
            try:
                return call(*arguments)
            finally:
                self.looks.append(time.thread_time() - worked)

        return look


def bare(session: Session, counter: Counter, rig: Any) -> Iterator[float]:
    """One bone moved from a timer, and nothing simulated."""
    bone = rig.pose.bones[1]
    counter.begin()
    while time.monotonic() - counter.started < session.order["seconds"]:
        bone.location.y = 0.1 * math.sin(5.0 * time.monotonic())
        yield 1.0 / BARE_RATE
    session.report["figures"]["bare"] = counter.figures()
    bone.location.y = 0.0


def played(session: Session, counter: Counter) -> Iterator[float]:
    """Everything moves: one part is pulled about, and the floor tilts to and fro."""
    theatre = session.load("operators.simulation_player").theatre
    settings = bpy.context.window_manager.simready_simulation
    session.in_window(lambda: bpy.ops.simready.simulation_play("INVOKE_DEFAULT"))
    end = time.monotonic() + 60.0
    while not (theatre.player is not None and theatre.player.playing) and time.monotonic() < end:
        yield 0.1
    player = theatre.player
    assert player is not None, theatre.last_error
    assert player.playing, "it does not begin"
    part = next(o for o in bpy.data.objects if o.type == "MESH" and o.parent_bone == "part 2")
    point = part.matrix_world.translation.copy()
    player.seize(bpy.context, part, point)
    yield 1.0
    player.advance = counter.clocked(player.advance)
    times: list[float] = []
    take = player.feed.take

    def noted() -> Any:
        reply = take()
        if reply is not None:
            times.append(reply.time)
        return reply

    player.feed.take = noted
    counter.begin()
    while time.monotonic() - counter.started < session.order["seconds"]:
        now = time.monotonic() - counter.started
        settings.tilt_x = math.radians(20.0) * math.sin(2.0 * now)
        player.hold.target = tuple(
            point + Vector((0.1 * math.sin(4.0 * now), 0.0, 0.1 * math.cos(4.0 * now)))
        )
        yield 0.1
    spent = time.monotonic() - counter.started
    figures = counter.figures()
    figures["states shown a second"] = len(times) / spent
    figures["simulated time / time of the clock"] = (times[-1] - times[0]) / spent
    session.report["figures"]["played"] = figures
    session.picture("playing")
    player.stopping = True
    yield PAUSE
    yield PAUSE


def steps(session: Session) -> Iterator[float]:
    """Bare, then played; the sidebar is open in both."""
    report = session.report
    yield from session.start()
    settings = bpy.context.preferences.addons[session.order["module"]].preferences
    settings.backend_python = session.order["backend_python"]
    session.import_asset(session.order["package"])
    session.look((1.35, 0.0, -0.5), zoom=0)
    _, area, _ = session.viewport()
    area.spaces[0].show_region_ui = True
    yield PAUSE
    next(r for r in area.regions if r.type == "UI").active_panel_category = "SimReady"
    yield PAUSE
    rig = next(o for o in bpy.data.objects if o.type == "ARMATURE")
    report["parts"] = sum(o.type == "MESH" for o in rig.children)
    report["blender"], report["renderer"] = bpy.app.version_string, gpu.platform.renderer_get()
    report["figures"] = {}
    counter = Counter(session)
    yield from bare(session, counter, rig)
    yield from played(session, counter)
    session.load("operators.backend_session").session.stop()
    bpy.types.SpaceView3D.draw_handler_remove(counter.handle, "WINDOW")


run(steps)
