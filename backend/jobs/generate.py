# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job: a picture goes in; an asset package, an MJCF, a URDF and a preview come out."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from physx_blender.model.names import clean_name

from .context import JobContext
from .outputs import remove_alternatives, write_beside
from .summary import describe, files_of

if TYPE_CHECKING:
    from backend.embedded.infer.scale import KnownDimension
    from backend.embedded.pipeline import Generator
    from backend.images import ReferenceImage

THUMBNAIL = "thumbnail.png"
WORKING_SIDE = 2048
"""Larger pictures are reduced to this many pixels on the longer side: enough for textures, and bounded in memory."""


def generate(
    image: ReferenceImage,
    folder: Path,
    generator: Callable[[], Generator],
    context: JobContext,
    *,
    name: str = "",
    seed: int = 0,
    alternatives: int = 0,
    known: KnownDimension | None = None,
) -> dict[str, Any]:
    """Generate from `image` into `folder`; returns the job's result (see `JobStatus.result`).

    `generator` gives the model, loading it if it is not there yet. The same image, name, seed and version write the
    same bytes.
    """
    from backend.preview import preview_png, thumbnail_png
    from physx_blender.formats.convert import write_outputs
    from physx_blender.formats.package import write_package

    started = time.perf_counter()
    context.progress("Loading the model", 0.02)
    model = generator()
    loaded = time.perf_counter()
    working = image.reduced(WORKING_SIDE)
    generated = model.generate(
        working.rgb,
        working.mask,
        seed=seed,
        name=clean_name(name or image.name, fallback="asset"),
        image_sha256=image.sha256,
        alternatives=alternatives,
        known=known,
        progress=context.part(0.1, 0.85),
        cancelled=context.cancelled,
    )
    context.check()
    proposed = time.perf_counter()
    context.progress("Rendering the preview", 0.86)
    preview = preview_png(generated.asset, working)
    # thumbnails serve to choose; where nothing else is wanted there is nothing to choose from
    others = generated.alternatives
    thumbnails = [thumbnail_png(a) for a in (generated.asset, *others)] if alternatives else []
    rendered = time.perf_counter()
    context.progress("Writing MJCF and URDF", 0.93)
    pictures = {"preview.png": preview} | ({THUMBNAIL: thumbnails[0]} if thumbnails else {})
    written = write_outputs(generated.asset, folder, pictures=pictures)
    remove_alternatives(folder)
    for k, (asset, picture) in enumerate(zip(others, thumbnails[1:], strict=True), start=1):
        place = folder / "alternatives" / str(k)
        write_package(asset, place)
        write_beside(place / THUMBNAIL, picture)
    ended = time.perf_counter()
    return {
        **describe(generated.asset),
        "folder": str(folder),
        "files": files_of(written),
        "confidence": generated.confidence,
        "notes": list(generated.notes),
        "alternatives": [f"alternatives/{k}" for k in range(1, len(others) + 1)],
        "timings": {
            "load": loaded - started,
            **{stage: float(seconds) for stage, seconds in generated.timings.items()},
            "generate": proposed - loaded,
            "preview": rendered - proposed,
            "write": ended - rendered,
            "total": ended - started,
        },
    }
