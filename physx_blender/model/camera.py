# SPDX-License-Identifier: GPL-3.0-or-later
"""The camera that took the reference image, as estimated."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..errors import AssetError
from ..geometry.pose import Pose
from .numbers import number


@dataclass(frozen=True)
class Camera:
    """Pinhole camera; it looks along its local -z with local y up (the convention of Blender and OpenGL).

    pose: camera to asset frame, metres.  width, height: pixels of the reference image.
    fov: full angle of view, radians, over the longer side of the image.
    shift_x, shift_y: offset of the optical axis from the image centre in units of the longer side; positive moves what
    is seen to the left and down (Blender's lens shift).
    """

    pose: Pose
    fov: float
    width: int
    height: int
    shift_x: float = 0.0
    shift_y: float = 0.0

    def __post_init__(self) -> None:
        number(self.fov, "camera", "field of view (radians)", low=0.0, high=math.pi - 1e-3, open_low=True)
        number(self.shift_x, "camera", "shift_x", low=-10, high=10)
        number(self.shift_y, "camera", "shift_y", low=-10, high=10)
        for side in (self.width, self.height):
            if isinstance(side, bool) or not isinstance(side, int) or not 1 <= side <= 65_536:
                raise AssetError(f"image size {self.width!r} x {self.height!r} is not usable", where="camera")

    @property
    def focal_pixels(self) -> float:
        """Focal length in pixels: longer side / 2 / tan(fov / 2)."""
        return max(self.width, self.height) / 2.0 / math.tan(self.fov / 2.0)
