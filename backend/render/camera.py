# SPDX-License-Identifier: GPL-3.0-or-later
"""Cameras of a batch of images, and the rays of their pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from physx_blender.model.camera import Camera

Device = torch.device | str | None


def look_at(eye: Any, target: Any, up: Any = (0.0, 0.0, 1.0)) -> Tensor:
    """Rotation (..., 3, 3), camera to world, of a camera at `eye` (..., 3) that looks at `target` (..., 3)."""
    eye = torch.as_tensor(eye, dtype=torch.float64)
    target = torch.as_tensor(target, dtype=torch.float64, device=eye.device)
    up = torch.as_tensor(up, dtype=torch.float64, device=eye.device)
    back = torch.nn.functional.normalize(eye - target, dim=-1)
    across = torch.linalg.cross(up.expand_as(back), back)
    # Looking straight up or down, any direction across will do.
    spare = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64, device=eye.device).expand_as(back)
    across = torch.where(across.norm(dim=-1, keepdim=True) < 1e-6, spare, across)
    right = torch.nn.functional.normalize(across, dim=-1)
    return torch.stack([right, torch.linalg.cross(back, right), back], dim=-1)


@dataclass(frozen=True)
class CameraBatch:
    """Pinhole cameras, one per scene; each looks along its local -z with local y up.

    eye: (B, 3) metres.  rotation: (B, 3, 3) camera to world.  focal: (B,) pixels.  centre: (B, 2) pixels, x to the
    right and y down from the upper left corner of the image; pixel (column i, row j) has its middle at (i+.5, j+.5).
    """

    eye: Tensor
    rotation: Tensor
    focal: Tensor
    centre: Tensor

    def __post_init__(self) -> None:
        device = torch.as_tensor(self.eye).device
        for name in ("eye", "rotation", "focal", "centre"):
            object.__setattr__(
                self, name, torch.as_tensor(getattr(self, name), dtype=torch.float64, device=device)
            )
        b = len(self.eye)
        shapes = (self.eye.shape, self.rotation.shape, self.focal.shape, self.centre.shape)
        if shapes != ((b, 3), (b, 3, 3), (b,), (b, 2)):
            raise ValueError(
                f"cameras need shapes (B, 3), (B, 3, 3), (B,), (B, 2), got {[tuple(s) for s in shapes]}"
            )

    def __len__(self) -> int:
        return len(self.eye)

    @staticmethod
    def looking_at(
        eye: Any, target: Any, focal: Any, size: tuple[int, int], device: Device = None
    ) -> CameraBatch:
        """Cameras at `eye` (B, 3) that look at `target` (B, 3) or (3,), axis through the middle of size = (H, W)."""
        place = torch.as_tensor(np.asarray(eye), dtype=torch.float64).to(device)
        aim = torch.as_tensor(np.asarray(target), dtype=torch.float64).to(device).expand_as(place)
        f = torch.as_tensor(focal, dtype=torch.float64).to(device).expand(len(place))
        middle = (
            torch.tensor([size[1] / 2, size[0] / 2], dtype=torch.float64).to(device).expand(len(place), 2)
        )
        return CameraBatch(place, look_at(place, aim), f, middle)

    @staticmethod
    def of(camera: Camera, size: tuple[int, int], device: Device = None) -> CameraBatch:
        """One camera of the model for an image of size (H, W); the longer sides correspond."""
        longer = max(size)
        focal = camera.focal_pixels * longer / max(camera.width, camera.height)
        # Blender's lens shift: positive moves what is seen to the left and down.
        centre = [[size[1] / 2 - camera.shift_x * longer, size[0] / 2 + camera.shift_y * longer]]
        arrays = ([camera.pose.position], [camera.pose.rotation], [focal], centre)
        return CameraBatch(*(torch.as_tensor(np.array(a, float)).to(device) for a in arrays))

    def to(self, device: Device) -> CameraBatch:
        """The same cameras on another device."""
        return CameraBatch(*(t.to(device) for t in (self.eye, self.rotation, self.focal, self.centre)))

    def scaled(self, factor: float) -> CameraBatch:
        """The same views in images `factor` times as large."""
        return CameraBatch(self.eye, self.rotation, self.focal * factor, self.centre * factor)

    def repeat(self, count: int) -> CameraBatch:
        """Each camera `count` times in a row."""
        parts = (self.eye, self.rotation, self.focal, self.centre)
        return CameraBatch(*(t.repeat_interleave(count, dim=0) for t in parts))

    def rays(self) -> Rays:
        """Homogeneous rays; the nearness of a point is 1 / its depth along the optical axis."""
        r = self.rotation
        right, down = r[:, :, 0] / self.focal[:, None], -r[:, :, 1] / self.focal[:, None]
        corner = -r[:, :, 2] - right * self.centre[:, :1] - down * self.centre[:, 1:]
        eye = torch.cat([self.eye, torch.ones_like(self.focal)[:, None]], dim=1)
        return Rays(eye, *(torch.nn.functional.pad(v, (0, 1)) for v in (corner, right, down)))


@dataclass(frozen=True)
class Rays:
    """One ray per pixel (x, y), as the homogeneous points  w E + D + x Dx + y Dy,  each (B, 4) float64.

    The nearness w grows towards the viewer.  Perspective: E is the eye (., 1), D.. are directions (., 0), and w is
    1 / depth.  Parallel light: E is a direction (., 0), D is a point (., 1).  On a plane w is affine in x and y, and
    on a quadric it is an affine function plus or minus the root of a quadratic one: that is why it is used.
    """

    E: Tensor
    D: Tensor
    Dx: Tensor
    Dy: Tensor

    @staticmethod
    def axes(towards: Tensor) -> Tensor:
        """Rows (B, 3, 3): two directions across the light (B, 3, unit), and itself."""
        helper = torch.zeros_like(towards)
        helper.scatter_(1, towards.abs().argmin(dim=1, keepdim=True), 1.0)
        u = torch.nn.functional.normalize(torch.linalg.cross(towards, helper), dim=1)
        return torch.stack([u, torch.linalg.cross(towards, u), towards], dim=1)

    @staticmethod
    def parallel(axes: Tensor, low: Tensor, high: Tensor, pixels: int) -> Rays:
        """Parallel rays along the last of the axes (B, 3, 3), over boxes low to high (B, 3) in these, square images.

        Nearness is in metres, and positive in the box.
        """
        extent = (high - low)[:, :2].amax(dim=1).clamp(min=1e-9)
        texel = (extent / (pixels - 2))[:, None]  # one texel of margin all around
        u, v, towards = axes.unbind(1)
        middle, depth = (low + high) / 2, (high - low)[:, 2:]
        corner = middle[:, :2] - texel * (pixels / 2)
        start = u * corner[:, :1] + v * corner[:, 1:] + towards * (low[:, 2:] - depth - extent[:, None])
        pad = torch.nn.functional.pad
        return Rays(
            pad(towards, (0, 1)),
            pad(start, (0, 1), value=1.0),
            pad(u * texel, (0, 1)),
            pad(v * texel, (0, 1)),
        )

    def inverse(self) -> Tensor:
        """(B, 4, 4) that takes a homogeneous point to  mu (w, 1, x, y)."""
        return torch.linalg.inv(torch.stack([self.E, self.D, self.Dx, self.Dy], dim=2))
