# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulations on a real backend, over HTTP, and what becomes of them when something dies or hangs."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from physx_blender.client import BackendClient, BackendProcess, SimulationClient, SimulationFeed
from physx_blender.errors import AssetError
from physx_blender.geometry import Pose
from physx_blender.protocol import BackendError
from physx_blender.simulation import Grab, SimulationScene, StepRequest, asset_body
from tests.backend.conftest import MakeBackend
from tests.backend.simulated_assets import block, chest

SCENE = SimulationScene(
    (asset_body(block(), Pose((0.0, 0.0, 1.0))), asset_body(chest(10), Pose((2.0, 0.0, 0.0))))
)
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture
def simulation(backend: BackendProcess) -> Iterator[SimulationClient]:
    client = SimulationClient(backend.wait_ready(), SCENE.to_bytes())
    yield client
    client.close()


def players(backend: BackendProcess) -> list[psutil.Process]:
    """Processes of simulations."""
    found = []
    for child in psutil.Process(backend.pid).children(recursive=True):
        try:
            if "simulation" in child.cmdline():
                found.append(child)
        except psutil.Error:  # gone meanwhile
            continue
    return found


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def test_a_scene_plays(simulation: SimulationClient) -> None:
    layout = simulation.layout
    assert [b.link for b in layout.bodies] == ["base", "base", *(f"drawer {k}" for k in range(10))]
    assert [j.name for j in layout.joints][:2] == ["base:free", "drawer 0 rail"]
    assert len(layout.positions) == 7 + 10
    reply = simulation.step(StepRequest(frames=24))
    assert reply.time == pytest.approx(1.0)
    assert reply.positions[2] == pytest.approx(0.0, abs=2e-3)
    third = next(j for j in layout.joints if j.name == "drawer 3 rail")
    number = next(k for k, b in enumerate(layout.bodies) if b.link == "drawer 3")
    grab = Grab(number, (0.0, -0.2, 0.0), (2.0, -0.4, 0.7))
    for _ in range(60):
        reply = simulation.step(StepRequest(1 / 30, grab=grab))
    assert reply.positions[third.start] == pytest.approx(0.2, abs=0.02)


def test_ended_and_unknown_simulations_are_told(client: BackendClient) -> None:
    simulation = SimulationClient(client, SCENE.to_bytes())
    simulation.close()
    simulation.close()
    with pytest.raises(BackendError, match="has ended") as caught:
        simulation.step(StepRequest(0.01))
    assert caught.value.status == 404


def test_a_bad_step_costs_nothing(simulation: SimulationClient) -> None:
    with pytest.raises(AssetError, match="no body 99"):
        simulation.step(StepRequest(0.01, grab=Grab(99, (0, 0, 0), (0, 0, 0))))
    with pytest.raises(AssetError, match="out of reach"):
        simulation.step(StepRequest(0.01, gravity=(0.0, 0.0, 1e9)))
    assert simulation.step(StepRequest(0.01)).time > 0.0


def test_garbage_begins_nothing(client: BackendClient, backend: BackendProcess) -> None:
    for data in (b"", b"no zip", SCENE.to_bytes()[:-30], b"\x00" * (9 * 1024 * 1024)):
        with pytest.raises(BackendError) as caught:
            SimulationClient(client, data)
        assert caught.value.status in (400, 413)
    until(lambda: not players(backend))


def test_without_the_token_nobody_simulates(client: BackendClient, simulation: SimulationClient) -> None:
    stranger = BackendClient(client.address, "x" * 20)
    with pytest.raises(BackendError) as caught:
        SimulationClient(stranger, SCENE.to_bytes())
    assert caught.value.info.code == "wrong_token"
    assert simulation.step(StepRequest(0.01)).time > 0.0


def test_no_more_than_four(client: BackendClient) -> None:
    playing = [SimulationClient(client, SCENE.to_bytes()) for _ in range(4)]
    try:
        with pytest.raises(BackendError) as caught:
            SimulationClient(client, SCENE.to_bytes())
        assert caught.value.status == 429
    finally:
        for simulation in playing:
            simulation.close()
    SimulationClient(client, SCENE.to_bytes()).close()


def test_what_nobody_watches_ends(make_backend: MakeBackend) -> None:
    backend = make_backend("--simulation-idle", "1")
    simulation = SimulationClient(backend.wait_ready(), SCENE.to_bytes())
    begun = time.monotonic()
    while time.monotonic() - begun < 2.5:
        simulation.step(StepRequest(0.01))
        time.sleep(0.1)
    assert len(players(backend)) == 1
    until(lambda: not players(backend))
    with pytest.raises(BackendError, match="has ended"):
        simulation.step(StepRequest(0.01))


