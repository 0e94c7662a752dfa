# SPDX-License-Identifier: GPL-3.0-or-later
"""Normals, shadow and colour of the points that the rays meet."""

from __future__ import annotations

import torch
from torch import Tensor

from .camera import Rays
from .cast import cast, nearness_of, primitive_of
from .light import LightBatch
from .pack import PLANES, QUADRICS, PrimitiveBatch
from .primitives import Kind


class Surfaces:
    """Where a point lies on the primitives of a batch."""

    def __init__(self, batch: PrimitiveBatch) -> None:
        self.batch = batch
        self.planes = batch.planes.float()
        self.quadrics = batch.quadrics.float()

    def normals(self, primitive: Tensor, point: Tensor, towards: Tensor) -> Tensor:
        """Outward unit normals (M, 3) where the surfaces of primitives (M,) pass through points (M, 3).

        towards: (M, 3) direction to the eye, which tells the two sides of a triangle apart.
        """
        found = torch.zeros_like(point)
        for kind in Kind:
            part = self.batch.kind(kind)
            if part.start == part.stop:
                continue
            mine = ((primitive >= part.start) & (primitive < part.stop)).nonzero()[:, 0]
            if not len(mine):
                continue
            which = primitive[mine]
            if kind is Kind.TRIANGLES:
                n = self.planes[which, 0, :3]
                facing = (n * towards[mine]).sum(-1, keepdim=True)
                found[mine] = torch.where(facing < 0, -n, n)
            else:
                found[mine] = self._normals(kind, which, point[mine])
        return found

    def _normals(self, kind: Kind, which: Tensor, point: Tensor) -> Tensor:
        """The surface is the constraint that is nearest to being broken, measured as a distance."""
        best: Tensor | None = None
        normal = point
        if PLANES[kind]:
            flat = self.planes[which, : PLANES[kind]]
            distances = (flat[:, :, :3] * point[:, None]).sum(-1) + flat[:, :, 3]
            best, at = distances.max(dim=1)
            normal = flat[torch.arange(len(at), device=at.device), at, :3]
        for k in range(QUADRICS[kind]):
            q = self.quadrics[which - self.batch.starts[Kind.ELLIPSOID], k]
            gradient = (q[:, :, :3] * point[:, None]).sum(-1) + q[:, :, 3]
            value = (gradient[:, :3] * point).sum(-1) + gradient[:, 3]
            sign = 1.0 - 2.0 * k  # the second one bounds the hole
            scale = sign / gradient[:, :3].norm(dim=-1).clamp(min=1e-12)
            across, distance = gradient[:, :3] * scale[:, None], 0.5 * value * scale
            if best is None:
                normal, best = across, distance
            else:
                normal = torch.where((distance > best)[:, None], across, normal)
                best = torch.maximum(distance, best)
        return normal


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
        self.key = cast(batch, rays, (pixels, pixels))
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
        concave: int,
    ) -> Tensor:
        """Share (M,) in 0 to 1 of the light that reaches points (M, 3); facing = cosine to the light.

        A convex primitive does not shadow its own lit side, so its own entry in the map is passed over; those from
        number `concave` on can, and need more margin instead.
        """
        m = self.transform[scene]
        at = (m[:, :, :3] * point[:, None]).sum(-1) + m[:, :, 3]
        slope = ((1.0 - facing * facing).clamp(min=0).sqrt() / facing.clamp(min=0.05)).clamp(max=4.0)
        texel = self.texel[scene]
        nearness = torch.addcmul(at[:, 0], texel, 0.6 + 1.2 * slope)
        own = torch.addcmul(nearness, texel, 1.5 + 1.5 * slope)
        own = torch.where(primitive < concave, torch.inf, own)
        flat, side = self.key.view(-1), self.key.shape[2]
        base = scene * (self.key.shape[1] * side)
        lit = torch.zeros_like(facing)
        taps = ((-0.35, -0.85), (0.85, -0.35), (-0.85, 0.35), (0.35, 0.85))
        for dx, dy in taps:
            x = (at[:, 1] + dx * softness).clamp(0, self.pixels - 1).long()
            y = (at[:, 2] + dy * softness).clamp(0, self.pixels - 1).long()
            key = flat[base + y * side + x]
            lit += nearness_of(key) <= torch.where(primitive_of(key) == primitive, own, nearness)
        return lit / len(taps)


