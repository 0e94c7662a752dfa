# SPDX-License-Identifier: GPL-3.0-or-later
"""What simulators need of an asset, made by Blender itself where the writers would need libraries that it lacks."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np

from ..formats.layout import collision_pieces, thickened
from ..geometry import Mesh, PlacedShape, is_convex
from ..model import Asset, Part, Texture
from ..steps import Steps
from .appearance import encoded_as_png, packed_image
from .convex import cutting_ahead, hull_of, with_convex_collision, with_convex_collision_of


def for_simulators(asset: Asset, notes: list[str]) -> Asset:
    """The asset with convex collision pieces everywhere, and with PNG textures; itself when nothing has to change.

    notes: receives a sentence per part whose collision had to be made.
    """
    return _with_png_textures(with_convex_collision(asset, notes))


def fitting_for_simulators(asset: Asset, notes: list[str]) -> Steps[Asset]:
    """`for_simulators` in small steps."""
    yield from cutting_ahead(asset.parts)
    return for_simulators(asset, notes)


def exported_colliders(part: Part) -> tuple[PlacedShape, ...]:
    """What exporters write for a part to collide by: primitives, and convex meshes where simulators take the hull.

    In the frame of the part's shapes.
    """
    (divided,) = with_convex_collision_of((part,), [])
    return tuple(_as_simulated(thickened(piece)) for piece in collision_pieces(divided))


def _as_simulated(placed: PlacedShape) -> PlacedShape:
    shape = placed.shape
    if not isinstance(shape, Mesh) or is_convex(shape.triangles):
        return placed
    hull = hull_of(shape.triangles.vertices[np.unique(shape.triangles.faces)])
    return placed if hull is None else PlacedShape(Mesh(hull), placed.pose)


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
