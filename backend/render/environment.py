# SPDX-License-Identifier: GPL-3.0-or-later
"""Light from all around: small maps of what surrounds a scene, blurred for surfaces of every gloss.

Maps are octahedral (Cigolle et al. 2014, A Survey of Efficient Representations for Independent Unit Vectors): the sphere
is unfolded to one square without poles, so that a look-up is a few operations.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .camera import Device

SIDE = 32
# Exponents of the cosine lobes of the levels from matt to polished; the last level is the map as it is. The first is
# what a Lambert surface receives.
LOBES = (1.0, 4.0, 16.0, 64.0)


def directions(side: int = SIDE, device: Device = None) -> Tensor:
    """Unit vectors (side, side, 3) of the texels of an octahedral map; z up."""
    c = (torch.arange(side, device=device, dtype=torch.float32) + 0.5) / side * 2 - 1
    y, x = torch.meshgrid(c, c, indexing="ij")
    z = 1 - x.abs() - y.abs()
    fold = (-z).clamp(min=0)
    v = torch.stack([x - x.sign() * fold, y - y.sign() * fold, z], dim=-1)
    return torch.nn.functional.normalize(v, dim=-1)


def blurred(maps: Tensor) -> Tensor:
    """Levels (K, len(LOBES) + 1, S, S, 3) of maps (K, S, S, 3) of radiance: averages over cosine lobes, then the map."""
    k, side = maps.shape[:2]
    d = directions(side, maps.device).reshape(-1, 3)
    cosine = (d @ d.T).clamp(min=0)
    # texels are not all the same solid angle: the projection shrinks with the cube of the distance to the octahedron
    area = d.abs().sum(dim=1) ** 3
    flat = maps.reshape(k, -1, 3)
    levels = []
    for lobe in LOBES:
        weight = cosine**lobe * area
        weight = weight / weight.sum(dim=1, keepdim=True)
        levels.append((weight @ flat).reshape(k, side, side, 3))
    return torch.stack([*levels, maps], dim=1)


@dataclass(frozen=True)
class EnvironmentBatch:
    """Surroundings of each scene.

    levels: (B, L, S, S, 3) of `blurred`.  turn: (B,) radians that the surroundings are turned about z.
    """

    levels: Tensor
    turn: Tensor

    def __post_init__(self) -> None:
        b = len(self.turn)
        if self.levels.shape[:2] != (b, len(LOBES) + 1) or self.levels.shape[-1] != 3:
            raise ValueError(
                f"levels need shape ({b}, {len(LOBES) + 1}, S, S, 3), got {tuple(self.levels.shape)}"
            )

    def __len__(self) -> int:
        return len(self.turn)

    def radiance(self, scene: Tensor, towards: Tensor, gloss: Tensor) -> Tensor:
        """Light (M, 3) that comes from directions (M, 3), averaged as a surface of gloss (M,) does: 0 matt, 1 mirror."""
        count, side = self.levels.shape[1], self.levels.shape[2]
        turn = self.turn.index_select(0, scene)
        c, s = turn.cos(), turn.sin()
        x, y, z = towards.unbind(1)
        x, y = c * x + s * y, c * y - s * x
        scale = 1.0 / (x.abs() + y.abs() + z.abs()).clamp(min=1e-9)
        x, y, z = x * scale, y * scale, z * scale
        below = z < 0
        # straight down, x and y are 0 and belong to a corner, not to the middle
        px = torch.where(below, (1 - y.abs()).copysign(x), x)
        py = torch.where(below, (1 - x.abs()).copysign(y), y)
        u = ((px * 0.5 + 0.5) * side - 0.5).clamp(0, side - 1.001)
        v = ((py * 0.5 + 0.5) * side - 0.5).clamp(0, side - 1.001)
        left, top = u.floor(), v.floor()
        fx, fy = (u - left)[:, None], (v - top)[:, None]
        level = (gloss * (count - 1)).round().long().clamp(0, count - 1)
        base = ((scene * count + level) * side + top.long()) * side + left.long()
        flat = self.levels.view(-1, 3)
        row0 = torch.lerp(flat.index_select(0, base), flat.index_select(0, base + 1), fx)
        row1 = torch.lerp(flat.index_select(0, base + side), flat.index_select(0, base + side + 1), fx)
        return torch.lerp(row0, row1, fy)