@POSIX
def test_a_crash_costs_one_simulation(backend: BackendProcess, client: BackendClient) -> None:
    restarts = client.status().restarts  # the backend is shared: other tests crash its worker on purpose
    one, other = (SimulationClient(client, SCENE.to_bytes()) for _ in range(2))
    try:
        first = min(players(backend), key=lambda p: p.create_time())
        first.send_signal(signal.SIGKILL)
        with pytest.raises(BackendError, match="process"):
            one.step(StepRequest(0.01))
        assert other.step(StepRequest(0.01)).time > 0.0
        assert client.status().restarts == restarts
    finally:
        other.close()


@POSIX
def test_simulations_end_with_their_server(make_backend: MakeBackend) -> None:
    backend = make_backend()
    SimulationClient(backend.wait_ready(), SCENE.to_bytes())
    (player,) = players(backend)
    os.kill(backend.pid, signal.SIGKILL)
    until(lambda: not player.is_running() or player.status() == psutil.STATUS_ZOMBIE)


def test_the_feed_plays_in_real_time(backend: BackendProcess) -> None:
    client = backend.wait_ready()
    feed = SimulationFeed(lambda: SimulationClient(client, SCENE.to_bytes()))
    try:
        until(lambda: feed.take() is not None)
        feed.change(sampled=True)
        begun, seen = time.monotonic(), 0
        times = []
        while time.monotonic() - begun < 2.0:
            reply = feed.take()
            if reply is not None:
                seen += 1
                times.append(reply.time)
            time.sleep(0.005)
        assert feed.error is None
        assert times == sorted(times)
        # in real time, and often enough to look smooth, on a machine that does other things as well
        assert feed.pace.factor > 0.7
        assert seen > 20
        assert 30 <= len(feed.take_samples()) <= 56
        feed.change(paused=True)
        time.sleep(0.3)
        feed.take()
        time.sleep(0.3)
        reply = feed.take()
        assert reply is not None
        assert reply.time - times[-1] < 0.5
    finally:
        feed.stop()
    until(lambda: feed.ended)


def test_the_feed_hurries_through_frames(backend: BackendProcess) -> None:
    client = backend.wait_ready()
    feed = SimulationFeed(lambda: SimulationClient(client, SCENE.to_bytes()), frames=57)
    until(lambda: feed.ended)
    samples = feed.take_samples()
    assert (len(samples), feed.error) == (57, None)
    assert samples[4][2] == pytest.approx(1.0 - 9.81 / 2 * (5 / 24) ** 2, abs=3e-3)


@POSIX
def test_a_hung_server_never_holds_up_the_window(make_backend: MakeBackend, tmp_path: Path) -> None:
    """SIGSTOP: connections are still accepted by the system, and nobody answers."""
    backend = make_backend()
    client = backend.wait_ready()
    feed = SimulationFeed(lambda: SimulationClient(client, SCENE.to_bytes()))
    until(lambda: feed.take() is not None)
    os.kill(backend.pid, signal.SIGSTOP)
    slowest = 0.0
    try:
        begun = time.monotonic()
        while not feed.ended and time.monotonic() - begun < 15.0:
            before = time.monotonic()
            feed.change(grab=Grab(0, (0, 0, 0), (0, 0, 1)))
            feed.take(), feed.take_samples(), feed.take_notes(), feed.pace, feed.error
            slowest = max(slowest, time.monotonic() - before)
            time.sleep(0.01)
        assert slowest < 0.1
        assert feed.error is not None
        assert "in time" in str(feed.error)
        before = time.monotonic()
        feed.stop()
        assert time.monotonic() - before < 0.1
    finally:
        os.kill(backend.pid, signal.SIGCONT)


@POSIX
def test_a_hung_simulation_is_ended(backend: BackendProcess, client: BackendClient) -> None:
    restarts = client.status().restarts  # the backend is shared: other tests crash its worker on purpose
    simulation = SimulationClient(client, SCENE.to_bytes())
    (player,) = players(backend)
    player.suspend()
    with pytest.raises(BackendError):
        simulation.step(StepRequest(0.01))
    assert client.status().restarts == restarts
    until(lambda: not players(backend))
