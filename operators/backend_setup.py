# SPDX-License-Identifier: GPL-3.0-or-later
"""The set-up of the backend's environment as it runs: a process of its own, watched by a timer."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

import bpy

from ..physx_blender.errors import AssetError
from . import extension
from .backend_session import redraw

DOWNLOAD_TEXT = (
    "The models run in a Python environment of their own, outside Blender.",
    "This downloads about 300 MB (torch, MuJoCo and others; with CUDA about 3 GB)",
    "and needs about 1.4 GB on disk (with CUDA about 7 GB). Blender's Python is not touched.",
)
SCRIPT = extension.ROOT / "backend" / "install.py"
REQUIREMENTS = extension.ROOT / "requirements" / "backend.txt"
TICK = 0.3


def candidate_pythons() -> list[Path]:
    """Interpreters that may make the environment: on the search path, and Blender's own."""
    found = [shutil.which(name) for name in ("python3.11", "python3.13", "python3.12")]
    usable = (
        sys.version_info[:2] in ((3, 11), (3, 12), (3, 13)) and "python" in Path(sys.executable).name.lower()
    )
    return [Path(f) for f in found if f] + ([Path(sys.executable)] if usable else [])


class Setup:
    """The running set-up, if any."""

    def __init__(self) -> None:
        self.message = ""
        self.error = ""
        self.fraction = 0.0
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    @property
    def running(self) -> bool:
        """Is it on its way?"""
        return self._process is not None

    def start(self, python: Path, *, cuda: bool, index: str = "") -> None:
        """Begin; progress comes by `tick`."""
        if not python.is_file():
            raise AssetError("is not a Python interpreter; choose another", where=str(python))
        log = extension.user_folder("logs") / "setup.log"
        command = [
            str(python),
            "-I",
            "-B",
            str(SCRIPT),
            str(extension.environment_folder()),
            str(REQUIREMENTS),
            str(log),
        ]
        try:
            self._process = subprocess.Popen(
                command + (["--cuda"] if cuda else []) + (["--index", index] if index else []),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise AssetError(f"cannot be run ({error.strerror or error})", where=str(python)) from error
        self.message, self.error, self.fraction = "Starting", "", 0.0
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()
        bpy.app.timers.register(_tick, first_interval=TICK, persistent=True)

    def _read(self, pipe: IO[str]) -> None:
        with pipe:
            for line in pipe:
                if line.startswith("{"):
                    self._lines.put(json.loads(line))

    def tick(self) -> float | None:
        """Take the news; None when it has ended."""
        process = self._process
        if process is None:
            return None
        code = process.poll()
        while not self._lines.empty():
            news = self._lines.get()
            self.message = str(news.get("message", self.message))
            self.fraction = float(news.get("fraction", self.fraction))
            self.error = str(news.get("error", self.error))
        redraw()
        if code is None:
            return TICK
        self._process = None
        if code != 0 and not self.error:
            self.error = "the set-up has failed; the log says why"
        return None

    def cancel(self) -> None:
        """Stop; the script removes what it has begun when its input is closed."""
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            self.message = "Cancelled"


setup = Setup()
"""The one set-up that may run."""


def _tick() -> float | None:
    return setup.tick()


def unregister() -> None:
    """Stop it."""
    setup.cancel()
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)
