# SPDX-License-Identifier: GPL-3.0-or-later
"""How well objects are told from their background: on held-out room pictures, or on pictures of your own.

    python benchmarks/masks.py --count 60
    python benchmarks/masks.py --pictures 'folder/*_room.jpg' --masks 'folder/*.png'

Prints intersection over union of the network alone, of the refined mask, and of GrabCut from a frame of background (what
one has without a network), and the seconds a picture.  --masks are PNG with the mask as transparency or as grey values; both
lists are taken in the order of their names.
"""

from __future__ import annotations

import argparse
import glob
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.embedded.infer.segment import estimate_mask
from backend.embedded.segment.weights import SHIPPED, load_segment, object_probability
from backend.embedded.world.rooms import room_photograph
from backend.embedded.world.sampling import sample_program
from physx_blender.errors import AssetError

_HELD_OUT = 1_000_003  # training draws from generators seeded with small numbers
_SIDE = 256
Mask = npt.NDArray[np.bool_]
Picture = npt.NDArray[np.uint8]


def rooms(count: int, seed: int) -> Iterator[tuple[Picture, Mask]]:
    """Held-out pictures of rooms with their exact masks."""
    for number in range(count):
        rng = np.random.default_rng([_HELD_OUT, seed, number])
        rgb, mask = room_photograph([sample_program(rng)], rng, _SIDE)
        yield (rgb[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy(), mask[0, 0].numpy() > 0.5


def files(pictures: str, masks: str) -> Iterator[tuple[Picture, Mask]]:
    """Pictures and masks from files."""
    pairs = zip(sorted(glob.glob(pictures)), sorted(glob.glob(masks)), strict=True)
    for picture, mask in pairs:
        with Image.open(picture) as a, Image.open(mask) as b:
            grey = b.getchannel("A") if "A" in b.getbands() else b.convert("L")
            yield np.asarray(a.convert("RGB")), np.asarray(grey.resize(a.size)) > 127


def framed(rgb: Picture) -> Mask:
    """GrabCut from a frame of background."""
    h, w = rgb.shape[:2]
    m = max(2, round(0.04 * max(h, w)))
    labels = np.zeros((h, w), np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    bgr = np.ascontiguousarray(rgb[..., ::-1])
    cv2.grabCut(bgr, labels, (m, m, w - 2 * m, h - 2 * m), *models, 6, cv2.GC_INIT_WITH_RECT)
    return (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)


def overlap(a: Mask, b: Mask) -> float:
    """Intersection over union."""
    return float((a & b).sum() / max((a | b).sum(), 1))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pictures")
    parser.add_argument("--masks")
    parser.add_argument("--weights", type=Path, default=SHIPPED)
    args = parser.parse_args()
    torch.set_num_threads(1)
    network = load_segment(args.weights)
    cases = files(args.pictures, args.masks) if args.pictures else rooms(args.count, args.seed)
    rows, seconds = [], 0.0
    for rgb, truth in cases:
        start = time.process_time()
        try:
            refined = estimate_mask(rgb, network) > 127
        except AssetError:
            refined = np.zeros_like(truth)
        seconds += time.process_time() - start
        alone = object_probability(rgb, network) > 0.5
        rows.append((overlap(alone, truth), overlap(refined, truth), overlap(framed(rgb), truth)))
    table = np.array(rows)
    for name, column in zip(
        ("network alone", "network, refined", "GrabCut from a frame"), table.T, strict=True
    ):
        print(
            f"{name:<22} mean {column.mean():.3f}  median {np.median(column):.3f}  over 0.8: {(column > 0.8).mean():.2f}"
        )
    print(f"{len(table)} pictures, {seconds / len(table):.2f} s of CPU a picture to estimate")


if __name__ == "__main__":
    main()
