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


def dot(a: Tensor, b: Tensor) -> Tensor:
    """(M, 3) . (M, 3) -> (M,); written out, as sums over so short a side are slow."""
    return torch.addcmul(torch.addcmul(a[:, 0] * b[:, 0], a[:, 1], b[:, 1]), a[:, 2], b[:, 2])


class Surfaces:
    """Where a point lies on the primitives of a batch."""

    def __init__(self, batch: PrimitiveBatch) -> None:
        self.batch = batch
        self.planes = batch.planes.float()
        # One (n, planes) array per coefficient and kind: whole rows are looked up and combined at once.
        self.coefficients = {
            kind: [self.planes[batch.kind(kind), : PLANES[kind], k].contiguous() for k in range(4)]
            for kind in Kind
        }
        q = batch.quadrics.float()
        rows = ((0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3))
        self.quadrics = torch.stack([q[:, :, i, j] for i, j in rows], dim=-1)

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
            which = primitive.index_select(0, mine)
            if kind is Kind.TRIANGLES:
                n = self.planes[:, 0, :3].index_select(0, which)
                facing = dot(n, towards.index_select(0, mine))
                normal = torch.where(facing[:, None] < 0, -n, n)
            else:
                normal = self._normals(kind, which, point.index_select(0, mine))
            found.index_copy_(0, mine, normal)
        return found

    def _normals(self, kind: Kind, which: Tensor, point: Tensor) -> Tensor:
        """The surface is the constraint that is nearest to being broken, measured as a distance."""
        best: Tensor | None = None
        normal = point
        if PLANES[kind]:
            local = which - self.batch.starts[kind]
            x, y, z, distance = (c.index_select(0, local) for c in self.coefficients[kind])
            for c, row in zip((x, y, z), point.split(1, dim=1), strict=True):
                distance.addcmul_(c, row)
            best, at = distance.max(dim=1)
            row = which * self.planes.shape[1] + at
            normal = self.planes.view(-1, 4).index_select(0, row)[:, :3]
        for k in range(QUADRICS[kind]):
            q = self.quadrics[:, k].index_select(0, which - self.batch.starts[Kind.ELLIPSOID])
            xx, xy, xz, xw, yy, yz, yw, zz, zw, ww = q.unbind(1)
            x, y, z = point.unbind(1)
            gx = torch.addcmul(torch.addcmul(torch.addcmul(xw, xx, x), xy, y), xz, z)
            gy = torch.addcmul(torch.addcmul(torch.addcmul(yw, xy, x), yy, y), yz, z)
            gz = torch.addcmul(torch.addcmul(torch.addcmul(zw, xz, x), yz, y), zz, z)
            value = gx * x + gy * y + gz * z + xw * x + yw * y + zw * z + ww
            sign = 1.0 - 2.0 * k  # the second one bounds the hole
            scale = sign / (gx * gx + gy * gy + gz * gz).sqrt().clamp(min=1e-12)
            across, distance = torch.stack([gx * scale, gy * scale, gz * scale], dim=1), 0.5 * value * scale
            if best is None:
                normal, best = across, distance
            else:
                normal = torch.where((distance > best)[:, None], across, normal)
                best = torch.maximum(distance, best)
        return normal


def light_frame(batch: PrimitiveBatch, towards: Tensor, pixels: int) -> Rays:
    """Parallel rays from the light (B, 3, unit) over square maps that just hold each scene."""
    index = batch.scene[:, None].expand(-1, 3)
    axes = Rays.axes(towards)
    at = (batch.corners @ axes.index_select(0, batch.scene).transpose(1, 2)).transpose(1, 2)
    low = torch.full((batch.scenes, 3), torch.inf, dtype=torch.float64, device=batch.device)
    high = -low
    low.scatter_reduce_(0, index, at.amin(dim=2), "amin")
    high.scatter_reduce_(0, index, at.amax(dim=2), "amax")
    empty = (low > high).any(dim=1)
    low = torch.where(empty[:, None], torch.full_like(low, -0.5), low)
    high = torch.where(empty[:, None], torch.full_like(high, 0.5), high)
    return Rays.parallel(axes, low, high, pixels)


