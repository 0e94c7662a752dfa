# SPDX-License-Identifier: GPL-3.0-or-later
"""Check an asset package, an MJCF or a URDF: rules on the asset, and the physics gate on the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .context import JobContext


def check(source: Path, context: JobContext, *, fixed_base: bool | None = None) -> dict[str, Any]:
    """Check `source`; returns {"passed": bool, "report": ...} (see `CheckReport`), and writes nothing."""
    from backend.checking import check_path

    report = check_path(source, fixed_base=fixed_base, progress=context.part(0.0, 1.0))
    return {"passed": report.passed, "report": report.to_json(), "text": report.text()}
