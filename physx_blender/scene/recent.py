# SPDX-License-Identifier: GPL-3.0-or-later
"""A cache of what was worked out lately, bounded in number and in memory.

Keys are contents (texts, digests, numbers), never objects of Blender: whatever is found is right by construction,
there is nothing to clear when a file is opened or a step undone, and nothing of Blender is kept alive.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """The values used last; `most` of them at most, and not more than `bytes_at_most` together. Not for threads."""

    def __init__(self, most: int, bytes_at_most: int) -> None:
        self._most, self._bytes_at_most = most, bytes_at_most
        self._found: dict[Hashable, tuple[V, int]] = {}
        self.size = 0

    def __len__(self) -> int:
        return len(self._found)

    def get(self, key: Hashable) -> V | None:
        """The value of a key, which so becomes the one used last; None = it has to be worked out."""
        entry = self._found.pop(key, None)
        if entry is None:
            return None
        self._found[key] = entry
        return entry[0]

    def put(self, key: Hashable, value: V, size: int) -> V:
        """Keep a value of so many bytes, and let go of those that were not used for longest."""
        old = self._found.pop(key, None)
        self.size += size - (old[1] if old else 0)
        self._found[key] = (value, size)
        while len(self._found) > 1 and (len(self._found) > self._most or self.size > self._bytes_at_most):
            _, gone = self._found.pop(next(iter(self._found)))
            self.size -= gone
        return value

    def clear(self) -> None:
        """Let go of everything."""
        self._found.clear()
        self.size = 0
