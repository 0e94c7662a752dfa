# SPDX-License-Identifier: GPL-3.0-or-later
"""A backend that hangs, dies, or is missing never holds up Blender, whatever runs on it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.blender.zoo import Load, cabinet, names

LONGEST = 0.1
"""Seconds that nothing may take in the window."""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")


class Clock:
    """Calls things as Blender's timers and buttons do, and notes how long the slowest took.

    A machine that is busy makes any call slow; a call that waits for the backend takes seconds, so 0.3 s tells them apart.
    """

    def __init__(self) -> None:
        self.slowest = 0.0

    def call(self, what: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        begun = time.monotonic()
        answer = what(*arguments, **named)
        self.slowest = max(self.slowest, time.monotonic() - begun)
        return answer

    def pump(self, session: Any, until: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, session.last_error or session.state()
            self.call(session.tick)
            time.sleep(0.05)


def check_order(from_extension: Load) -> Any:
    return from_extension("operators.check").physics_order(cabinet(names(from_extension)), "cabinet", [])


def test_a_hung_backend_costs_the_job_and_no_time(bpy: Any, from_extension: Load, backend: Any) -> None:
    clock = Clock()
    backend.order(bpy.context, check_order(from_extension))
    clock.pump(backend, lambda: bool(backend.job.id), 90.0)
    os.kill(backend.process.pid, signal.SIGSTOP)
    hung = backend.process.pid
    clock.call(bpy.ops.simready.cancel)
    clock.pump(backend, lambda: backend.job is None, 30.0)
    assert clock.slowest < 3 * LONGEST
    done: list[Any] = []
    order = check_order(from_extension)
    backend.order(bpy.context, type(order)(order.title, order.kind, order.request, lambda *a: done.append(a)))
    clock.pump(backend, lambda: backend.job is None, 90.0)
    assert backend.last_error == ""
    assert done
    assert backend.process.pid != hung


def test_a_killed_backend_is_told_and_started_again(bpy: Any, from_extension: Load, backend: Any) -> None:
    clock = Clock()
    backend.order(bpy.context, check_order(from_extension))
    clock.pump(backend, lambda: bool(backend.job.id), 90.0)
    os.kill(backend.process.pid, signal.SIGKILL)
    clock.pump(backend, lambda: backend.job is None, 30.0)
    assert "backend" in backend.last_error.lower()
    assert clock.slowest < 3 * LONGEST


def test_stopping_a_hung_backend_does_not_wait(bpy: Any, from_extension: Load, backend: Any) -> None:
    backend.start(bpy.context)
    pid = backend.process.pid
    os.kill(pid, signal.SIGSTOP)
    clock = Clock()
    clock.call(backend.stop, wait=False)
    assert clock.slowest < LONGEST
    assert backend.state().value == "stopped"
    end = time.monotonic() + 20.0
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_a_player_on_a_hung_backend_ends_and_puts_back(bpy: Any, from_extension: Load, backend: Any) -> None:
    rig = from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    module = from_extension("operators.simulation_player")
    error = from_extension("physx_blender.errors").AssetError
    backend.start(bpy.context)
    rig.location.z = 0.5
    bpy.context.view_layer.update()
    player = from_extension("physx_blender.steps").run(module.Player.opening(bpy.context))
    module.theatre.open(player)
    clock = Clock()
    end = time.monotonic() + 60.0
    while not (player.playing and rig.location.z < 0.3):
        assert time.monotonic() < end
        player.advance(bpy.context)
        time.sleep(0.02)
    os.kill(backend.process.pid, signal.SIGSTOP)

    def play_on() -> None:
        while time.monotonic() < end:
            clock.call(player.advance, bpy.context)
            time.sleep(0.02)

    with pytest.raises(error, match="in time"):
        play_on()
    clock.call(module.theatre.close, put_back=True)
    assert clock.slowest < 3 * LONGEST
    assert tuple(rig.location) == (0.0, 0.0, 0.5)
