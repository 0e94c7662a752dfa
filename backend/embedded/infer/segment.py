# SPDX-License-Identifier: GPL-3.0-or-later
"""A foreground mask for a picture without a cut-out: GrabCut from a frame of background.

Rother, Kolmogorov, Blake 2004, as OpenCV implements it. It wants an object that does not touch the frame and a
background unlike the object; the result is an estimate and is reported as one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from physx_blender.errors import AssetError

_WORKING_SIDE = 320
_FRAME = 0.04
_ROUNDS = 6


def estimate_mask(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Mask (H, W) uint8 of the object in the middle of a picture (H, W, 3)."""
    import cv2

    h, w = rgb.shape[:2]
    scale = min(1.0, _WORKING_SIDE / max(h, w))
    small = np.asarray(
        Image.fromarray(rgb).resize(
            (max(round(w * scale), 8), max(round(h * scale), 8)), Image.Resampling.BOX
        )
    )
    sh, sw = small.shape[:2]
    m = max(2, round(_FRAME * max(sh, sw)))
    if sw <= 2 * m + 4 or sh <= 2 * m + 4:
        raise AssetError(
            "is too small to find the object in; give a cut-out (PNG with transparency) or a mask",
            where="image",
        )
    labels = np.zeros((sh, sw), np.uint8)
    cv2.setRNGSeed(0)
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = np.ascontiguousarray(small[..., ::-1])
    cv2.grabCut(
        bgr, labels, (m, m, sw - 2 * m, sh - 2 * m), background, foreground, _ROUNDS, cv2.GC_INIT_WITH_RECT
    )
    found = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    count, marks, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    if count <= 1 or stats[1:, cv2.CC_STAT_AREA].max() < 0.004 * sh * sw:
        raise AssetError(
            "no object could be told from its background; give a cut-out (PNG with transparency) or a mask",
            where="image",
        )
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    # keep pieces of some size near the largest one: a handle often falls apart from its door
    keep = np.zeros_like(found)
    for k in range(1, count):
        if k == largest or stats[k, cv2.CC_STAT_AREA] > 0.05 * stats[largest, cv2.CC_STAT_AREA]:
            keep[marks == k] = 255
    return np.asarray(Image.fromarray(keep).resize((w, h), Image.Resampling.BILINEAR))
