# SPDX-License-Identifier: GPL-3.0-or-later
"""Making, coupling, mirroring and posing joints."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "Best": "最良",
    "Merge": "統合",
    "Depth": "奥行き",
    "SimReady Joint": "SimReady関節",
}
