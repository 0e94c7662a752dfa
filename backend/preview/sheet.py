# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the asset and lay the pictures side by side."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from backend.render import CameraBatch, SceneItem, pack, render, scene_of
from backend.render.pack import linear_colour
from physx_blender.geometry import Box, PlacedShape, Pose
from physx_blender.geometry.pose import Array
from physx_blender.model import Asset

from .opened import opened_positions
from .texturing import View, sample, surface_uv
from .view import framing_camera, state_points

if TYPE_CHECKING:
    from backend.images import ReferenceImage

PANEL = 448
THUMBNAIL = 256
SAMPLES = 2
BACKGROUND = (236, 237, 240)
_GAP = 8
_LABEL_COLOUR = (90, 92, 98)
_UNDER_TEXTURE = 0.5
"""Linear grey under a texture while light is computed; the result is divided by it again."""
_TEXTURE_DETAIL = 64
_SHADOW = 0.6
"""Share of the lost light that the shadow on the floor shows; all of it would draw the eye."""
Pixels = npt.NDArray[np.uint8]


def preview_png(asset: Asset, image: ReferenceImage | None = None) -> bytes:
    """``preview.png``: the reference image (if there is one), the asset at rest, and opened."""
    stream = io.BytesIO()
    Image.fromarray(preview_sheet(asset, image)).save(stream, "PNG", compress_level=6)
    return stream.getvalue()


def preview_sheet(asset: Asset, image: ReferenceImage | None = None, *, panel: int = PANEL) -> Pixels:
    """The preview as (H, W, 3) uint8; the same input gives the same pixels. Rendered on the CPU for that reason."""
    opened = opened_positions(asset)
    states: list[tuple[str, dict[str, tuple[float, ...]]]] = [("at rest", {})]
    if opened:
        states.append(("opened", opened))
    points = np.concatenate([state_points(asset, positions) for _, positions in states])
    camera = framing_camera(asset, points, panel * SAMPLES)
    panels = [] if image is None else [_labelled(_reference_panel(image, panel), "reference")]
    panels += [
        _labelled(_state_panel(asset, positions, points, camera, panel), label) for label, positions in states
    ]
    gap = np.full((panel, _GAP, 3), 255, np.uint8)
    row = [piece for p in panels for piece in (p, gap)][:-1]
    return np.concatenate(row, axis=1)


def thumbnail_png(asset: Asset, *, side: int = THUMBNAIL) -> bytes:
    """``thumbnail.png``: the asset opened (at rest where nothing opens) in a square, to choose from among others."""
    positions = opened_positions(asset)
    points = state_points(asset, positions)
    camera = framing_camera(asset, points, side * SAMPLES)
    stream = io.BytesIO()
    Image.fromarray(_state_panel(asset, positions, points, camera, side)).save(
        stream, "PNG", compress_level=6
    )
    return stream.getvalue()


