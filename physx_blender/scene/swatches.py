# SPDX-License-Identifier: GPL-3.0-or-later
"""Small coloured icons, made of pixels: what a material looks like, and the legend of ranks."""

from __future__ import annotations

from typing import Any

import bpy.utils.previews
import numpy as np

from ..model.display_colours import Rgb, material_colour, rank_colour

SIZE = 32
_ICONS: list[Any] = []


def material_icon(name: str) -> int:
    """Number of the icon for a material of this name."""
    return _icon(f"material {name}", material_colour(name))


def rank_icon(rank: int) -> int:
    """Number of the icon for a rank of touching, 0 = none given."""
    return _icon(f"rank {rank}", rank_colour(rank))


def clear() -> None:
    """Forget all icons; to be called when the extension is turned off."""
    while _ICONS:
        bpy.utils.previews.remove(_ICONS.pop())


def _icon(name: str, colour: Rgb) -> int:
    if not _ICONS:
        _ICONS.append(bpy.utils.previews.new())
    icons = _ICONS[0]
    if name not in icons:
        icon = icons.new(name)
        icon.icon_size = (SIZE, SIZE)
        icon.icon_pixels_float = _disc(colour).reshape(-1).tolist()
    return int(icons[name].icon_id)


def _disc(colour: Rgb) -> np.ndarray[Any, Any]:
    """A disc (SIZE, SIZE, 4) with a darker rim, lit from above."""
    y, x = (np.mgrid[0:SIZE, 0:SIZE] + 0.5) * 2.0 / SIZE - 1.0
    away = np.hypot(x, y)
    light = np.clip(0.92 + 0.16 * y, 0.0, 1.1)
    rim = np.where(away > 0.74, 0.55, 1.0)
    pixels = np.empty((SIZE, SIZE, 4))
    pixels[..., :3] = np.clip(np.array(colour) * (light * rim)[..., None], 0.0, 1.0)
    pixels[..., 3] = np.clip((0.9 - away) * SIZE / 2.0, 0.0, 1.0)
    return pixels