class ShadowMap:
    """What the light of each scene sees."""

    def __init__(self, batch: PrimitiveBatch, lights: LightBatch, pixels: int) -> None:
        rays = light_frame(batch, lights.direction.double(), pixels)
        self.pixels = pixels
        self.key = cast(batch, rays, (pixels, pixels))
        # Parallel light: mu = 1 for points, so (w, x, y) is one affine map; the size of a texel comes along.
        texel = rays.Dx.norm(dim=1, keepdim=True)
        self.transform = torch.cat([rays.inverse()[:, [0, 2, 3]].flatten(1), texel], dim=1).float()

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
        m = self.transform.index_select(0, scene).unbind(1)
        px, py, pz = point.unbind(1)
        near, right, down = (
            torch.addcmul(torch.addcmul(torch.addcmul(m[k + 3], m[k], px), m[k + 1], py), m[k + 2], pz)
            for k in (0, 4, 8)
        )
        texel = m[12]
        slope = ((1.0 - facing * facing).clamp(min=0).sqrt() / facing.clamp(min=0.05)).clamp(max=4.0)
        nearness = torch.addcmul(near, texel, 0.6 + 1.2 * slope)
        own = torch.addcmul(nearness, texel, 1.5 + 1.5 * slope)
        own = torch.where(primitive < concave, torch.inf, own)
        flat, side = self.key.view(-1), self.key.shape[2]
        base = scene * (self.key.shape[1] * side)
        lit = torch.zeros_like(facing)
        taps = ((-0.35, -0.85), (0.85, -0.35), (-0.85, 0.35), (0.35, 0.85))
        for dx, dy in taps:
            x = (right + dx * softness).clamp(0, self.pixels - 1).long()
            y = (down + dy * softness).clamp(0, self.pixels - 1).long()
            key = flat.index_select(0, base + y * side + x)
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
        # D, Dx, Dy and the eye of an image in one row: one look-up per pixel.
        self.rays = torch.stack([r[:, :3].float() for r in (rays.D, rays.Dx, rays.Dy, rays.E)], dim=1)
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
        d = self.rays.index_select(0, scene)
        ray = torch.addcmul(torch.addcmul(d[:, 0], x[:, None], d[:, 1]), y[:, None], d[:, 2])
        point = torch.addcmul(d[:, 3], depth[:, None], ray)
        towards = -ray * dot(ray, ray).rsqrt()[:, None]
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
        direction, key, ground, sky, softness = self.light.index_select(0, scene).split(
            (3, 3, 3, 3, 1), dim=1
        )
        colour, gloss = self.paint.index_select(0, primitive).split((3, 1), dim=1)
        gloss = gloss[:, 0]
        facing = dot(normal, direction).clamp(min=0.0)
        lit = torch.ones_like(facing)
        if self.shadows is not None:
            at = (facing > 0).nonzero()[:, 0]
            reached = self.shadows.visible(
                scene.index_select(0, at),
                point.index_select(0, at),
                facing.index_select(0, at),
                primitive.index_select(0, at),
                softness[:, 0].index_select(0, at),
                self.batch.starts[Kind.RING],
            )
            lit.index_copy_(0, at, reached)
        sun = facing * lit
        ambient = torch.addcmul(ground, 0.5 + 0.5 * normal[:, 2:], sky)
        light = torch.addcmul(ambient, sun[:, None], key)
        half = direction + towards
        # The cosine between the normal and the half-way direction.
        shining = dot(normal, half) * dot(half, half).clamp(min=1e-6).rsqrt()
        # Exponent 4 to 256; the peak grows with it, as energy stays about the same (about, not exactly).
        power = torch.exp2(2.0 + 6.0 * gloss)
        peak = 0.04 * (1.0 + power / 8.0) * gloss * (sun > 0) * lit
        shine = peak * torch.exp(power * shining.clamp(min=1e-4).log())
        return encode_srgb(torch.addcmul(colour * light, shine[:, None], key))
