# SPDX-License-Identifier: GPL-3.0-or-later
"""News of jobs without waiting for them."""

from __future__ import annotations

import queue
import threading

from ..errors import AssetError
from ..protocol import BackendError, ErrorInfo, JobStatus
from .connection import BackendClient


class JobFeed:
    """Polls a backend on a thread of its own and keeps the news until the window has time for them.

    `take` returns what is new and never waits. The thread ends with `stop`, or with this process.
    """

    INTERVAL = 0.2
    LONGEST_INTERVAL = 5.0

    def __init__(self, client: BackendClient) -> None:
        self.client = client
        self._news: queue.SimpleQueue[JobStatus | BackendError] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backend jobs", daemon=True)
        self._thread.start()

    def take(self) -> list[JobStatus | BackendError]:
        """Changes of jobs, in order; a `BackendError` says that the backend did not answer (polling goes on)."""
        news: list[JobStatus | BackendError] = []
        while True:
            try:
                news.append(self._news.get_nowait())
            except queue.Empty:
                return news

    def stop(self) -> None:
        """End the thread; it may take as long as one answer, which this does not wait for."""
        self._stop.set()

    def _run(self) -> None:
        revision = 0
        wait = self.INTERVAL
        while not self._stop.wait(wait):
            try:
                updates = self.client.poll(revision)
            except BackendError as error:
                self._news.put(error)
                wait = min(
                    self.LONGEST_INTERVAL, wait * 2
                )  # a backend that is down is not asked five times a second
                continue
            except AssetError as error:
                self._news.put(BackendError(ErrorInfo("bad_answer", str(error))))
                wait = self.LONGEST_INTERVAL
                continue
            wait = self.INTERVAL
            revision = updates.revision
            for status in updates.jobs:
                self._news.put(status)
