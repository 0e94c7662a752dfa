# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker process: it holds the models warm and runs one job after the other.

Orders come as JSON lines on standard input, reports go as JSON lines to standard output; see `run_worker`. A process
of its own, so that a crash of a native library, memory that runs out, or a computation that does not listen costs
one job and not the server.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.runtime import prepare_process
from physx_blender.errors import AssetError
from physx_blender.protocol import ErrorInfo, JobKind, JobRequest, Progress

from .channel import Channel
from .context import JobCancelledError, JobContext

if TYPE_CHECKING:
    from backend.embedded.pipeline import Generator

_LOG = logging.getLogger("worker")
_PROGRESS_INTERVAL = 0.05


@dataclass(frozen=True)
class Order:
    """A job as the server hands it to the worker.

    folder: where the result goes; empty for a check.  uploads: path of every upload that the request names.
    """

    job: str
    request: JobRequest
    folder: str = ""
    uploads: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "do": "run",
            "job": self.job,
            "request": self.request.to_json(),
            "folder": self.folder,
            "uploads": [list(pair) for pair in self.uploads],
        }

    @staticmethod
    def from_json(value: dict[str, Any]) -> Order:
        """The order that `to_json` wrote."""
        uploads = tuple((str(name), str(path)) for name, path in value["uploads"])
        return Order(value["job"], JobRequest.from_json(value["request"]), value["folder"], uploads)


class Worker:
    """Runs orders, one at a time, on the thread that calls `run`."""

    def __init__(self, channel: Channel, weights: Path | None = None) -> None:
        self._channel = channel
        self._weights = weights
        self._orders: queue.Queue[Order] = queue.Queue()
        self._cancelled: set[str] = set()
        self._lock = threading.Lock()
        self._generator: Generator | None = None

    def receive(self, message: dict[str, Any]) -> None:
        """Take a message of the server; called on the reading thread."""
        if message["do"] == "cancel":
            with self._lock:
                self._cancelled.add(message["job"])
        else:
            self._orders.put(Order.from_json(message))

    def run(self) -> None:
        """Work until the process is ended from outside."""
        while True:
            self.work(self._orders.get())

    def generator(self) -> Generator:
        """The embedded model, loaded once."""
        if self._generator is None:
            from backend.embedded.pipeline import Generator

            self._generator = Generator(self._weights)
        return self._generator

    def work(self, order: Order) -> None:
        """Run one order and send exactly one final message for it."""
        final: dict[str, Any] = {"job": order.job}
        try:
            result = self._result(order)
            final |= {"event": "done", "result": result}
        except JobCancelledError:
            final |= {"event": "cancelled"}
        except Exception as error:  # noqa: BLE001 - whatever a job ends with, the server has to learn of it
            _LOG.exception("job %s (%s) failed", order.job, order.request.kind.value)
            if self._is_cancelled(order.job):
                final |= {"event": "cancelled"}
            else:
                final |= {"event": "failed", "error": explain(error).to_json()}
        with self._lock:
            self._cancelled.discard(order.job)
        self._channel.send(final)

    def _is_cancelled(self, job: str) -> bool:
        with self._lock:
            return job in self._cancelled

    def _result(self, order: Order) -> dict[str, Any]:
        last = 0.0
        stage = ""

        def report(progress: Progress) -> None:
            nonlocal last, stage
            now = time.monotonic()
            if progress.stage == stage and now - last < _PROGRESS_INTERVAL:
                return
            last, stage = now, progress.stage
            self._channel.send({"event": "progress", "job": order.job, "progress": progress.to_json()})

        context = JobContext(report, lambda: self._is_cancelled(order.job))
        request = order.request
        context.check()
        if request.kind is JobKind.GENERATE:
            from backend.images import load_image
            from backend.jobs.generate import generate

            context.progress("Reading the image", 0.0)
            uploads = {name: Path(path) for name, path in order.uploads}
            image = load_image(
                uploads[request.image],
                uploads[request.mask] if request.mask else None,
                where=request.name or "image",
                mask_where="mask",
            )
            return generate(
                image,
                Path(order.folder),
                self.generator,
                context,
                name=request.name or "asset",
                seed=request.seed,
                alternatives=request.alternatives,
            )
        if request.kind is JobKind.CONVERT:
            from backend.jobs.convert import convert

            return convert(Path(request.source), Path(order.folder), context)
        from backend.jobs.check import check

        return check(Path(request.source), context, fixed_base=request.fixed_base)


def explain(error: Exception) -> ErrorInfo:
    """An exception as a sentence and an advice."""
    if isinstance(error, AssetError):
        return ErrorInfo("bad_input", str(error))
    if isinstance(error, MemoryError):
        return ErrorInfo("out_of_memory", "Memory ran out.", "Close other programs, or use a smaller image.")
    if isinstance(error, ModuleNotFoundError):
        return ErrorInfo(
            "missing_dependency",
            f"The Python package {error.name!r} is missing.",
            "Set up the backend's environment again.",
        )
    return ErrorInfo(
        "internal",
        f"The job stopped with an error of the program: {type(error).__name__}: {error}",
        "Open the log for the details, and report it if it happens again.",
    )


def run_worker(*, preload: bool = False, weights: Path | None = None) -> int:
    """Entry of the worker process.

    In: {"do": "run", ...} (`Order`), {"do": "cancel", "job"}. Out: {"event": "ready"}, {"event": "progress", "job",
    "progress"}, and for every order one of {"event": "done", "result"}, {"event": "failed", "error"} and
    {"event": "cancelled"}. With `preload` the model is loaded before the first order comes.
    weights: None = the shipped ones.
    """
    prepare_process()
    channel = Channel()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    worker = Worker(channel, weights)
    channel.listen(worker.receive)
    channel.send({"event": "ready"})
    if preload:
        try:
            worker.generator()
        except (
            AssetError
        ) as error:  # only `generate` needs it, and will say the same to the user who wants it
            _LOG.error("the model cannot be loaded: %s", error)
    worker.run()
    return 0
