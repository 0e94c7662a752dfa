# SPDX-License-Identifier: GPL-3.0-or-later
"""Ambient occlusion from the depth image: how much of the surroundings nearby bodies hide."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .camera import CameraBatch

_RINGS = (0.35, 0.9)  # shares of the reach
_AROUND = 4
_BIAS = 0.12
_COARSEST = 60  # pixels a side


def occlusion(depth: Tensor, cameras: CameraBatch, reach: Tensor) -> Tensor:
    """Share (B * H * W,) in 0 to 1 of the half-space over each pixel's surface that is free.

    depth: (B, H, W) metres along the axis, inf for nothing.  reach: (B,) metres.  Bodies outside the picture or
    hidden by others are not known; it is an estimate in the way of Crytek's (Mittring 2007).
    """
    if min(depth.shape[1:]) >= 2 * _COARSEST and not (depth.shape[1] % 2 or depth.shape[2] % 2):
        # soft by nature: every other pixel of every other row is enough
        half = CameraBatch(cameras.eye, cameras.rotation, cameras.focal / 2, cameras.centre / 2)
        coarse = occlusion(depth[:, ::2, ::2], half, reach).view(len(depth), depth.shape[1] // 2, -1)
        return coarse.repeat_interleave(2, dim=1).repeat_interleave(2, dim=2).view(-1)
    b, h, w = depth.shape
    device = depth.device
    focal = cameras.focal.float()
    x = (torch.arange(w, device=device) + 0.5 - cameras.centre[:, :1].float()) / focal[:, None]
    y = (torch.arange(h, device=device) + 0.5 - cameras.centre[:, 1:].float()) / focal[:, None]
    far = depth.masked_fill(torch.isinf(depth), 1e4)
    # in the camera's frame, x right, y down, z forward
    at = torch.stack([x[:, None, :] * far, y[:, :, None] * far, far])
    normal = _normals(at)
    middle = depth.reshape(b, -1).amin(dim=1).clamp(min=1e-6, max=1e6)
    total = torch.zeros_like(depth)
    for ring, radius in enumerate(_RINGS):
        # one offset for all images keeps the look-ups plain slices: their typical reach in pixels
        pixels = (reach * focal / middle * radius).clamp(1.0, 0.15 * min(h, w))
        step = max(1, round(float(pixels.median())))
        for k in range(_AROUND):
            angle = (k + 0.5 * ring + 0.25) * 2 * math.pi / _AROUND
            dx, dy = round(step * math.cos(angle)), round(step * math.sin(angle))
            other = torch.roll(at, (-dy, -dx), (2, 3))
            v = other - at
            square = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).clamp(min=1e-12)
            cosine = (v[0] * normal[0] + v[1] * normal[1] + v[2] * normal[2]) * square.rsqrt()
            fade = (1.0 - square / (reach * reach)[:, None, None]).clamp(min=0)
            total += (cosine - _BIAS).clamp(min=0) * fade
    return (1.0 - 2.2 * total / (len(_RINGS) * _AROUND)).clamp(0.0, 1.0).view(-1)


def _normals(at: Tensor) -> Tensor:
    """Normals (3, B, H, W), towards the camera, of surfaces through points (3, B, H, W)."""

    def gentlest(dim: int) -> Tensor:
        ahead = torch.roll(at, -1, dim) - at
        back = at - torch.roll(at, 1, dim)
        return torch.where(ahead[2:].abs() < back[2:].abs(), ahead, back)

    (ax, ay, az), (bx, by, bz) = gentlest(2), gentlest(3)
    x, y, z = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    return torch.stack([x, y, z]) * (x * x + y * y + z * z).clamp(min=1e-24).rsqrt()
