# SPDX-License-Identifier: GPL-3.0-or-later
"""Which primitive each ray meets first.

Along a ray of `Rays` every plane bounds the nearness w from above (seen from outside) or from below (from inside) by an
affine function of the pixel, and every quadric by an affine function plus or minus the root of a quadratic one. So a
solid is an interval of w per pixel, a whole tile of pixels is one small matrix product, and a tile that no pixel of
can hit is found from the coefficients alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .camera import Rays
from .pack import PLANES, QUADRICS, PrimitiveBatch
from .primitives import Kind

TILE = 8
# Pairs of a tile and a primitive that are intersected at a time: temporaries of 0.25 MB stay in a core's cache.
CPU_CHUNK = 1024
GPU_CHUNK = 1 << 19
FAR = 1e30


def nearness_of(key: Tensor) -> Tensor:
    """Nearness w (float32) of keys; 0 for the background."""
    return (key >> 32).to(torch.int32).view(torch.float32)


def primitive_of(key: Tensor) -> Tensor:
    """Number of the primitive of keys, only meaningful where something was hit."""
    return key & 0xFFFFFFFF


def _basis(device: torch.device) -> Tensor:
    """1, x, y, xx, xy, yy of a tile's pixels about its middle, (6, TILE * TILE)."""
    offset = torch.arange(TILE, device=device, dtype=torch.float32) - (TILE - 1) / 2
    y, x = (t.reshape(-1) for t in torch.meshgrid(offset, offset, indexing="ij"))
    return torch.stack([torch.ones_like(x), x, y, x * x, x * y, y * y])


def _dot(form: Tensor, rays: Tensor) -> Tensor:
    """(N, P, 4) . (N, 4) -> (N, P)."""
    return (form * rays[:, None]).sum(-1)


