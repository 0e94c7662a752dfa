# SPDX-License-Identifier: GPL-3.0-or-later
"""Endless planes behind the object: a floor and walls, met by the rays that meet nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .camera import Device
from .finish import FINISH


@dataclass(frozen=True)
class RoomBatch:
    """P planes for each scene, seen from the side of their normals.

    planes: (B, P, 4), n.x + d with unit n, positive in the room; a row of zeros is no plane.
    colour: (B, P, 3) linear.  gloss: (B, P).  finish: (B, P, FINISH), frames from the world.
    """

    planes: Tensor
    colour: Tensor
    gloss: Tensor
    finish: Tensor

    def __post_init__(self) -> None:
        b, p = self.planes.shape[:2]
        shapes = (self.planes.shape, self.colour.shape, self.gloss.shape, self.finish.shape)
        if shapes != ((b, p, 4), (b, p, 3), (b, p), (b, p, FINISH)):
            raise ValueError(f"a room needs (B, P, 4), (B, P, 3), (B, P), (B, P, {FINISH}), got {shapes}")

    def __len__(self) -> int:
        return len(self.planes)

    def to(self, device: Device) -> RoomBatch:
        """The same room on another device."""
        return RoomBatch(*(t.to(device) for t in (self.planes, self.colour, self.gloss, self.finish)))

    def meet(self, scene: Tensor, eye: Tensor, ray: Tensor) -> tuple[Tensor, Tensor]:
        """Depth (M,) along rays (M, 3) from eyes (M, 3), inf if none is met, and the number (M,) of the plane."""
        planes = self.planes.index_select(0, scene)
        height = (planes[..., :3] * eye[:, None]).sum(-1) + planes[..., 3]
        falling = (planes[..., :3] * ray[:, None]).sum(-1)
        depth = torch.where((falling < -1e-6) & (height > 0), -height / falling.clamp(max=-1e-6), torch.inf)
        return depth.min(dim=1)
