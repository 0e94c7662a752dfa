# SPDX-License-Identifier: GPL-3.0-or-later
"""An asset as a short text that a person can change, and the asset that the changed text describes.

The text is TOML with one table per link, part and joint; see `plain` for the words and docs/formats/description.md.
"""

from __future__ import annotations

from .read import read_description
from .write import write_description

__all__ = ["read_description", "write_description"]
