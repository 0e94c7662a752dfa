# SPDX-License-Identifier: GPL-3.0-or-later
"""What the subcommands print while they work: one line that changes on a terminal, one line per stage elsewhere."""

from __future__ import annotations

import shutil
import sys
from typing import TextIO

from physx_blender.protocol import Progress


class ProgressLine:
    """Shows progress on standard error, so that standard output stays for results."""

    def __init__(self, label: str = "", *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._label = f"{label}: " if label else ""
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._stage = ""

    def show(self, progress: Progress) -> None:
        """Show how far the job is."""
        if self._quiet:
            return
        if self._live:
            text = f"{self._label}{progress.fraction * 100:3.0f} % {progress.stage}"
            if progress.message:
                text += f" - {progress.message}"
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f"\r{text[:width]:<{width}}")
        elif progress.stage != self._stage:
            self._stream.write(f"{self._label}{progress.stage}\n")
        self._stage = progress.stage
        self._stream.flush()

    def close(self) -> None:
        """Make room for what is printed next."""
        if self._live and self._stage and not self._quiet:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f"\r{'':<{width}}\r")
            self._stream.flush()
