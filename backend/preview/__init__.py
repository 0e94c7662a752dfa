# SPDX-License-Identifier: GPL-3.0-or-later
"""``preview.png``: the reference image beside the asset at rest and opened; ``thumbnail.png``: a square of it."""

from __future__ import annotations

from .opened import opened_positions
from .sheet import preview_png, preview_sheet, thumbnail_png

__all__ = ["opened_positions", "preview_png", "preview_sheet", "thumbnail_png"]
