# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of a real server with a real worker: done, queued, cancelled, crashed, hung, timed out.

A worker that hangs is a real one that got SIGSTOP; one that crashes is a real one that got SIGKILL or SIGSEGV.
"""

from __future__ import annotations

import io
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from backend.images import load_image
from physx_blender.client import BackendClient, BackendProcess, JobFeed
from physx_blender.errors import AssetError
from physx_blender.formats.convert import load_asset
from physx_blender.protocol import (
    BackendError,
    JobKind,
    JobRequest,
    JobState,
    JobStatus,
    ServerState,
    WorkerState,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="uses POSIX signals on the worker")
Idle = Callable[[BackendClient], int]
MakeBackend = Callable[..., BackendProcess]


def until(
    client: BackendClient, job: str, passed: Callable[[JobStatus], bool], timeout: float = 30.0
) -> JobStatus:
    """Poll one job until `passed` is true of it."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        status = client.job(job)
        if passed(status):
            return status
        time.sleep(0.01)
    raise AssertionError(f"not after {timeout} s: {client.job(job)}")


def ended(status: JobStatus) -> bool:
    return status.state.is_final


def running(status: JobStatus) -> bool:
    return status.state is JobState.RUNNING


def conversion(source: Path, output: Path) -> JobRequest:
    return JobRequest(JobKind.CONVERT, source=str(source), output=str(output))


def test_convert_writes_a_complete_result(client: BackendClient, box_mjcf: Path, tmp_path: Path) -> None:
    seen: list[JobStatus] = []
    status = client.wait(
        client.submit(conversion(box_mjcf, tmp_path / "out")).id, progress=seen.append, timeout=60
    )
    assert status.result["name"] == "box"
    assert status.result["joints"] == {"hinge": "hinge"}
    assert status.progress.fraction == 1.0
    found = sorted(
        f.relative_to(tmp_path / "out").as_posix() for f in (tmp_path / "out").rglob("*") if f.is_file()
    )
    assert found == status.result["files"]
    assert {"asset.json", "box.xml", "box.urdf", "preview.png"} <= set(found)
    assert load_asset(tmp_path / "out").joints[0].name == "hinge"
    fractions = [s.progress.fraction for s in seen]
    assert fractions == sorted(fractions)
    json.dumps(dict(status.result), allow_nan=False)


def test_result_that_names_no_folder_is_fetched(
    client: BackendClient, box_mjcf: Path, tmp_path: Path
) -> None:
    job = client.wait(client.submit(JobRequest(JobKind.CONVERT, source=str(box_mjcf))).id, timeout=60).id
    target = tmp_path / "fetched"
    assert client.fetch(job, target) == target
    assert load_asset(target) == load_asset(target / "asset.json")
    assert (target / "preview.png").read_bytes().startswith(b"\x89PNG")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    with pytest.raises(AssetError, match="not empty"):
        client.fetch(job, target)
    assert client.cancel(job).state is JobState.DONE  # too late, and no harm done
    client.forget(job)
    with pytest.raises(BackendError, match="no job"):
        client.fetch(job, tmp_path / "again")


def test_check_reports_and_writes_nothing(client: BackendClient, box_mjcf: Path) -> None:
    before = sorted(box_mjcf.parent.iterdir())
    status = client.wait(client.submit(JobRequest(JobKind.CHECK, source=str(box_mjcf))).id, timeout=60)
    assert isinstance(status.result["passed"], bool)
    assert status.result["report"]["gate"]["files"][0]["format"].lower() == "mjcf"
    assert sorted(box_mjcf.parent.iterdir()) == before


def test_bad_source_fails_with_one_sentence(client: BackendClient, tmp_path: Path) -> None:
    bad = tmp_path / "broken.xml"
    bad.write_text("<mujoco><worldbody>", encoding="utf-8")
    job = client.submit(conversion(bad, tmp_path / "out")).id
    with pytest.raises(BackendError) as caught:
        client.wait(job, timeout=60)
    assert "broken.xml" in caught.value.info.message
    assert "Traceback" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_damaged_image_is_refused_at_upload(client: BackendClient) -> None:
    with pytest.raises(BackendError, match="not an image") as caught:
        client.upload(b"no picture at all" * 10)
    assert caught.value.status == 400


