# SPDX-License-Identifier: GPL-3.0-or-later
"""Training pictures: objects under random light, cropped, cut out, and spoiled as cameras and cut-outs spoil them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from backend.render import CameraBatch, LightBatch, SceneItem, pack
from backend.render.photo import Setting, take_photo
from backend.render.room import RoomBatch

from ..program.build import Build
from ..program.node import Program
from .environments import random_environments
from .finishes import dressed
from .framing import Framing, frame
from .labels import labels
from .lens import captured, developed, exposed
from .scene import corners, scene
from .textures import texture_bank

Tensor = torch.Tensor


def cameras(framings: Sequence[Framing], device: str = "cpu") -> CameraBatch:
    """Framings as a batch for the ray-caster."""
    return CameraBatch(
        torch.tensor(np.stack([f.eye for f in framings]), dtype=torch.float32, device=device),
        torch.tensor(np.stack([f.rotation for f in framings]), dtype=torch.float32, device=device),
        torch.tensor([f.focal for f in framings], dtype=torch.float32, device=device),
        torch.tensor([f.centre for f in framings], dtype=torch.float32, device=device),
    )


def random_lights(rng: np.random.Generator, views: Sequence[Program], device: str = "cpu") -> LightBatch:
    """One key light per picture, from behind the photographer's shoulder or above, and a coloured sky."""
    n = len(views)
    azimuth = np.array([p.view.azimuth for p in views]) + rng.normal(0, 0.9, n)
    elevation = rng.uniform(0.3, 1.4, n)
    c = np.cos(elevation)
    towards = np.stack([np.sin(azimuth) * c, -np.cos(azimuth) * c, np.sin(elevation)], axis=1)
    key = rng.uniform(0.4, 1.2, (n, 1)) * rng.uniform(0.88, 1.0, (n, 3))
    sky = rng.uniform(0.25, 0.7, (n, 1)) * rng.uniform(0.9, 1.0, (n, 3))
    ground = sky * rng.uniform(0.25, 0.9, (n, 1))

    def tensor(a: np.ndarray) -> Tensor:
        return torch.tensor(a, dtype=torch.float32, device=device)

    return LightBatch(
        tensor(towards), tensor(key), tensor(sky), tensor(ground), tensor(rng.uniform(0.0, 2.5, n))
    )


def uneven(framed: Framing, rng: np.random.Generator, size: int) -> Framing:
    """The framing of a crop that is not quite even: a cut-out never sits exactly in the middle."""
    margin = rng.uniform(0.03, 0.11, 4) * size
    shrink = 1 - float(margin.mean() - 0.06 * size) * 2 / size
    shift = (margin[0] - margin[1]) / 2, (margin[2] - margin[3]) / 2
    cx = (framed.centre[0] - size / 2) * shrink + size / 2 + shift[0]
    cy = (framed.centre[1] - size / 2) * shrink + size / 2 + shift[1]
    return Framing(framed.eye, framed.rotation, framed.focal * shrink, (cx, cy))


def random_setting(
    rng: np.random.Generator, programs: Sequence[Program], device: str = "cpu", room: RoomBatch | None = None
) -> Setting:
    """Light, surroundings and strengths of effects for pictures of programs."""
    n = len(programs)
    lights = random_lights(rng, programs)
    # the surroundings shine as well: some pictures have no key light to speak of
    key = (
        lights.colour
        * torch.from_numpy(rng.choice([0.15, 0.6, 1.0, 1.6], (n, 1), p=[0.2, 0.3, 0.35, 0.15])).float()
    )
    spread = torch.from_numpy(np.exp(rng.uniform(np.log(0.01), np.log(0.35), n))).float()
    crevices = torch.from_numpy(np.where(rng.random(n) < 0.85, rng.uniform(0.3, 1.0, n), 0.0)).float()
    reach = torch.tensor([0.25 * p.size for p in programs], dtype=torch.float32)
    return Setting(
        replace(lights, colour=key).to(device),
        random_environments(rng, n, device),
        texture_bank()[0].to(device),
        spread.to(device),
        crevices.to(device),
        reach.to(device),
        room,
    )


@dataclass(frozen=True)
class Shots:
    """Pictures of a batch: rgb (B, 3, H, W) and mask (B, 1, H, W) in 0..1, depth (B, H, W) in metres along the axis (inf
    where nothing is), their cameras, and the scenes as built."""

    rgb: Tensor
    mask: Tensor
    depth: Tensor
    framings: list[Framing]
    builds: list[Build]
    items: list[list[SceneItem]]

    def take(self, k: int) -> Shots:
        """The k-th picture alone."""
        part = slice(k, k + 1)
        return Shots(
            self.rgb[part],
            self.mask[part],
            self.depth[part],
            self.framings[part],
            self.builds[part],
            self.items[part],
        )


def cut_outs(
    programs: Sequence[Program],
    rng: np.random.Generator,
    size: int = 128,
    device: str = "cpu",
    *,
    panes_vary: bool = False,
) -> Shots:
    """Pictures of programs, each cropped around its object; outside the mask rgb is 0.

    panes_vary: some cut-outs have holes where one looks through a pane, in some it is half there; else it is object.
    """
    builds: list[Build] = []
    items: list[list[SceneItem]] = []
    opaque: list[list[SceneItem]] = []
    glass: list[list[SceneItem]] = []
    framings: list[Framing] = []
    for program in programs:
        build, things = scene(program)
        builds.append(build)
        items.append(things)
        solid, panes = dressed(build, things, rng)
        opaque.append(solid)
        glass.append(panes)
        framings.append(uneven(frame(program.view, corners(things), size), rng, size))
    photo = take_photo(
        pack(opaque, device),
        pack(glass, device),
        cameras(framings, device),
        (size, size),
        random_setting(rng, programs, device),
        cut_out=True,
    )
    mask = photo.mask[:, None]
    rgb = exposed(photo.radiance.permute(0, 3, 1, 2), mask, rng)
    rgb = captured(developed(rgb, rng), rng, size / 128)
    if panes_vary:
        share = np.clip(rng.uniform(-0.5, 2.0, len(programs)), 0.0, 1.0)
        weight = torch.from_numpy(share).float().to(mask.device)[:, None, None, None]
        mask = torch.lerp(photo.opaque[:, None], mask, weight)
    return Shots(rgb * (mask > 0), mask, photo.depth, framings, builds, items)


def photograph(
    programs: Sequence[Program], rng: np.random.Generator, size: int = 128, device: str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Pictures rgb (B, 3, H, W) and masks (B, 1, H, W) in 0..1 of programs, each cropped around its object.

    Outside the mask rgb is 0. The mask counts panes of glass as object; what is behind them is seen in rgb.
    """
    shots = cut_outs(programs, rng, size, device)
    return shots.rgb, shots.mask


def labelled_photograph(
    programs: Sequence[Program], rng: np.random.Generator, size: int = 128, device: str = "cpu"
) -> tuple[Tensor, Tensor, Tensor]:
    """To learn from: as `photograph`, but see `panes_vary`; and what is seen at size / 8 places a side, see `labels`."""
    shots = cut_outs(programs, rng, size, device, panes_vary=True)
    return shots.rgb, shots.mask, labels(shots.builds, shots.items, shots.framings, size, size // 8)
