# SPDX-License-Identifier: GPL-3.0-or-later
"""Put a result into a folder so that nobody ever finds half of it there."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from physx_blender.errors import AssetError

STAGING_PREFIX = ".partial-"
_LAST = "asset.json"
"""Moved last: where it is, the result is complete."""


def check_output_folder(folder: Path) -> Path:
    """Return the absolute folder if a result may be written there; raise `AssetError` if it cannot be one."""
    where = f"output folder {folder}"
    if ".." in folder.parts:
        raise AssetError("contains '..'; name the folder directly", where=where)
    absolute = Path(os.path.abspath(folder))
    if absolute.exists() and not absolute.is_dir():
        raise AssetError("is a file; choose a folder", where=where)
    if absolute.parent == absolute:
        raise AssetError("is the root of a disk; choose a folder in it", where=where)
    return absolute


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give a new folder inside `folder` to write into; what is there at the end takes its place in `folder`.

    When the block raises, nothing in `folder` has changed. Files that were there and that no earlier result of ours
    wrote stay, unless one of the same name replaces them.
    """
    folder = check_output_folder(folder)
    made = _missing_parents(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staging = folder / f"{STAGING_PREFIX}{uuid.uuid4().hex[:12]}"
        staging.mkdir()
    except OSError as error:
        raise AssetError(
            f"cannot be written to ({error.strerror or error}); choose another",
            where=f"output folder {folder}",
        ) from None
    complete = False
    try:
        yield staging
        publish(staging, folder)
        complete = True
    except OSError as error:
        raise AssetError(
            f"cannot be written to ({error.strerror or error}); free some space or choose another",
            where=f"output folder {folder}",
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if not complete:
            for empty in made:
                _remove_if_empty(empty)


def remove_leftovers(folder: Path) -> None:
    """Delete what a killed process left behind in `folder`."""
    for left in folder.glob(f"{STAGING_PREFIX}*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
    _remove_if_empty(folder)


def publish(staging: Path, folder: Path) -> None:
    """Move the entries of `staging` to `folder`, replacing what an earlier result of ours has left there."""
    entries = sorted(staging.iterdir(), key=lambda entry: (entry.name == _LAST, entry.name))
    names = {entry.name for entry in entries}
    old = staging / "replaced"
    while old.name in names:
        old = old.with_name(f"{old.name}_")
    old.mkdir()
    for stale in _earlier_result(folder):
        if stale.exists():
            stale.rename(old / stale.name)
    for entry in entries:
        target = folder / entry.name
        if target.exists() and (target.is_dir() or entry.is_dir()):
            target.rename(old / entry.name)
        entry.replace(target)


def _earlier_result(folder: Path) -> list[Path]:
    """Files of a result that was written to `folder` before; empty when there is none that we can read."""
    description = folder / _LAST
    try:
        data = json.loads(description.read_bytes())
    except (OSError, ValueError):
        return []
    if not isinstance(data, dict) or "schema_version" not in data:
        return []
    name = _asset_name(data)
    files = [description, folder / "preview.png"]
    if name is not None:
        files += [folder / f"{name}{suffix}" for suffix in (".xml", ".urdf", ".blend")]
    return [f for f in files if f.is_file() and not f.is_symlink()]


def _asset_name(data: dict[str, object]) -> str | None:
    inner = data.get("asset", data)
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) and name == Path(name).name else None


def _missing_parents(folder: Path) -> list[Path]:
    """Folders from `folder` upwards that do not exist yet, the innermost first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    return missing


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # not empty, or already gone: then it is not ours to remove