def _reference_panel(image: ReferenceImage, panel: int) -> Pixels:
    """The image fitted into a square; what its mask excludes fades into the background."""
    rgb = image.rgb.astype(np.float32)
    if image.mask is not None:
        alpha = image.mask[..., None].astype(np.float32) / 255.0
        rgb = rgb * alpha + np.array(BACKGROUND, np.float32) * (1 - alpha)
    picture = Image.fromarray(np.round(rgb).astype(np.uint8))
    picture.thumbnail((panel, panel), Image.Resampling.LANCZOS)
    if max(picture.size) < panel:
        scale = panel / max(picture.size)
        picture = picture.resize(
            (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))),
            Image.Resampling.BICUBIC,
        )
    canvas = Image.new("RGB", (panel, panel), BACKGROUND)
    canvas.paste(picture, ((panel - picture.width) // 2, (panel - picture.height) // 2))
    return np.asarray(canvas)


def _state_panel(
    asset: Asset, positions: dict[str, tuple[float, ...]], points: Array, camera: CameraBatch, panel: int
) -> Pixels:
    size = (panel * SAMPLES, panel * SAMPLES)
    items = scene_of(asset, positions)
    textured = {k for k, part in enumerate(asset.parts) if part.texture is not None}
    grey = float(1.055 * _UNDER_TEXTURE ** (1 / 2.4) - 0.055)
    items = [
        SceneItem(i.placed, i.motion, (grey, grey, grey), i.part, i.gloss) if i.part in textured else i
        for i in items
    ]
    floor = len(asset.parts)
    items.append(_floor(points, floor))
    out = render(
        pack([items]), camera, size, want=("rgb", "mask", "depth", "part"), shadow_pixels=min(2048, 4 * panel)
    )
    rgb = linear_colour(out["rgb"][0].numpy())
    part = out["part"][0].numpy()
    view = View(
        camera.eye[0].numpy(), camera.rotation[0].numpy(), float(camera.focal[0]), camera.centre[0].numpy()
    )
    depth = out["depth"][0].double().numpy()
    windows = ndimage.find_objects(part + 1, max_label=floor)
    for number in sorted(textured):
        window = windows[number]
        if window is not None:
            shown = part[window] == number
            _paint(asset, number, positions, view.within(window), shown, depth[window], rgb[window])
    background = linear_colour(np.array(BACKGROUND) / 255.0)
    under = part == floor
    if under.any():
        # The floor itself is not shown, only how much light it loses to the object.
        light = rgb[under].mean(axis=1)
        lost = 1.0 - light / max(float(light.max()), 1e-9)
        rgb[under] = background * (1.0 - _SHADOW * lost)[:, None]
    rgb[part < 0] = background
    fine = rgb.reshape(panel, SAMPLES, panel, SAMPLES, 3).mean(axis=(1, 3))
    screen = np.where(fine <= 0.0031308, 12.92 * fine, 1.055 * np.maximum(fine, 1e-9) ** (1 / 2.4) - 0.055)
    return np.round(np.clip(screen, 0, 1) * 255).astype(np.uint8)


def _floor(points: Array, number: int) -> SceneItem:
    """A thin slab just under the lowest point, wide enough for the shadow."""
    low, high = points.min(axis=0), points.max(axis=0)
    reach = float(np.linalg.norm(high - low))
    thickness = 0.01 * reach
    middle = ((low + high) / 2)[:2]
    slab = Box((float(high[0] - low[0] + 2 * reach), float(high[1] - low[1] + 2 * reach), thickness))
    pose = Pose((float(middle[0]), float(middle[1]), float(low[2]) - thickness / 2 - 1e-4 * reach))
    return SceneItem(PlacedShape(slab, pose), None, (0.8, 0.8, 0.8), number, 0.0)


def _paint(
    asset: Asset,
    number: int,
    positions: dict[str, tuple[float, ...]],
    view: View,
    shown: npt.NDArray[np.bool_],
    depth: Array,
    rgb: Array,
) -> None:
    """Replace the grey of a textured part in `rgb` (linear) by its texture under the same light."""
    part = asset.parts[number]
    if part.texture is None or not shown.any():
        return
    pose = asset.link_poses(positions)[part.link]
    uv = np.full((*shown.shape, 2), np.nan)
    for placed in part.shapes:
        mesh = placed.mesh(_TEXTURE_DETAIL).transformed(pose)
        if mesh.uv is not None:
            found = surface_uv(mesh, view, shown & np.isnan(uv[..., 0]), depth)
            uv = np.where(np.isnan(uv), found, uv)
    known = shown & ~np.isnan(uv[..., 0])
    colour = np.empty((int(shown.sum()), 3))
    colour[:] = np.array(linear_colour(np.array(part.colour[:3])))
    if known.any():
        values = sample(part.texture, uv[known])
        colour[:] = values.mean(axis=0)  # for the few pixels of the outline that the mesh just misses
        colour[known[shown]] = values
    rgb[shown] *= colour / _UNDER_TEXTURE


def _labelled(panel: Pixels, text: str) -> Pixels:
    picture = Image.fromarray(panel)
    ImageDraw.Draw(picture).text(
        (10, panel.shape[0] - 26), text, fill=_LABEL_COLOUR, font=ImageFont.load_default(size=15)
    )
    return np.asarray(picture)
