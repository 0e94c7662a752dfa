# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulation on a backend: ordered step by step, or played on a thread in real time."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..errors import AssetError
from ..protocol import API_PREFIX, BackendError, ErrorInfo, check_job_id
from ..simulation import Grab, Push, SimulationLayout, StepReply, StepRequest
from .connection import BackendClient

BEGIN_TIME = 60.0
"""Seconds until a scene is compiled; a machine that is busy needs some for the new process."""
STEP_TIME = 5.0
"""Seconds for a step. The backend itself stops calculating after half a second."""
CLOSE_TIME = 1.0
FRESH_TIME = 2.0
"""Seconds for which an unused connection is trusted; the server closes one after five."""


class SimulationClient:
    """One simulation, over one connection that stays open: a step takes a millisecond more than its calculation.

    Every call may wait; call it from scripts, or from a thread. Raises `BackendError` with an advice.
    """

    def __init__(self, client: BackendClient, scene: bytes) -> None:
        """Begin to simulate a packed `SimulationScene`."""
        self._client = client
        self._connection: http.client.HTTPConnection | None = None
        self._used = time.monotonic()
        answer = self._call("POST", f"{API_PREFIX}/simulations", scene, "application/zip", BEGIN_TIME)
        self.layout = SimulationLayout.from_json(answer)
        self._path = f"{API_PREFIX}/simulations/{check_job_id(self.layout.id)}"

    def step(self, request: StepRequest) -> StepReply:
        """Go on."""
        body = json.dumps(request.to_json()).encode()
        reply = StepReply.from_json(
            self._call("POST", f"{self._path}/step", body, "application/json", STEP_TIME)
        )
        if len(reply.positions) != len(self.layout.positions):
            raise self._client.not_ours()
        return reply

    def close(self) -> None:
        """End the simulation; a backend that does not answer will find out by itself that nobody watches."""
        with contextlib.suppress(BackendError):
            self._call("DELETE", self._path, b"", "", CLOSE_TIME)
        self._hang_up()

    def _call(self, method: str, path: str, body: bytes, kind: str, timeout: float) -> Any:
        if time.monotonic() - self._used > FRESH_TIME:
            self._hang_up()  # the server may have done so already, and a step must not be sent twice
        connection = self._connection or self._client.connect(timeout)
        headers = {"Authorization": f"Bearer {self._client.token}", "Accept": "application/json"}
        if kind:
            headers["Content-Type"] = kind
        try:
            if self._connection is None:
                connection.connect()
                # small messages to and fro: each must go at once
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._connection = connection
            connection.sock.settimeout(timeout)
            # a server that refuses early does not read the body; its answer is waiting nevertheless
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body, headers)
            status, value = self._client.read_answer(connection)
            self._used = time.monotonic()
            if connection.sock is None:
                self._connection = None  # the server closes after it has refused
        except (OSError, http.client.HTTPException) as error:
            self._hang_up()
            raise self._client.no_answer(error) from None
        except BackendError:
            self._hang_up()
            raise
        if status >= 400:
            raise self._client.refused(status, value)
        return value

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


@dataclass(frozen=True)
class Hand:
    """What the player of a simulation does now: what is held where, and which way is down (m/s²)."""

    grab: Grab | None = None
    gravity: tuple[float, float, float] | None = None
    paused: bool = False
    sampled: bool = False


@dataclass(frozen=True)
class Pace:
    """How it goes. factor: simulated by real time.  rate: replies a second.  work: share of the time spent calculating."""

    factor: float = 0.0
    rate: float = 0.0
    work: float = 0.0


