# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window for `overlay.py`: times the draw callbacks and whole redraws."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bpy
import gpu

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "ui"))
from session import PAUSE, Session, run

TIMES = 4


class Timed:
    """A draw callback with a clock around it, and one more time with the drawing waited for."""

    def __init__(self, name: str, call: Callable[[], None], times: dict[str, list[float]]) -> None:
        self.name, self.call, self.times = name, call, times

    def __call__(self) -> None:
        _finish()
        start, worked = time.perf_counter(), time.thread_time()
        self.call()
        called, worked = time.perf_counter(), time.thread_time() - worked
        _finish()
        done = time.perf_counter()
        self.times.setdefault(f"{self.name}, callback, processor", []).append(1000.0 * worked)
        self.times.setdefault(f"{self.name}, callback, by the clock", []).append(1000.0 * (called - start))
        self.times.setdefault(f"{self.name}, until all is drawn", []).append(1000.0 * (done - start))


class TimedBatch:
    """A batch on the graphics card with a clock around its drawing: what the driver, or a renderer in software, takes."""

    def __init__(self, batch: Any, times: list[float]) -> None:
        self.batch, self.times = batch, times

    def draw(self, shader: Any) -> None:
        """Draw."""
        worked = time.thread_time()
        self.batch.draw(shader)
        self.times.append(1000.0 * (time.thread_time() - worked))


def _finish() -> None:
    """Wait until everything ordered so far is drawn: nothing can be read before."""
    x, y, _, _ = gpu.state.viewport_get()
    with contextlib.suppress(ValueError):  # what is drawn as Blender closes has no such pixel
        gpu.state.active_framebuffer_get().read_color(x, y, 1, 1, 4, 0, "FLOAT")


def redraw_time(session: Session) -> float:
    """Shortest time of a redraw of the viewport, in ms."""
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        session.in_window(lambda: bpy.ops.wm.redraw_timer(type="DRAW", iterations=1))
        times.append(1000.0 * (time.perf_counter() - start))
    return min(times)


def steps(session: Session) -> Iterator[float]:
    """Off, on, off, on; then the callbacks one by one."""
    report, begun = session.report, time.perf_counter()
    yield from session.start()
    session.import_asset(session.order["package"])
    session.look((1.35, 0.0, -0.3), zoom=0)
    settings: Any = bpy.context.window_manager.simready_viewport
    overlay = session.load("ui.overlay").overlay
    settings.show_names = False
    session.report["ready"] = round(time.perf_counter() - begun, 1)
    yield PAUSE
    off = redraw_time(session)
    settings.show_overlay = True
    yield PAUSE
    on = redraw_time(session)
    settings.show_names = True
    yield PAUSE
    named = redraw_time(session)
    settings.show_overlay = settings.show_names = False
    yield PAUSE
    off = min(off, redraw_time(session))
    times: dict[str, list[float]] = {}
    rig = next(o for o in bpy.data.objects if o.type == "ARMATURE")
    names = ("look again, nothing has changed", "look again, one joint has changed")
    for k in range(2 * TIMES):
        rig.pose.bones[1].simready_joint.angle_high = 1.0 + 0.01 * (k // 2)
        bpy.context.view_layer.update()
        overlay.stale, worked = True, time.thread_time()
        session.in_window(lambda: overlay.update(bpy.context))
        worked = time.thread_time() - worked
        times.setdefault(f"{names[1 - k % 2]}, processor", []).append(1000.0 * worked)
    add, space = bpy.types.SpaceView3D.draw_handler_add, bpy.types.SpaceView3D
    settings.show_overlay = True
    for handle in overlay.handles:
        space.draw_handler_remove(handle, "WINDOW")
    overlay.handles = [
        add(Timed("axes and ranges", overlay.draw_signs, times), (), "WINDOW", "POST_VIEW"),
        add(Timed("names", overlay.draw_words, times), (), "WINDOW", "POST_PIXEL"),
    ]
    settings.show_names = True
    yield PAUSE
    before = overlay.uploads
    drawn: list[float] = []
    batches = overlay.batches.uploaded
    for key, batch in batches.items():
        batches[key] = None if batch is None else TimedBatch(batch, drawn)
    redraw_time(session)
    pairs = [a + b for a, b in zip(drawn[::2], drawn[1::2], strict=False)]
    times["axes and ranges, of that the two draw calls, processor"] = pairs or [0.0]
    report["uploads"] = overlay.uploads - before
    session.picture("overlay")
    report["joints"] = len(overlay.joints)
    report["blender"] = bpy.app.version_string
    report["renderer"] = gpu.platform.renderer_get()
    report["milliseconds"] = {name: min(found) for name, found in sorted(times.items())}
    report["milliseconds"]["redraw, overlay off"] = off
    report["milliseconds"]["redraw, overlay on"] = on
    report["milliseconds"]["redraw, overlay on, with names"] = named
    report["ratio"] = on / off
    settings.show_overlay = False  # the clocks go before the window does, which draws once more as it closes
    yield PAUSE


run(steps)