def _rectangles(
    batch: PrimitiveBatch, rays: Rays, tiles: tuple[int, int]
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """First tile column and row, and number of columns and rows, that each primitive's box covers, each (N,)."""
    inverse = rays.inverse()[batch.scene]
    at = batch.corners @ inverse[:, :, :3].transpose(1, 2) + inverse[:, None, :, 3]
    ahead = at[..., 1]
    # A corner behind the eye has no image: then the box may be anywhere.
    safe = (ahead > 1e-6).all(dim=1)
    pixel = at[..., 2:] / ahead.clamp(min=1e-6)[..., None]
    low, high = pixel.amin(dim=1), pixel.amax(dim=1)
    limit = torch.tensor([tiles[1], tiles[0]], device=batch.device)
    # Pixel middles are at halves: a box from 7.6 to 8.4 covers none of column 7's middle 7.5.
    first = ((low - 0.5) / TILE).floor().clamp(min=0)
    last = torch.minimum(((high - 0.5) / TILE).floor(), limit - 1.0)
    first = torch.where(safe[:, None], first, torch.zeros_like(first))
    last = torch.where(safe[:, None], last, (limit - 1.0).expand_as(last))
    count = (last - first + 1).clamp(min=0).long()
    first = first.clamp(max=1e6).long()
    return first[:, 0], first[:, 1], count[:, 0], count[:, 1]


def _plane_bounds(batch: PrimitiveBatch, rays: Rays, part: slice, count: int) -> tuple[Tensor, Tensor]:
    """Affine nearness (n, count, 3) of planes over the image, those that bound from above first, and how many (n,)."""
    scene = batch.scene[part]
    planes = batch.planes[part, :count]
    s = _dot(planes, rays.E[scene])
    affine = torch.stack([_dot(planes, r[scene]) for r in (rays.D, rays.Dx, rays.Dy)], dim=-1)
    front = s > 0
    s = torch.where(s.abs() < 1e-9, torch.where(front, 1e-9, -1e-9), s)
    affine = -affine / s[..., None]
    order = front.to(torch.uint8).argsort(dim=1, descending=True, stable=True)
    return affine.gather(1, order[..., None].expand_as(affine)), front.sum(dim=1)


@dataclass(frozen=True)
class _Roots:
    """Nearness on quadrics: affine (n, 3) plus sign times the root of quadratic (n, 6); bounds w from both sides.

    below, above: sign of the root in the lower and upper bound; open_below, open_above: 0, or FAR where there is no
    bound on that side; certain: the ray always meets it (the eye is inside).
    """

    affine: Tensor
    quadratic: Tensor
    signs: Tensor
    certain: Tensor


def _quadric_roots(quadric: Tensor, nappe: Tensor, rays: list[Tensor]) -> _Roots:
    """Intersect quadrics (n, 4, 4) with the rays (E, D, Dx, Dy, each (n, 4)) of their images.

    w^2 E'QE + 2 w E'QX + X'QX <= 0  with  X = D + x Dx + y Dy.
    """
    e = rays[0]
    qe = (quadric @ e[..., None])[..., 0]
    c = (qe * e).sum(-1)
    c = torch.where(c.abs() < 1e-12, torch.full_like(c, 1e-12), c)
    b = torch.stack([(qe * r).sum(-1) for r in rays[1:]], dim=-1)
    qd = [(quadric @ r[..., None])[..., 0] for r in rays[1:]]

    def form(i: int, j: int) -> Tensor:
        return b[:, i] * b[:, j] - c * (qd[i] * rays[1 + j]).sum(-1)

    terms = [form(0, 0), 2 * form(0, 1), 2 * form(0, 2), form(1, 1), 2 * form(1, 2), form(2, 2)]
    inside = c < 0
    # Inside the cone that the body belongs to, the body is nearer than the crossing; inside its mirror image, beyond it.
    own = _dot(nappe[:, None], e)[:, 0] >= 0
    one = torch.ones_like(c)
    zero = torch.zeros_like(c)
    signs = torch.stack(
        [
            torch.where(inside, torch.where(own, one, zero), -one),
            torch.where(inside, torch.where(own, zero, -one), one),
            torch.where(inside & ~own, -FAR * one, zero),
            torch.where(inside & own, FAR * one, zero),
        ],
        dim=1,
    )
    return _Roots(-b / c[:, None], torch.stack(terms, dim=-1) / (c * c)[:, None], signs, inside)


def _shift_affine(affine: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Affine coefficients (T, ..., 3) about the point (x, y) (T,)."""
    extra = affine.ndim - 2
    x, y = (t.view(-1, *([1] * extra)) for t in (x, y))
    constant = affine[..., 0] + affine[..., 1] * x + affine[..., 2] * y
    return torch.stack([constant, affine[..., 1], affine[..., 2]], dim=-1)


def _shift_quadratic(q: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Quadratic coefficients (T, 6) about the point (x, y) (T,)."""
    c, cx, cy, xx, xy, yy = q.unbind(-1)
    return torch.stack(
        [
            c + cx * x + cy * y + xx * x * x + xy * x * y + yy * y * y,
            cx + 2 * xx * x + xy * y,
            cy + xy * x + 2 * yy * y,
            xx,
            xy,
            yy,
        ],
        dim=-1,
    )


def _reach(affine: Tensor) -> Tensor:
    """How far an affine function departs from its middle value within a tile."""
    return (TILE - 1) / 2 * (affine[..., 1].abs() + affine[..., 2].abs())


def _possible_root(q: Tensor) -> Tensor:
    """The largest value that a quadratic (T, 6) can have in a tile, or more."""
    h = (TILE - 1) / 2
    bend = q[:, 3].clamp(min=0) + q[:, 4].abs() + q[:, 5].clamp(min=0)
    return q[:, 0] + h * (q[:, 1].abs() + q[:, 2].abs()) + h * h * bend


def _interval(
    roots: Tensor, affine: Tensor, signs: Tensor, certain: Tensor, basis: Tensor
) -> tuple[Tensor, Tensor]:
    """Lower and upper nearness (T, pixels) on a quadric; empty where the ray misses it."""
    root = roots @ basis
    miss = (root < 0) & ~certain[:, None]
    root = root.clamp_(min=0).sqrt_()
    middle = affine @ basis[:3]
    low = torch.addcmul(middle + signs[:, 2:3], root, signs[:, 0:1])
    high = torch.addcmul(middle + signs[:, 3:4], root, signs[:, 1:2])
    return low, high.masked_fill_(miss, -FAR)


def cast(batch: PrimitiveBatch, rays: Rays, size: tuple[int, int], nearest: float = FAR) -> Tensor:
    """First hits in images of size (H, W), one per scene: keys (B, H', W'), both sides rounded up to whole tiles.

    A key holds the bits of the nearness (float32, positive) above the number of the primitive; 0 = background.
    A body nearer than nearness `nearest` is not seen.
    """
    device = batch.device
    tiles = (-(-size[0] // TILE), -(-size[1] // TILE))
    per_image = tiles[0] * tiles[1]
    frame = torch.zeros((batch.scenes * per_image, TILE * TILE), dtype=torch.int64, device=device)
    if len(batch.scene):
        rectangles = _rectangles(batch, rays, tiles)
        basis = _basis(device)
        for kind in Kind:
            part = batch.kind(kind)
            if part.start < part.stop:
                _cast_kind(batch, rays, kind, rectangles, tiles, basis, nearest, frame)
    key = frame.view(batch.scenes, tiles[0], tiles[1], TILE, TILE).transpose(2, 3)
    return key.reshape(batch.scenes, tiles[0] * TILE, tiles[1] * TILE)


def _cast_kind(
    batch: PrimitiveBatch,
    rays: Rays,
    kind: Kind,
    rectangles: tuple[Tensor, Tensor, Tensor, Tensor],
    tiles: tuple[int, int],
    basis: Tensor,
    nearest: float,
    frame: Tensor,
) -> None:
    part, curved = batch.kind(kind), QUADRICS[kind]
    scene = batch.scene[part]
    column, row, columns, rows = (r[part] for r in rectangles)
    count = columns * rows
    fronts = torch.zeros_like(count)
    affine = torch.zeros((len(count), 0, 3), dtype=torch.float64, device=count.device)
    if PLANES[kind]:
        affine, fronts = _plane_bounds(batch, rays, part, PLANES[kind])
    if not curved:
        count = torch.where(fronts > 0, count, torch.zeros_like(count))  # the eye is inside
    roots: list[_Roots] = []
    if curved:
        per_scene = [r[scene] for r in (rays.E, rays.D, rays.Dx, rays.Dy)]
        tail = batch.tail(kind)
        roots = [
            _quadric_roots(batch.quadrics[tail, k], batch.nappes[tail, k], per_scene) for k in range(curved)
        ]
    for front in range(PLANES[kind] + 1):
        chosen = ((fronts == front) & (count > 0)).nonzero()[:, 0]
        if not len(chosen):
            continue
        # One row per tile of the rectangle of each primitive.
        number = count[chosen]
        which = chosen.repeat_interleave(number)
        end = number.cumsum(0)
        place = torch.arange(len(which), device=which.device) - (end - number).repeat_interleave(number)
        wide = columns[which]
        tile_x, tile_y = column[which] + place % wide, row[which] + place // wide
        x, y = (tile_x * TILE + TILE / 2).double(), (tile_y * TILE + TILE / 2).double()
        # Tiles that no pixel of can be hit: some upper bound is below some lower bound, or zero, all over the tile.
        flat = _shift_affine(affine[which], x, y)
        reach = _reach(flat)
        high = (flat[..., 0] + reach)[:, :front]
        low = (flat[..., 0] - reach)[:, front:]
        top = high.amin(dim=1) if front else torch.full_like(x, FAR)
        bottom = low.amax(dim=1).clamp(min=0) if low.shape[1] else torch.zeros_like(x)
        keep = top >= bottom
        shifted = [
            (_shift_quadratic(r.quadratic[which], x, y), _shift_affine(r.affine[which], x, y)) for r in roots
        ]
        if roots:
            most = _possible_root(shifted[0][0])
            width = _reach(shifted[0][1]) + most.clamp(min=0).sqrt()
            certain = roots[0].certain[which]
            near = shifted[0][1][:, 0] + width >= bottom
            far = shifted[0][1][:, 0] - width <= top
            keep = keep & (certain | ((most >= 0) & near & far))
        kept = keep.nonzero()[:, 0]
        if not len(kept):
            continue
        which = which[kept]
        planes = flat[kept].float().transpose(0, 1).contiguous()
        curves = [
            (q[kept].float(), a[kept].float(), r.signs[which].float(), r.certain[which])
            for (q, a), r in zip(shifted, roots, strict=True)
        ]
        target = (scene[which] * tiles[0] + tile_y[kept]) * tiles[1] + tile_x[kept]
        label = (which + part.start)[:, None]
        step = CPU_CHUNK if frame.device.type == "cpu" else GPU_CHUNK
        for start in range(0, len(which), step):
            piece = slice(start, start + step)
            w = _nearness(
                planes[:, piece], front, [tuple(t[piece] for t in c) for c in curves], basis, nearest
            )
            key = (w.view(torch.int32).long() << 32) | label[piece]
            key.masked_fill_(w <= 0, 0)
            frame.scatter_reduce_(0, target[piece, None].expand_as(key), key, "amax")


def _nearness(
    planes: Tensor, front: int, curves: list[tuple[Tensor, ...]], basis: Tensor, nearest: float
) -> Tensor:
    """Nearness (T, pixels) of the first hit of solids with their own rays; not positive where they are missed."""
    high: Tensor | None = None
    low: Tensor | None = None
    for k in range(len(planes)):
        w = planes[k] @ basis[:3]
        if k < front:
            high = w if high is None else torch.minimum(high, w, out=high)
        else:
            low = w if low is None else torch.maximum(low, w, out=low)
    for q, a, signs, certain in curves[:1]:
        below, above = _interval(q, a, signs, certain, basis)
        high = above if high is None else torch.minimum(high, above, out=high)
        low = below if low is None else torch.maximum(low, below, out=low)
    if high is None or low is None:
        raise AssertionError("a solid has at least one bound on each side")
    for q, a, signs, certain in curves[1:]:
        hole_low, hole_high = _interval(q, a, signs, certain, basis)
        # The ray comes in through the hole: it meets the inner wall where the hole ends, if the body is not over by then.
        through = (high > hole_low) & (high < hole_high) & (high >= low)
        high = torch.where(through, hole_low, high)
    return high.masked_fill_((high < low) | (high >= nearest), 0.0)
