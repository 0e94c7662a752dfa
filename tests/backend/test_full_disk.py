# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full costs a job, which says so; the backend goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from physx_blender.client import BackendClient
from physx_blender.protocol import BackendError, JobKind, JobRequest
from tests.disks import disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 kB."""
    with disk(tmp_path / "disk", "16k") as folder:
        yield folder


def test_a_full_disk_is_told_and_nothing_is_left(
    client: BackendClient, box_mjcf: Path, small_disk: Path, tmp_path: Path
) -> None:
    job = client.submit(JobRequest(JobKind.CONVERT, source=str(box_mjcf), output=str(small_disk / "out")))
    with pytest.raises(BackendError, match="No space left"):
        client.wait(job.id, timeout=60.0)
    assert not list(small_disk.rglob("*.xml"))
    job = client.submit(JobRequest(JobKind.CONVERT, source=str(box_mjcf), output=str(tmp_path / "out")))
    assert client.wait(job.id, timeout=60.0).result["files"]
