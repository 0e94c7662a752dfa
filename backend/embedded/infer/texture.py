# SPDX-License-Identifier: GPL-3.0-or-later
"""Textures from the picture: what is printed on a part that is seen stays readable on it.

The picture is thrown back through its own camera onto the part's surface. What the picture does not show of the part
takes the part's colour. A part without anything on it keeps its plain colour: shading must not be baked in.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from scipy import ndimage

from backend.render import LightBatch, pack, render
from physx_blender.geometry import TriangleMesh
from physx_blender.geometry.pose import Array
from physx_blender.model import Asset, Texture

from ..program.build import Build
from ..world.framing import Framing
from ..world.picture import cameras
from ..world.scene import items_of, link_motions
from .crop import Crop, crop_around

SIDE = 512
"""Pixels a side of the crop that textures are taken from, at least."""
_FINEST = 1024  # as many where the picture has them: the keys of a keyboard are small
_LEAST_PIXELS = 150  # of a part that gets a texture, less its rim
_SMALL = 400  # pixels: a part of so many must show twice the detail
_RIM = 2  # pixels: there the next part, or the background, is mixed in
_TEXELS = (
    3.0  # of a texture's side for each of the seen region's: most of it is kept for sides that are not seen
)
_LEAST_DETAIL = 0.035  # standard deviation of what a plain, evenly lit surface does not explain
_SMALLEST, _LARGEST = 64, 512
_BLEED = 8.0  # texels over which the picture fades into the part's colour
_NEAR = 0.015  # of the object's diagonal: how far behind what is seen a point may lie and still be it
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class View:
    """The picture, and what the asset shows in it: rgb (S, S, 3) in 0..1, part (S, S), depth (S, S) m, normal (S, S, 3)."""

    rgb: Array
    inside: npt.NDArray[np.bool_]
    part: npt.NDArray[np.int64]
    depth: Array
    normal: Array
    framing: Framing
    near: float

    def within(self, window: tuple[slice, slice]) -> View:
        """The view through a window of its pixels."""
        left, top = window[1].start, window[0].start
        framing = replace(self.framing, centre=(self.framing.centre[0] - left, self.framing.centre[1] - top))
        return View(
            self.rgb[window],
            self.inside[window],
            self.part[window],
            self.depth[window],
            self.normal[window],
            framing,
            self.near,
        )


def sharpest(rgb: Bytes, mask: Bytes) -> Crop:
    """The crop of a picture (H, W, 3) with mask (H, W) that textures are taken from: as fine as the picture is."""
    coarse = crop_around(rgb, mask, SIDE)
    return coarse if coarse.side <= SIDE else crop_around(rgb, mask, min(math.ceil(coarse.side), _FINEST))


def look(build: Build, crop: Crop, framing: Framing) -> View:
    """The asset as the camera of the crop sees it; `framing` in the pixels of the crop."""
    items = items_of(build)
    side = crop.size
    with torch.inference_mode():
        drawn = render(
            pack([items], "cpu"),
            cameras([framing]),
            (side, side),
            LightBatch.studio(1, shadow=False),
            want=("part", "depth", "normal"),
        )
    depth = drawn["depth"][0].double().numpy()
    seen = np.isfinite(depth)
    radius = side / 2 / framing.focal * float(depth[seen].mean()) if seen.any() else 1.0
    return View(
        crop.rgb.astype(np.float64),
        crop.mask > 0.5,
        drawn["part"][0].long().numpy(),
        depth,
        drawn["normal"][0].double().numpy(),
        framing,
        _NEAR * 2 * radius,
    )


def textured(asset: Asset, build: Build, crop: Crop, framing: Framing) -> Asset:
    """The asset with textures on those parts of one shape on which the picture shows something.

    build: of the asset's program, in the frame of `framing`.  crop: see `sharpest`; `framing` is of its pixels.
    """
    view = look(build, crop, framing)
    motions = link_motions(build)
    parts = list(asset.parts)
    # everything about a part is looked at within the part's own rectangle of the picture
    windows = ndimage.find_objects(np.where(view.inside, view.part + 1, 0), max_label=len(build.parts))
    for k, part in enumerate(build.parts):
        window = windows[k]
        if window is None or len(part.shapes) != 1 or part.colour[3] < 1.0:
            continue
        here = view.within(window)
        region = ndimage.binary_erosion((here.part == k) & here.inside, iterations=_RIM)
        pixels = int(region.sum())
        # a few pixels differ by chance, and a letter on a key differs much
        if pixels < _LEAST_PIXELS or detail(here, region) < _LEAST_DETAIL * (1 + _SMALL / pixels):
            continue
        placed = part.shapes[0]
        mesh = placed.shape.mesh()
        if mesh.uv is None:
            continue
        size = 2 ** math.ceil(math.log2(max(_TEXELS * math.sqrt(pixels), 1.0)))
        size = min(max(size, _SMALLEST), _LARGEST)
        position, covered = unwrapped_points(mesh, size)
        points = placed.pose.apply(position[covered])
        motion = motions[part.link]
        points = points @ motion[:3, :3].T + motion[:3, 3]
        colours = np.zeros((size, size, 3))
        known = np.zeros((size, size), bool)
        colours[covered], known[covered] = sampled(here, region, points)
        if known.sum() < 64:
            continue
        image = filled(colours, known, covered, np.array(parts[k].colour[:3]))
        parts[k] = replace(parts[k], texture=Texture(parts[k].name, _png(image)))
    return replace(asset, parts=tuple(parts))


def detail(view: View, region: npt.NDArray[np.bool_]) -> float:
    """How much of the colours in a region an evenly lit plain surface does not explain (standard deviation, 0..1).

    On each side of the part the light may change evenly across the picture; the rest is detail.
    """
    axis = np.argmax(np.abs(view.normal), axis=-1)
    sides = axis * 2 + (np.take_along_axis(view.normal, axis[..., None], -1)[..., 0] > 0)
    total, count = 0.0, 0
    for side in np.unique(sides[region]):
        y, x = np.nonzero(region & (sides == side))
        if len(y) < 50:
            continue
        even = np.stack([np.ones(len(y)), x / view.part.shape[1], y / view.part.shape[0]], axis=1)
        colours = view.rgb[y, x]
        rest = colours - even @ np.linalg.lstsq(even, colours, rcond=None)[0]
        total, count = total + float((rest**2).mean(axis=1).sum()), count + len(y)
    return math.sqrt(total / count) if count else 0.0


def unwrapped_points(mesh: TriangleMesh, size: int) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Surface point (size, size, 3) under each texel's middle in the mesh's frame, and which texels are on a chart.

    Rows go down from the top of the texture, v goes up.
    """
    assert mesh.uv is not None
    points = np.zeros((size, size, 3))
    covered = np.zeros((size, size), bool)
    corners = mesh.vertices[mesh.faces]
    at = np.stack([mesh.uv[..., 0] * size - 0.5, (1 - mesh.uv[..., 1]) * size - 0.5], axis=-1)
    for place, corner in zip(at, corners, strict=True):
        low = np.maximum(np.floor(place.min(axis=0)).astype(int), 0)
        high = np.minimum(np.ceil(place.max(axis=0)).astype(int), size - 1)
        (x0, y0), (x1, y1), (x2, y2) = place
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9 or (high < low).any():
            continue
        y, x = np.mgrid[low[1] : high[1] + 1, low[0] : high[0] + 1]
        b = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) / area
        c = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) / area
        a = 1 - b - c
        on = (a > -1e-6) & (b > -1e-6) & (c > -1e-6)
        weights = np.stack([a[on], b[on], c[on]], axis=1)
        points[y[on], x[on]] = weights @ corner
        covered[y[on], x[on]] = True
    return points, covered


