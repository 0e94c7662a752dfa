# SPDX-License-Identifier: GPL-3.0-or-later
"""A foreground mask for a picture without a cut-out: the segmentation network, its edge refined by the picture's colours.

The edge is refined by GrabCut (Rother, Kolmogorov, Blake 2004, as OpenCV implements it) within a band of a few pixels of
the network's resolution; beyond it the network is believed. The result is an estimate and is reported as one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from physx_blender.errors import AssetError

from ..segment.network import IMAGE, SegmentNetwork
from ..segment.weights import object_probability

_WORKING_SIDE = 384
_BAND = 1.6  # pixels of the network, to each side of its edge
_ROUNDS = 2
_LEAST = 16  # pixels a side of a picture in which something can be found


def estimate_mask(rgb: npt.NDArray[np.uint8], network: SegmentNetwork | None = None) -> npt.NDArray[np.uint8]:
    """Mask (H, W) uint8 of the main object of a picture (H, W, 3); network: None = the shipped one."""
    h, w = rgb.shape[:2]
    if min(h, w) < _LEAST:
        raise AssetError(
            "is too small to find the object in; give a cut-out (PNG with transparency) or a mask",
            where="image",
        )
    scale = min(1.0, _WORKING_SIDE / max(h, w))
    size = (max(round(w * scale), 8), max(round(h * scale), 8))
    small = np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BOX))
    probability = object_probability(small, network)
    found = _largest((probability > 0.5).astype(np.uint8))
    if found is None:
        raise AssetError(
            "no object could be told from its background; give a cut-out (PNG with transparency) or a mask",
            where="image",
        )
    mask = refined(small, probability, found)
    return np.asarray(Image.fromarray(mask * np.uint8(255)).resize((w, h), Image.Resampling.BILINEAR))


def _largest(found: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8] | None:
    """The largest piece of a mask, and other pieces of some size: a handle often falls apart from its door."""
    import cv2

    count, marks, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    if count <= 1 or areas.max() < 0.004 * found.size:
        return None
    return np.isin(marks, 1 + np.nonzero(areas > 0.05 * areas.max())[0]).astype(np.uint8)


def refined(
    rgb: npt.NDArray[np.uint8], probability: npt.NDArray[np.float32], found: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """A mask (H, W) of 0 and 1 whose edge follows the colours of the picture, near the edge of `found`."""
    import cv2

    reach = max(2, round(_BAND * max(found.shape) / IMAGE))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    inner, outer = cv2.erode(found, kernel), cv2.dilate(found, kernel)
    likely = probability > 0.5
    labels = np.where(likely, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[(inner > 0) & (probability > 0.7)] = cv2.GC_FGD
    labels[outer == 0] = cv2.GC_BGD
    if not (labels == cv2.GC_FGD).any() or not (labels == cv2.GC_BGD).any():
        return found
    cv2.setRNGSeed(0)
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(
        np.ascontiguousarray(rgb[..., ::-1]),
        labels,
        (0, 0, 1, 1),
        background,
        foreground,
        _ROUNDS,
        cv2.GC_INIT_WITH_MASK,
    )
    cut = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    both = (cut & found).sum() / max(int((cut | found).sum()), 1)
    if both < 0.6:  # the colours of object and background are alike: the cut has run away
        return found
    whole = _largest(cut)
    return found if whole is None else whole
