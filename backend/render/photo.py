# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures that look like photographs: area lights, surroundings, textures, glass, a room; radiance, not yet developed.

Coverage is found on a grid of samples per pixel, and each body that a pixel shows is shaded once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from .camera import CameraBatch
from .cast import cast, nearness_of, primitive_of
from .environment import EnvironmentBatch
from .light import LightBatch
from .occlusion import occlusion
from .pack import PrimitiveBatch
from .photo_shade import PhotoShader
from .renderer import CPU_PIXELS, GPU_PIXELS, NEAR
from .room import RoomBatch
from .soft_shadow import SoftShadow
from .texture import TextureBank


@dataclass(frozen=True)
class Setting:
    """What surrounds the scenes of a batch.

    spread: (B,) tangent of half the angle that the key light covers.  crevices: (B,) strength of ambient occlusion,
    0 to 1.  reach: (B,) metres that it looks around.  room: None = the surroundings are seen behind the bodies.
    """

    lights: LightBatch
    environment: EnvironmentBatch
    textures: TextureBank
    spread: Tensor
    crevices: Tensor
    reach: Tensor
    room: RoomBatch | None = None


@dataclass(frozen=True)
class Photo:
    """radiance (B, H, W, 3) linear; mask (B, H, W) coverage in 0 to 1 by parts below `background_part`, opaque (B, H, W) the
    same without panes of glass that nothing is behind; depth (B, H, W) metres along the axis, inf where nothing is met."""

    radiance: Tensor
    mask: Tensor
    opaque: Tensor
    depth: Tensor


@torch.no_grad()
def take_photo(
    batch: PrimitiveBatch,
    glass: PrimitiveBatch,
    cameras: CameraBatch,
    size: tuple[int, int],
    setting: Setting,
    *,
    samples: int = 2,
    shadow_pixels: int = 96,
    background_part: int = 1 << 30,
    cut_out: bool = False,
) -> Photo:
    """Photograph scenes of opaque primitives and panes of glass, with the camera of the same number.

    glass: bodies that what is behind them shows through; they cast no shadow.  background_part: bodies whose part has
    this number or a higher one are clutter, not counted in the mask.  cut_out: leave the background black where
    no body is seen, which saves time.
    """
    height, width = size
    shape = (batch.scenes, height, width)
    fine = cameras.scaled(samples)
    rays = fine.rays()
    grid = (height * samples, width * samples)
    solid = _blocks(cast(batch, rays, grid, 1.0 / NEAR), size, samples)
    seen = _seen(solid, batch, background_part)
    opaque = seen.float().mean(dim=1)
    covered = (solid != 0).sum(dim=1)
    partly = covered < samples * samples
    # few scenes have panes: the others need not be looked through
    glazed = torch.unique(glass.scene)
    pane = glazed_pixels = solid[:0]
    if len(glazed):
        # all primitives of the panes' batch, in the same order: keys mean the same in both
        pane = _blocks(cast(glass.take(glazed), _some(fine, glazed).rays(), grid, 1.0 / NEAR), size, samples)
        inner = torch.arange(height * width, device=solid.device)
        glazed_pixels = (glazed[:, None] * (height * width) + inner).view(-1)
        pane = torch.where(pane > solid[glazed_pixels], pane, torch.zeros_like(pane))
        seen[glazed_pixels] |= _seen(pane, glass, background_part)
    if cut_out:
        partly &= seen.any(dim=1)
    open_ = partly.nonzero()[:, 0]

    shadow = SoftShadow(batch, setting.lights, setting.spread, shadow_pixels)
    shader = PhotoShader(batch, rays, setting, shadow, size, samples)
    nearest = solid.amax(dim=1)
    depth = torch.where(nearest != 0, 1.0 / nearness_of(nearest), torch.inf)
    eye, ray = shader.view_of(open_)
    scene = open_ // (height * width)
    around = None
    if setting.room is not None:
        around = setting.room.meet(scene, eye, ray)
        here = depth.index_select(0, open_)
        depth.index_copy_(0, open_, torch.where(torch.isinf(here), around[0], here))
    ambient = occlusion(depth.view(shape), cameras, setting.reach)

    radiance = torch.zeros((solid.shape[0], 3), device=solid.device)
    radiance.index_copy_(0, open_, shader.background(open_, scene, eye, ray, around, ambient))
    radiance *= (1.0 - covered.float() / (samples * samples))[:, None]
    for pixel, sample, share, key in _pieces(solid):
        colour = shader.radiance(shader.hits(pixel, sample, key), ambient.index_select(0, pixel))
        radiance.index_add_(0, pixel, colour * share[:, None])
    if len(glazed):
        panes = PhotoShader(glass, rays, setting, shadow, size, samples)
        behind = radiance.clone()
        for small, sample, share, key in _pieces(pane):
            pixel = glazed_pixels.index_select(0, small)
            sent, passed = panes.glass(panes.hits(pixel, sample, key))
            change = sent + (passed - 1.0) * behind.index_select(0, pixel)
            radiance.index_add_(0, pixel, change * share[:, None])
    mask = seen.float().mean(dim=1)
    return Photo(radiance.view(*shape, 3), mask.view(shape), opaque.view(shape), depth.view(shape))


def _some(cameras: CameraBatch, at: Tensor) -> CameraBatch:
    """The cameras with these numbers."""
    return CameraBatch(*(t[at] for t in (cameras.eye, cameras.rotation, cameras.focal, cameras.centre)))


def _blocks(key: Tensor, size: tuple[int, int], samples: int) -> Tensor:
    """(B, >= H n, >= W n) to (B H W, n n): the samples of each pixel in one row."""
    height, width = size
    key = key[:, : height * samples, : width * samples]
    key = key.reshape(len(key), height, samples, width, samples).transpose(2, 3)
    return key.reshape(-1, samples * samples)


def _seen(key: Tensor, batch: PrimitiveBatch, background_part: int) -> Tensor:
    """Which samples (P, n) show a part that counts."""
    hit = key != 0
    if len(batch.part) == 0 or int(batch.part.max()) < background_part:
        return hit
    part = batch.part[primitive_of(key).clamp(max=len(batch.part) - 1)]
    return hit & (part < background_part)


def _first(key: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of the samples (P, n) of each pixel, those that show a body first: pixel (M,), sample (M,), their share (M,)."""
    count = key.shape[1]
    shown = (key != 0).any(dim=1).nonzero()[:, 0]
    key = key.index_select(0, shown)
    which = torch.where(key != 0, primitive_of(key), torch.full_like(key, -1)).int().unbind(1)
    pixels, samples, shares = [], [], []
    for j in range(count):
        new = which[j] >= 0
        for i in range(j):
            new &= which[i] != which[j]
        at = new.nonzero()[:, 0]
        mine = which[j].index_select(0, at)
        same = torch.ones_like(mine)
        for i in range(j + 1, count):
            same += which[i].index_select(0, at) == mine
        pixels.append(shown.index_select(0, at))
        samples.append(torch.full_like(at, j))
        shares.append(same.float() / count)
    return torch.cat(pixels), torch.cat(samples), torch.cat(shares)


def _pieces(key: Tensor) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
    """Pixels, samples, shares and keys of what has to be shaded, in pieces that stay in a core's cache."""
    pixel, sample, share = _first(key)
    chosen = key.view(-1).index_select(0, pixel * key.shape[1] + sample)
    step = CPU_PIXELS if key.device.type == "cpu" else GPU_PIXELS
    for start in range(0, len(pixel), step):
        piece = slice(start, start + step)
        yield pixel[piece], sample[piece], share[piece], chosen[piece]