def sampled(view: View, region: npt.NDArray[np.bool_], points: Array) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Colours (N, 3) of points (N, 3) in the picture, and which of them are seen in the region."""
    local = (points - view.framing.eye) @ view.framing.rotation
    depth = np.maximum(-local[:, 2], 1e-9)
    x = view.framing.focal * local[:, 0] / depth + view.framing.centre[0] - 0.5
    y = -view.framing.focal * local[:, 1] / depth + view.framing.centre[1] - 0.5
    height, width = region.shape
    column, row = np.round(x).astype(int), np.round(y).astype(int)
    within = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    column, row = np.clip(column, 0, width - 1), np.clip(row, 0, height - 1)
    known = within & region[row, column] & (np.abs(view.depth[row, column] - depth) < view.near)
    colours = np.stack(
        [ndimage.map_coordinates(view.rgb[..., c], [y, x], order=1, mode="nearest") for c in range(3)], axis=1
    )
    return np.where(known[:, None], colours, 0.0), known


def filled(
    colours: Array, known: npt.NDArray[np.bool_], covered: npt.NDArray[np.bool_], base: Array
) -> Bytes:
    """(size, size, 3) bytes: on each chart, texels that are not known fade from the nearest known one to the base colour.

    Around the charts their edges go on, so that filtering finds no other colour there.
    """
    out = np.broadcast_to(base, colours.shape).copy()
    charts, _ = ndimage.label(covered)
    for chart, window in enumerate(ndimage.find_objects(charts), start=1):
        here = charts[window] == chart
        sure = here & known[window]
        if not sure.any():
            continue
        distance, (y, x) = ndimage.distance_transform_edt(~sure, return_indices=True)
        share = np.clip((distance - 2.0) / _BLEED, 0.0, 1.0)[..., None]
        out[window][here] = (colours[window][y, x] * (1 - share) + base * share)[here]
    y, x = ndimage.distance_transform_edt(~covered, return_distances=False, return_indices=True)
    return np.round(255 * np.clip(out[y, x], 0.0, 1.0)).astype(np.uint8)


def _png(image: Bytes) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG", compress_level=6)
    return stream.getvalue()
