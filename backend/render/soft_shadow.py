# SPDX-License-Identifier: GPL-3.0-or-later
"""Shadows of a light with an extent: sharp where bodies touch, wide where they are far apart.

Percentage-closer soft shadows (Fernando 2005) on a map seen from the light: first how far away what blocks is, then
a filter of the width that follows. Each tap is compared with the receiver's own plane, so that wide filters do not
shadow slanting surfaces.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from .camera import Rays
from .cast import nearness_of, primitive_of
from .light import LightBatch
from .pack import PrimitiveBatch
from .primitives import Kind
from .shade import ShadowMap

SEARCH = 5
FILTER = 8
WIDEST = 11.0  # texels


def _disc(count: int) -> list[tuple[float, float]]:
    """Points evenly over the unit disc (Vogel's spiral)."""
    golden = math.pi * (3 - math.sqrt(5))
    return [
        (
            math.sqrt((k + 0.5) / count) * math.cos(k * golden),
            math.sqrt((k + 0.5) / count) * math.sin(k * golden),
        )
        for k in range(count)
    ]


class SoftShadow:
    """Shares of an area light; spread (B,) is the tangent of the angle that half of the light covers."""

    def __init__(self, batch: PrimitiveBatch, lights: LightBatch, spread: Tensor, pixels: int) -> None:
        self.map = ShadowMap(batch, lights, pixels)
        self.concave = batch.starts[Kind.RING]
        axes = Rays.axes(lights.direction.double())[:, :2].float()
        self.table = torch.cat([self.map.transform, axes.flatten(1), spread[:, None]], dim=1)

    def visible(
        self, scene: Tensor, point: Tensor, normal: Tensor, facing: Tensor, primitive: Tensor, turn: Tensor
    ) -> Tensor:
        """Share (M,) in 0 to 1 of the light that reaches points (M, 3) with normals (M, 3); facing = cosine to the light.

        turn: (M,) radians by which the taps of each point are turned, so that few taps do not show as bands.
        """
        receivers = self._receivers(scene, point, normal, facing, primitive, turn)
        spread = receivers.spread
        reach = (spread * self.map.pixels * 0.5).clamp(1.0, WIDEST)
        total, blocked = torch.zeros_like(facing), torch.zeros_like(facing)
        for dx, dy in _disc(SEARCH):
            found, hides = receivers.tap(dx, dy, reach)
            total = torch.where(hides, total + found, total)
            blocked += hides
        lit = (blocked == 0).float()
        # all taps of a wide search are hidden in the core of the shadow, none far from it: only its edge needs the filter
        edge = ((blocked > 0) & (blocked < SEARCH)).nonzero()[:, 0]
        some = receivers.take(edge)
        gap = (total[edge] / blocked[edge] - some.near).clamp(min=0)
        radius = (gap * some.spread / some.texel).clamp(0.6, WIDEST)
        share = torch.zeros_like(radius)
        for dx, dy in _disc(FILTER):
            share += ~some.tap(dx, dy, radius)[1]
        return lit.index_copy(0, edge, share / FILTER)

    def _receivers(
        self, scene: Tensor, point: Tensor, normal: Tensor, facing: Tensor, primitive: Tensor, turn: Tensor
    ) -> _Receivers:
        m = self.table.index_select(0, scene).unbind(1)
        px, py, pz = point.unbind(1)
        near, right, down = (
            torch.addcmul(torch.addcmul(torch.addcmul(m[k + 3], m[k], px), m[k + 1], py), m[k + 2], pz)
            for k in (0, 4, 8)
        )
        texel, spread = m[12], m[19]
        nx, ny, nz = normal.unbind(1)
        steep = -texel / facing.clamp(min=0.12)
        across = (nx * m[13] + ny * m[14] + nz * m[15]) * steep
        along = (nx * m[16] + ny * m[17] + nz * m[18]) * steep
        near = near + texel * 1.2 + 0.5 * (across.abs() + along.abs())
        own = torch.where(primitive < self.concave, torch.inf, near + 2.5 * texel)
        key = self.map.key
        base = scene * (key.shape[1] * key.shape[2])
        return _Receivers(
            key.view(-1), self.map.pixels, key.shape[2], base, right, down, near, own, across, along,
            turn.cos(), turn.sin(), primitive, texel, spread,
        )  # fmt: skip


@dataclass(frozen=True)
class _Receivers:
    """Points that may be in shadow: place in the map, nearness that hides them, and how their plane slants there."""

    key: Tensor
    side: int
    width: int
    base: Tensor
    right: Tensor
    down: Tensor
    near: Tensor
    own: Tensor
    across: Tensor
    along: Tensor
    cosine: Tensor
    sine: Tensor
    primitive: Tensor
    texel: Tensor
    spread: Tensor

    def take(self, at: Tensor) -> _Receivers:
        """Some of them."""
        rest = (getattr(self, f.name).index_select(0, at) for f in fields(self)[3:])
        return _Receivers(self.key, self.side, self.width, *rest)

    def tap(self, dx: float, dy: float, radius: Tensor) -> tuple[Tensor, Tensor]:
        """Nearness in the map at an offset in radii (M,) of texels, and whether what is there hides the points."""
        ox = (self.cosine * dx - self.sine * dy) * radius
        oy = (self.sine * dx + self.cosine * dy) * radius
        x = (self.right + ox).clamp(0, self.side - 1).long()
        y = (self.down + oy).clamp(0, self.side - 1).long()
        key = self.key.index_select(0, self.base + y * self.width + x)
        found = nearness_of(key)
        limit = torch.where(primitive_of(key) == self.primitive, self.own, self.near)
        limit = torch.addcmul(torch.addcmul(limit, self.across, ox), self.along, oy)
        return found, found > limit
