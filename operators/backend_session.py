# SPDX-License-Identifier: GPL-3.0-or-later
"""The one backend of this Blender and the job that runs on it.

A timer of Blender looks after both; whatever may wait happens on a thread that never touches bpy.
"""

from __future__ import annotations

import atexit
import contextlib
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
from bpy.types import Context

from ..physx_blender.client import BackendClient, BackendProcess, JobFeed
from ..physx_blender.errors import AssetError
from ..physx_blender.protocol import (
    BackendError,
    JobKind,
    JobRequest,
    JobState,
    JobStatus,
    Progress,
    ServerState,
)
from ..physx_blender.steps import Steps, run
from . import extension, status_bar
from .task import Task
from .work import TICK as SHORT_TICK
from .work import Work

TICK = 0.15
"""Seconds between looks at the backend while something is going on."""
PATIENCE, PATIENCE_CANCELLING = 30.0, 5.0
"""Seconds without any answer after which a backend counts as hung; less when the user wants it to stop anyway."""
WATCH = 2.0
"""Seconds between looks while it only stands by."""


@dataclass(frozen=True)
class Order:
    """What a job is to do. request: makes the request, given a client (to upload to) and the folder for the result.

    done: called on the main thread with the final status and the folder of the result; what it returns are steps that put
        the result into the scene.
    """

    title: str
    kind: JobKind
    request: Callable[[BackendClient, str], JobRequest]
    done: Callable[[Context, JobStatus, Path], Steps[None] | None]


