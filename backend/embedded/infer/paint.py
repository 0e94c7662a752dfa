# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours from the picture: each part takes the colour of what is seen of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from backend.render import LightBatch, pack, render
from physx_blender.model import Asset

from ..program.build import Build
from ..program.node import Program
from ..world.picture import cameras
from ..world.scene import scene
from .compare import Observation

_LIT_SHARE = 0.65  # percentile of brightness that stands for the unshaded colour


def part_colours(program: Program, observation: Observation) -> dict[int, tuple[float, float, float]]:
    """Observed sRGB colour of each part (by its number in the build) that is seen at all."""
    _, items = scene(program)
    framing = observation.framing(program, items)
    side = observation.size
    with torch.inference_mode():
        drawn = render(
            pack([items], "cpu"),
            cameras([framing]),
            (side, side),
            LightBatch.studio(1, shadow=False),
            want=("mask", "part"),
        )
    part = drawn["part"][0].numpy()
    inside = observation.inside.numpy()
    rgb = observation.rgb.numpy()
    out = {}
    for number in np.unique(part):
        if number < 0:
            continue
        here = (part == number) & inside
        if here.sum() > 12:  # the rim of a part mixes with its neighbours
            inner = here.copy()
            inner[1:-1, 1:-1] &= here[:-2, 1:-1] & here[2:, 1:-1] & here[1:-1, :-2] & here[1:-1, 2:]
            here = inner if inner.sum() >= 4 else here
        if here.sum() < 2:
            continue
        colours = rgb[here]
        brightness = colours.mean(axis=1)
        near = np.abs(brightness - np.quantile(brightness, _LIT_SHARE))
        chosen = colours[np.argsort(near, kind="stable")[: max(2, len(colours) // 5)]]
        c = np.clip(np.median(chosen, axis=0), 0.0, 1.0)
        out[int(number)] = (round(float(c[0]), 4), round(float(c[1]), 4), round(float(c[2]), 4))
    return out


def painted(asset: Asset, build: Build, colours: dict[int, tuple[float, float, float]]) -> Asset:
    """The asset in observed colours; what is not seen takes the colour of its likes (same node, same kind of name)."""
    if not colours:
        return asset
    words = [_word(part.name) for part in build.parts]
    nodes = [id(node) for node in build.node_of_part]
    everything = np.median(np.array(list(colours.values())), axis=0)
    default = (float(everything[0]), float(everything[1]), float(everything[2]))

    def colour_of(number: int) -> tuple[float, float, float]:
        if number in colours:
            return colours[number]
        likes = (
            lambda k: nodes[k] == nodes[number] and words[k] == words[number],  # the same piece of a twin
            lambda k: words[k] == words[number],
            lambda k: nodes[k] == nodes[number],
        )
        for like in likes:
            for k, colour in colours.items():
                if like(k):
                    return colour
        return default

    parts = [replace(part, colour=(*colour_of(k), part.colour[3])) for k, part in enumerate(asset.parts)]
    return replace(asset, parts=tuple(parts))


def _word(name: str) -> str:
    """Name without its running number."""
    return name.rsplit("_", 1)[0] if name.rsplit("_", 1)[-1].isdigit() else name
