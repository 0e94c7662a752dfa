# SPDX-License-Identifier: GPL-3.0-or-later
"""Edges that a picture shows within its object, and borders that a reading predicts: do they lie on each other?

A reading with a border too many loses nothing by it, for two parts of one colour show none. But what the picture shows has to
come from somewhere: a seam, a handle or a knob that no border of the reading is near to speaks against it.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

_RIM = 0.023  # of the side: as near to the outline, edges are the outline's
_STRONG = 0.9  # quantile of the gradient from which on an edge is as strong as any
_NOISE = 0.01  # colour steps a pixel that are nothing
_REACH = 0.0156  # of the side: standard deviation of how far a border may be off
_BENT = 0.8  # cosine of normals from which on a surface is smooth


def seen_edges(rgb: Tensor, inside: Tensor) -> Tensor:
    """(S, S) weights of the picture's edges, 1 in sum (or all 0): rgb (S, S, 3) in 0..1, inside (S, S) where the object is."""
    picture = functional.pad(rgb.permute(2, 0, 1)[:, None], (2, 2, 2, 2), mode="replicate")
    soft = picture.new_tensor([0.2, 0.6, 0.2])
    picture = functional.conv2d(picture, soft[:, None].mul(soft)[None, None])
    slope = picture.new_tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 8
    steps = functional.conv2d(picture, torch.stack([slope, slope.T])[:, None]).abs().amax(dim=0)
    gradient = torch.hypot(steps[0], steps[1])
    rim = max(round(_RIM * len(rgb)), 1)
    outside = ~inside
    for _ in range(rim):
        outside = _grown(outside)
    inner = ~outside
    if not inner.any():
        return torch.zeros_like(gradient)
    strong = torch.quantile(gradient[inner], _STRONG).clamp(min=_NOISE)
    weights = (gradient / strong).clamp(max=1.0) ** 2 * inner
    return weights / weights.sum().clamp(min=1e-6)


def borders(mask: Tensor, part: Tensor, normal: Tensor) -> Tensor:
    """(B, S, S) where renders change part, or bend: mask (B, S, S), part (B, S, S), normal (B, S, S, 3)."""
    found = torch.zeros_like(mask)
    for axis in (1, 2):
        n = mask.shape[axis] - 1
        one, other = normal.narrow(axis, 0, n), normal.narrow(axis, 1, n)
        change = part.narrow(axis, 0, n) != part.narrow(axis, 1, n)
        change |= (one * other).sum(-1) < _BENT
        found.narrow(axis, 0, n).logical_or_(change)
        found.narrow(axis, 1, n).logical_or_(change)
    return found & mask


def nearness(border: Tensor) -> Tensor:
    """(B, S, S) in 0..1, how near the next border is: 1 on it, falling off like a Gaussian; border (B, S, S)."""
    reach = _REACH * border.shape[-1]
    steps = range(max(round(3 * reach), 1) + 1)
    height = [float(torch.exp(torch.tensor(-0.5 * (k / reach) ** 2))) for k in steps]
    near = torch.zeros(border.shape, device=border.device)
    for k in steps:
        border = _grown(border) if k else border
        below = height[k + 1] if k + 1 in steps else 0.0
        near.add_(border, alpha=height[k] - below)
    return near


def _grown(on: Tensor) -> Tensor:
    """Images (..., S, S) of bool, one pixel larger to all eight sides."""
    for axis in (-1, -2):
        n = on.shape[axis] - 1
        out = on.clone()
        out.narrow(axis, 0, n).logical_or_(on.narrow(axis, 1, n))
        out.narrow(axis, 1, n).logical_or_(on.narrow(axis, 0, n))
        on = out
    return on