def test_truncated_image_fails_in_the_job(client: BackendClient, tmp_path: Path) -> None:
    """Its head is fine, so the upload passes; the job says what is wrong with it."""
    stream = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (80, 80, 3), np.uint8)).save(stream, "PNG")
    data = stream.getvalue()[:-4000]
    with pytest.raises(AssetError, match="truncated"):
        load_image(data)
    upload = client.upload(data)
    job = client.submit(
        JobRequest(JobKind.GENERATE, image=upload, output=str(tmp_path / "out"), name="vase")
    ).id
    with pytest.raises(BackendError, match="vase: is truncated"):
        client.wait(job, timeout=60)


def test_two_jobs_at_once_run_one_after_the_other(
    client: BackendClient, box_mjcf: Path, tmp_path: Path, idle: Idle
) -> None:
    pid = idle(client)
    os.kill(pid, signal.SIGSTOP)
    try:
        first = client.submit(conversion(box_mjcf, tmp_path / "a")).id
        until(client, first, running)
        second = client.submit(conversion(box_mjcf, tmp_path / "b")).id
        third = client.submit(conversion(box_mjcf, tmp_path / "c")).id
        assert client.job(second).state is JobState.QUEUED
        assert [client.job(second).ahead, client.job(third).ahead] == [0, 1]
        assert client.cancel(second).state is JobState.CANCELLED  # queued: at once
        assert client.job(third).ahead == 0
    finally:
        os.kill(pid, signal.SIGCONT)
    client.wait(first, timeout=60)
    client.wait(third, timeout=60)
    assert (tmp_path / "a" / "box.xml").read_bytes() == (tmp_path / "c" / "box.xml").read_bytes()
    assert not (tmp_path / "b").exists()


def test_hung_job_is_cancelled_within_a_second(
    client: BackendClient, box_mjcf: Path, tmp_path: Path, idle: Idle
) -> None:
    """The worker cannot listen; it is killed, and another does the next job."""
    restarts = client.status().restarts
    pid = idle(client)
    os.kill(pid, signal.SIGSTOP)
    job = client.submit(conversion(box_mjcf, tmp_path / "hung")).id
    waiting = client.submit(conversion(box_mjcf, tmp_path / "next")).id
    until(client, job, running)
    asked = time.monotonic()
    assert client.cancel(job).cancelling
    with pytest.raises(BackendError, match="not ended"):
        client.forget(job)
    status = until(client, job, ended)
    assert time.monotonic() - asked < 1.0
    assert status.state is JobState.CANCELLED
    client.wait(waiting, timeout=60)
    assert not psutil.pid_exists(pid)
    assert client.status().restarts == restarts  # it was we who killed it: no crash
    assert not (tmp_path / "hung").exists()


def test_running_job_that_listens_is_cancelled_without_losing_the_worker(
    client: BackendClient, box_mjcf: Path, tmp_path: Path, idle: Idle
) -> None:
    kept = []
    for attempt in range(
        4
    ):  # on a busy machine the worker may not get its turn within the grace, and is killed
        pid = idle(client)
        os.kill(pid, signal.SIGSTOP)
        job = client.submit(conversion(box_mjcf, tmp_path / f"out{attempt}")).id
        until(client, job, running)
        client.cancel(job)
        # well within the grace: order and cancellation lie in its input, one behind the other
        os.kill(pid, signal.SIGCONT)
        status = until(client, job, ended)
        # it may have read the order first and been quick
        assert status.state in (JobState.CANCELLED, JobState.DONE)
        kept.append(idle(client) == pid)
        if kept[-1]:
            break
    assert any(kept), "the worker was lost every time"


@pytest.mark.parametrize(("sign", "advice"), [(signal.SIGKILL, "memory"), (signal.SIGSEGV, "native library")])
def test_crash_fails_the_job_with_advice_and_the_next_one_works(
    client: BackendClient, box_mjcf: Path, tmp_path: Path, idle: Idle, sign: signal.Signals, advice: str
) -> None:
    restarts = client.status().restarts
    pid = idle(client)
    os.kill(pid, signal.SIGSTOP)
    job = client.submit(conversion(box_mjcf, tmp_path / "out")).id
    until(client, job, running)
    os.kill(pid, sign)
    os.kill(pid, signal.SIGCONT)
    with pytest.raises(BackendError, match=advice) as caught:
        client.wait(job, timeout=30)
    assert caught.value.info.code == "worker_crashed"
    client.wait(client.submit(conversion(box_mjcf, tmp_path / "after")).id, timeout=60)
    assert client.status().restarts == restarts + 1
    assert idle(client) != pid


