# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the backend's environment, for the add-on: a script of its own that needs only the standard library.

    python -I -B install.py ENVIRONMENT REQUIREMENTS LOG [--cuda] [--index URL]

Prints one JSON object per line: {"message", "fraction"} or {"error"}. It stops, and removes what it has begun, when
its input is closed. CUDA packages are found before they are downloaded, by resolving alone, and refused without --cuda.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

VERSIONS = ((3, 11), (3, 12), (3, 13))
CUDA = re.compile(r"(nvidia|cuda)[-_]|triton$|pytorch[-_]triton")
PROOF = "import coacd, cv2, fastapi, mujoco, numpy, PIL, torch, uvicorn"


class SetupError(Exception):
    """Set-up cannot go on; the message is for the user."""


def tell(message: str, fraction: float) -> None:
    """One line of progress."""
    print(json.dumps({"message": message, "fraction": round(fraction, 3)}), flush=True)


class Installer:
    """One set-up."""

    def __init__(self, environment: Path, requirements: Path, log: IO[str], index: str) -> None:
        self.environment, self.requirements, self.log = environment, requirements, log
        self.index = ["--extra-index-url", index] if index else []
        self.child: subprocess.Popen[str] | None = None
        self.cancelled = False

    @property
    def python(self) -> Path:
        """The interpreter of the new environment."""
        return self.environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def cancel(self) -> None:
        """Stop the running step."""
        self.cancelled = True
        if self.child is not None:
            self.child.terminate()

    def call(
        self, command: list[str], failure: str, on_line: str = "", share: tuple[float, float] = (0, 0)
    ) -> None:
        """Run a step; lines that begin with `on_line` move the progress through `share`."""
        if self.cancelled:
            raise SetupError("cancelled")
        self.log.write(f"$ {' '.join(command)}\n")
        environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
        self.child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
        )
        assert self.child.stdout is not None
        seen, last = 0, ""
        for line in self.child.stdout:
            self.log.write(line)
            last = line.strip() or last
            if on_line and line.startswith(on_line):
                seen += 1
                tell(line.strip()[:80], share[0] + (share[1] - share[0]) * (1.0 - 0.95**seen))
        if self.child.wait() != 0:
            raise SetupError("cancelled" if self.cancelled else f"{failure} ({last[:200]})")

    def pip(self, *arguments: str) -> list[str]:
        """A pip command in the new environment."""
        return [str(self.python), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]

    def install(self, cuda: bool) -> None:
        """All steps."""
        tell("Making the environment", 0.02)
        if self.environment.exists():
            shutil.rmtree(self.environment)
        self.call(
            [sys.executable, "-I", "-m", "venv", str(self.environment)], "the environment cannot be made"
        )
        tell("Finding out what is needed", 0.08)
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            self.call(
                self.pip(
                    "install", "--dry-run", "--report", str(report), *self.index, "-r", str(self.requirements)
                ),
                "the packages cannot be found; check the network",
                "Collecting",
                (0.08, 0.2),
            )
            names = [
                str(item["metadata"]["name"]) for item in json.loads(report.read_text("utf-8"))["install"]
            ]
        unwanted = sorted(name for name in names if CUDA.match(name.lower()))
        if unwanted and not cuda:
            raise SetupError(
                f"this would bring the CUDA build of torch ({len(unwanted)} packages, several gigabytes); tick "
                "'NVIDIA GPU' to allow it, or name an index with the CPU build in the preferences"
            )
        tell(f"Installing {len(names)} packages", 0.2)
        self.call(
            self.pip("install", *self.index, "-r", str(self.requirements)),
            "the packages cannot be installed; check the network and the free disk space",
            "Collecting",
            (0.2, 0.9),
        )
        tell("Trying it", 0.95)
        self.call([str(self.python), "-I", "-c", PROOF], "the installed packages do not work")


def main(arguments: list[str]) -> int:
    """Set up; 0 when it works."""
    parser = argparse.ArgumentParser()
    parser.add_argument("environment", type=Path)
    parser.add_argument("requirements", type=Path)
    parser.add_argument("log", type=Path)
    parser.add_argument("--cuda", action="store_true")
    parser.add_argument("--index", default="")
    options = parser.parse_args(arguments)
    options.log.parent.mkdir(parents=True, exist_ok=True)
    with options.log.open("w", encoding="utf-8", buffering=1) as log:
        installer = Installer(options.environment, options.requirements, log, options.index)

        def watch() -> None:
            while sys.stdin.read(4096):
                pass
            installer.cancel()

        threading.Thread(target=watch, daemon=True).start()
        try:
            if sys.version_info[:2] not in VERSIONS:
                raise SetupError(
                    f"{sys.executable} is Python {sys.version_info.major}.{sys.version_info.minor}; choose 3.11, 3.12 or 3.13"
                )
            installer.install(options.cuda)
        except (SetupError, OSError) as error:
            log.write(f"{error}\n")
            shutil.rmtree(options.environment, ignore_errors=True)
            print(json.dumps({"error": str(error)}), flush=True)
            return 1
    tell("Ready", 1.0)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
