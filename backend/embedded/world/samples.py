# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples that ``physx-blender world`` has written, read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from physx_blender.errors import AssetError
from physx_blender.formats.package import read_package

from ..categories import CATEGORIES
from ..program.node import Program
from .dataset import sample_generator
from .sampling import sample_program


@dataclass(frozen=True)
class Sample:
    """The program of a sample, its picture rgb (H, W, 3) and mask (H, W) of bytes."""

    name: str
    program: Program
    rgb: npt.NDArray[np.uint8]
    mask: npt.NDArray[np.uint8]


def read_samples(folder: Path) -> Iterator[Sample]:
    """The samples of a folder, by name; a program is drawn again from its sample's seed, category and number."""
    folders = sorted(p.parent for p in folder.glob("*/camera.json"))
    if not folders:
        raise AssetError("holds no samples; write some with 'physx-blender world'", where=str(folder))
    for sample in folders:
        category, _, number = sample.name.rpartition("_")
        asset = read_package(sample / "asset")
        if category not in CATEGORIES or not number.isdigit() or asset.provenance.seed is None:
            raise AssetError(
                "is no sample of 'physx-blender world'; write the folder anew", where=str(sample)
            )
        rng = sample_generator(asset.provenance.seed, category, int(number))
        program = sample_program(rng, category)
        try:
            with Image.open(sample / "image.png") as rgb, Image.open(sample / "mask.png") as mask:
                yield Sample(
                    sample.name, program, np.asarray(rgb.convert("RGB")), np.asarray(mask.convert("L"))
                )
        except OSError as error:
            raise AssetError(f"has no readable picture ({error}); write it anew", where=str(sample)) from None
