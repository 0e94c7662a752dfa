# SPDX-License-Identifier: GPL-3.0-or-later
"""Results that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ..errors import AssetError


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` (relative POSIX path -> content) into `folder`: all beside first, then renamed into place.

    Files that are already there with the same name are replaced, others are left alone. A failure while
    writing leaves the folder as it was.
    """
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise AssetError("would be written outside the output folder", where=f"file {name!r}")
    folder = Path(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and not folder.is_dir():
            raise AssetError("is a file; name a folder to write into", where=str(folder))
        # a folder that is there may be the only one we may write to (a mounted disk); a new one can be renamed whole
        home = folder if folder.is_dir() else folder.parent
        beside = home / f".{folder.name}.{uuid.uuid4().hex[:8]}.part"
        try:
            for name, data in files.items():
                target = beside / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            move_into(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise AssetError(f"cannot be written: {error.strerror or error}", where=str(folder)) from None


def move_into(source: Path, folder: Path) -> None:
    """Move all files below `source` to the same places below `folder`, each by one rename."""
    if not folder.exists():
        os.replace(source, folder)
        return
    for path in sorted(source.rglob("*")):
        target = folder / path.relative_to(source)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            os.replace(path, target)
