# SPDX-License-Identifier: GPL-3.0-or-later
"""Normals, shadow and colour of the points that the rays meet."""

from __future__ import annotations

import torch
from torch import Tensor

from .camera import Rays
from .cast import Hits, cast
from .light import LightBatch
from .pack import PLANES, QUADRICS, PrimitiveBatch
from .primitives import Kind


def normals(batch: PrimitiveBatch, primitive: Tensor, point: Tensor, towards: Tensor) -> Tensor:
    """Outward unit normals (M, 3) where the surfaces of primitives (M,) pass through points (M, 3).

    towards: (M, 3) direction to the eye, which tells the two sides of a triangle apart.
    """
    found = torch.zeros_like(point)
    planes = batch.planes.float()
    quadrics = batch.quadrics.float()
    first = batch.starts[Kind.ELLIPSOID]
    homogeneous = torch.nn.functional.pad(point, (0, 1), value=1.0)
    for kind in Kind:
        part = batch.kind(kind)
        if part.start == part.stop:
            continue
        mine = ((primitive >= part.start) & (primitive < part.stop)).nonzero()[:, 0]
        which = primitive[mine]
        if kind is Kind.TRIANGLES:
            n = planes[which, 0, :3]
            facing = (n * towards[mine]).sum(-1, keepdim=True)
            found[mine] = torch.where(facing < 0, -n, n)
            continue
        x = homogeneous[mine]
        # The surface is the constraint that is nearest to being broken, measured as a distance.
        best: Tensor | None = None
        n = torch.zeros_like(point[mine])
        if PLANES[kind]:
            flat = planes[which, : PLANES[kind]]
            best, at = (flat @ x[:, :, None])[:, :, 0].max(dim=1)
            n = flat[torch.arange(len(at), device=at.device), at, :3]
        for k in range(QUADRICS[kind]):
            gradient = (quadrics[which - first, k] @ x[:, :, None])[:, :, 0]
            value = (gradient * x).sum(-1)
            length = gradient[:, :3].norm(dim=-1).clamp(min=1e-12)
            sign = 1.0 - 2.0 * k  # the second one bounds the hole
            distance = sign * value / (2.0 * length)
            across = sign * gradient[:, :3] / length[:, None]
            if best is None:
                n = across
            else:
                n = torch.where((distance > best)[:, None], across, n)
                distance = torch.maximum(distance, best)
            best = distance
        found[mine] = n
    return found


def scene_spheres(batch: PrimitiveBatch) -> tuple[Tensor, Tensor]:
    """Centre (B, 3) and radius (B,) of a sphere around each scene, float64; empty scenes get a unit sphere."""
    index = batch.scene[:, None].expand(-1, 3)
    low = torch.full((batch.scenes, 3), torch.inf, dtype=torch.float64, device=batch.device)
    high = -low
    low.scatter_reduce_(0, index, batch.corners.amin(dim=1), "amin")
    high.scatter_reduce_(0, index, batch.corners.amax(dim=1), "amax")
    empty = (low > high).any(dim=1)
    low = torch.where(empty[:, None], torch.full_like(low, -0.5), low)
    high = torch.where(empty[:, None], torch.full_like(high, 0.5), high)
    centre = (low + high) / 2
    return centre, (high - low).norm(dim=1) / 2 * 1.001 + 1e-9


class ShadowMap:
    """What the light of each scene sees."""

    def __init__(self, batch: PrimitiveBatch, lights: LightBatch, pixels: int) -> None:
        centre, radius = scene_spheres(batch)
        rays = Rays.parallel(lights.direction.double(), centre, radius, pixels)
        self.pixels = pixels
        self.hits: Hits = cast(batch, rays, (pixels, pixels))
        # Parallel light: mu = 1 for points, so (w, x, y) is one affine map.
        self.transform = rays.inverse()[:, [0, 2, 3]].float()
        self.texel = (2.0 * radius / (pixels - 2)).float()

    def visible(
        self,
        scene: Tensor,
        point: Tensor,
        facing: Tensor,
        primitive: Tensor,
        softness: Tensor,
        concave: Tensor,
    ) -> Tensor:
        """Share (M,) in 0 to 1 of the light that reaches points (M, 3); facing = cosine to the light.

        A convex primitive does not shadow its own lit side, so its own entry in the map is passed over; a concave
        one (M, bool) needs more margin instead.
        """
        m = self.transform[scene]
        at = (m[:, :, :3] @ point[:, :, None])[:, :, 0] + m[:, :, 3]
        slope = ((1.0 - facing * facing).clamp(min=0).sqrt() / facing.clamp(min=0.05)).clamp(max=4.0)
        texel = self.texel[scene]
        nearness = at[:, 0] + texel * (0.6 + 1.2 * slope)
        own = nearness + texel * (1.5 + 1.5 * slope)
        flat, side = self.hits.key.view(-1), self.hits.key.shape[2]
        base = scene * (self.hits.key.shape[1] * side)
        lit = torch.zeros_like(facing)
        taps = ((-0.35, -0.85), (0.85, -0.35), (-0.85, 0.35), (0.35, 0.85))
        for dx, dy in taps:
            x = (at[:, 1] + dx * softness).clamp(0, self.pixels - 1).long()
            y = (at[:, 2] + dy * softness).clamp(0, self.pixels - 1).long()
            key = flat[base + y * side + x]
            same = self.hits.primitive(key) == primitive
            bound = torch.where(same, own, nearness)
            lit += (self.hits.nearness(key) <= bound) | (same & ~concave)
        return lit / len(taps)


def encode_srgb(colour: Tensor) -> Tensor:
    """sRGB values of linear light, clipped to 0 to 1 (IEC 61966-2-1)."""
    c = colour.clamp(0.0, 1.0)
    return torch.where(c <= 0.0031308, c * 12.92, 1.055 * c.clamp(min=1e-6) ** (1 / 2.4) - 0.055)


def shade(
    batch: PrimitiveBatch,
    lights: LightBatch,
    shadows: ShadowMap | None,
    scene: Tensor,
    primitive: Tensor,
    point: Tensor,
    normal: Tensor,
    towards: Tensor,
) -> Tensor:
    """sRGB (M, 3) of points: Lambert and Blinn-Phong under the key light, hemisphere for the rest."""
    direction = lights.direction[scene]
    facing = (normal * direction).sum(-1).clamp(min=0.0)
    sun = facing
    lit = torch.ones_like(facing)
    if shadows is not None:
        at = (facing > 0).nonzero()[:, 0]
        of = scene[at]
        concave = primitive[at] >= batch.starts[Kind.RING]
        lit[at] = shadows.visible(of, point[at], facing[at], primitive[at], lights.softness[of], concave)
        sun = facing * lit
    up = (0.5 + 0.5 * normal[:, 2])[:, None]
    ground = lights.ground[scene]
    ambient = torch.addcmul(ground, up, lights.sky[scene] - ground)
    key = lights.colour[scene]
    light = torch.addcmul(ambient, sun[:, None], key)
    gloss = batch.gloss[primitive]
    half = torch.nn.functional.normalize(direction + towards, dim=-1)
    # Exponent 4 to 256; the peak grows with it, as energy stays about the same (about, not exactly).
    power = torch.exp2(2.0 + 6.0 * gloss)
    peak = 0.04 * (1.0 + power / 8.0) * gloss * (sun > 0) * lit
    shine = peak * (normal * half).sum(-1).clamp(min=1e-4) ** power
    return encode_srgb(torch.addcmul(batch.colour[primitive] * light, shine[:, None], key))
