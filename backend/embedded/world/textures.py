# SPDX-License-Identifier: GPL-3.0-or-later
"""Painted surfaces: wood, metal, cloth, stone, floors, walls, and prints; all made here, from numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch

from backend.render.texture import TextureBank

from . import prints

Array = npt.NDArray[np.float32]
SIDE = 128
_SEED = 20_011


def noise(rng: np.random.Generator, across: int, up: int, side: int = SIDE) -> Array:
    """Smooth tileable noise (S, S) about 0, of standard deviation 1: `across` x `up` random values, interpolated."""
    grid = rng.normal(size=(up, across))
    spectrum = np.fft.fft2(grid)
    whole = np.zeros((side, side), complex)
    rows, columns = np.fft.fftfreq(up, 1 / up).astype(int), np.fft.fftfreq(across, 1 / across).astype(int)
    whole[np.ix_(rows % side, columns % side)] = spectrum
    smooth = np.fft.ifft2(whole).real
    return (smooth / max(float(smooth.std()), 1e-9)).astype(np.float32)


def layer(shade: npt.NDArray[np.floating], rgb: Array | None = None, alpha: Array | float = 0.0) -> Array:
    """(S, S, 5) of a shade, and a colour (S, S, 3) laid over it with alpha."""
    out = np.zeros((*shade.shape, 5), np.float32)
    out[..., 0] = np.clip(shade, 0.05, 2.0)
    if rgb is not None:
        out[..., 1:4] = np.clip(rgb, 0, 1)
        out[..., 4] = alpha
    return out


def _grid() -> tuple[Array, Array]:
    y, x = np.meshgrid(np.arange(SIDE) / SIDE, np.arange(SIDE) / SIDE, indexing="ij")
    return x.astype(np.float32), y.astype(np.float32)


def wood(rng: np.random.Generator) -> Array:
    """Grain along v: rings cut lengthwise, pores."""
    x, _ = _grid()
    bend = 0.05 * noise(rng, 2, 2) + 0.015 * noise(rng, 5, 3)
    rings = np.sin(2 * np.pi * (int(rng.integers(3, 9)) * (x + bend)) + 1.5 * noise(rng, 6, 2))
    pores = noise(rng, 64, 6) * rng.uniform(0.02, 0.08)
    return layer(1 + rng.uniform(0.06, 0.2) * rings * (0.7 + 0.3 * noise(rng, 3, 2)) + pores)


def brushed(rng: np.random.Generator) -> Array:
    """Fine lines of brushed metal."""
    lines = noise(rng, 2, 96) if rng.random() < 0.7 else noise(rng, 96, 2)
    return layer(1 + rng.uniform(0.04, 0.12) * lines + 0.02 * noise(rng, 48, 48))


def speckle(rng: np.random.Generator) -> Array:
    """Granite, terrazzo, hammered paint."""
    grain = noise(rng, 64, 64) + 0.6 * noise(rng, 24, 24)
    spots = (noise(rng, 30, 30) > rng.uniform(1.0, 1.8)).astype(np.float32)
    colour = rng.uniform(0, 1, 3).astype(np.float32)
    return layer(
        1 + rng.uniform(0.04, 0.2) * grain,
        np.broadcast_to(colour, (SIDE, SIDE, 3)),
        spots * rng.uniform(0, 0.8),
    )


def clouds(rng: np.random.Generator) -> Array:
    """Wear, dirt, plaster."""
    c = noise(rng, 3, 3) + 0.5 * noise(rng, 8, 8) + 0.25 * noise(rng, 24, 24)
    return layer(1 + rng.uniform(0.03, 0.13) * c)


def stripes(rng: np.random.Generator) -> Array:
    """Bands of a second colour."""
    x, y = _grid()
    count = int(rng.integers(1, 7))
    along = x if rng.random() < 0.5 else y
    if rng.random() < 0.2:
        along = x + y
    band = (np.mod(along * count, 1) < rng.uniform(0.15, 0.6)).astype(np.float32)
    colour = rng.uniform(0, 1, 3).astype(np.float32)
    return layer(
        1 + 0.03 * noise(rng, 16, 16), np.broadcast_to(colour, (SIDE, SIDE, 3)), band * rng.uniform(0.3, 1)
    )


def woven(rng: np.random.Generator) -> Array:
    """Cloth: threads over and under."""
    x, y = _grid()
    n = int(rng.choice([16, 24, 32]))
    over = np.sin(np.pi * np.mod(x * n, 1)) * (np.mod(np.floor(x * n) + np.floor(y * n), 2) == 0)
    under = np.sin(np.pi * np.mod(y * n, 1)) * (np.mod(np.floor(x * n) + np.floor(y * n), 2) == 1)
    return layer(0.8 + rng.uniform(0.2, 0.45) * (over + under) + 0.05 * noise(rng, 16, 16))


def planks(rng: np.random.Generator) -> Array:
    """Boards along v with dark seams."""
    x, _ = _grid()
    count = int(rng.integers(3, 7))
    board = np.floor(x * count).astype(int)
    tone = rng.uniform(0.8, 1.2, count)[board]
    seam = np.mod(x * count, 1) < 0.06
    end = np.zeros_like(seam)
    for k in range(count):
        at = int(rng.integers(SIDE))
        end[at : at + 2, board[0] == k] = True
    grain = wood(rng)[..., 0]
    return layer((tone * grain).astype(np.float32) * np.where(seam | end, 0.45, 1.0).astype(np.float32))


def tiles(rng: np.random.Generator) -> Array:
    """Square or staggered tiles, bricks, with joints."""
    x, y = _grid()
    rows, columns = int(rng.integers(2, 7)), int(rng.integers(1, 5))
    rows += rows % 2
    shift = 0.5 if rng.random() < 0.5 else 0.0
    across = x * columns + shift * np.mod(np.floor(y * rows), 2)
    joint = (np.mod(across, 1) < 0.04 * columns / 2) | (np.mod(y * rows, 1) < 0.04 * rows / 2)
    cell = (np.mod(np.floor(across), columns) + columns * np.floor(y * rows)).astype(int)
    tone = rng.normal(1, rng.uniform(0.01, 0.12), rows * columns + columns)[cell]
    grout = rng.uniform(0.2, 0.9, 3) * np.ones((SIDE, SIDE, 3))
    return layer(
        (tone + 0.04 * noise(rng, 24, 24)).astype(np.float32),
        grout.astype(np.float32),
        joint * np.float32(0.8),
    )


def checks(rng: np.random.Generator) -> Array:
    """Two-coloured squares."""
    x, y = _grid()
    n = 2 * int(rng.integers(1, 4))
    odd = (np.mod(np.floor(x * n) + np.floor(y * n), 2)).astype(np.float32)
    colour = rng.uniform(0, 1, 3).astype(np.float32)
    return layer(
        1 + 0.03 * noise(rng, 16, 16), np.broadcast_to(colour, (SIDE, SIDE, 3)), odd * rng.uniform(0.3, 1)
    )


def collage(rng: np.random.Generator) -> Array:
    """Patches of colours, for backgrounds that are nothing in particular."""
    rgb = np.stack([noise(rng, 4, 4) for _ in range(3)], -1) * 0.25 + rng.uniform(0.2, 0.8, 3)
    for _ in range(int(rng.integers(2, 14))):
        a, b = rng.integers(0, SIDE, 2)
        w, h = rng.integers(6, 70, 2)
        rgb[a : a + h, b : b + w] = rng.uniform(0, 1, 3) + 0.05 * rng.normal(size=3)
    return layer(np.ones((SIDE, SIDE), np.float32), rgb.astype(np.float32), 1.0)


MAKERS: dict[str, tuple[Callable[[np.random.Generator], Array], int]] = {
    "wood": (wood, 10),
    "brushed": (brushed, 5),
    "speckle": (speckle, 8),
    "clouds": (clouds, 8),
    "stripes": (stripes, 8),
    "woven": (woven, 6),
    "planks": (planks, 6),
    "tiles": (tiles, 8),
    "checks": (checks, 4),
    "collage": (collage, 12),
}


@lru_cache(maxsize=1)
def texture_bank() -> tuple[TextureBank, dict[str, range]]:
    """The bank, and which of its textures are of which kind; always the same."""
    made: list[Array] = []
    kinds: dict[str, range] = {}
    for number, (name, (maker, count)) in enumerate(MAKERS.items()):
        kinds[name] = range(len(made), len(made) + count)
        made += [maker(np.random.default_rng([_SEED, number, k])) for k in range(count)]
    for name, printer in prints.MAKERS.items():
        start = len(made)
        for k in range(prints.COUNT):
            rgb, alpha = printer(np.random.default_rng([_SEED, 100, start, k]), SIDE)
            made.append(layer(np.ones((SIDE, SIDE), np.float32), rgb, alpha))
        kinds[name] = range(start, len(made))
    return TextureBank(torch.from_numpy(np.stack(made))), kinds
