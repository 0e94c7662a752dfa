# SPDX-License-Identifier: GPL-3.0-or-later
"""When to gather anew: after a change, once nothing has changed for a moment. A redraw never works anything out.

While nothing is switched on, no handler is installed and nothing costs anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import bpy
from bpy.app.handlers import persistent
from bpy.types import Context, SpaceView3D

from ...operators.common import active_rig
from ...operators.work import TICK, Work
from ...physx_blender.checks import Memo
from ...physx_blender.errors import AssetError
from ...physx_blender.steps import Steps, run
from . import settings
from .draw import Batches
from .gather import Picture, gathering

QUIET = 0.25
"""Seconds without a change before the asset is read again."""


CARRIERS = (bpy.types.Object, bpy.types.Mesh, bpy.types.Curve, bpy.types.Armature)
"""Data whose changes may change what is shown."""


class _View:
    """What is shown now."""

    def __init__(self) -> None:
        self.batches: Batches | None = None
        self.handle: Any = None
        self.memo = Memo()
        self.due = 0.0
        self.working = False
        self.work: Work[Picture] | None = None
        self.gathered = 0


_view = _View()


def switched(context: Context) -> None:
    """A switch has been turned: show at once, or stop."""
    if settings.of(context).anything:
        _start()
        if bpy.app.background:
            update(context)
        else:
            _soon(0.0)
    else:
        stop()
    _redraw(context)


def loaded(context: Context) -> None:
    """Another file has been opened: forget the last one, and show the new one in a moment where something is on."""
    stop()
    if settings.of(context).anything:
        _start()
        _soon()


def update(context: Context) -> None:
    """Gather now. A scene that cannot be read shows nothing, and the panel says why."""
    _halt()
    _view.due = 0.0
    steps = _gathering(context)
    if steps is not None:
        _view.working = True
        try:
            _take(context, lambda: run(steps))
        finally:
            _view.working = False


def _gathering(context: Context) -> Steps[Picture] | None:
    """The work that is to be done now; None when there is none."""
    switches = settings.of(context)
    rig = active_rig(context)
    if rig is None:
        if _view.batches is None or bpy.data.objects.get(_view.batches.picture.rig) is None:
            _view.batches = None
            _tell(switches, "")
        return None  # something else has been selected: go on showing what was shown
    return gathering(
        context,
        rig,
        _view.memo,
        collision=switches.show_collision,
        ranks=switches.show_ranks,
        inertia=switches.show_inertia,
    )


def _take(context: Context, work: Callable[[], Picture]) -> None:
    """Show what some work gives, or why there is nothing to show."""
    switches = settings.of(context)
    try:
        picture = work()
    except AssetError as error:
        _view.batches = None
        _tell(switches, str(error))
        return
    _view.gathered += 1
    _tell(switches, "")
    if not bpy.app.background:
        _view.batches = Batches.of(picture)


def _halt() -> None:
    """Leave the work that is going on."""
    if _view.work is not None:
        work, _view.work, _view.memo = _view.work, None, Memo()
        work.abandon()


def _tell(switches: Any, problem: str) -> None:
    if switches.problem != problem:
        switches.problem = problem


def _start() -> None:
    if _view.handle is None and not bpy.app.background:
        _view.handle = SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_VIEW")
    if _after_change not in bpy.app.handlers.depsgraph_update_post:
        bpy.app.handlers.depsgraph_update_post.append(_after_change)


def stop() -> None:
    """Take everything away."""
    _halt()
    if _view.handle is not None:
        SpaceView3D.draw_handler_remove(_view.handle, "WINDOW")
    if _after_change in bpy.app.handlers.depsgraph_update_post:
        bpy.app.handlers.depsgraph_update_post.remove(_after_change)
    if bpy.app.timers.is_registered(_when_quiet):
        bpy.app.timers.unregister(_when_quiet)
    _view.handle, _view.batches, _view.memo, _view.due = None, None, Memo(), 0.0


@persistent  # type: ignore[untyped-decorator]
def _after_change(scene: Any, depsgraph: Any) -> None:
    # what the window manager or a node tree reports has nothing to do with the shape of things
    if not _view.working and any(isinstance(u.id, CARRIERS) for u in depsgraph.updates):
        _soon()


def _soon(seconds: float = QUIET) -> None:
    _view.due = time.monotonic() + seconds
    if not bpy.app.timers.is_registered(_when_quiet):
        bpy.app.timers.register(_when_quiet, first_interval=seconds)


def _when_quiet() -> float | None:
    left = _view.due - time.monotonic()
    if left > 0.0:
        _halt()
        return left
    context = bpy.context
    windows = context.window_manager.windows
    if not settings.of(context).anything or not windows:
        _halt()
        return None
    with context.temp_override(window=windows[0]):  # timers know no window, and so no active object
        return _look(context)


def _look(context: Context) -> float | None:
    """A slice of the work; seconds to the next one, None when it is done."""
    if _view.work is None:
        steps = None if context.mode == "EDIT_ARMATURE" else _gathering(context)
        if steps is None:
            return None
        _view.work = Work(steps)
    work = _view.work
    if work.lost:  # undone meanwhile: begin anew
        _halt()
        return QUIET
    _view.working = True
    try:
        try:
            if not work.advance():
                return TICK
        except AssetError as error:
            problem = error
            _take(context, lambda: _raise(problem))
        else:
            picture = work.result
            assert picture is not None
            _take(context, lambda: picture)
        _view.work = None
    finally:
        _view.working = False
    _redraw(context)
    return None


def _raise(error: AssetError) -> Picture:
    raise error


def _draw() -> None:
    space = bpy.context.space_data
    if _view.batches is not None and space is not None and space.overlay.show_overlays:
        _view.batches.draw()


def _redraw(context: Context) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()
