# SPDX-License-Identifier: GPL-3.0-or-later
"""The square around the object that the network and the comparison look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from scipy import ndimage

from physx_blender.errors import AssetError

MARGIN = 0.06
_PANE = 20  # of 255: what is less opaque is nothing


@dataclass(frozen=True)
class Crop:
    """Square cut out of a picture.

    rgb: (S, S, 3) float 0..1, black outside the object.  mask: (S, S) float 0..1.  left, top, side: the square in pixels
    of the whole picture (it may reach beyond it).  box: left, top, right, bottom of the mask within the crop, pixels.
    """

    rgb: npt.NDArray[np.float32]
    mask: npt.NDArray[np.float32]
    left: float
    top: float
    side: float
    box: tuple[float, float, float, float]

    @property
    def size(self) -> int:
        """Pixels a side, S."""
        return len(self.mask)


def crop_around(rgb: npt.NDArray[np.uint8], mask: npt.NDArray[np.uint8], size: int) -> Crop:
    """Cut a square of `size` pixels around the mask, with the margin of the training pictures."""
    mask = with_panes(mask)
    covered = mask > 127
    if covered.sum() < 16:
        raise AssetError(
            "the cut-out shows (almost) nothing; give a mask that covers the object", where="image"
        )
    rows, columns = np.where(covered.any(axis=1))[0], np.where(covered.any(axis=0))[0]
    x0, x1, y0, y1 = float(columns[0]), float(columns[-1] + 1), float(rows[0]), float(rows[-1] + 1)
    side = max(x1 - x0, y1 - y0) / (1 - 2 * MARGIN)
    left, top = (x0 + x1 - side) / 2, (y0 + y1 - side) / 2
    alpha = mask.astype(np.float32)[..., None] / 255
    blanked = (rgb.astype(np.float32) * alpha).round().astype(np.uint8)  # so that no background bleeds in
    window = (left, top, left + side, top + side)
    small = _resample(blanked, window, size) / np.float32(255)
    small_mask = _resample(mask, window, size) / np.float32(255)
    scale = size / side
    box = ((x0 - left) * scale, (y0 - top) * scale, (x1 - left) * scale, (y1 - top) * scale)
    return Crop(small, small_mask, left, top, side, box)


def with_panes(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The mask (H, W) with what is half transparent within the object made object: panes, not shadows around it.

    Renderers and cut-out tools leave glass half transparent; what has nothing in it stays a hole.
    """
    within = ndimage.binary_fill_holes(mask > 127)
    return np.where(within & (mask >= _PANE), 255, mask).astype(np.uint8)


def _resample(
    image: npt.NDArray[np.uint8], window: tuple[float, float, float, float], size: int
) -> npt.NDArray[np.float32]:
    """Area-averaged window of an image that may reach beyond its edges (zeros there)."""
    h, w = image.shape[:2]
    pad = int(max(-window[0], -window[1], window[2] - w, window[3] - h, 0)) + 2
    spec = ((pad, pad), (pad, pad)) + (((0, 0),) if image.ndim == 3 else ())
    padded = Image.fromarray(np.pad(image, spec))
    box = (window[0] + pad, window[1] + pad, window[2] + pad, window[3] + pad)
    return np.asarray(padded.resize((size, size), Image.Resampling.BOX, box=box), np.float32)


def picture_of(crop: Crop) -> torch.Tensor:
    """The network's input (4, S, S) of a crop."""
    stacked = np.concatenate([crop.rgb, crop.mask[..., None]], axis=2)
    return torch.from_numpy(stacked).permute(2, 0, 1).contiguous()
