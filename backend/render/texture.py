# SPDX-License-Identifier: GPL-3.0-or-later
"""A bank of small tileable textures with mip levels, looked up per hit point."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .camera import Device
from .finish import Mapping


class TextureBank:
    """K textures of S x S texels, S a power of two, as mip pyramids.

    Channels: shade (multiplies the surface's colour), red, green, blue (linear) and alpha of what is laid over it.
    """

    def __init__(self, textures: Tensor) -> None:
        count, side, other, channels = textures.shape
        if side != other or side & (side - 1) or channels != 5:
            raise ValueError(
                f"textures need shape (K, S, S, 5) with S a power of two, got {tuple(textures.shape)}"
            )
        self.count, self.side = count, side
        levels, image = [], textures.float().permute(0, 3, 1, 2)
        while image.shape[-1] > 1:
            levels.append(image.permute(0, 2, 3, 1).reshape(-1, 5))
            image = torch.nn.functional.avg_pool2d(image, 2)
        levels.append(image.permute(0, 2, 3, 1).reshape(-1, 5))
        self.levels = len(levels)
        starts = [0]
        for level in levels:
            starts.append(starts[-1] + len(level))
        self.starts = torch.tensor(starts[:-1], device=textures.device)
        self.texels = torch.cat(levels)

    def to(self, device: Device) -> TextureBank:
        """The same bank on another device."""
        other = object.__new__(TextureBank)
        other.count, other.side, other.levels = self.count, self.side, self.levels
        other.starts, other.texels = self.starts.to(device), self.texels.to(device)
        return other

    def look_up(self, texture: Tensor, uv: Tensor, footprint: Tensor) -> Tensor:
        """Bilinear samples (M, 5) of textures (M,) at uv (M, 2), in tiles; footprint: (M,) a pixel's side in tiles."""
        level = (footprint * self.side).clamp(min=1.0).log2().round().long().clamp(max=self.levels - 1)
        side = self.side >> level
        base = self.starts.index_select(0, level) + texture * side * side
        x, y = (uv[:, 0] * side - 0.5, (1.0 - uv[:, 1]) * side - 0.5)
        left, top = x.floor(), y.floor()
        fx, fy = (x - left)[:, None], (y - top)[:, None]
        # S is a power of two: "and" wraps, negative numbers as well
        x0, y0 = left.long(), top.long()
        last = side - 1
        x1, y1 = (x0 + 1) & last, (y0 + 1) & last
        x0, y0 = x0 & last, y0 & last
        upper, lower = base + y0 * side, base + y1 * side
        row0 = torch.lerp(
            self.texels.index_select(0, upper + x0), self.texels.index_select(0, upper + x1), fx
        )
        row1 = torch.lerp(
            self.texels.index_select(0, lower + x0), self.texels.index_select(0, lower + x1), fx
        )
        return torch.lerp(row0, row1, fy)


def textured(
    bank: TextureBank, colour: Tensor, finish: Tensor, point: Tensor, normal: Tensor, pixel: Tensor
) -> Tensor:
    """Linear colours (M, 3) with their textures.

    colour: (M, 3) linear.  finish: (M, FINISH).  point, normal: (M, 3) world.  pixel: (M,) side of a pixel there, metres.
    """
    at = (finish[:, 13] >= 0).nonzero()[:, 0]
    if not len(at):
        return colour
    f, p, n = (t.index_select(0, at) for t in (finish, point, normal))
    q = [_affine(f[:, 4 * k : 4 * k + 3], p) + f[:, 4 * k + 3] for k in range(3)]
    m = [_affine(f[:, 4 * k : 4 * k + 3], n) for k in range(3)]
    size = [c.abs() for c in m]
    on_x = (size[0] >= size[1]) & (size[0] >= size[2])
    on_y = ~on_x & (size[1] >= size[2])
    u = torch.where(on_x, q[1], q[0])
    v = torch.where(on_x | on_y, q[2], q[1])
    strength = f[:, 15]
    front = f[:, 14] == Mapping.FRONT
    inside = on_y & (u > 0) & (u < 1) & (v > 0) & (v < 1)
    # seen from the other side, print must not be mirrored
    u = torch.where(front & (m[1] > 0), 1.0 - u, u)
    strength = torch.where(front & ~inside, torch.zeros_like(strength), strength)
    round_ = f[:, 14] == Mapping.ROUND
    turn = torch.atan2(q[1], q[0]) * (f[:, 16] / (2 * math.pi))
    u = torch.where(round_ & ~((size[2] > size[0]) & (size[2] > size[1])), turn, u)
    v = torch.where(round_, q[2], v)
    sample = bank.look_up(f[:, 13].long(), torch.stack([u, v], dim=1), pixel.index_select(0, at) * f[:, 17])
    mine = colour.index_select(0, at)
    strong = strength[:, None]
    shaded = mine * torch.lerp(torch.ones_like(strong), sample[:, :1], strong)
    printed = torch.lerp(shaded, sample[:, 1:4], sample[:, 4:] * strong)
    return colour.index_copy(0, at, printed.clamp(0.0, 1.0))


def _affine(row: Tensor, v: Tensor) -> Tensor:
    """(M, 3) . (M, 3) -> (M,)."""
    return torch.addcmul(torch.addcmul(row[:, 0] * v[:, 0], row[:, 1], v[:, 1]), row[:, 2], v[:, 2])
