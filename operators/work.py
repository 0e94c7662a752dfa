# SPDX-License-Identifier: GPL-3.0-or-later
"""Work in small steps beside a window that goes on: a moment of it at a time, the rest of the time is the window's."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

import bpy
from bpy.app.handlers import persistent

from ..physx_blender.errors import AssetError
from ..physx_blender.steps import Aside, Step, Steps
from .task import Task

T = TypeVar("T")

SLICE = 0.02
"""Seconds of work between two looks of the window at its events; a single step may make it longer."""
LONGEST_SLICE = 1.0
"""Where drawing takes longer than a slice (no graphics card, a huge scene), the work takes as long as the drawing, at most so
long: else it would hardly get on, and nobody would feel any difference."""
TICK = 0.005
"""Seconds between two slices, which the window has for itself at least."""
YIELDING = 0.0005
"""Seconds after which a thread lets Blender have Python again; Python's own 5 ms, for every panel drawn, would be felt."""


class Work(Generic[T]):
    """Steps on their way. `text` and `fraction` say how far they are, `longest` how long (s) a slice has taken at most.

    lost: an undo, or another file, has taken the data away from under it.
    """

    def __init__(self, steps: Steps[T]) -> None:
        self.text, self.fraction, self.longest = "", 0.0, 0.0
        self.result: T | None = None
        self._steps = steps
        self._go: Callable[[], Step | Aside] = partial(next, steps)
        self._aside: Aside | None = None
        self._task: Task | None = None
        self._interval = sys.getswitchinterval()
        self._left = time.perf_counter()
        self.lost = False
        _running.append(self)

    def advance(self, seconds: float = SLICE) -> bool:
        """Go on for about so long; True when all is done. Raises what the work raises, which then is over."""
        if self.lost:
            raise AssetError("was interrupted by another step in Blender (undo, another file); do it again")
        begun = time.perf_counter()
        seconds = max(seconds, min(begun - self._left, LONGEST_SLICE))
        try:
            while time.perf_counter() - begun < seconds:
                if self._task is not None and not self._collect():
                    return False
                if not self._next():
                    return False
            return False
        except StopIteration as end:
            self.result = end.value
            self._over()
            return True
        except BaseException:
            self._over()
            raise
        finally:
            self._left = time.perf_counter()
            self.longest = max(self.longest, self._left - begun)

    def stop(self) -> bool:
        """Leave everything as it was before. False when it is too late, because files are being written now."""
        if self._task is not None and self._aside is not None and not self._aside.stoppable:
            return False
        self.abandon()
        return True

    def abandon(self) -> None:
        """Stop, whatever is going on."""
        self._over()
        self._steps.close()

    def _next(self) -> bool:
        """One step; False when it waits."""
        step = self._go()
        self._go = partial(next, self._steps)
        self.text = step.text
        if isinstance(step, Step):
            self.fraction = step.fraction if step.fraction >= 0.0 else self.fraction
            return not step.waits
        self._aside = step
        sys.setswitchinterval(YIELDING)
        self._task = Task(step.call)
        return True

    def _collect(self) -> bool:
        """Take the result of the thread; False when it is not there yet."""
        assert self._task is not None
        if not self._task.wait(0.002):
            return False
        task, self._task = self._task, None
        sys.setswitchinterval(self._interval)
        error = task.error
        if error is None:
            self._go = partial(self._steps.send, task.result)
        else:
            self._go = partial(self._steps.throw, error)
        return True

    def _over(self) -> None:
        sys.setswitchinterval(self._interval)
        self._task = None
        if self in _running:
            _running.remove(self)

    def lose(self) -> None:
        """What it works on is about to go away."""
        self.abandon()
        self.lost = True


_running: list[Work[Any]] = []


@persistent
def _before_change(*_: object) -> None:
    """An undo or another file makes every reference to data of Blender invalid."""
    for work in list(_running):
        work.lose()


_HANDLERS = ("undo_pre", "redo_pre", "load_pre")


def register() -> None:
    """Watch what would pull the data away from under the work."""
    for name in _HANDLERS:
        getattr(bpy.app.handlers, name).append(_before_change)


def unregister() -> None:
    """Stop everything."""
    _before_change()
    for name in _HANDLERS:
        getattr(bpy.app.handlers, name).remove(_before_change)
