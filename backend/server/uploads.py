# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that clients sent, by the SHA-256 of their bytes, in a folder that only this user can read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from pathlib import Path

MAX_TOTAL_BYTES = 512 * 1024 * 1024
MAX_FILES = 256


class Uploads:
    """A folder of uploads; the oldest that no job needs go when there are too many."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700)

    def path(self, upload: str) -> Path | None:
        """File of an upload, or None when it is not (or no longer) here."""
        file = self._folder / upload
        return file if file.is_file() else None

    def add(self, data: bytes, needed: Collection[str]) -> str:
        """Keep `data`; returns its name. `needed`: uploads that must stay."""
        name = hashlib.sha256(data).hexdigest()
        target = self._folder / name
        if target.is_file():
            os.utime(target)
            return name
        self._make_room(len(data), needed)
        beside = self._folder / f"{name}.new"
        beside.write_bytes(data)
        beside.replace(target)
        return name

    def _make_room(self, size: int, needed: Collection[str]) -> None:
        files = sorted((f for f in self._folder.iterdir() if f.is_file()), key=lambda f: f.stat().st_mtime)
        total = size + sum(f.stat().st_size for f in files)
        count = 1 + len(files)
        for file in files:
            if total <= MAX_TOTAL_BYTES and count <= MAX_FILES:
                return
            if file.name not in needed:
                total -= file.stat().st_size
                count -= 1
                file.unlink()