class SimulationFeed:
    """Plays a simulation on a thread of its own, in real time, and keeps the newest state for the window.

    Nothing here waits but the thread: `hand` is set, `take` returns what is there, `stop` only asks it to end.
    frames: instead of real time, go through this many frames as fast as possible, and end.
    """

    RATE = 60.0
    """Steps a second; more would be drawn by no window."""
    LONGEST = 0.1
    """Seconds that are caught up at most; a simulation that is too slow for real time plays in slow motion."""
    BATCH = 10
    """Frames in one request when it is not in real time."""

    def __init__(self, connect: Callable[[], SimulationClient], *, frames: int = 0) -> None:
        """connect: begins the simulation; called on the thread."""
        self._connect = connect
        self._frames = frames
        self._lock = threading.Lock()
        self._hand = Hand()
        self._pushes: list[Push] = []
        self._layout: SimulationLayout | None = None
        self._reply: StepReply | None = None
        self._samples: list[tuple[float, ...]] = []
        self._notes: list[str] = []
        self._error: AssetError | None = None
        self._pace = Pace()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulation", daemon=True)
        self._thread.start()

    @property
    def layout(self) -> SimulationLayout | None:
        """What plays; None until it has begun."""
        with self._lock:
            return self._layout

    @property
    def error(self) -> AssetError | None:
        """Why it has ended, unless it was asked to."""
        with self._lock:
            return self._error

    @property
    def pace(self) -> Pace:
        """How it goes."""
        with self._lock:
            return self._pace

    @property
    def ended(self) -> bool:
        """Nothing more will come."""
        return not self._thread.is_alive()

    @property
    def hand(self) -> Hand:
        """What the player does."""
        with self._lock:
            return self._hand

    @hand.setter
    def hand(self, hand: Hand) -> None:
        with self._lock:
            self._hand = hand

    def change(self, **changes: Any) -> None:
        """Set some fields of `hand`."""
        with self._lock:
            self._hand = replace(self._hand, **changes)

    def push(self, push: Push) -> None:
        """Give a blow with the next step."""
        with self._lock:
            self._pushes.append(push)

    def take(self) -> StepReply | None:
        """The newest state, None when there is no newer one than before."""
        with self._lock:
            reply, self._reply = self._reply, None
            return reply

    def take_samples(self) -> list[tuple[float, ...]]:
        """Frames that have been recorded since the last look."""
        with self._lock:
            samples, self._samples = self._samples, []
            return samples

    def take_notes(self) -> list[str]:
        """What has been odd since the last look."""
        with self._lock:
            notes, self._notes = self._notes, []
            return notes

    def stop(self) -> None:
        """Ask the thread to end; it may take as long as one answer, which this does not wait for."""
        self._stop.set()

    # on the thread

    def _run(self) -> None:
        simulation: SimulationClient | None = None
        try:
            simulation = self._connect()
            with self._lock:
                self._layout = simulation.layout
                self._notes += simulation.layout.notes
            if self._frames:
                self._hurry(simulation)
            else:
                self._play(simulation)
        except AssetError as error:
            with self._lock:
                self._error = error
        except OSError as error:
            with self._lock:
                self._error = BackendError(ErrorInfo("no_answer", str(error)))
        finally:
            if simulation is not None:
                simulation.close()

    def _hurry(self, simulation: SimulationClient) -> None:
        """Frame after frame as fast as it goes."""
        done = 0
        begun = time.monotonic()
        while done < self._frames and not self._stop.is_set():
            hand = self.hand
            reply = simulation.step(
                StepRequest(frames=min(self.BATCH, self._frames - done), gravity=hand.gravity, grab=hand.grab)
            )
            done += len(reply.samples)
            spent = max(1e-6, time.monotonic() - begun)
            self._keep(reply, Pace(reply.time / spent, done / spent, 1.0))

    def _play(self, simulation: SimulationClient) -> None:
        """As fast as time goes."""
        last = time.monotonic()
        window = _Window(last)
        while not self._stop.is_set():
            now = time.monotonic()
            with self._lock:
                hand = self._hand
                push = self._pushes.pop(0) if self._pushes else None
            seconds = 0.0 if hand.paused else min(self.LONGEST, now - last)
            last = now
            reply = simulation.step(
                StepRequest(seconds, sampled=hand.sampled, gravity=hand.gravity, grab=hand.grab, push=push)
            )
            self._keep(reply, window.seen(time.monotonic(), reply))
            self._stop.wait(max(0.0, 1.0 / self.RATE - (time.monotonic() - now)))

    def _keep(self, reply: StepReply, pace: Pace) -> None:
        with self._lock:
            self._reply = reply
            self._samples += reply.samples
            self._notes += reply.notes
            self._pace = pace


class _Window:
    """Measures the pace over the last second."""

    LENGTH = 1.0

    def __init__(self, now: float) -> None:
        self._seen: list[tuple[float, float, float]] = [(now, 0.0, 0.0)]

    def seen(self, now: float, reply: StepReply) -> Pace:
        """Take one reply into account."""
        self._seen.append((now, reply.time, reply.work))
        while len(self._seen) > 2 and now - self._seen[0][0] > self.LENGTH:
            self._seen.pop(0)
        begun, time_then, _ = self._seen[0]
        spent = max(1e-6, now - begun)
        work = sum(w for _, _, w in self._seen[1:])
        return Pace((reply.time - time_then) / spent, (len(self._seen) - 1) / spent, work / spent)
