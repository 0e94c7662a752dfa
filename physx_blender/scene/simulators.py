# SPDX-License-Identifier: GPL-3.0-or-later
"""What simulators need of an asset, made by Blender itself where the writers would need libraries that it lacks."""

from __future__ import annotations

from dataclasses import replace

import bpy

from ..model import Asset, Texture
from .appearance import encoded_as_png, packed_image
from .convex import with_convex_collision


def for_simulators(asset: Asset, notes: list[str]) -> Asset:
    """The asset with convex collision pieces everywhere, and with PNG textures; itself when nothing has to change.

    notes: receives a sentence per part whose collision had to be made.
    """
    return _with_png_textures(with_convex_collision(asset, notes))


def _with_png_textures(asset: Asset) -> Asset:
    converted: dict[Texture, Texture] = {}
    for part in asset.parts:
        if part.texture is not None and part.texture.suffix != ".png" and part.texture not in converted:
            converted[part.texture] = _as_png(part.texture)
    if not converted:
        return asset
    parts = tuple(
        replace(p, texture=converted.get(p.texture, p.texture)) if p.texture is not None else p
        for p in asset.parts
    )
    return replace(asset, parts=parts)


def _as_png(texture: Texture) -> Texture:
    image = packed_image(texture)
    try:
        return Texture(texture.name, encoded_as_png(image))
    finally:
        bpy.data.images.remove(image)
