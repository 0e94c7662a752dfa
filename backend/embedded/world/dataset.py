# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples of the procedural world as files: picture, mask, asset and PhysX-Anything text; and a sheet of all categories."""

from __future__ import annotations

import io
import shutil
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageDraw, ImageFont

from backend.render import LightBatch, pack, render
from physx_blender import __version__
from physx_blender.errors import AssetError
from physx_blender.formats.files import move_into, write_files
from physx_blender.formats.package import write_package
from physx_blender.formats.physx_anything import write_result_folder
from physx_blender.geometry import Pose
from physx_blender.model import Asset, Camera, Provenance

from ..categories import CATEGORIES
from ..program.build import settle_shift, to_asset
from ..program.node import Program
from .framing import Framing, frame
from .picture import cameras, random_lights
from .sampling import sample_program
from .scene import corners, scene

_SAMPLES = 2  # a side, per pixel
_SHEET_COLUMNS = 7
_SHEET_CELL = 176
_SHEET_LABEL = 20
_SHEET_COLOURS = 256


def write_samples(
    categories: Sequence[str],
    count: int,
    folder: Path,
    *,
    seed: int = 0,
    size: int = 256,
    progress: Callable[[int, int, str], None] | None = None,
) -> int:
    """Write `count` samples of each category into ``folder/<category>_<number>/``; returns how many were new.

    Each holds image.png (size x size, black around the object), mask.png, asset/ (an asset package with the camera of
    the picture and the joints where the picture has them) and physx_anything/ (structured text and voxels). A sample
    depends on the seed, its category and its number alone, and is there whole or not at all: a run that was
    interrupted is taken up where it stopped, and the same seed gives the same bytes.
    """
    unknown = sorted(set(categories) - set(CATEGORIES))
    if unknown:
        raise AssetError(
            f"unknown category {unknown[0]!r}; known are {', '.join(sorted(CATEGORIES))}", where="--category"
        )
    todo = [(category, number) for category in categories for number in range(count)]
    written = 0
    for done, (category, number) in enumerate(todo):
        name = f"{category}_{number:05d}"
        if progress is not None:
            progress(done, len(todo), name)
        if not (folder / name).exists():
            _write_sample(category, number, folder / name, seed, size)
            written += 1
    return written


def _write_sample(category: str, number: int, target: Path, seed: int, size: int) -> None:
    rng = np.random.default_rng([seed, zlib.crc32(category.encode()), number])
    program = sample_program(rng, category)
    rgb, mask, framing = _photograph(program, rng, size)
    beside = target.with_name(f".{target.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        asset = _annotated(program, target.name, framing, size, seed)
        write_package(asset, beside / "asset")
        write_result_folder(asset, beside / "physx_anything")
        write_files(beside, {"image.png": _png(rgb), "mask.png": _png(mask)})
        move_into(beside, target)
    except OSError as error:
        raise AssetError(f"cannot be written: {error.strerror or error}", where=str(target)) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _photograph(
    program: Program, rng: np.random.Generator, size: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], Framing]:
    """Picture (S, S, 3), mask (S, S) and the camera, under random light."""
    _, items = scene(program)
    framing = frame(program.view, corners(items), size)
    fine = Framing(
        framing.eye,
        framing.rotation,
        framing.focal * _SAMPLES,
        (framing.centre[0] * _SAMPLES, framing.centre[1] * _SAMPLES),
    )
    lights = random_lights(rng, [program])
    side = size * _SAMPLES
    with torch.inference_mode():
        out = render(pack([items], "cpu"), cameras([fine]), (side, side), lights, want=("rgb", "mask"))
    rgb, mask = _reduced(out["rgb"][0].clamp(0, 1)), _reduced(out["mask"][0][..., None])
    return rgb, mask[..., 0], framing


def _reduced(fine: torch.Tensor) -> npt.NDArray[np.uint8]:
    """(S n, S n, C) in 0..1 to the mean of every n x n block, as bytes."""
    side = len(fine) // _SAMPLES
    blocks = fine.float().reshape(side, _SAMPLES, side, _SAMPLES, -1).mean(dim=(1, 3))
    return (blocks * 255).round().to(torch.uint8).numpy()


def _annotated(program: Program, name: str, framing: Framing, size: int, seed: int) -> Asset:
    """The asset with the camera that took its picture."""
    provenance = Provenance(generator="procedural", version=__version__, seed=seed)
    asset = to_asset(program, name, provenance)
    build, _ = scene(program)
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = framing.rotation, framing.eye + settle_shift(build)
    cx, cy = framing.centre
    fov = 2 * float(np.arctan(size / 2 / framing.focal))
    shift = (0.5 - cx / size, cy / size - 0.5)
    return replace(asset, camera=Camera(Pose.from_matrix(matrix), fov, size, size, *shift))


def contact_sheet(seed: int = 0, per_category: int = 1) -> bytes:
    """PNG with one picture (or more) of every category and its name; the same seed gives the same bytes."""
    names = sorted(CATEGORIES)
    cells = [(name, number) for name in names for number in range(per_category)]
    columns = min(_SHEET_COLUMNS, len(cells))
    rows = -(-len(cells) // columns)
    height = _SHEET_CELL + _SHEET_LABEL
    sheet = Image.new("RGB", (columns * _SHEET_CELL, rows * height), (236, 237, 240))
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(13)
    for k, (name, number) in enumerate(cells):
        rng = np.random.default_rng([seed, zlib.crc32(name.encode()), number])
        program = sample_program(rng, name)
        program.view.azimuth = float(np.clip(program.view.azimuth, -0.8, 0.8))  # everything shows its front
        program.view.elevation = float(np.clip(program.view.elevation, 0.15, 0.7))
        _, items = scene(program)
        fine = frame(program.view, corners(items), _SHEET_CELL * _SAMPLES)
        with torch.inference_mode():
            side = _SHEET_CELL * _SAMPLES
            studio = LightBatch.studio(1)
            out = render(pack([items], "cpu"), cameras([fine]), (side, side), studio, want=("rgb", "mask"))
        mask = Image.fromarray(_reduced(out["mask"][0][..., None])[..., 0])
        x, y = (k % columns) * _SHEET_CELL, (k // columns) * height
        sheet.paste(Image.fromarray(_reduced(out["rgb"][0].clamp(0, 1))), (x, y), mask)
        label = name.replace("_", " ")
        width = draw.textlength(label, font=font)
        draw.text((x + (_SHEET_CELL - width) / 2, y + _SHEET_CELL), label, fill=(70, 72, 78), font=font)
    stream = io.BytesIO()
    small = sheet.quantize(_SHEET_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _png(pixels: npt.NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", compress_level=6)
    return stream.getvalue()
