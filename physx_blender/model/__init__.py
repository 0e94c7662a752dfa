# SPDX-License-Identifier: GPL-3.0-or-later
"""The model: frozen dataclasses that say what an articulated, physical object is.

SI units; world frame z up, the object's front towards -y; quaternions w, x, y, z; rest pose = every joint at 0.
"""

from __future__ import annotations

from .asset import Asset
from .camera import Camera
from .joint import Joint, JointKind, Mimic
from .link import Link
from .material import Material
from .part import Colour, Part
from .provenance import Provenance
from .texture import Texture

__all__ = [
    "Asset",
    "Camera",
    "Colour",
    "Joint",
    "JointKind",
    "Link",
    "Material",
    "Mimic",
    "Part",
    "Provenance",
    "Texture",
]
