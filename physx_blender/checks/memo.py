# SPDX-License-Identifier: GPL-3.0-or-later
"""Results kept from the last check, so that only what has changed is worked out again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class _Content:
    """A value with its digest, worked out once: equal contents are equal, whoever made them."""

    __slots__ = ("digest", "value")

    def __init__(self, value: Hashable) -> None:
        self.value = value
        self.digest = hash(value)

    def __hash__(self) -> int:
        return self.digest

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.digest == other.digest and self.value == other.value


class Memo:
    """Results of rules by what they have read.

    A rule asks with `recall`, naming all that it reads; while that is the same as in the last run, it gets the result of
    the last run. What a run does not ask for is forgotten, so that nothing piles up. Not for several threads.
    """

    def __init__(self) -> None:
        self._before: dict[_Content, Any] = {}
        self._now: dict[_Content, Any] = {}
        self._tokens = 0
        self.worked = self.reused = 0

    def begin(self) -> None:
        """A new run: what the last one asked for is kept, `worked` and `reused` count from 0."""
        self._before, self._now = self._now, {}
        self.worked = self.reused = 0

    def recall(self, rule: str, reads: Hashable, work: Callable[[], T]) -> T:
        """The result of `work()`, which depends on nothing but `reads`."""
        key = _Content((rule, reads))
        if key in self._now:
            found: T = self._now[key]
            return found
        if key in self._before:
            result: T = self._before[key]
            self.reused += 1
        else:
            result = work()
            self.worked += 1
        self._now[key] = result
        return result

    def token(self, value: Hashable) -> int:
        """A number that stands for this content: short to hash where many rules read the same large thing."""
        return self.recall("token", value, self._next)

    def _next(self) -> int:
        self._tokens += 1
        return self._tokens
