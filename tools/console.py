# SPDX-License-Identifier: GPL-3.0-or-later
"""How build.py talks, and the one exception that ends it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class BuildError(Exception):
    """What went wrong and what to do about it, in one or two sentences for the person at the terminal."""


def say(message: str) -> None:
    """One line of progress; flushed, because the output of child processes comes in between."""
    print(f"[build] {message}", flush=True)


def fail(message: str) -> None:
    """One line on stderr."""
    sys.stdout.flush()
    print(f"[build] error: {message}", file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step and, when it ends well, how long it took."""
    say(f"{title} ...")
    start = time.monotonic()
    yield
    say(f"{title}: done in {time.monotonic() - start:.1f} s")


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> int:
    """Run `command` with its output on ours; its exit status, or 124 when `timeout` (seconds) has passed."""
    process = subprocess.Popen(
        [str(word) for word in command], cwd=cwd, env=dict(environment) if environment is not None else None
    )
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        fail(
            f"stopped after {timeout:.0f} s: {Path(str(command[0])).name} {' '.join(map(str, command[1:4]))}"
        )
        return 124
    except BaseException:
        process.kill()
        process.wait()
        raise


def run_filtered(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    hide: tuple[str, ...],
    environment: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> int:
    """Run `command`, showing each line of its output as it comes, except those that start with one of `hide`.

    Returns the exit status, or 124 when `timeout` (seconds) has passed.
    """
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=dict(environment) if environment is not None else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    watchdog = threading.Timer(timeout, stop) if timeout is not None else None
    if watchdog is not None:
        watchdog.daemon = True
        watchdog.start()
    try:
        for line in process.stdout:
            if line.strip() and not line.startswith(hide):
                print(f"    {line.rstrip()}", flush=True)
        status = process.wait()
        return 124 if late.is_set() else status
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        if watchdog is not None:
            watchdog.cancel()
