# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's end of a worker process."""

from __future__ import annotations

from pathlib import Path

from backend.jobs.worker import Order

from .child_process import ChildProcess


class WorkerProcess(ChildProcess):
    """A worker that was started; see `backend.jobs.worker` for what it is told and what it says."""

    @staticmethod
    async def start(*, preload: bool, weights: Path | None) -> WorkerProcess:
        """Start a worker."""
        options = ["--preload"] if preload else []
        if weights is not None:
            options += ["--weights", str(weights)]
        return WorkerProcess(await ChildProcess.spawn("worker", *options))

    def order(self, order: Order) -> None:
        """Hand over a job."""
        self.send(order.to_json())

    def cancel(self, job: str) -> None:
        """Ask the worker to stop a job."""
        self.send({"do": "cancel", "job": job})
