# SPDX-License-Identifier: GPL-3.0-or-later
"""Surroundings that light the objects: rooms with windows and lamps, studios with soft boxes, the open air."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch

from backend.render.environment import SIDE, EnvironmentBatch, blurred, directions

Array = npt.NDArray[np.float64]
COUNT = 64
_SEED = 20_021


def _tint(rng: np.random.Generator, strength: float) -> Array:
    return 1 + strength * rng.uniform(-1, 1, 3)


def _smooth(x: Array, edge: float) -> Array:
    return 1 / (1 + np.exp(np.clip(-x / edge, -60, 60)))


def _surroundings(rng: np.random.Generator, d: Array) -> Array:
    """Radiance (S, S, 3) in directions d (S, S, 3), about 0.5 on average."""
    azimuth, height = np.arctan2(d[..., 0], -d[..., 1]), np.arcsin(np.clip(d[..., 2], -1, 1))
    kind = rng.choice(["room", "studio", "outside", "even"], p=[0.5, 0.2, 0.15, 0.15])
    above = rng.uniform(0.25, 1.0) * _tint(rng, 0.12)
    level = above * rng.uniform(0.4, 1.0) * _tint(rng, 0.1)
    below = rng.uniform(0.08, 0.6) * _tint(rng, 0.35)
    if kind == "outside":
        above, level = (
            np.array([0.35, 0.5, 0.9]) * rng.uniform(0.6, 1.2),
            np.array([0.9, 0.92, 1.0]) * rng.uniform(0.5, 1),
        )
    up = np.clip(d[..., 2], 0, 1)[..., None] ** rng.uniform(0.4, 1.2)
    sky = level * (1 - up) + above * up
    ground = _smooth(-height - rng.uniform(-0.1, 0.25), 0.06)[..., None]
    map_ = sky * (1 - ground) + below * ground

    def patch(at: float, wide: float, low: float, high: float, light: Array, soft: float = 0.04) -> None:
        off = np.abs(np.mod(azimuth - at + np.pi, 2 * np.pi) - np.pi)
        inside = _smooth(wide - off, soft) * _smooth(height - low, soft) * _smooth(high - height, soft)
        map_[...] = map_ * (1 - inside[..., None]) + light * inside[..., None]

    if kind in ("room", "outside"):
        for _ in range(int(rng.integers(2, 8))):  # furniture, trees, people
            low = rng.uniform(-0.5, 0.0)
            shade = rng.uniform(0.03, 0.7) * _tint(rng, 0.4)
            patch(rng.uniform(-np.pi, np.pi), rng.uniform(0.1, 0.6), low, low + rng.uniform(0.2, 0.9), shade)
    if kind == "room":
        for _ in range(int(rng.integers(1, 4))):  # windows
            at, wide = rng.uniform(-np.pi, np.pi), rng.uniform(0.12, 0.5)
            low, tall = rng.uniform(-0.1, 0.3), rng.uniform(0.3, 0.8)
            light = rng.uniform(1.5, 7.0) * np.array([0.92, 0.97, 1.05])
            patch(at, wide, low, low + tall, light)
            if rng.random() < 0.6:  # glazing bars
                patch(at, 0.03, low, low + tall, 0.5 * level, 0.02)
        for _ in range(int(rng.integers(0, 4))):  # lamps at the ceiling
            low = rng.uniform(0.7, 1.3)
            patch(
                rng.uniform(-np.pi, np.pi),
                rng.uniform(0.1, 0.5),
                low,
                low + 0.15,
                rng.uniform(3, 9) * np.array([1.1, 1, 0.85]),
            )
    if kind == "studio":
        for _ in range(int(rng.integers(1, 4))):
            low = rng.uniform(0.0, 0.8)
            patch(
                rng.uniform(-np.pi, np.pi),
                rng.uniform(0.3, 0.9),
                low,
                low + rng.uniform(0.3, 0.7),
                rng.uniform(1.5, 5.0) * np.ones(3),
            )
    return np.maximum(map_, 0.0)


@lru_cache(maxsize=1)
def environment_bank() -> torch.Tensor:
    """Levels (COUNT, L, S, S, 3) of surroundings, each with a mean irradiance of about a half; always the same."""
    d = directions(SIDE).numpy().astype(float)
    maps = np.stack([_surroundings(np.random.default_rng([_SEED, k]), d) for k in range(COUNT)])
    levels = blurred(torch.from_numpy(maps).float())
    level = levels[:, 0].mean(dim=(1, 2, 3))
    return levels * (0.5 / level)[:, None, None, None, None]


def random_environments(rng: np.random.Generator, count: int, device: str = "cpu") -> EnvironmentBatch:
    """Surroundings of `count` pictures, with colour and strength of their own."""
    chosen = torch.from_numpy(rng.integers(COUNT, size=count))
    gain = rng.uniform(0.55, 1.3, (count, 1)) * (1 + rng.uniform(-0.12, 0.12, (count, 3)))
    levels = environment_bank()[chosen] * torch.from_numpy(gain).float()[:, None, None, None, :]
    turn = torch.from_numpy(rng.uniform(0, 2 * np.pi, count)).float()
    return EnvironmentBatch(levels.to(device), turn.to(device))
