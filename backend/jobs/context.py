# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job is given besides its input: a way to tell how far it is, and to learn that it should stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from physx_blender.protocol import Progress


class JobCancelledError(Exception):
    """The job noticed that it should stop. Nothing was written."""


def _never() -> bool:
    return False


def _silent(progress: Progress) -> None:
    del progress


@dataclass(frozen=True)
class JobContext:
    """report: receives the progress.  cancelled: True once somebody wants the job to stop; cheap, asked often."""

    report: Callable[[Progress], None] = _silent
    cancelled: Callable[[], bool] = _never

    def progress(self, stage: str, fraction: float, message: str = "") -> None:
        """Tell how far the whole job is (0..1), and stop here if somebody wants that."""
        self.check()
        self.report(Progress(stage, fraction, message))

    def check(self) -> None:
        """Raise `JobCancelledError` if somebody wants the job to stop."""
        if self.cancelled():
            raise JobCancelledError

    def part(self, low: float, high: float) -> Callable[[str, float, str], None]:
        """A progress function for a step whose own 0..1 is `low`..`high` of the whole job."""

        def progress(stage: str, fraction: float, message: str = "") -> None:
            self.progress(stage, low + (high - low) * min(1.0, max(0.0, fraction)), message)

        return progress
