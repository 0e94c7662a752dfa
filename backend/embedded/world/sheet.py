# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet that shows the world to a person: every category, plainly lit, or as the training sees it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageDraw, ImageFont

from backend.render import LightBatch, pack, render

from ..categories import CATEGORIES
from ..program.node import Program
from .framing import frame
from .picture import Shots, cameras
from .sampling import sample_program
from .scene import corners, scene

_COLUMNS = 7
_CELL = 176
_LABEL = 20
_COLOURS = 256
_SAMPLES = 2  # a side, per pixel
_GROUND = (236, 237, 240)


def contact_sheet(seed: int = 0, per_category: int = 1, shoot: Callable[..., Shots] | None = None) -> bytes:
    """PNG with one picture (or more) of every category and its name; the same seed gives the same bytes.

    shoot: `cut_outs` or `room_shots`, for pictures as the training sees them; None = plainly lit, from the front.
    """
    names = sorted(CATEGORIES)
    cells = [(name, number) for name in names for number in range(per_category)]
    columns = min(_COLUMNS, len(cells))
    rows = -(-len(cells) // columns)
    height = _CELL + _LABEL
    sheet = Image.new("RGB", (columns * _CELL, rows * height), _GROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(13)
    for k, (name, number) in enumerate(cells):
        rng = np.random.default_rng([seed, zlib.crc32(name.encode()), number])
        program = sample_program(rng, name)
        rgb, mask = _plain(program) if shoot is None else _shot(program, rng, shoot)
        x, y = (k % columns) * _CELL, (k // columns) * height
        sheet.paste(Image.fromarray(rgb), (x, y), Image.fromarray(mask))
        label = name.replace("_", " ")
        width = draw.textlength(label, font=font)
        draw.text((x + (_CELL - width) / 2, y + _CELL), label, fill=(70, 72, 78), font=font)
    stream = io.BytesIO()
    small = sheet.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _plain(program: Program) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Picture (S, S, 3) and mask (S, S) in studio light; everything shows its front."""
    program.view.azimuth = float(np.clip(program.view.azimuth, -0.8, 0.8))
    program.view.elevation = float(np.clip(program.view.elevation, 0.15, 0.7))
    _, items = scene(program)
    side = _CELL * _SAMPLES
    fine = frame(program.view, corners(items), side)
    with torch.inference_mode():
        batch = pack([items], "cpu")
        out = render(batch, cameras([fine]), (side, side), LightBatch.studio(1), want=("rgb", "mask"))
    return _reduced(out["rgb"][0].clamp(0, 1)), _reduced(out["mask"][0][..., None])[..., 0]


def _shot(
    program: Program, rng: np.random.Generator, shoot: Callable[..., Shots]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Picture (S, S, 3) as the training sees it, and what of it is shown (S, S)."""
    shots = shoot([program], rng, _CELL)
    rgb = (shots.rgb[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
    blank = (rgb == 0).all(axis=2) & (shots.mask[0, 0].numpy() == 0)
    return rgb, np.where(blank, 0, 255).astype(np.uint8)


def _reduced(fine: torch.Tensor) -> npt.NDArray[np.uint8]:
    """(S n, S n, C) in 0..1 to the mean of every n x n block, as bytes."""
    side = len(fine) // _SAMPLES
    blocks = fine.float().reshape(side, _SAMPLES, side, _SAMPLES, -1).mean(dim=(1, 3))
    return (blocks * 255).round().to(torch.uint8).numpy()
