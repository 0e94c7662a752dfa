# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenUSD with UsdPhysics: an asset as rigid bodies, joints and colliders. See docs/formats/usd.md."""

from __future__ import annotations

from .writer import usd_files, write_usd

__all__ = ["usd_files", "write_usd"]