def encode_srgb(colour: Tensor) -> Tensor:
    """sRGB values of linear light, clipped to 0 to 1 (IEC 61966-2-1)."""
    c = colour.clamp(0.0, 1.0)
    return torch.where(c <= 0.0031308, c * 12.92, 1.055 * c.clamp(min=1e-6) ** (1 / 2.4) - 0.055)


class Shader:
    """Colours of what the rays of one batch of images meet."""

    def __init__(
        self, batch: PrimitiveBatch, rays: Rays, lights: LightBatch, shadows: ShadowMap | None
    ) -> None:
        self.batch, self.lights, self.shadows = batch, lights, shadows
        self.surfaces = Surfaces(batch)
        self.eye = rays.E[:, :3].float()
        # D, Dx, Dy of an image in one row: one look-up per pixel.
        self.rays = torch.stack([r[:, :3].float() for r in (rays.D, rays.Dx, rays.Dy)], dim=1)
        light = (
            lights.direction,
            lights.colour,
            lights.ground,
            lights.sky - lights.ground,
            lights.softness[:, None],
        )
        self.light = torch.cat(light, dim=1)
        self.paint = torch.cat([batch.colour, batch.gloss[:, None]], dim=1)

    def shade(self, key: Tensor, at: Tensor, size: tuple[int, int], want: set[str]) -> dict[str, Tensor]:
        """rgb (M, 3) sRGB and normal (M, 3), as wanted, of hits with keys (M,) in pixels `at` (M,) of all images."""
        height, width = size
        primitive, depth = primitive_of(key), 1.0 / nearness_of(key)
        scene = at // (height * width)
        x = (at % width).float() + 0.5
        y = ((at // width) % height).float() + 0.5
        d = self.rays[scene]
        ray = torch.addcmul(torch.addcmul(d[:, 0], x[:, None], d[:, 1]), y[:, None], d[:, 2])
        point = torch.addcmul(self.eye[scene], depth[:, None], ray)
        towards = -torch.nn.functional.normalize(ray, dim=-1)
        normal = self.surfaces.normals(primitive, point, towards)
        result = {}
        if "normal" in want:
            result["normal"] = normal
        if "rgb" in want:
            result["rgb"] = self._colour(scene, primitive, point, normal, towards)
        return result

    def _colour(
        self, scene: Tensor, primitive: Tensor, point: Tensor, normal: Tensor, towards: Tensor
    ) -> Tensor:
        """sRGB: Lambert and Blinn-Phong under the key light, a hemisphere for the rest."""
        direction, key, ground, sky, softness = self.light[scene].split((3, 3, 3, 3, 1), dim=1)
        colour, gloss = self.paint[primitive].split((3, 1), dim=1)
        gloss = gloss[:, 0]
        facing = (normal * direction).sum(-1).clamp(min=0.0)
        lit = torch.ones_like(facing)
        if self.shadows is not None:
            at = (facing > 0).nonzero()[:, 0]
            lit[at] = self.shadows.visible(
                scene[at], point[at], facing[at], primitive[at], softness[at, 0], self.batch.starts[Kind.RING]
            )
        sun = facing * lit
        ambient = torch.addcmul(ground, 0.5 + 0.5 * normal[:, 2:], sky)
        light = torch.addcmul(ambient, sun[:, None], key)
        half = torch.nn.functional.normalize(direction + towards, dim=-1)
        # Exponent 4 to 256; the peak grows with it, as energy stays about the same (about, not exactly).
        power = torch.exp2(2.0 + 6.0 * gloss)
        peak = 0.04 * (1.0 + power / 8.0) * gloss * (sun > 0) * lit
        shine = peak * torch.exp(power * (normal * half).sum(-1).clamp(min=1e-4).log())
        return encode_srgb(torch.addcmul(colour * light, shine[:, None], key))
