# SPDX-License-Identifier: GPL-3.0-or-later
"""MJCF, MuJoCo's XML format: write an `Asset`, read one. See docs/formats/mjcf.md."""

from __future__ import annotations

from .reader import read_mjcf
from .writer import mjcf_files, write_mjcf

__all__ = ["mjcf_files", "read_mjcf", "write_mjcf"]
