# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon a process that died may be started again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass
class RestartPolicy:
    """The first restart is immediate, each further one within `window` seconds waits twice as long as the last.

    After `most` deaths within the window, `exhausted` says that starting again is of no use.
    """

    first_delay: float = 1.0
    longest_delay: float = 30.0
    window: float = 120.0
    most: int = 5
    _deaths: deque[float] = field(default_factory=deque)

    def died(self, now: float) -> None:
        """Note a death at the time `now` (seconds of a monotonic clock)."""
        self._deaths.append(now)
        self._forget(now)

    def delay(self, now: float) -> float:
        """Seconds to wait from `now` before the next start."""
        self._forget(now)
        if len(self._deaths) < 2:
            return 0.0
        wait = min(self.longest_delay, self.first_delay * 2.0 ** (len(self._deaths) - 2))
        return max(0.0, self._deaths[-1] + wait - now)

    def exhausted(self, now: float) -> bool:
        """The process died so often that somebody has to look."""
        self._forget(now)
        return len(self._deaths) >= self.most

    def _forget(self, now: float) -> None:
        while self._deaths and now - self._deaths[0] > self.window:
            self._deaths.popleft()
