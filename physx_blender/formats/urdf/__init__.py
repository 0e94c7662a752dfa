# SPDX-License-Identifier: GPL-3.0-or-later
"""URDF, the robot description of ROS: write an `Asset`, read one. See docs/formats/urdf.md."""

from __future__ import annotations

from .reader import read_urdf
from .writer import urdf_files, write_urdf

__all__ = ["read_urdf", "urdf_files", "write_urdf"]
