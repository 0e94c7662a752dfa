# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert a PhysX-Anything result, an MJCF, a URDF or an asset package into all of ours."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from .context import JobContext
from .outputs import write_beside
from .summary import describe, files_of


def convert(source: Path, folder: Path, context: JobContext) -> dict[str, Any]:
    """Read `source`, whatever it is, and write package, MJCF, URDF and preview into `folder`.

    Returns the job's result (see `JobStatus.result`); its notes are the repairs and losses of reading.
    """
    from backend.preview import preview_png
    from physx_blender.formats.convert import load_asset, write_outputs

    started = time.perf_counter()
    context.progress("Reading the source", 0.02, source.name)
    asset = load_asset(source)
    read = time.perf_counter()
    context.progress("Rendering the preview", 0.3, asset.name)
    preview = preview_png(asset)
    rendered = time.perf_counter()
    context.progress("Writing MJCF and URDF", 0.6, asset.name)
    written = write_outputs(asset, folder)
    write_beside(folder / "preview.png", preview)
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
