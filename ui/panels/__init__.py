# SPDX-License-Identifier: GPL-3.0-or-later
"""The one tab in the sidebar, in the order of work: one file per topic."""

from __future__ import annotations

from . import asset, check, export, generate, joint, part

# in the order they are drawn
CLASSES = tuple(cls for module in (generate, asset, joint, part, check, export) for cls in module.CLASSES)
