# SPDX-License-Identifier: GPL-3.0-or-later
"""Cameras for views: where the eye stands, and how the picture is cropped around the object.

Every picture the network sees is cropped to a square around the object with a small margin. So distance and framing
follow from the object and the view, and only direction and perspective have to be learned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from physx_blender.geometry.pose import Array

from ..program.node import View

LEAST_PERSPECTIVE = 0.02


@dataclass(frozen=True)
class Framing:
    """A pinhole camera: eye (3,), rotation (3, 3) camera to world (-z forward, y up), focal and centre in pixels."""

    eye: Array
    rotation: Array
    focal: float
    centre: tuple[float, float]

    def scaled(self, factor: float) -> Framing:
        """The same camera for a picture with this many times the pixels a side."""
        return Framing(
            self.eye, self.rotation, self.focal * factor, (self.centre[0] * factor, self.centre[1] * factor)
        )


def orientation(view: View) -> Array:
    """Camera-to-world rotation (3, 3) of a camera that looks along the view's direction, without roll."""
    forward = -direction(view)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    norm = float(np.linalg.norm(right))
    right = right / norm if norm > 1e-6 else np.array([math.cos(view.azimuth), math.sin(view.azimuth), 0.0])
    up = np.cross(right, forward)
    return np.stack([right, up, -forward], axis=1)


def direction(view: View) -> Array:
    """Unit vector (3,) from the object to the camera."""
    c = math.cos(view.elevation)
    return np.array([math.sin(view.azimuth) * c, -math.cos(view.azimuth) * c, math.sin(view.elevation)])


def frame(
    view: View, points: Array, size: int, box: tuple[float, float, float, float] | None = None
) -> Framing:
    """Camera of a view that puts `points` (N, 3) into a square picture of `size` pixels.

    box: left, top, right, bottom in pixels that the points' picture shall fill (its longer side decides), by default
    the whole square less a margin of 6 per cent.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    target, radius = (low + high) / 2, float(np.linalg.norm(high - low)) / 2
    distance = radius / max(view.perspective, LEAST_PERSPECTIVE)
    rotation = orientation(view)
    eye = target + direction(view) * distance
    local = (points - eye) @ rotation
    depth = np.maximum(-local[:, 2], 0.05 * distance)
    x, y = local[:, 0] / depth, -local[:, 1] / depth
    x0, x1, y0, y1 = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    if box is None:
        margin = 0.06 * size
        box = (margin, margin, size - margin, size - margin)
        focal = (size - 2 * margin) / max(x1 - x0, y1 - y0, 1e-9)
    else:
        # the geometric mean of both scales: neither side of the observed box is more right than the other
        sx = (box[2] - box[0]) / max(x1 - x0, 1e-9)
        sy = (box[3] - box[1]) / max(y1 - y0, 1e-9)
        focal = math.sqrt(max(sx * sy, 1e-9))
    cx = (box[0] + box[2]) / 2 - focal * (x0 + x1) / 2
    cy = (box[1] + box[3]) / 2 - focal * (y0 + y1) / 2
    return Framing(eye, rotation, focal, (cx, cy))
