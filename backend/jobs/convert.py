# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert a PhysX-Anything result, an MJCF, a URDF or an asset package into all of ours."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from physx_blender.errors import AssetError
from physx_blender.formats.package import FILE_NAME

from .context import JobContext
from .summary import describe, files_of


def convert(
    source: Path,
    folder: Path,
    context: JobContext,
    *,
    actuators: bool = False,
    urdf_package: str | None = None,
) -> dict[str, Any]:
    """Read `source`, whatever it is, and write package, MJCF, URDF and preview into `folder`.

    actuators, urdf_package: see `write_outputs`.  Raises AssetError, also for an MJCF or URDF in `folder` itself, whose
    meshes or whose very file the result could replace.  Returns the job's result (see `JobStatus.result`); its notes are
    the repairs and losses of reading.
    """
    from backend.preview import preview_png
    from physx_blender.formats.convert import load_asset, write_outputs

    started = time.perf_counter()
    context.progress("Reading the source", 0.02, source.name)
    asset = load_asset(source)
    if asset.provenance.generator in ("mjcf", "urdf") and _stands_in(source, folder):
        raise AssetError(
            "the result could replace files of the source; choose another folder",
            where=f"output folder {folder}",
        )
    if not asset.parts:
        raise AssetError(
            "has no geometry, so there is nothing to convert; add shapes or meshes", where=str(source)
        )
    read = time.perf_counter()
    context.progress("Rendering the preview", 0.3, asset.name)
    preview = preview_png(asset)
    rendered = time.perf_counter()
    context.progress("Writing MJCF and URDF", 0.6, asset.name)
    written = write_outputs(
        asset,
        folder,
        actuators=actuators,
        urdf_package=urdf_package,
        pictures={"preview.png": preview},
    )
    ended = time.perf_counter()
    return {
        **describe(asset),
        "folder": str(folder),
        "files": files_of(written),
        "confidence": asset.provenance.confidence,
        "notes": list(asset.provenance.notes),
        "alternatives": [],
        "timings": {
            "read": read - started,
            "preview": rendered - read,
            "write": ended - rendered,
            "total": ended - started,
        },
    }


def _stands_in(source: Path, folder: Path) -> bool:
    """Whether `source` is a lone file in `folder`, or `folder` with such a file; an asset package is replaced as a whole."""
    if source.name == FILE_NAME or (source / FILE_NAME).is_file():
        return False
    source = source.resolve()
    return folder.resolve() in (source, source.parent)
