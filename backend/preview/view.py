# SPDX-License-Identifier: GPL-3.0-or-later
"""A camera that sees the asset in all states that are shown."""

from __future__ import annotations

import math

import numpy as np

from backend.render import CameraBatch, look_at
from physx_blender.geometry.pose import Array
from physx_blender.model import Asset

FOV = math.radians(30)
MARGIN = 1.12
DEFAULT_DIRECTION = (0.62, -0.95, 0.5)
"""From the object to the camera where no reference camera is known: front, a little from its left and above."""
_DETAIL = 16


def state_points(asset: Asset, positions: dict[str, tuple[float, ...]] | None) -> Array:
    """Vertices (N, 3) of the asset with its joints at `positions`."""
    poses = asset.link_poses(positions)
    found = [
        poses[part.link].apply(placed.mesh(_DETAIL).vertices)
        for part in asset.parts
        for placed in part.shapes
    ]
    return np.concatenate(found) if found else np.zeros((1, 3))


def framing_camera(asset: Asset, points: Array, pixels: int) -> CameraBatch:
    """A camera for square images of `pixels` that sees all `points`, from the side the reference image was taken."""
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    direction = np.array(DEFAULT_DIRECTION)
    if asset.camera is not None:
        towards = np.array(asset.camera.pose.position) - middle
        if np.linalg.norm(towards) > 1e-6:
            direction = towards
    direction = direction / np.linalg.norm(direction)
    rotation = look_at(middle + direction, middle).numpy()
    local = (points - middle) @ rotation
    slope = math.tan(FOV / 2) / MARGIN
    # The aim that halves what sticks out on either side, then the distance at which everything fits.
    aim = (local[:, :2].min(axis=0) + local[:, :2].max(axis=0)) / 2
    off = np.abs(local[:, :2] - aim).max(axis=1)
    distance = max(float((off / slope + local[:, 2]).max()), 1e-3)
    eye = middle + rotation @ np.array([aim[0], aim[1], distance])
    focal = pixels / 2 / math.tan(FOV / 2)
    return CameraBatch(eye[None], rotation[None], np.array([focal]), np.array([[pixels / 2, pixels / 2]]))  # type: ignore[arg-type]  # its own __post_init__ makes tensors of them
