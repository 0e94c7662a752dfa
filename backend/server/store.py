# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs that the server knows, with a revision for every change so that a client asks for the news only."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from physx_blender.protocol import ErrorInfo, JobRequest, JobState, JobStatus, JobUpdates, Progress

MAX_WAITING = 64
MAX_KEPT = 256


@dataclass
class _Job:
    request: JobRequest
    status: JobStatus


class JobStore:
    """All jobs in the order of submission; every change raises `revision`. Not for use from several threads."""

    def __init__(self) -> None:
        self._jobs: dict[str, _Job] = {}
        self._revision = 0

    @property
    def revision(self) -> int:
        """Number of the latest change."""
        return self._revision

    def add(self, request: JobRequest) -> JobStatus:
        """A new job at the end of the queue."""
        job = uuid.uuid4().hex
        self._jobs[job] = _Job(request, JobStatus(job, request.kind, JobState.QUEUED))
        return self._change(job, ahead=len(self.waiting()) - 1)

    def status(self, job: str) -> JobStatus | None:
        """The job, or None if there is none of that id."""
        found = self._jobs.get(job)
        return None if found is None else found.status

    def request(self, job: str) -> JobRequest:
        """What was ordered."""
        return self._jobs[job].request

    def waiting(self) -> list[str]:
        """Ids of queued jobs, the next one first."""
        return [job for job, entry in self._jobs.items() if entry.status.state is JobState.QUEUED]

    def unfinished(self) -> list[str]:
        """Ids of jobs that have not ended."""
        return [job for job, entry in self._jobs.items() if not entry.status.state.is_final]

    def since(self, revision: int) -> JobUpdates:
        """Jobs that changed after `revision`, the earliest change first.

        A revision of the future comes from a client of an earlier server and gets everything.
        """
        after = revision if revision <= self._revision else 0
        changed = [e.status for e in self._jobs.values() if e.status.revision > after]
        return JobUpdates(self._revision, tuple(sorted(changed, key=lambda s: s.revision)))

    def start(self, job: str) -> None:
        """The worker has the job."""
        self._change(job, state=JobState.RUNNING, ahead=0)
        self._renumber()

    def progress(self, job: str, progress: Progress) -> None:
        """The job has come so far."""
        self._change(job, progress=progress)

    def cancelling(self, job: str) -> None:
        """Somebody wants the job to stop."""
        self._change(job, cancelling=True)

    def finish(
        self,
        job: str,
        state: JobState,
        *,
        result: Mapping[str, Any] | None = None,
        error: ErrorInfo | None = None,
    ) -> None:
        """The job has ended."""
        done = {"progress": Progress("Done", 1.0)} if state is JobState.DONE else {}
        self._change(job, state=state, result=result or {}, error=error, cancelling=False, ahead=0, **done)
        self._renumber()

    def forget(self, job: str) -> None:
        """Drop a job that has ended."""
        del self._jobs[job]

    def overdue(self) -> list[str]:
        """Ids of ended jobs beyond the number that is kept, the oldest first."""
        ended = [job for job, entry in self._jobs.items() if entry.status.state.is_final]
        return ended[: max(0, len(ended) - MAX_KEPT)]

    def _renumber(self) -> None:
        for ahead, job in enumerate(self.waiting()):
            if self._jobs[job].status.ahead != ahead:
                self._change(job, ahead=ahead)

    def _change(self, job: str, **changes: Any) -> JobStatus:
        self._revision += 1
        entry = self._jobs[job]
        entry.status = replace(entry.status, revision=self._revision, **changes)
        return entry.status
