# SPDX-License-Identifier: GPL-3.0-or-later
"""How well does a program agree with the picture? Rendered from its own view, judged by outline, inner regions and edges.

Outline: intersection over union of the silhouettes. Inner regions: the program's render divides the picture into parts
and, within a part, into faces of different direction. If the division is right, the picture has about one colour in each
region; the score is the share of the picture's colour variance that the regions explain. No colours need to be known.
Edges: the share of the picture's edges within the outline that lie on a border of two regions (see `edges`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from backend.render import LightBatch, SceneItem, pack, render
from physx_blender.errors import AssetError
from physx_blender.geometry.pose import Array

from ..program.build import Build
from ..program.node import Program
from ..world.finishes import is_clear
from ..world.framing import Framing, frame
from ..world.labels import kinds_and_motion
from ..world.picture import cameras
from ..world.scene import corners, scene
from .crop import Crop
from .edges import borders, nearness, seen_edges
from .sight import Sight

REGIONS = 0.5
EDGES = 0.15
PLACES = 0.1
# one place that the network is sure to be otherwise shall not outweigh all others
_WORST = -4.0


@dataclass(frozen=True)
class Agreement:
    """Scores of one program: silhouette, regions and edges in 0..1; places, a mean log-likelihood, 0 where nothing was seen."""

    silhouette: float
    regions: float
    edges: float = 0.0
    places: float = 0.0

    @property
    def total(self) -> float:
        """What candidates are ranked by."""
        return self.silhouette + REGIONS * self.regions + EDGES * self.edges + PLACES * self.places


class Observation:
    """A picture made ready for comparing at some resolution."""

    def __init__(self, crop: Crop, size: int, sight: Sight | None = None) -> None:
        self.crop, self.size, self.sight = crop, size, sight
        rgb = torch.from_numpy(crop.rgb).permute(2, 0, 1)[None]
        mask = torch.from_numpy(crop.mask)[None, None]
        self.rgb = torch.nn.functional.adaptive_avg_pool2d(rgb, size)[0].permute(1, 2, 0).contiguous()
        self.mask = torch.nn.functional.adaptive_avg_pool2d(mask, size)[0, 0]
        self.inside = self.mask > 0.5
        scale = size / crop.size
        self.box = (crop.box[0] * scale, crop.box[1] * scale, crop.box[2] * scale, crop.box[3] * scale)
        colours = self.rgb[self.inside]
        # a floor, so that a plain grey object is not torn apart by its noise
        self.variance = float(((colours - colours.mean(dim=0)) ** 2).sum()) + 2e-3 * len(colours)
        self.seen_edges = seen_edges(self.rgb, self.inside)

    def framing(self, program: Program, items: list[SceneItem]) -> Framing:
        """Camera that lays the program's outline over the observed one."""
        return frame(program.view, corners(items), self.size, self.box)

    def agreement(self, programs: Sequence[Program]) -> list[Agreement]:
        """Render the programs and score each."""
        good: list[int] = []
        scenes, framings, builds = [], [], []
        last: Program | None = None
        made: tuple[Build, list[SceneItem], Array] | None = None
        for k, program in enumerate(programs):
            if last is None or not _same_object(program, last):
                last, made = program, _made(program)
            if made is None:
                continue
            good.append(k)
            builds.append(made[0])
            scenes.append(made[1])
            framings.append(frame(program.view, made[2], self.size, self.box))
        out = [Agreement(0.0, 0.0)] * len(programs)
        if not good:
            return out
        with torch.inference_mode():
            batch, camera = pack(scenes, "cpu"), cameras(framings)
            lights = LightBatch.studio(len(good), shadow=False)
            drawn = render(batch, camera, (self.size, self.size), lights, want=("mask", "part", "normal"))
            mask, part, normal = drawn["mask"] > 0.5, drawn["part"].long(), drawn["normal"].float()
            # a cut-out may have a hole where one looks through a pane, or none: neither speaks against it
            solid = mask & ~_panes(builds, part)
            both = (mask & self.inside).flatten(1).sum(1).float()
            either = (solid | self.inside).flatten(1).sum(1).clamp(min=1).float()
            silhouettes = (both / either).tolist()
            regions = self._explained(mask, part, normal)
            edges = (nearness(borders(mask, part, normal)) * self.seen_edges).flatten(1).sum(1).tolist()
            places = self._places(builds, part, normal)
        for k, *found in zip(good, silhouettes, regions, edges, places, strict=True):
            out[k] = Agreement(*map(float, found))
        return out

    def _places(self, builds: Sequence[Build], part: Tensor, normal: Tensor) -> list[float]:
        """How well what each render shows agrees with what the network has seen, a mean over the object's places."""
        sight = self.sight
        if sight is None:
            return [0.0] * len(builds)
        grid = len(sight.moves)
        middle = (torch.arange(grid) * 2 + 1) * self.size // (2 * grid)
        part, normal = part[:, middle][:, :, middle], normal[:, middle][:, :, middle]
        kinds, moves = zip(*(kinds_and_motion(build) for build in builds), strict=True)
        kind = torch.stack([k[p + 1] for k, p in zip(kinds, part, strict=True)])
        moving = torch.stack([m[p + 1] for m, p in zip(moves, part, strict=True)])
        likely = sight.kinds.expand(len(builds), -1, -1, -1).gather(3, kind[..., None])[..., 0]
        motion = torch.where(moving > 0, sight.moves, 1 - sight.moves).clamp(min=1e-4).log()
        facing = -((normal - sight.normals) ** 2).sum(-1)
        shown = kind > 0
        each = likely.clamp(min=_WORST) + torch.where(shown, motion.clamp(min=_WORST) + facing, 0.0)
        there = (shown | (sight.kinds[..., 0] < -0.7)).float()  # a background as likely as not is object too
        return ((each * there).flatten(1).sum(1) / there.flatten(1).sum(1).clamp(min=1)).tolist()

    def _explained(self, mask: Tensor, part: Tensor, normal: Tensor) -> list[float]:
        """Share of the observed colour variance that the regions of each render explain."""
        n = len(mask)
        axis = normal.abs().argmax(dim=-1)
        sign = normal.gather(-1, axis[..., None])[..., 0] > 0
        facing = axis * 2 + sign.long()
        region = torch.where(mask, (part + 1) * 6 + facing, torch.zeros_like(part)).flatten(1)
        regions = int(region.max()) + 1
        key = region + torch.arange(n)[:, None] * regions
        inside = self.inside.flatten().float()
        colours = self.rgb.reshape(-1, 3)
        weights = inside.repeat(n)
        count = torch.zeros(n * regions).index_add_(0, key.flatten(), weights)
        sums = torch.zeros(n * regions, 3).index_add_(
            0, key.flatten(), (colours * inside[:, None]).repeat(n, 1)
        )
        between = (sums**2).sum(1) / count.clamp(min=1)
        whole = float((colours[self.inside.flatten()] ** 2).sum())
        residual = whole - between.view(n, regions).sum(1)
        # every region costs a little, or many small parts would explain any noise
        used = (count.view(n, regions) > 0).sum(1).float()
        return (1 - residual / self.variance - 0.004 * used).clamp(0, 1).tolist()


def _panes(builds: Sequence[Build], part: Tensor) -> Tensor:
    """(B, H, W) where renders show a transparent part; part: (B, H, W) its number, -1 where there is none."""
    clear = [torch.tensor([False, *(is_clear(p) for p in build.parts)]) for build in builds]
    return torch.stack([c[p + 1] for c, p in zip(clear, part, strict=True)])


def _same_object(a: Program, b: Program) -> bool:
    """Whether two programs differ at most in their view."""
    return a.box == b.box and a.size == b.size and a.nodes == b.nodes


def _made(program: Program) -> tuple[Build, list[SceneItem], Array] | None:
    """The pieces of a program, its scene and the corners of that; None for one that asks for a shape that cannot be."""
    try:
        build, items = scene(program)
    except AssetError:
        return None
    return (build, items, corners(items)) if items else None


def best_first(scores: Sequence[float]) -> list[int]:
    """Indices from the highest score to the lowest; ties in order."""
    return [int(k) for k in np.argsort(-np.asarray(scores), kind="stable")]
