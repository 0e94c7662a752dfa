# SPDX-License-Identifier: GPL-3.0-or-later
"""What a training picture goes through each time it is seen: another camera, another cut-out, other colours.

Rendered pictures are few and cheap to tell apart; what a network could remember them by has to change every time.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

_TURN = math.radians(3.0)  # nobody holds a camera quite level
_SHIFT = 0.03  # of the picture's side: a cut-out that is a little too large or too small
_RECOLOURED = 0.5  # of all pictures have their colour channels exchanged: a program does not say what is red


def spoil(rgb: Tensor, mask: Tensor, generator: torch.Generator) -> Tensor:
    """Network input (B, 4, H, W) of pictures (B, 3, H, W) and masks (B, 1, H, W) in 0..1; last channel = mask.

    Place, roll and scale; hues, exposure, white balance, texture, blur, noise; background blanked. Every third picture
    is cut out badly, as an estimate does it: bits of the background come in, bits of the object go.
    """
    n, _, h, w = rgb.shape
    device = rgb.device

    def uniform(*shape: int, low: float, high: float) -> Tensor:
        return torch.rand(*shape, generator=generator, device=device) * (high - low) + low

    rgb, mask = _moved(torch.cat([rgb, mask], dim=1), generator).split((3, 1), dim=1)
    rgb = _recoloured(rgb, generator)
    rgb = rgb.clamp(1e-3, 1) ** uniform(n, 1, 1, 1, low=0.75, high=1.3)
    rgb = rgb * uniform(n, 3, 1, 1, low=0.88, high=1.12) * uniform(n, 1, 1, 1, low=0.8, high=1.2)
    grain = torch.randn(n, 1, h // 8, w // 8, generator=generator, device=device)
    grain = functional.interpolate(grain, size=(h, w), mode="bilinear", align_corners=False)
    rgb = rgb * (1 + grain * uniform(n, 1, 1, 1, low=0.0, high=0.04))
    rgb = torch.lerp(rgb, _softened(rgb), uniform(n, 1, 1, 1, low=0.0, high=1.0))
    rgb = rgb + torch.randn(n, 3, h, w, generator=generator, device=device) * uniform(
        n, 1, 1, 1, low=0.0, high=0.02
    )
    soft_mask = torch.lerp(mask, _softened(mask), uniform(n, 1, 1, 1, low=0.0, high=1.0))
    bad = torch.randperm(n, generator=generator, device=device)[: max(n // 3, 1)]
    rgb[bad], soft_mask[bad] = _cut_badly(rgb[bad], soft_mask[bad], generator)
    return blanked(rgb.clamp(0, 1), soft_mask)


def blanked(rgb: Tensor, mask: Tensor) -> Tensor:
    """Network input (B, 4, H, W) of pictures (B, 3, H, W) and masks (B, 1, H, W) as they are: no background, then the mask."""
    return torch.cat([rgb * mask, mask], dim=1)


def _moved(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures (B, C, H, W) turned by a few degrees, shifted and scaled a little."""
    n, device = len(picture), picture.device
    r = torch.rand(n, 5, generator=generator, device=device) * 2 - 1
    angle, scale = r[:, 0] * _TURN, 1 + 2 * _SHIFT * r[:, 1:3]
    cos, sin = angle.cos(), angle.sin()
    rows = [torch.stack([cos * scale[:, 0], -sin * scale[:, 1], 2 * _SHIFT * r[:, 3]], dim=1)]
    rows.append(torch.stack([sin * scale[:, 0], cos * scale[:, 1], 2 * _SHIFT * r[:, 4]], dim=1))
    grid = functional.affine_grid(torch.stack(rows, dim=1), list(picture.shape), align_corners=False)
    return functional.grid_sample(picture, grid, align_corners=False)


def _recoloured(rgb: Tensor, generator: torch.Generator) -> Tensor:
    """Channels exchanged in some pictures (B, 3, H, W); paler or stronger colours in all."""
    rgb = exchanged(rgb, _RECOLOURED, generator)
    strength = torch.rand(len(rgb), 1, 1, 1, generator=generator, device=rgb.device) * 0.9 + 0.35
    grey = rgb.mean(dim=1, keepdim=True)
    return grey + (rgb - grey) * strength


def exchanged(rgb: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Pictures (B, 3, H, W), a share of them with their colour channels in a random order."""
    n, device = len(rgb), rgb.device
    order = torch.rand(n, 3, generator=generator, device=device).argsort(dim=1)
    keep = torch.rand(n, 1, generator=generator, device=device) >= share
    order = torch.where(keep, torch.arange(3, device=device), order)
    return rgb.gather(1, order[:, :, None, None].expand_as(rgb))


def _softened(x: Tensor) -> Tensor:
    """Mean of three by three neighbours."""
    x = functional.pad(x, (1, 1, 1, 1), mode="replicate")
    x = x[..., :-2, :] + x[..., 1:-1, :] + x[..., 2:, :]
    return (x[..., :-2] + x[..., 1:-1] + x[..., 2:]) / 9


def _cut_badly(rgb: Tensor, mask: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Colours and masks of estimated cut-outs: the outline wanders, and where it takes in background that has a colour."""
    n, _, h, w = rgb.shape
    device = rgb.device
    # the mask itself counts as well, or all that is thin would be lost
    near = 0.4 * mask + 0.6 * functional.avg_pool2d(mask, 9, 1, 4)
    noise = torch.randn(n, 1, max(h // 16, 2), max(w // 16, 2), generator=generator, device=device)
    noise = functional.interpolate(noise, size=(h, w), mode="bilinear", align_corners=False)
    strength = torch.rand(n, 1, 1, 1, generator=generator, device=device) * 0.35
    cut = (((near + strength * noise) - 0.5) * 8 + 0.5).clamp(0, 1)
    # far from the outline an estimate is right
    cut = torch.where(near > 0.98, torch.ones_like(cut), torch.where(near < 0.02, torch.zeros_like(cut), cut))
    background = torch.rand(n, 3, 1, 1, generator=generator, device=device)
    return rgb * mask + background * (1 - mask), cut
