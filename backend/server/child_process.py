# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's end of a process of its own that speaks JSON lines."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from backend.jobs.channel import MAX_LINE, to_line
from physx_blender.protocol import TOKEN_VARIABLE

_LOG = logging.getLogger("server")
_MAIN = Path(__file__).resolve().parents[1] / "__main__.py"


class ChildProcess:
    """A process that was started. `messages` holds what it said, and None at the end when it is gone."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.messages: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read())

    @staticmethod
    async def spawn(*arguments: str) -> asyncio.subprocess.Process:
        """Start a subcommand; what it prints goes to the standard error of this process, that is, to the log."""
        environment = {k: v for k, v in os.environ.items() if k != TOKEN_VARIABLE}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-B", str(_MAIN), *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
            limit=MAX_LINE,  # in the group of this process, so that whoever ends that ends the child as well
        )

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Exit code (negative = signal), None while the process runs."""
        return self._process.returncode

    def send(self, message: dict[str, Any]) -> None:
        """Hand over a message."""
        pipe = self._process.stdin
        if pipe is not None and not pipe.is_closing():
            pipe.write(to_line(message))

    def kill(self) -> None:
        """End the process at once; it may be deep in native code or stopped, and would not listen to less."""
        if self._process.returncode is None:
            self._process.kill()

    async def wait(self) -> int:
        """Wait until the process is gone; returns its exit code."""
        return await self._process.wait()

    async def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        try:
            while line := await pipe.readline():
                message = json.loads(line)
                if not isinstance(message, dict):
                    raise ValueError(f"not an object: {line[:80]!r}")
                self.messages.put_nowait(message)
        except ValueError as error:  # also what readline raises on a line over the limit
            _LOG.error("the process %s broke the protocol: %s", self.pid, error)
            self.kill()
        await self._process.wait()
        self.messages.put_nowait(None)
