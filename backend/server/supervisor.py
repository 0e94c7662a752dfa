# SPDX-License-Identifier: GPL-3.0-or-later
"""Queue, worker and results: everything the server does that is not HTTP."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.jobs.outputs import check_output_folder, remove_leftovers
from backend.jobs.worker import Order
from physx_blender import __version__
from physx_blender.errors import AssetError
from physx_blender.protocol import (
    MAX_UPLOAD_BYTES,
    PRODUCT,
    PROTOCOL_VERSION,
    BackendError,
    ErrorInfo,
    Identity,
    JobKind,
    JobRequest,
    JobState,
    JobStatus,
    JobUpdates,
    Progress,
    ServerStatus,
    WorkerState,
    advice_for_exit,
)

from .restart import RestartPolicy
from .store import MAX_WAITING, JobStore
from .uploads import Uploads
from .worker_process import WorkerProcess

_LOG = logging.getLogger("server")
IDENTITY = Identity(PRODUCT, __version__, PROTOCOL_VERSION)


@dataclass(frozen=True)
class Limits:
    """Times in seconds.

    cancel_grace: how long a job that was cancelled may take to stop by itself before its worker is killed; together
        with the way of the message it has to stay under a second.
    job_time: how long a job may take at all.  start_time: how long a worker may take until it listens.
    """

    cancel_grace: float = 0.5
    job_time: float = 1800.0
    start_time: float = 60.0


class _WorkerUnavailableError(Exception):
    """The worker could not be started often enough; the error for the jobs that wait."""

    def __init__(self, info: ErrorInfo) -> None:
        self.info = info
        super().__init__(str(info))


class Supervisor:
    """Owns the jobs and the worker. All methods run on the server's event loop.

    local_paths: take folders and sources on this machine (clients are on it too).
    """

    def __init__(
        self,
        *,
        local_paths: bool,
        preload: bool = False,
        weights: Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._local_paths = local_paths
        self._preload = preload
        self._weights = None if weights is None else weights.resolve()
        self._limits = limits or Limits()
        self._home = Path(tempfile.mkdtemp(prefix="simready-backend-"))
        (self._home / "results").mkdir()
        self.uploads = Uploads(self._home / "uploads")
        self._store = JobStore()
        self._worker: WorkerProcess | None = None
        self._state = WorkerState.STARTING
        self._policy = RestartPolicy()
        self._restarts = 0
        self._wake = asyncio.Event()
        self._running: str | None = None
        self._killed_for: dict[str, ErrorInfo | None] = {}
        self._loop_task: asyncio.Task[None] | None = None

    # -- life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the worker and begin to work."""
        self._loop_task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """End the worker, whatever it does, and delete what only this server knew of."""
        if self._loop_task is not None:
            self._loop_task.cancel()
        if self._worker is not None:
            self._worker.kill()
            await self._worker.wait()
        if self._running is not None:
            self._clean(self._running)
        self._state = WorkerState.STOPPED
        shutil.rmtree(self._home, ignore_errors=True)

    def status(self) -> ServerStatus:
        """State of server and worker."""
        return ServerStatus(
            identity=IDENTITY,
            worker=self._state,
            worker_pid=0 if self._worker is None else self._worker.pid,
            restarts=self._restarts,
            local_paths=self._local_paths,
            generators=available_generators(self._weights),
            queued=len(self._store.waiting()),
            max_upload_bytes=MAX_UPLOAD_BYTES,
        )

    # -- what clients ask for --------------------------------------------------------------------------------------

    def submit(self, request: JobRequest) -> JobStatus:
        """Queue a job. Raises `AssetError` for one that cannot work, `BackendError` when too many wait."""
        if len(self._store.waiting()) >= MAX_WAITING:
            raise BackendError(
                ErrorInfo("queue_full", f"{MAX_WAITING} jobs wait already.", "Wait, or cancel some of them."),
                429,
            )
        if not self._local_paths and (request.output or request.source):
            raise BackendError(
                ErrorInfo(
                    "no_local_paths",
                    "This backend serves other machines and takes no paths on its own.",
                    "Leave the output empty and fetch the result; convert and check with a backend of your own.",
                ),
                403,
            )
        if request.output:
            check_output_folder(Path(request.output))
        if request.source and not Path(request.source).exists():
            raise AssetError("does not exist; check the path", where=request.source)
        for upload in filter(None, (request.image, request.mask)):
            if self.uploads.path(upload) is None:
                raise BackendError(
                    ErrorInfo(
                        "unknown_upload",
                        f"The upload {upload:.12} is not here (any more).",
                        "Send the image again.",
                    ),
                    404,
                )
        status = self._store.add(request)
        self._wake.set()
        return status

    def job(self, job: str) -> JobStatus:
        """State of one job."""
        status = self._store.status(job)
        if status is None:
            raise BackendError(
                ErrorInfo("unknown_job", f"There is no job {job!r:.40}.", "It may have been forgotten."), 404
            )
        return status

    def updates(self, since: int) -> JobUpdates:
        """What changed after a revision."""
        return self._store.since(since)

    def needed_uploads(self) -> Collection[str]:
        """Uploads that jobs which have not ended refer to."""
        requests = [self._store.request(job) for job in self._store.unfinished()]
        return {u for r in requests for u in (r.image, r.mask) if u}

    def cancel(self, job: str) -> JobStatus:
        """Cancel a job; one that has ended stays as it is, so that whoever follows it learns how."""
        status = self.job(job)
        if status.state.is_final:
            return status
        if status.state is JobState.QUEUED:
            self._store.finish(job, JobState.CANCELLED)
        elif not status.cancelling:
            self._store.cancelling(job)
            if self._worker is not None:
                self._worker.cancel(job)
            asyncio.get_running_loop().call_later(self._limits.cancel_grace, self._kill_for, job, None)
        return self._store.status(job) or status

    def forget(self, job: str) -> JobStatus:
        """Drop a job that has ended, and the result that was kept for it."""
        status = self.job(job)
        if not status.state.is_final:
            raise BackendError(ErrorInfo("not_ended", "This job has not ended.", "Cancel it first."), 409)
        self._forget(job)
        return status

    def result_folder(self, job: str) -> Path:
        """Folder with the result of a job that named none, for sending it."""
        status = self.job(job)
        folder = self._kept_folder(job)
        if status.state is not JobState.DONE or self._store.request(job).output or not folder.is_dir():
            raise BackendError(
                ErrorInfo(
                    "no_package",
                    "This job has no result to fetch.",
                    "Only a finished job without a folder has.",
                ),
                409,
            )
        return folder

    # -- work ------------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            self._wake.clear()
            try:
                worker = await self._ready_worker()
            except _WorkerUnavailableError as error:
                for job in self._store.waiting():
                    self._store.finish(job, JobState.FAILED, error=error.info)
                await self._wake.wait()
                continue
            waiting = self._store.waiting()
            if waiting:
                await self._run(worker, waiting[0])
                for job in self._store.overdue():
                    self._forget(job)
                continue
            self._state = WorkerState.IDLE
            await self._wait_for_work(worker)

    async def _wait_for_work(self, worker: WorkerProcess) -> None:
        """Until a job comes or the worker dies."""
        gone = asyncio.ensure_future(worker.messages.get())
        woken = asyncio.ensure_future(self._wake.wait())
        await asyncio.wait({gone, woken}, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        if gone.done():
            if gone.result() is None:
                self._note_death(worker)
        else:
            gone.cancel()

    async def _ready_worker(self) -> WorkerProcess:
        """The running worker, or a new one as soon as the policy allows."""
        if self._worker is not None and self._worker.exit_code is not None:
            self._note_death(self._worker)
        last = "The worker could not be started."
        while self._worker is None:
            now = time.monotonic()
            if self._policy.exhausted(now) and not self._store.waiting():
                self._state = WorkerState.STOPPED
                raise _WorkerUnavailableError(ErrorInfo("worker_down", last))
            await asyncio.sleep(self._policy.delay(now))
            worker = await WorkerProcess.start(preload=self._preload, weights=self._weights)
            try:
                first = await asyncio.wait_for(worker.messages.get(), self._limits.start_time)
            except TimeoutError:
                worker.kill()
                first = None
            except asyncio.CancelledError:
                worker.kill()
                raise
            if first is not None and first.get("event") == "ready":
                self._worker = worker
                return worker
            worker.kill()
            code = await worker.wait()
            _LOG.error("the worker did not start (code %s)", code)
            self._policy.died(time.monotonic())
            self._restarts += 1
            last = advice_for_exit(code, "The worker")
            if self._policy.exhausted(time.monotonic()):
                self._state = WorkerState.STOPPED
                raise _WorkerUnavailableError(
                    ErrorInfo(
                        "worker_down",
                        "The worker process does not start.",
                        f"{last} Then start the backend again.",
                    )
                )
            self._state = WorkerState.RESTARTING
        return self._worker

    async def _run(self, worker: WorkerProcess, job: str) -> None:
        """Run one job to its end, which may be that of the worker."""
        request = self._store.request(job)
        uploads = []
        for upload in filter(None, (request.image, request.mask)):
            path = self.uploads.path(upload)
            assert path is not None, "uploads of waiting jobs are kept"
            uploads.append((upload, str(path)))
        self._running = job
        self._state = WorkerState.BUSY
        self._store.start(job)
        worker.order(Order(job, request, self._folder(job, request), tuple(uploads)))
        out_of_time = asyncio.get_running_loop().call_later(
            self._limits.job_time,
            self._kill_for,
            job,
            ErrorInfo(
                "timeout",
                f"The job took longer than {self._limits.job_time:g} s and was ended.",
                "Try a smaller input; the log says what it was doing.",
            ),
        )
        try:
            while True:
                message = await worker.messages.get()
                if message is None:
                    self._worker_died_in(worker, job)
                    return
                if message.get("job") == job and self._take(job, message):
                    return
        finally:
            out_of_time.cancel()
            self._killed_for.pop(job, None)
            if self._store.status(job) is None or self._store.status(job).state.is_final:  # type: ignore[union-attr]
                self._running = None

    def _take(self, job: str, message: dict[str, Any]) -> bool:
        """Apply a message of the worker; True when the job has ended with it."""
        event = message["event"]
        if event == "progress":
            self._store.progress(job, Progress.from_json(message["progress"]))
            return False
        if event == "done":
            self._store.finish(job, JobState.DONE, result=message["result"])
        elif event == "cancelled":
            self._store.finish(job, JobState.CANCELLED)
        else:
            self._store.finish(job, JobState.FAILED, error=ErrorInfo.from_json(message["error"]))
        return True

    def _worker_died_in(self, worker: WorkerProcess, job: str) -> None:
        """The worker went while it had the job: killed by us for a reason that we know, or crashed."""
        self._clean(job)
        if job in self._killed_for:
            reason = self._killed_for[job]
            state = JobState.CANCELLED if reason is None else JobState.FAILED
            self._store.finish(job, state, error=reason)
            self._worker = None  # no crash: the next one starts at once
            return
        status = self.job(job)
        if status.cancelling:
            self._store.finish(job, JobState.CANCELLED)
        else:
            code = worker.exit_code if worker.exit_code is not None else 1
            advice = advice_for_exit(code, "The worker process")
            self._store.finish(
                job,
                JobState.FAILED,
                error=ErrorInfo("worker_crashed", "The job ended because its process did.", advice),
            )
        self._note_death(worker)

    def _note_death(self, worker: WorkerProcess) -> None:
        _LOG.error("the worker %s is gone (code %s)", worker.pid, worker.exit_code)
        self._worker = None
        self._restarts += 1
        self._state = WorkerState.RESTARTING
        self._policy.died(time.monotonic())

    def _kill_for(self, job: str, reason: ErrorInfo | None) -> None:
        """End the worker if it still has the job. reason: None = cancelled, else why the job failed."""
        if self._running != job or self._worker is None:
            return
        _LOG.warning("the worker %s does not stop job %s and is killed", self._worker.pid, job)
        self._killed_for.setdefault(job, reason)
        self._worker.kill()

    # -- files -----------------------------------------------------------------------------------------------------

    def _kept_folder(self, job: str) -> Path:
        return self._home / "results" / job

    def _folder(self, job: str, request: JobRequest) -> str:
        if request.kind is JobKind.CHECK:
            return ""
        return request.output or str(self._kept_folder(job))

    def _clean(self, job: str) -> None:
        """Remove what a worker that was killed left half done."""
        folder = self._folder(job, self._store.request(job))
        if folder:
            remove_leftovers(Path(folder))

    def _forget(self, job: str) -> None:
        shutil.rmtree(self._kept_folder(job), ignore_errors=True)
        self._store.forget(job)


def available_generators(weights: Path | None = None) -> tuple[str, ...]:
    """Names of the ways to generate whose weights are here, best first."""
    file = weights or Path(__file__).resolve().parents[1] / "embedded" / "weights" / "embedded.safetensors"
    return ("embedded",) if file.is_file() else ()
