# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulations that play: each in a process of its own, so that none waits for a job and a crash costs only itself."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import time
import uuid
from typing import Any

from physx_blender.protocol import BackendError, ErrorInfo, advice_for_exit

from .child_process import ChildProcess

_LOG = logging.getLogger("server")
MOST = 4
"""Simulations at a time."""
IDLE_TIME = 60.0
"""Seconds without a step after which a simulation is ended: whoever watched it has gone."""
BEGIN_TIME = 60.0
STEP_TIME = 10.0
"""Seconds for an answer; a step itself stops calculating after half a second."""


class Simulations:
    """The registry. All methods run on the server's event loop."""

    def __init__(self, *, idle_time: float = IDLE_TIME) -> None:
        self._idle_time = idle_time
        self._playing: dict[str, _Playing] = {}
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for simulations that nobody watches."""
        self._watch = asyncio.create_task(self._end_idle())

    async def stop(self) -> None:
        """End all."""
        if self._watch is not None:
            self._watch.cancel()
        for simulation in list(self._playing):
            await self.close(simulation)

    async def begin(self, scene: bytes) -> dict[str, Any]:
        """Start a simulation of a packed scene; returns its layout."""
        if len(self._playing) >= MOST:
            raise BackendError(
                ErrorInfo("too_many", f"{MOST} simulations play already.", "Stop one of them first."), 429
            )
        name = uuid.uuid4().hex
        # in the registry before anything is waited for, or more could begin than may
        playing = self._playing[name] = _Playing()
        try:
            playing.process = ChildProcess(await ChildProcess.spawn("simulation"))
            answer = await playing.ask({"scene": base64.b64encode(scene).decode("ascii")}, BEGIN_TIME)
            return {**answer["layout"], "id": name}
        except BaseException:
            await self.close(name)
            raise

    async def step(self, name: str, request: Any) -> dict[str, Any]:
        """Let a simulation go on; returns its reply."""
        playing = self._playing.get(name)
        if playing is None or playing.process is None:
            raise BackendError(
                ErrorInfo(
                    "unknown_simulation",
                    "This simulation has ended.",
                    "Play it again; one that nobody watches is stopped after a minute.",
                ),
                404,
            )
        try:
            answer = await playing.ask({"step": request}, STEP_TIME)
        except BackendError as error:
            if error.status != 400:
                await self.close(name)
            raise
        reply: dict[str, Any] = answer["reply"]
        return reply

    async def close(self, name: str) -> None:
        """End a simulation; one that has ended is no error."""
        playing = self._playing.pop(name, None)
        if playing is not None and playing.process is not None:
            playing.process.kill()
            await playing.process.wait()

    def pids(self) -> list[int]:
        """Process ids of those that play."""
        return [p.process.pid for p in self._playing.values() if p.process is not None]

    async def _end_idle(self) -> None:
        while True:
            await asyncio.sleep(min(5.0, self._idle_time / 4.0))
            for name, playing in list(self._playing.items()):
                if not playing.asking.locked() and time.monotonic() - playing.used > self._idle_time:
                    _LOG.info("nobody watches simulation %s; it is ended", name)
                    with contextlib.suppress(OSError):
                        await self.close(name)


class _Playing:
    """One simulation and its process."""

    def __init__(self) -> None:
        self.process: ChildProcess | None = None
        self.used = time.monotonic()
        self.asking = asyncio.Lock()

    async def ask(self, message: dict[str, Any], patience: float) -> dict[str, Any]:
        """Send and wait for the answer. An answer that is an error is raised, with status 400."""
        assert self.process is not None
        async with self.asking:
            self.process.send(message)
            try:
                answer = await asyncio.wait_for(self.process.messages.get(), patience)
            except TimeoutError:
                raise BackendError(
                    ErrorInfo(
                        "simulation_hangs",
                        f"The simulation did not answer within {patience:g} s and was ended.",
                        "Try a simpler scene; the log may say more.",
                    ),
                    504,
                ) from None
            self.used = time.monotonic()
        if answer is None:
            code = self.process.exit_code
            advice = advice_for_exit(1 if code is None else code, "Its process")
            raise BackendError(
                ErrorInfo("simulation_crashed", "The simulation ended because its process did.", advice), 500
            )
        if "error" in answer:
            raise BackendError(ErrorInfo.from_json(answer["error"]), 400)
        return answer
