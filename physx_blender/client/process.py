# SPDX-License-Identifier: GPL-3.0-or-later
"""A backend process of our own."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO

from ..errors import AssetError
from ..protocol import TOKEN_VARIABLE, BackendError, ErrorInfo, ReadyLine, ServerState, advice_for_exit
from .address import check_identity
from .connection import BackendClient

MAX_LOG_BYTES = 2 * 1024 * 1024


class BackendProcess:
    """A backend of our own on this machine: started, watched, restarted with patience, and stopped.

    `poll` is cheap and meant for a timer; nothing here waits except `wait_ready`, and `stop` if asked to. The process ends by
    itself when this one does, however that happens.
    """

    START_TIME = 60.0
    RESTART_INTERVAL = 5.0
    MOST_FAILURES = 3
    FAILURE_WINDOW = 120.0

    def __init__(
        self,
        python: Path,
        main: Path,
        log: Path,
        *,
        arguments: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """python: interpreter of the backend's environment.  main: ``backend/__main__.py`` of this extension.

        log: file for what the backend prints; kept below `MAX_LOG_BYTES`, with one older file beside it.
        arguments: more for ``serve``.  environment: instead of this process's own.
        """
        self.log = log
        self._python = python
        self._main = main
        self._arguments = arguments
        self._environment = dict(os.environ if environment is None else environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._state = ServerState.STOPPED
        self._error: ErrorInfo | None = None
        self._client: BackendClient | None = None
        self._token = ""
        self._started = -self.RESTART_INTERVAL
        self._failures: deque[float] = deque()
        self._ending: list[threading.Thread] = []

    @property
    def state(self) -> ServerState:
        """State as of the last `poll`."""
        return self._state

    @property
    def error(self) -> ErrorInfo | None:
        """Why the state is failed or update_required."""
        return self._error

    @property
    def client(self) -> BackendClient | None:
        """A client for the running backend, None while it does not run."""
        return self._client

    @property
    def pid(self) -> int:
        """Process id of the server, 0 while there is none."""
        return 0 if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the backend, unless it is up or on its way. Asked for by the user: earlier failures are forgotten."""
        self._failures.clear()
        if self.poll() not in (ServerState.STARTING, ServerState.RUNNING):
            self._launch()

    def keep_running(self) -> ServerState:
        """`poll`, and start the backend if it is down - not too soon after the last start, and not for ever."""
        state = self.poll()
        now = time.monotonic()
        while self._failures and now - self._failures[0] > self.FAILURE_WINDOW:
            self._failures.popleft()
        may = now - self._started >= self.RESTART_INTERVAL and len(self._failures) < self.MOST_FAILURES
        if state in (ServerState.STOPPED, ServerState.FAILED) and may:
            self._launch()
        return self._state

    def poll(self) -> ServerState:
        """Look at the process and what it said; never waits."""
        process = self._process
        if process is None:
            return self._state
        code = process.poll()
        if self._state is ServerState.STARTING:
            self._read_first_line()
        if self._process is not process:
            return self._state  # what it said made us stop it
        if code is not None:
            self._close()
            self._fail(ErrorInfo("backend_ended", advice_for_exit(code), self._last_log_line()))
        elif self._state is ServerState.STARTING and time.monotonic() - self._started > self.START_TIME:
            self.stop(wait=False)
            self._fail(
                ErrorInfo(
                    "start_timeout",
                    f"The backend did not start within {self.START_TIME:g} s.",
                    "Open the log.",
                )
            )
        return self._state

    def wait_ready(self, timeout: float = START_TIME) -> BackendClient:
        """For scripts: start if necessary, wait until it runs, and return a client. Raises `BackendError`."""
        if self.poll() is not ServerState.RUNNING:
            self.start()
        end = time.monotonic() + timeout
        while self.poll() is ServerState.STARTING and time.monotonic() < end:
            time.sleep(0.02)
        if self._client is None:
            raise BackendError(
                self._error or ErrorInfo("start_timeout", f"The backend did not start within {timeout:g} s.")
            )
        return self._client

    def stop(self, patience: float = 3.0, *, wait: bool = True) -> None:
        """End the backend: its input is closed, which it takes as a sign to go; then less politely.

        wait: come back when it has gone; else a thread sees to that, and a window goes on at once.
        """
        process, self._process, self._client = self._process, None, None
        self._state = ServerState.STOPPED
        if process is not None:
            self._error = None
            with contextlib.suppress(OSError):  # it may have gone already
                assert process.stdin is not None
                process.stdin.close()
            ending = threading.Thread(target=_end, args=(process, patience), daemon=True)
            self._ending.append(ending)
            ending.start()
        if wait:
            for ending in self._ending:
                ending.join()
        self._ending = [e for e in self._ending if e.is_alive()]

    def __enter__(self) -> BackendProcess:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _launch(self) -> None:
        self._error = None
        self._client = None
        self._started = time.monotonic()
        self._token = secrets.token_urlsafe(32)
        self._lines = queue.Queue()
        command = [
            str(self._python),
            "-B",
            str(self._main),
            "serve",
            "--parent",
            str(os.getpid()),
            *self._arguments,
        ]
        environment = {k: v for k, v in self._environment.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
        environment[TOKEN_VARIABLE] = self._token
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self._rotate_log()
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=environment,
                    cwd=self.log.parent,
                    start_new_session=True,  # Ctrl-C in Blender's terminal is not for the backend
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
        except OSError as error:
            self._process = None
            self._fail(
                ErrorInfo(
                    "cannot_start",
                    f"The backend cannot be started ({error.strerror or error}: {error.filename or self._python}).",
                    "Set up its environment again, or choose another.",
                )
            )
            return
        self._state = ServerState.STARTING
        threading.Thread(target=_pump, args=(self._process.stdout, self._lines), daemon=True).start()

    def _read_first_line(self) -> None:
        try:
            line = self._lines.get_nowait()
        except queue.Empty:
            return
        try:
            ready = ReadyLine.from_json(json.loads(line))
            check_identity(ready.identity)
        except BackendError as error:
            self.stop(wait=False)
            self._state = ServerState.UPDATE_REQUIRED
            self._error = error.info
            return
        except (ValueError, AssetError):
            self.stop(wait=False)
            self._fail(
                ErrorInfo(
                    "bad_first_line",
                    "The backend said something unexpected when it started.",
                    "Open the log.",
                )
            )
            return
        self._client = BackendClient(ready.address, self._token)
        self._state = ServerState.RUNNING

    def _fail(self, info: ErrorInfo) -> None:
        self._failures.append(time.monotonic())
        self._state = ServerState.FAILED
        self._error = info
        self._client = None

    def _close(self) -> None:
        process, self._process, self._client = self._process, None, None
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError):  # it may have gone already
                process.stdin.close()

    def _rotate_log(self) -> None:
        if self.log.is_file() and self.log.stat().st_size > MAX_LOG_BYTES:
            self.log.replace(self.log.with_suffix(f"{self.log.suffix}.old"))

    def _last_log_line(self) -> str:
        try:
            with self.log.open("rb") as stream:
                stream.seek(0, os.SEEK_END)
                stream.seek(max(0, stream.tell() - 4096))
                lines = stream.read().decode("utf-8", "replace").strip().splitlines()
        except OSError:
            return "Open the log."
        return f"The log ends with: {lines[-1][:300]}" if lines else "The log is empty."


def _end(process: subprocess.Popen[bytes], patience: float) -> None:
    """See to it that a process ends, and with a hung one its children, which would not notice if they hang as well."""
    for push in (process.terminate, partial(_kill_group, process)):
        try:
            process.wait(patience)
            return
        except subprocess.TimeoutExpired:
            push()
    process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that leads a session of its own, and all in its group."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _pump(pipe: IO[bytes] | None, lines: queue.Queue[bytes]) -> None:
    """Hand on the lines of a pipe until it ends; only the first is ever looked at, the rest must not fill the pipe."""
    assert pipe is not None
    with pipe:
        first = True
        while line := pipe.readline(1 << 16):
            if first:
                lines.put(line)
                first = False
