# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders for results: which ones are accepted, and what to clean up after a process that was killed."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from physx_blender.errors import AssetError


def check_output_folder(folder: Path) -> Path:
    """Return the absolute folder if a result may be written there; raise `AssetError` if it cannot be one."""
    where = f"output folder {folder}"
    if ".." in folder.parts:
        raise AssetError("contains '..'; name the folder directly", where=where)
    absolute = Path(os.path.abspath(folder))
    if absolute.parent == absolute:
        raise AssetError("is the root of a disk; choose a folder in it", where=where)
    nearest = absolute
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir():
        raise AssetError(f"cannot be made because {nearest} is a file; choose a folder", where=where)
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise AssetError(f"cannot be written to, because {nearest} is not yours; choose another", where=where)
    return absolute


def write_beside(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        raise AssetError(f"cannot be written: {error.strerror or error}", where=str(path)) from None
    finally:
        beside.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Delete what a writer that was killed left inside `folder` and beside it (see `formats.files.write_files`)."""
    left = list(folder.parent.glob(f".{_escaped(folder.name)}.*.part")) if folder.parent.is_dir() else []
    if folder.is_dir():
        left += folder.glob(".*.part")
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def remove_alternatives(folder: Path) -> None:
    """Delete the further proposals (``alternatives/<number>``) of an earlier result; other files there stay."""
    place = folder / "alternatives"
    if not place.is_dir() or place.is_symlink():
        return
    for path in place.iterdir():
        if path.name.isdigit() and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
    if not any(place.iterdir()):
        place.rmdir()


def _escaped(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
