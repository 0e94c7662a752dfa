# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators whose work may be long: a script waits for it, a window goes on, with progress in the status bar and Esc."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.app.translations import pgettext_iface as iface_
from bpy.types import Context, Event

from ..physx_blender.steps import Steps, run
from .common import reports_errors
from .work import TICK, Work

NAVIGATION = (
    "MIDDLEMOUSE",
    "WHEEL",
    "TRACKPAD",
    "MOUSEROTATE",
    "MOUSESMARTZOOM",
    "NDOF",
    "NUMPAD_",
    "TIMER",
    "WINDOW",
)
"""Beginnings of the events that only move the view."""


class Sliced:
    """Gives an operator `execute`, `invoke`, `modal` and `cancel`, all of the one generator `steps`.

    The data that it works on must not change meanwhile, so in the window nothing but the view can be used; it is a matter
    of seconds. When it is stopped, or fails, nothing of it stays.
    """

    may_stop = True
    """Esc stops it; not where half of its changes would stay."""

    def steps(self, context: Context) -> Steps[set[str]]:
        """The work; its result is what the operator returns."""
        raise NotImplementedError

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Do it and wait."""
        return run(self.steps(context))

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Do it beside the window."""
        return self.begin(context)

    @reports_errors
    def begin(self, context: Context) -> set[str]:
        """Start; what takes but a moment is done at once."""
        if bpy.app.background or context.window is None:
            return run(self.steps(context))
        self._work: Work[set[str]] = Work(self.steps(context))
        if self._work.advance():
            return self._work.result or {"FINISHED"}
        manager = context.window_manager
        self._timer: Any = manager.event_timer_add(TICK, window=context.window)
        self._told = ""
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """The next slice."""
        if event.type == "ESC" and event.value == "PRESS" and self.may_stop:
            stopped = self._work.stop()
            if not stopped:
                self._work.abandon()
            self._leave(context)
            said = iface_("Cancelled") if stopped else iface_("Too late to stop, the files are being written")
            self.report({"INFO" if stopped else "WARNING"}, f"{iface_(self.bl_label)}: {said}")  # type: ignore[attr-defined]
            return {"CANCELLED"}
        if event.type != "TIMER":
            moves = event.type.startswith(NAVIGATION) or "MOUSEMOVE" in event.type
            return {"PASS_THROUGH"} if moves else {"RUNNING_MODAL"}
        answer = self._slice(context)
        if answer is None:
            self._tell(context)
            return {"PASS_THROUGH"}
        self._leave(context)
        return answer

    def cancel(self, context: Context) -> None:
        """The window closes."""
        self._work.abandon()
        self._leave(context)

    def _slice(self, context: Context) -> set[str] | None:
        @reports_errors
        def advance(self: Any, context: Context) -> set[str]:
            return (self._work.result or {"FINISHED"}) if self._work.advance() else set()

        try:
            return advance(self, context) or None
        except ReferenceError:
            self.report({"ERROR"}, "What it works on has been deleted meanwhile; do it again")  # type: ignore[attr-defined]
            return {"CANCELLED"}
        except BaseException:
            self._leave(context)  # a mistake of ours, which Blender prints; the timer must not stay
            raise

    def _tell(self, context: Context) -> None:
        text = f"{iface_(self._work.text)}  {self._work.fraction:.0%}"
        text += f"   |   {iface_('Esc: cancel')}" if self.may_stop else ""
        # each setting draws the whole bar anew
        if text != self._told and context.workspace is not None:
            context.workspace.status_text_set(text)
            self._told = text

    def _leave(self, context: Context) -> None:
        context.window_manager.event_timer_remove(self._timer)
        if context.workspace is not None:
            context.workspace.status_text_set(None)


def report_notes(operator: Any, notes: list[str]) -> None:
    """Each note as a warning."""
    for note in notes:
        operator.report({"WARNING"}, note)
