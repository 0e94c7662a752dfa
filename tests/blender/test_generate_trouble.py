# SPDX-License-Identifier: GPL-3.0-or-later
"""Generating while the backend is killed, hangs, or finds its disk full: one sentence, nothing half made, no waiting."""

from __future__ import annotations

import os
import re
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.blender.test_backend_hangs import LONGEST, Clock
from tests.blender.zoo import Load
from tests.disks import disk

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")
PICTURE = Path(__file__).resolve().parent.parent.parent / "examples" / "nightstand.png"


def children(pid: int) -> list[int]:
    """Processes that a process has started, and theirs."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *children(int(child))]
    return found


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process puts what is only on the way; the backend has another place."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def begin(bpy: Any, from_extension: Load, backend: Any) -> Clock:
    """Start to generate, up to where the model is at work."""
    clock = Clock()
    order = from_extension("operators.generate").generate_order(str(PICTURE), "", 0, "")
    clock.call(backend.order, bpy.context, order)
    clock.pump(backend, lambda: backend.job is None or backend.job.progress.fraction > 0.02, 240.0)
    assert backend.job is not None, backend.last_error
    return clock


def nothing_is_left(bpy: Any, backend: Any, temporary: Path, clock: Clock) -> None:
    """One sentence in the panel, and nothing in the file or on the disk; and nobody had to wait."""
    assert re.search(r"\w.*[.;]", backend.last_error)
    assert "\n" not in backend.last_error
    assert "Traceback" not in backend.last_error
    kinds = (bpy.data.objects, bpy.data.meshes, bpy.data.armatures, bpy.data.images, bpy.data.collections)
    assert not any(len(kind) for kind in kinds)
    assert not list(temporary.iterdir())
    assert clock.slowest < 3 * LONGEST


def test_killed_worker(bpy: Any, from_extension: Load, backend: Any, temporary: Path) -> None:
    clock = begin(bpy, from_extension, backend)
    for pid in children(backend.process.pid):
        os.kill(pid, signal.SIGKILL)
    clock.pump(backend, lambda: backend.job is None, 60.0)
    assert "process" in backend.last_error
    nothing_is_left(bpy, backend, temporary, clock)
    # the server has a new worker for the next one
    begin(bpy, from_extension, backend)
    assert bpy.ops.simready.cancel() == {"FINISHED"}
    clock.pump(backend, lambda: backend.job is None, 30.0)


def test_killed_server(bpy: Any, from_extension: Load, backend: Any, temporary: Path) -> None:
    clock = begin(bpy, from_extension, backend)
    os.kill(backend.process.pid, signal.SIGKILL)
    clock.pump(backend, lambda: backend.job is None, 60.0)
    assert "backend" in backend.last_error.lower()
    nothing_is_left(bpy, backend, temporary, clock)


def test_hung_server_and_worker(
    bpy: Any, from_extension: Load, backend: Any, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(from_extension("operators.backend_session"), "PATIENCE", 4.0)
    clock = begin(bpy, from_extension, backend)
    stopped = [backend.process.pid, *children(backend.process.pid)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    clock.pump(backend, lambda: backend.job is None, 60.0)
    assert "did not answer" in backend.last_error
    nothing_is_left(bpy, backend, temporary, clock)
    gone = Clock()
    gone.pump(backend, lambda: not any(_lives(pid) for pid in stopped), 30.0)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 kB: less than an asset and its pictures."""
    with disk(tmp_path / "disk", "32k") as folder:
        yield folder


def finish(bpy: Any, from_extension: Load, backend: Any) -> Clock:
    clock = begin(bpy, from_extension, backend)
    clock.pump(backend, lambda: backend.job is None, 400.0)
    return clock


def test_full_disk_for_the_result(
    bpy: Any, from_extension: Load, backend: Any, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    clock = finish(bpy, from_extension, backend)
    assert "space" in backend.last_error.lower()
    nothing_is_left(bpy, backend, small_disk, clock)


def test_full_disk_where_proposals_are_kept(
    bpy: Any,
    from_extension: Load,
    backend: Any,
    temporary: Path,
    small_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(from_extension("operators.generate"), "store", lambda: small_disk)
    clock = finish(bpy, from_extension, backend)
    assert "space" in backend.last_error.lower()
    assert not list(small_disk.iterdir())
    nothing_is_left(bpy, backend, temporary, clock)
