# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks that are full, for tests."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of this size ("16k") at a new folder, where this user may mount one; else the test is skipped."""
    folder.mkdir()
    if shutil.which("mount") is None:
        pytest.skip("no disks to mount here")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("this user may not mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