class Job:
    """One order on its way: wait for the backend, send, follow, fetch, hand over."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.folder = Path(tempfile.mkdtemp(prefix="simready-"))
        self.progress = Progress("Starting the backend", 0.0)
        self.error = ""
        self.cancelling = False
        self.ended = False
        self.id = ""
        self._heard = 0.0
        self._task: Task | None = None
        self._fetched: JobStatus | None = None
        self._handing: Work[None] | None = None

    @property
    def result(self) -> Path:
        """Folder of the result."""
        return self.folder / "result"

    def advance(self, session: Session) -> None:
        """One look; never waits."""
        if self._handing is not None:
            self._hand_over(self._handing)
            return
        if self._task is not None:
            if not self._task.finished:
                return
            task, self._task = self._task, None
            if task.error is not None:
                raise task.error
            self._continue(session, task.result)
            return
        if self.id:
            self._follow(session)
            return
        if self.cancelling:
            raise AssetError("cancelled")
        client = session.client()
        if client is not None:
            self.progress = Progress("Sending", 0.0)
            self._task = Task(lambda: submit(client, self.order, self.result))

    def _continue(self, session: Session, result: Any) -> None:
        if self._fetched is not None:
            self.finish(self._fetched)
        elif isinstance(result, JobStatus):
            self.id = result.id
            self._heard = time.monotonic()
            session.listen()
            if self.cancelling:
                self.cancel(session)

    def _follow(self, session: Session) -> None:
        for news in session.news():
            if isinstance(news, BackendError):
                if session.state() is not ServerState.RUNNING:
                    raise news
                patience = PATIENCE_CANCELLING if self.cancelling else PATIENCE
                if time.monotonic() - self._heard > patience:
                    session.give_up()
                    raise AssetError(
                        "the backend did not answer any more and was stopped; try again"
                    ) from news
                continue
            self._heard = time.monotonic()
            if news.id != self.id:
                continue
            self.progress = news.progress
            if news.state is JobState.FAILED:
                raise BackendError(news.error) if news.error else AssetError("the job failed")
            if news.state is JobState.CANCELLED:
                raise AssetError("cancelled")
            if news.state is JobState.DONE:
                self._fetch(session, news)
                return

    def _fetch(self, session: Session, status: JobStatus) -> None:
        client = session.client()
        if self.order.kind is JobKind.CHECK or self.result.exists() or client is None:
            self.finish(status)
            return
        self.progress = Progress("Fetching the result", 1.0)
        self._fetched = status
        self._task = Task(lambda: client.fetch(self.id, self.result))

    def finish(self, status: JobStatus, *, wait: bool = False) -> None:
        """Hand the result over; wait: now, else look by look."""
        self._fetched = status
        steps = self.order.done(bpy.context, status, self.result)
        if steps is not None and not wait:
            self._handing = Work(steps)
            return
        if steps is not None:
            run(steps)
        self.ended = True

    @property
    def handing_over(self) -> bool:
        """Is the result being put into the scene?"""
        return self._handing is not None

    def _hand_over(self, work: Work[None]) -> None:
        if self.cancelling and work.stop():
            raise AssetError("cancelled")
        if work.lost and self._fetched is not None:
            self.finish(
                self._fetched
            )  # undone meanwhile: what took a minute to make is put into the scene once more
            return
        try:
            self.ended = work.advance()
        except OSError as error:
            raise AssetError(
                f"the result cannot be kept: {error.strerror or error}; free some space and try again"
            ) from error
        except ReferenceError as error:
            raise AssetError("the new asset was deleted while it was built; try again") from error
        self.progress = Progress(work.text or "Building", work.fraction)

    def cancel(self, session: Session) -> None:
        """Ask to stop; the backend answers within a second."""
        self.cancelling = True
        if self._handing is not None:
            return  # the next look ends it
        if not self.id:
            return  # not sent yet: the next look ends it
        client = session.running_client()
        if client is not None:
            threading.Thread(target=_cancel_quietly, args=(client, self.id), daemon=True).start()

    def close(self) -> None:
        """Remove what was only on the way."""
        if self._handing is not None and not self.ended:
            self._handing.abandon()
        self.ended = True
        shutil.rmtree(self.folder, ignore_errors=True)


def _cancel_quietly(client: BackendClient, job: str) -> None:
    with contextlib.suppress(AssetError):  # the news that follow say how the job ended
        client.cancel(job)


def submit(client: BackendClient, order: Order, result: Path) -> JobStatus:
    """Send an order. A backend on another machine keeps the result, to be fetched."""
    local = client.status().local_paths
    return client.submit(order.request(client, str(result) if local else ""))


class Session:
    """The backend, whether ours or elsewhere, and the running job."""

    def __init__(self) -> None:
        self.process: BackendProcess | None = None
        self.job: Job | None = None
        self.last_error = ""
        self.last_message = ""
        self.last_kind = JobKind.GENERATE
        self.last_good = True
        self._remote: BackendClient | None = None
        self._feed: JobFeed | None = None
        self._trial: Task | None = None

    # backend

    def connect(self, context: Context) -> None:
        """Use the backend of the preferences: the address given there, else a process of our own."""
        settings = extension.preferences(context)
        if settings.use_remote:
            self._use(None, BackendClient(settings.remote_address, settings.remote_token))
            return
        python = extension.backend_python(context)
        if python is None:
            raise AssetError(
                "there is no backend yet; set it up in the preferences of this extension (Edit > Preferences > Add-ons)"
            )
        if self.process is None or self._remote is not None or self._python != python:
            log = extension.user_folder("logs") / "backend.log"
            self._python = python
            self._use(BackendProcess(python, extension.BACKEND_MAIN, log), None)

    def _use(self, process: BackendProcess | None, remote: BackendClient | None) -> None:
        if remote is not None and remote == self._remote:
            return
        self.stop(wait=False)
        self.process, self._remote = process, remote

    def start(self, context: Context, *, wait: bool = True) -> None:
        """Start our own backend, or check the one elsewhere. wait: until it runs; else the panel tells."""
        self.launch(context)
        remote = self._remote
        if remote is not None and wait:
            remote.identity()
        elif remote is not None:
            self._trial = Task(remote.identity)
            _wake(TICK)
        elif wait and self.process is not None:
            self.process.wait_ready()

    def launch(self, context: Context) -> None:
        """Begin to start our own backend, if that is the one to use; never waits."""
        self.connect(context)
        self.last_error = ""
        if self.process is not None:
            self.process.start()
            _wake(TICK)

    def state(self) -> ServerState:
        """State of the backend as of the last look."""
        if self._remote is not None:
            return ServerState.RUNNING
        return ServerState.STOPPED if self.process is None else self.process.poll()

    def client(self) -> BackendClient | None:
        """A client for the running backend, or None while it is not there yet."""
        if self._remote is not None:
            return self._remote
        if self.process is None:
            raise AssetError("the backend has stopped; start it again")
        state = self.process.keep_running()
        if state in (ServerState.FAILED, ServerState.UPDATE_REQUIRED):
            error = self.process.error
            raise BackendError(error) if error else AssetError("the backend cannot be started; open its log")
        return self.process.client

    def wait_client(self, context: Context) -> BackendClient:
        """A client of a backend that runs, for scripts: waits until it does."""
        self.connect(context)
        client = self._remote if self.process is None else self.process.wait_ready()
        assert client is not None
        return client

    def running_client(self) -> BackendClient | None:
        """A client if the backend runs; starts nothing."""
        if self._remote is not None:
            return self._remote
        return None if self.process is None else self.process.client

    def stop(self, *, wait: bool = True) -> None:
        """Stop the job, the news, and our own backend. wait: until it has gone; a window does not."""
        self.close_job()
        self._quiet()
        if self.process is not None:
            self.process.stop(wait=wait)
        self.process = self._remote = None

    def give_up(self) -> None:
        """End our own backend, which hangs; the next job starts another."""
        if self.process is not None:
            self.process.stop(0.2, wait=False)

    def listen(self) -> None:
        """Begin to hear of jobs."""
        client = self.client()
        if client is not None and (self._feed is None or self._feed.client != client):
            self._quiet()
            self._feed = JobFeed(client)

    def news(self) -> list[JobStatus | BackendError]:
        """What is new of jobs."""
        return [] if self._feed is None else self._feed.take()

    def _quiet(self) -> None:
        if self._feed is not None:
            self._feed.stop()
            self._feed = None

    # jobs

    def order(self, context: Context, order: Order) -> None:
        """Begin a job in the background."""
        if self.job is not None:
            raise AssetError(f"{self.job.order.title} is still running; wait for it, or cancel it")
        self.launch(context)
        self.last_error = self.last_message = ""
        self.last_kind, self.last_good = order.kind, True
        self.job = Job(order)
        _wake(TICK)

    def run(self, context: Context, order: Order, progress: Callable[[Progress], None] | None = None) -> None:
        """Do a job and wait for it, for scripts. Raises AssetError."""
        if self.job is not None:
            raise AssetError(f"{self.job.order.title} is still running; wait for it, or cancel it")
        client = self.wait_client(context)
        self.last_error = self.last_message = ""
        self.last_kind, self.last_good = order.kind, True
        job = Job(order)
        try:
            status = submit(client, order, job.result)
            status = client.wait(status.id, progress=lambda s: progress(s.progress) if progress else None)
            if order.kind is not JobKind.CHECK and not job.result.exists():
                client.fetch(status.id, job.result)
            job.finish(status, wait=True)
        finally:
            job.close()

    def close_job(self) -> None:
        """Forget the job."""
        if self.job is not None:
            job, self.job = self.job, None
            status_bar.show(None)
            job.cancel(self)  # one that has ended is forgotten by the backend
            job.close()
            self._quiet()

    def tick(self) -> float | None:
        """One look, by the timer: seconds to the next, or None when there is nothing left to look at."""
        job = self.job
        if self._trial is not None and self._trial.finished:
            trial, self._trial = self._trial, None
            self.last_error = "" if trial.error is None else str(trial.error)
            self.last_message = "The backend answers" if trial.error is None else ""
        try:
            if job is not None:
                job.advance(self)
                if job.ended:
                    self.close_job()
        except AssetError as error:
            cancelled = job is not None and job.cancelling
            self.last_error = "" if cancelled else str(error)
            self.last_message = "Cancelled" if cancelled else ""
            if job is not None:
                job.ended = True
            self.close_job()
        except BaseException:
            # a mistake of ours: Blender prints it and drops the timer, and the next job must not be stuck behind it
            self.last_error = "something unexpected went wrong; the console says what"
            if job is not None:
                job.ended = True
            self.close_job()
            raise
        redraw()
        status_bar.show(self.job)
        if self.job is not None and self.job.handing_over:
            return SHORT_TICK
        if self.job is not None or self._trial is not None:
            return TICK
        if self.process is not None and self.process.poll() in (ServerState.STARTING, ServerState.RUNNING):
            return TICK if self.process.state is ServerState.STARTING else WATCH
        return None

    _python: Path | None = None


def redraw() -> None:
    """Draw the panels anew."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in ("VIEW_3D", "PREFERENCES"):
                area.tag_redraw()


def redraw_views() -> None:
    """Draw what 3D viewports see anew, and no panels: for what changes many times a second."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                for region in area.regions:
                    if region.type == "WINDOW":
                        region.tag_redraw()


session = Session()
"""The registry of what runs; nothing of it is saved."""


def _tick() -> float | None:
    return session.tick()


def _wake(seconds: float) -> None:
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)
    bpy.app.timers.register(_tick, first_interval=seconds, persistent=True)


def register() -> None:
    """The backend must not outlive Blender, however Blender ends."""
    atexit.register(session.stop)


def unregister() -> None:
    """Stop everything."""
    atexit.unregister(session.stop)
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)
    session.stop()
