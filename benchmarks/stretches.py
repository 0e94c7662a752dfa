# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside Blender: how long the work of an operator holds the window at a time, measured without a window.

An operator is done as in a window, slice by slice; between two slices Blender evaluates the scene, as it would before a
redraw. A stretch is what a slice, or that evaluation, takes of the main thread's processor time, which other programs on the
machine do not change.
"""

from __future__ import annotations

import inspect
import time
from dataclasses import dataclass
from types import FunctionType, MethodType
from typing import Any

import bpy


class StandIn:
    """Stands for an operator that Blender would make: the methods of its class, its properties as given or by default."""

    def __init__(self, operator: str, **values: Any) -> None:
        self.__dict__.update(values)
        self.cls = getattr(bpy.types, operator)
        self.reports: list[tuple[set[str], str]] = []
        module, _, name = operator.partition("_OT_")
        self.settings = getattr(getattr(bpy.ops, module.lower()), name).get_rna_type().properties

    def __getattr__(self, name: str) -> Any:
        found = inspect.getattr_static(self.cls, name, None)
        if isinstance(found, FunctionType):
            return MethodType(found, self)
        if isinstance(found, staticmethod):
            return found.__func__
        setting = self.settings.get(name)
        if setting is None:
            raise AttributeError(name)
        return setting.default

    def report(self, kind: set[str], message: str) -> None:
        """As an operator reports."""
        self.reports.append((kind, message))


@dataclass
class Stretches:
    """The longest slice of the work and the longest evaluation after one (s), and all together."""

    slice: float = 0.0
    evaluation: float = 0.0
    total: float = 0.0
    slices: int = 0
    text: str = ""

    @property
    def longest(self) -> float:
        """What the window has to wait for at most."""
        return max(self.slice, self.evaluation)


def measured(work: Any, *seconds: float) -> tuple[Stretches, Any]:
    """Do some `Work` to its end, in slices of so many seconds if given; how it went, and its result."""
    found = Stretches()
    done = False
    while not done:
        begun = time.thread_time()
        done = work.advance(*seconds)
        took = time.thread_time() - begun
        if took > found.slice:
            found.slice, found.text = took, work.text
        begun = time.thread_time()
        bpy.context.view_layer.update()
        found.evaluation = max(found.evaluation, time.thread_time() - begun)
        found.total += took
        found.slices += 1
        time.sleep(0.001)  # threads have their turn
    return found, work.result