def test_idle_worker_that_dies_is_replaced(client: BackendClient, idle: Idle) -> None:
    pid = idle(client)
    os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 30
    while client.status().worker_pid in (pid, 0) and time.monotonic() < end:
        time.sleep(0.02)
    assert idle(client) != pid


def test_job_that_takes_too_long_is_ended(
    make_backend: MakeBackend, box_mjcf: Path, tmp_path: Path, idle: Idle
) -> None:
    client = make_backend("--job-time", "0.5").wait_ready()
    os.kill(idle(client), signal.SIGSTOP)
    job = client.submit(conversion(box_mjcf, tmp_path / "out")).id
    with pytest.raises(BackendError, match=r"longer than 0\.5 s"):
        client.wait(job, timeout=20)
    assert idle(client)


def test_leftovers_of_a_killed_writer_are_removed(
    client: BackendClient, box_mjcf: Path, tmp_path: Path, idle: Idle
) -> None:
    """What a worker has half written when it is killed lies in a folder named like this; nothing else may go."""
    output = tmp_path / "out"
    output.mkdir()
    (output / "mine.txt").write_text("keep me", encoding="utf-8")
    pid = idle(client)
    os.kill(pid, signal.SIGSTOP)
    job = client.submit(conversion(box_mjcf, output)).id
    until(client, job, running)
    for place in (output / ".out.0123abcd.part", tmp_path / ".out.0123abcd.part"):
        (place / "meshes").mkdir(parents=True)
        (place / "meshes" / "half.obj").write_text("v 0 0", encoding="utf-8")
    client.cancel(job)
    until(client, job, ended)
    assert [p.name for p in output.iterdir()] == ["mine.txt"]
    assert not (tmp_path / ".out.0123abcd.part").exists()


def test_result_replaces_an_earlier_one_and_leaves_other_files(
    client: BackendClient, box_mjcf: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    client.wait(client.submit(conversion(box_mjcf, output)).id, timeout=60)
    (output / "notes.txt").write_text("mine", encoding="utf-8")
    other = tmp_path / "case.xml"
    other.write_text(box_mjcf.read_text("utf-8").replace('model="box"', 'model="case"'), encoding="utf-8")
    client.wait(client.submit(conversion(other, output)).id, timeout=60)
    assert len(list(output.glob("*.xml"))) == 1
    assert len(list(output.glob("*.urdf"))) == 1
    assert (output / "notes.txt").read_text("utf-8") == "mine"


def test_feed_brings_the_news_in_order(client: BackendClient, box_mjcf: Path, tmp_path: Path) -> None:
    feed = JobFeed(client)
    try:
        job = client.submit(conversion(box_mjcf, tmp_path / "out")).id
        news: list[JobStatus] = []
        end = time.monotonic() + 60
        while time.monotonic() < end and not (news and news[-1].state.is_final):
            news += [n for n in feed.take() if isinstance(n, JobStatus) and n.id == job]
            time.sleep(0.02)
        assert news[-1].state is JobState.DONE
        revisions = [n.revision for n in news]
        assert revisions == sorted(set(revisions))
    finally:
        feed.stop()


def test_poll_gives_only_what_changed(client: BackendClient, box_mjcf: Path, tmp_path: Path) -> None:
    before = client.poll().revision
    job = client.wait(client.submit(conversion(box_mjcf, tmp_path / "out")).id, timeout=60).id
    updates = client.poll(before)
    assert [j.id for j in updates.jobs] == [job]
    assert client.poll(updates.revision).jobs == ()
    # a client of an earlier server asks with a revision from the future and is told everything
    assert job in [j.id for j in client.poll(updates.revision + 1000).jobs]


def test_status_tells_the_state(client: BackendClient, backend: BackendProcess) -> None:
    status = client.status()
    assert status.worker is WorkerState.IDLE
    assert psutil.Process(status.worker_pid).ppid() == backend.pid
    assert status.local_paths
    assert backend.state is ServerState.RUNNING
