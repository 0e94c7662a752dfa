# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of the project: everything that can be said of an asset without Blender and without torch."""

from __future__ import annotations

__version__ = "0.1.0"
