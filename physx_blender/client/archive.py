# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpack a result that came over the network: nothing in it is to be trusted."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

from ..errors import AssetError

MAX_PACKAGE_BYTES = 2 * 1024**3
MAX_PACKAGE_FILES = 10_000


def extract(archive: Path, folder: Path) -> None:
    """Unpack a result into the new `folder`; refuses names that leave it, links, and more than the limits."""
    where = "result package"
    try:
        with zipfile.ZipFile(archive) as reader:
            entries = reader.infolist()
            if len(entries) > MAX_PACKAGE_FILES or sum(e.file_size for e in entries) > MAX_PACKAGE_BYTES:
                raise AssetError("is larger than any result of ours", where=where)
            folder.mkdir(parents=True)
            root = folder.resolve()
            for entry in entries:
                target = (root / entry.filename).resolve()
                is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
                if not target.is_relative_to(root) or target == root or is_link or "\\" in entry.filename:
                    raise AssetError(f"holds {entry.filename!r:.100}, which leaves its folder", where=where)
                if entry.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with reader.open(entry) as source, target.open("wb") as out:
                    _copy(source, out, entry.file_size, where)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise AssetError(f"is damaged ({error}); fetch it again", where=where) from None


def _copy(source: IO[bytes], out: IO[bytes], size: int, where: str) -> None:
    """Copy what the head of the entry promised, and not a byte more: a bomb lies about its size."""
    left = size
    while data := source.read(min(1 << 18, left + 1)):
        left -= len(data)
        if left < 0:
            raise AssetError("holds a file that is longer than it says", where=where)
        out.write(data)
