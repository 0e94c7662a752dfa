# SPDX-License-Identifier: GPL-3.0-or-later
"""Long work in small steps, so that who does it can do other things in between, show how far it is, and stop it.

Such work is a generator. It yields where it may be interrupted: a `Step` says what is done now, an `Aside` hands over
a call that may run on another thread, because it touches nothing of Blender, and gets its result back. It must leave
nothing half made when it is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """What is being done, and how much of all the work is behind us: 0 to 1, less than 0 = as before.

    waits: there is nothing to do before the next look.
    """

    text: str
    fraction: float = -1.0
    waits: bool = False


@dataclass(frozen=True)
class Aside:
    """A call for another thread. stoppable: it may be left to itself; else it is too late to stop what writes files."""

    text: str
    call: Callable[[], Any]
    stoppable: bool = True


AT_ONCE = object()
"""What `run` answers to each step: nobody looks on."""
Steps = Generator[Step | Aside, Any, T]


def aside(text: str, call: Callable[[], T], *, stoppable: bool = True) -> Steps[T]:
    """The result of a call that needs nothing of Blender; for ``yield from``."""
    result: T = yield Aside(text, call, stoppable)
    return result


def run(steps: Steps[T]) -> T:
    """Do all steps here and now."""
    go: Callable[[], Step | Aside] = partial(next, steps)
    while True:
        try:
            step = go()
        except StopIteration as end:
            result: T = end.value
            return result
        go = partial(steps.send, AT_ONCE)
        if isinstance(step, Aside):
            try:
                go = partial(steps.send, step.call())
            except BaseException as error:  # noqa: BLE001 - it is raised where the result was asked for
                go = partial(steps.throw, error)


def ahead(steps: Steps[None]) -> Steps[None]:
    """Steps that do nothing but fill caches for what comes after: left out where all is done at once."""
    if (yield Step("Reading")) is not AT_ONCE:
        yield from steps


def scaled(steps: Steps[T], low: float, high: float) -> Steps[T]:
    """The same steps as a share of more work: their 0 and 1 become `low` and `high`."""
    go: Callable[[], Step | Aside] = partial(next, steps)
    try:
        while True:
            try:
                step = go()
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(step, Step) and step.fraction >= 0.0:
                step = replace(step, fraction=low + (high - low) * step.fraction)
            try:
                go = partial(steps.send, (yield step))
            except Exception as error:  # noqa: BLE001 - an aside has failed: it is raised where its result was asked for
                go = partial(steps.throw, error)
    finally:
        steps.close()


__all__ = ["AT_ONCE", "Aside", "Step", "Steps", "ahead", "aside", "run", "scaled"]
