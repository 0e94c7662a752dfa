# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of an asset that need neither Blender nor a simulator."""

from __future__ import annotations

from .finding import Finding, Severity

__all__ = ["Finding", "Severity"]
