# SPDX-License-Identifier: GPL-3.0-or-later
"""English to Japanese."""

from __future__ import annotations

JAPANESE: dict[str, str] = {
    "Generate": "生成",
}
