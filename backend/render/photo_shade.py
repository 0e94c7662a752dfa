# SPDX-License-Identifier: GPL-3.0-or-later
"""Radiance of surfaces: textures, a key light with an extent, surroundings by reflection, Fresnel (Schlick 1994)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .camera import Rays
from .cast import nearness_of, primitive_of
from .pack import PrimitiveBatch
from .shade import Surfaces, dot
from .soft_shadow import SoftShadow
from .texture import textured

if TYPE_CHECKING:
    from .photo import Setting

_DIELECTRIC = 0.04
_GOLDEN = 2.399963


@dataclass(frozen=True)
class Hits:
    """Points (M, ...) on surfaces: scene, primitive (-1 = the room), point, outward normal, unit direction to the eye,
    linear colour, gloss, finish, metres that a pixel covers there, and a number that varies from pixel to pixel."""

    scene: Tensor
    primitive: Tensor
    point: Tensor
    normal: Tensor
    towards: Tensor
    colour: Tensor
    gloss: Tensor
    finish: Tensor
    pixel: Tensor
    noise: Tensor


class PhotoShader:
    """Shades the hits of one batch of images."""

    def __init__(
        self,
        batch: PrimitiveBatch,
        rays: Rays,
        setting: Setting,
        shadow: SoftShadow,
        size: tuple[int, int],
        samples: int,
    ) -> None:
        self.batch, self.setting, self.shadow = batch, setting, shadow
        self.size, self.samples = size, samples
        self.surfaces = Surfaces(batch)
        self.rays = torch.stack([r[:, :3].float() for r in (rays.D, rays.Dx, rays.Dy, rays.E)], dim=1)
        self.paint = torch.cat([batch.colour, batch.gloss[:, None], batch.finish], dim=1)
        lights = setting.lights
        self.light = torch.cat([lights.direction, lights.colour, setting.crevices[:, None]], dim=1)

    def _ray(self, pixel: Tensor, sample: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """Scene (M,), eye (M, 3) and ray (M, 3) of pixels (M,), through the middle or through one of their samples."""
        height, width = self.size
        n = self.samples
        scene = pixel // (height * width)
        column, row = (pixel % width).float(), ((pixel // width) % height).float()
        if sample is None:
            x, y = (column + 0.5) * n, (row + 0.5) * n
        else:
            x = column * n + (sample % n).float() + 0.5
            y = row * n + (sample // n).float() + 0.5
        d = self.rays.index_select(0, scene)
        return scene, d[:, 3], torch.addcmul(torch.addcmul(d[:, 0], x[:, None], d[:, 1]), y[:, None], d[:, 2])

    def view_of(self, pixel: Tensor) -> tuple[Tensor, Tensor]:
        """Eyes (M, 3) and rays (M, 3), one metre deep, through the middles of pixels (M,)."""
        _, eye, ray = self._ray(pixel, None)
        return eye, ray

    def _side(self, scene: Tensor, depth: Tensor) -> Tensor:
        """Metres that a pixel's side covers at a depth."""
        return depth * self.rays[:, 1].norm(dim=1).index_select(0, scene) * self.samples

    def hits(self, pixel: Tensor, sample: Tensor, key: Tensor) -> Hits:
        """What keys (M,) of samples (M,) of pixels (M,) have met."""
        scene, eye, ray = self._ray(pixel, sample)
        primitive, depth = primitive_of(key), 1.0 / nearness_of(key)
        point = torch.addcmul(eye, depth[:, None], ray)
        towards = -ray * dot(ray, ray).rsqrt()[:, None]
        normal = self.surfaces.normals(primitive, point, towards)
        paint = self.paint.index_select(0, primitive)
        return Hits(scene, primitive, point, normal, towards, paint[:, :3], paint[:, 3], paint[:, 4:],
                    self._side(scene, depth), pixel * _GOLDEN)  # fmt: skip

    def background(
        self,
        pixel: Tensor,
        scene: Tensor,
        eye: Tensor,
        ray: Tensor,
        room: tuple[Tensor, Tensor] | None,
        ambient: Tensor,
    ) -> Tensor:
        """Radiance (M, 3) of the room along rays, or of the surroundings where there is no room."""
        setting = self.setting
        length = dot(ray, ray).rsqrt()[:, None]
        sharp = torch.full_like(ray[:, 0], 0.75)
        if room is None or setting.room is None:
            return setting.environment.radiance(scene, ray * length, sharp)
        far, plane = room
        result = torch.empty_like(ray)
        out = torch.isinf(far).nonzero()[:, 0]
        result.index_copy_(0, out, setting.environment.radiance(scene[out], (ray * length)[out], sharp[out]))
        at = (~torch.isinf(far)).nonzero()[:, 0]
        which = scene[at] * setting.room.planes.shape[1] + plane[at]
        depth = far[at]
        hits = Hits(
            scene[at],
            torch.full_like(at, -1),
            torch.addcmul(eye[at], depth[:, None], ray[at]),
            setting.room.planes.flatten(0, 1).index_select(0, which)[:, :3],
            (-ray * length)[at],
            setting.room.colour.flatten(0, 1).index_select(0, which),
            setting.room.gloss.flatten().index_select(0, which),
            setting.room.finish.flatten(0, 1).index_select(0, which),
            self._side(scene[at], depth),
            pixel[at] * _GOLDEN,
        )
        result.index_copy_(0, at, self.radiance(hits, ambient.index_select(0, pixel[at])))
        return result

    def radiance(self, h: Hits, ambient: Tensor) -> Tensor:
        """Light (M, 3) that surfaces send to the eye; ambient: (M,) share of the surroundings that they see."""
        setting = self.setting
        direction, key, crevices = self.light.index_select(0, h.scene).split((3, 3, 1), dim=1)
        colour = textured(setting.textures, h.colour, h.finish, h.point, h.normal, h.pixel)
        metal = h.finish[:, 12:13]
        facing = dot(h.normal, direction)
        lit = torch.zeros_like(facing)
        at = (facing > 0).nonzero()[:, 0]
        reached = self.shadow.visible(
            h.scene[at], h.point[at], h.normal[at], facing[at], h.primitive[at], h.noise[at]
        )
        lit.index_copy_(0, at, reached)
        free = torch.lerp(torch.ones_like(ambient), ambient, crevices[:, 0])[:, None]
        sun = (facing.clamp(min=0) * lit)[:, None]
        matt = torch.zeros_like(facing)
        sky = setting.environment.radiance(h.scene, h.normal, matt)
        sent = colour * (1.0 - metal) * torch.addcmul(sky * free, sun, key)
        across = dot(h.normal, h.towards).clamp(min=0)
        back = torch.addcmul(-h.towards, 2.0 * across[:, None], h.normal)
        gloss = h.gloss[:, None]
        base = torch.lerp(torch.full_like(colour, _DIELECTRIC), colour, metal)
        grazing = torch.maximum(gloss * gloss, base) - base
        fresnel = torch.addcmul(base, grazing, ((1.0 - across) ** 5)[:, None])
        mirrored = setting.environment.radiance(h.scene, back, h.gloss)
        # A lobe about the light's reflection, widened by the light's own size; its peak grows as it narrows.
        power = torch.exp2(2.0 + 7.0 * h.gloss)
        cosine = dot(back, direction).clamp(min=1e-4)
        shine = torch.exp(power * cosine.log()) * (0.3 + power / 40.0) * lit * (facing > 0)
        return sent + fresnel * (mirrored * free + shine[:, None] * key)

    def glass(self, h: Hits) -> tuple[Tensor, Tensor]:
        """What panes send (M, 3), and the share (M, 3) of the light behind them that they let through."""
        setting = self.setting
        across = dot(h.normal, h.towards).clamp(min=0)
        back = torch.addcmul(-h.towards, 2.0 * across[:, None], h.normal)
        # Two faces of a pane reflect about twice what one does.
        mirror = (0.08 + 0.92 * (1.0 - across) ** 5)[:, None]
        sent = mirror * setting.environment.radiance(h.scene, back, torch.ones_like(across))
        direction, key, _ = self.light.index_select(0, h.scene).split((3, 3, 1), dim=1)
        shine = torch.exp(400.0 * dot(back, direction).clamp(min=1e-4).log())[:, None]
        tint = 0.55 + 0.45 * h.colour / h.colour.amax(dim=1, keepdim=True).clamp(min=1e-3)
        return sent + mirror * 4.0 * shine * key, (1.0 - mirror) * tint
