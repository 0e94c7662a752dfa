# SPDX-License-Identifier: GPL-3.0-or-later
"""Textures on a rendered image: which point of which texture each pixel shows."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from backend.render.pack import linear_colour
from physx_blender.errors import AssetError
from physx_blender.geometry.pose import Array
from physx_blender.geometry.trianglemesh import TriangleMesh
from physx_blender.model import Texture

_LARGE = 2000
_MOST_PAIRS = 2_000_000
_MAX_TEXTURE_PIXELS = 64_000_000


@dataclass(frozen=True)
class View:
    """One pinhole camera as arrays: eye (3,), rotation (3, 3) camera to world, focal in pixels, centre (2,)."""

    eye: Array
    rotation: Array
    focal: float
    centre: Array

    def within(self, window: tuple[slice, slice]) -> View:
        """The camera of a window (rows, columns) of the picture."""
        corner = np.array([window[1].start, window[0].start], float)
        return View(self.eye, self.rotation, self.focal, self.centre - corner)

    def project(self, points: Array) -> tuple[Array, Array]:
        """Pixel coordinates (N, 2), x right and y down, and depths (N,) along the axis, of points (N, 3)."""
        local = (points - self.eye) @ self.rotation
        depth = -local[:, 2]
        safe = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
        x = self.centre[0] + self.focal * local[:, 0] / safe
        y = self.centre[1] - self.focal * local[:, 1] / safe
        return np.stack([x, y], axis=1), depth


@lru_cache(maxsize=32)
def texels(texture: Texture) -> npt.NDArray[np.float32]:
    """The texture (H, W, 3) in linear light."""
    try:
        with Image.open(io.BytesIO(texture.data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MAX_TEXTURE_PIXELS:
                raise AssetError(
                    "is too large for a preview; make it smaller", where=f"texture {texture.name!r}"
                )
            values = np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError) as error:
        raise AssetError(
            f"cannot be decoded ({error}); replace it", where=f"texture {texture.name!r}"
        ) from None
    table = linear_colour(np.arange(256) / 255.0).astype(np.float32)
    found: npt.NDArray[np.float32] = table[values]
    return found


def surface_uv(mesh: TriangleMesh, view: View, shown: npt.NDArray[np.bool_], depth: Array) -> Array:
    """Texture coordinates (H, W, 2) of `mesh` (world frame, with uv) where `shown` (H, W); NaN where it is missed.

    depth: (H, W) of the rendered surface; of all triangles over a pixel the one nearest to that depth counts.
    """
    assert mesh.uv is not None
    height, width = shown.shape
    result = np.full((height * width, 2), np.nan)
    best = np.full(height * width, np.inf)
    pixel, z = view.project(mesh.vertices)
    corners, depths = pixel[mesh.faces], z[mesh.faces]
    low = np.clip(np.floor(corners.min(axis=1) - 0.5).astype(np.int64), 0, None)
    high = np.minimum(np.ceil(corners.max(axis=1) + 0.5).astype(np.int64), [width, height])
    spans = np.maximum(high - low, 0)
    counts = np.where((depths > 1e-6).all(axis=1), spans[:, 0] * spans[:, 1], 0)
    flat_shown, flat_depth = shown.ravel(), depth.ravel()
    # a closed mesh shows no triangle from behind, and a large triangle is quicker by rows and columns than by pixels
    a, b, c = (corners[:, k] for k in range(3))
    turn = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
    counts = np.where(turn < 0.0, counts, 0)  # pixels go down, so what faces the eye turns the other way
    for large in np.flatnonzero(counts > _LARGE):
        rows, columns = slice(low[large, 1], high[large, 1]), slice(low[large, 0], high[large, 0])
        where, uv, error = _large(corners[large], depths[large], mesh.uv[large], rows, columns, shown, depth)
        at = where[0] * width + where[1]
        better = error < best[at]
        best[at[better]], result[at[better]] = error[better], uv[better]
    for part in _chunks(np.where(counts > _LARGE, 0, counts)):
        number = counts[part]
        face = np.repeat(part, number)
        within = np.arange(len(face)) - np.repeat(np.cumsum(number) - number, number)
        x = low[face, 0] + within % spans[face, 0]
        y = low[face, 1] + within // spans[face, 0]
        at = y * width + x
        keep = flat_shown[at]
        face, x, y, at = face[keep], x[keep], y[keep], at[keep]
        weights = _barycentric(corners[face], np.stack([x + 0.5, y + 0.5], axis=1))
        inside = (weights > -1e-3).all(axis=1)
        face, at, weights = face[inside], at[inside], weights[inside]
        near = weights / depths[face]  # perspective: what is linear in the image is x / depth
        whole = near.sum(axis=1, keepdims=True)
        error = np.abs(1.0 / whole[:, 0] - flat_depth[at])
        uv = np.einsum("nk,nkc->nc", near / whole, mesh.uv[face])
        order = np.lexsort((error, at))
        first = order[np.unique(at[order], return_index=True)[1]]
        better = first[error[first] < best[at[first]]]
        best[at[better]] = error[better]
        result[at[better]] = uv[better]
    return result.reshape(height, width, 2)


def _large(
    corners: Array,
    depths: Array,
    uv: Array,
    rows: slice,
    columns: slice,
    shown: npt.NDArray[np.bool_],
    depth: Array,
) -> tuple[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]], Array, Array]:
    """Pixels (row, column) of one triangle that are shown, their uv (N, 2), and how far off the rendered depth they are."""
    y = np.arange(rows.start, rows.stop)[:, None] + 0.5
    x = np.arange(columns.start, columns.stop)[None] + 0.5
    (ax, ay), (bx, by), (cx, cy) = corners
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    v = ((cy - ay) * (x - ax) - (cx - ax) * (y - ay)) / area
    w = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / area
    inside = shown[rows, columns] & (v > -1e-3) & (w > -1e-3) & (v + w < 1.0 + 1e-3)
    i, k = np.nonzero(inside)
    weights = np.stack([1.0 - v[i, k] - w[i, k], v[i, k], w[i, k]], axis=1) / depths
    whole = weights.sum(axis=1, keepdims=True)
    where = (i + rows.start, k + columns.start)
    return where, (weights / whole) @ uv, np.abs(1.0 / whole[:, 0] - depth[where])


def sample(texture: Texture, uv: Array) -> Array:
    """Linear colours (N, 3) at uv (N, 2), v up, between the four nearest texels; repeated outside 0..1."""
    image = texels(texture)
    height, width = image.shape[:2]
    x = (uv[:, 0] % 1.0) * width - 0.5
    y = ((1.0 - uv[:, 1]) % 1.0) * height - 0.5
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = (x - x0)[:, None], (y - y0)[:, None]
    left, right = np.clip(x0, 0, width - 1), np.clip(x0 + 1, 0, width - 1)
    above, below = np.clip(y0, 0, height - 1), np.clip(y0 + 1, 0, height - 1)
    top = image[above, left] * (1 - fx) + image[above, right] * fx
    bottom = image[below, left] * (1 - fx) + image[below, right] * fx
    found: Array = top * (1 - fy) + bottom * fy
    return found


def _chunks(counts: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Triangles in groups with a bounded number of (triangle, pixel) pairs each."""
    faces = np.flatnonzero(counts)
    if not len(faces):
        return []
    group = np.cumsum(counts[faces]) // _MOST_PAIRS
    return np.split(faces, np.flatnonzero(np.diff(group)) + 1)


def _barycentric(corners: Array, points: Array) -> Array:
    """Weights (N, 3) of points (N, 2) in triangles (N, 3, 2); NaN for triangles without area."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    ab, ac, ap = b - a, c - a, points - a
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        v = (ap[:, 0] * ac[:, 1] - ap[:, 1] * ac[:, 0]) / area
        w = (ab[:, 0] * ap[:, 1] - ab[:, 1] * ap[:, 0]) / area
    return np.stack([1.0 - v - w, v, w], axis=1)
