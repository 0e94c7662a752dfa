# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements that need a window: which Blender, and a session in it."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT = 580.0


@dataclass(frozen=True)
class InWindow:
    """One session, and the folder for its files, which is gone afterwards."""

    script: str
    folder: Path

    def run(self, order: dict[str, Any], *, simulate_events: bool = False) -> dict[str, Any]:
        """The report of the session."""
        # only now: the module reads which Blender to use when it is imported
        from tests.ui.window import run_session

        script = str(Path(__file__).parent / self.script)
        return run_session(
            script, self.folder / "run", order, simulate_events=simulate_events, timeout=TIMEOUT
        )


def choose_blender(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Add the option for it, read all options, and see to it that it can be started."""
    parser.add_argument("--blender", required=True, help="a Blender with a window, or what behaves as one")
    options = parser.parse_args()
    executable = shutil.which(options.blender)
    if executable is None:
        parser.error(f"{options.blender} is no program that can be started")
    os.environ["SIMREADY_BLENDER"] = executable
    return options


@contextmanager
def in_window(script: str) -> Iterator[InWindow]:
    """A session of this folder, with a folder for its files."""
    # beside the temporary files of tests: what brings its own screen may see no other
    base = Path(os.environ.get("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{Path(script).stem}-", dir=base) as folder:
        yield InWindow(script, Path(folder))
