# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped segmentation weights, and what they say of a picture."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from safetensors import SafetensorError, safe_open

from physx_blender.errors import AssetError

from .network import IMAGE, SegmentNetwork

SHIPPED = Path(__file__).resolve().parents[1] / "weights" / "segment.safetensors"
_CLOSE_UP = 0.62  # share of the second look's side that the object fills


@lru_cache(maxsize=2)
def load_segment(path: Path = SHIPPED) -> SegmentNetwork:
    """The network for inference, in float32."""
    if not path.is_file():
        raise AssetError("the segmentation weights are missing; reinstall the extension", where=str(path))
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 - not a dict
    except (SafetensorError, OSError) as error:
        raise AssetError(
            f"is not a readable safetensors file ({error}); give one that 'physx-blender train --network mask' wrote",
            where=str(path),
        ) from None
    network = SegmentNetwork()
    try:
        kind = json.loads(metadata.get("network", "{}")).get("kind")
        network.load_state_dict(tensors)
    except (RuntimeError, ValueError, AttributeError):
        kind = None
    if kind != "mask":
        raise AssetError(
            "holds no segmentation network of this version; use the shipped weights", where=str(path)
        )
    return network.eval()


@torch.inference_mode()
def _probability(network: SegmentNetwork, square: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Probability (S, S) of a square picture (S, S, 3) of the network's size: the mean of it and its mirror image."""
    x = torch.from_numpy(np.array(square)).permute(2, 0, 1).float() / 255
    both = torch.sigmoid(network(torch.stack([x, x.flip(2)])))
    return ((both[0, 0] + both[1, 0].flip(1)) / 2).numpy()


def _look(
    network: SegmentNetwork, rgb: npt.NDArray[np.uint8], left: int, top: int, side: int
) -> npt.NDArray[np.float32]:
    """Probability (side, side) of the square window of a picture; beyond its edges the edges are continued."""
    h, w = rgb.shape[:2]
    rows = np.clip(np.arange(top, top + side), 0, h - 1)
    columns = np.clip(np.arange(left, left + side), 0, w - 1)
    window = Image.fromarray(rgb[np.ix_(rows, columns)])
    small = np.asarray(
        window.resize((IMAGE, IMAGE), Image.Resampling.BOX if side > IMAGE else Image.Resampling.BILINEAR)
    )
    found = Image.fromarray(_probability(network, small))
    return np.asarray(found.resize((side, side), Image.Resampling.BICUBIC)).clip(0, 1)


def object_probability(
    rgb: npt.NDArray[np.uint8], network: SegmentNetwork | None = None
) -> npt.NDArray[np.float32]:
    """Probability (H, W) that pixels of a picture (H, W, 3) belong to its main object.

    The network looks twice: at the whole picture, and once more closely at where it found something.
    """
    network = network or load_segment()
    h, w = rgb.shape[:2]
    side = max(h, w)
    left, top = (w - side) // 2, (h - side) // 2
    found = _look(network, rgb, left, top, side)[-top : h - top, -left : w - left]
    sure = found > 0.5
    if not sure.any():
        return found
    rows, columns = np.nonzero(sure.any(axis=1))[0], np.nonzero(sure.any(axis=0))[0]
    extent = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    closer = max(int(extent / _CLOSE_UP), 32)
    if closer > 0.85 * side:
        return found
    x0, y0 = int(columns[0] + columns[-1] - closer) // 2, int(rows[0] + rows[-1] - closer) // 2
    near = _look(network, rgb, x0, y0, closer)
    whole = np.zeros_like(found)
    a, b, c, d = max(y0, 0), min(y0 + closer, h), max(x0, 0), min(x0 + closer, w)
    whole[a:b, c:d] = near[a - y0 : b - y0, c - x0 : d - x0]
    # the first look knows better which thing is meant, the second one where it ends
    whole[a:b, c:d] = 0.3 * found[a:b, c:d] + 0.7 * whole[a:b, c:d]
    return whole
