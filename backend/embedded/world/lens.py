# SPDX-License-Identifier: GPL-3.0-or-later
"""From radiance to a developed picture: exposure, white balance, tone curve; blur, noise, vignette, sharpening, JPEG."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from backend.render.shade import encode_srgb

_LUMINANCE = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709


def _filmic(x: Tensor) -> Tensor:
    """Film-like curve of linear light with a toe and a shoulder, sRGB-encoded (fit of ACES by Narkowicz 2015)."""
    x = x * 0.7
    return encode_srgb(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14))


def _shoulder(x: Tensor) -> Tensor:
    """Phone-like curve: straight below, bent over for highlights, sRGB-encoded."""
    return encode_srgb(torch.where(x < 0.5, x, 1.0 - 0.5 * torch.exp(-2.0 * (x - 0.5).clamp(min=0))))


def _per_picture(values: npt.NDArray[np.float64], like: Tensor) -> Tensor:
    """(B,) or (B, C) as (B, C, 1, 1) of the same device."""
    t = torch.from_numpy(np.ascontiguousarray(values)).to(like.device, torch.float32)
    return t.view(len(values), 1 if values.ndim == 1 else values.shape[1], 1, 1)


def exposed(radiance: Tensor, mask: Tensor, rng: np.random.Generator) -> Tensor:
    """Radiance (B, 3, H, W) scaled as a camera's meter would, give or take; mask: (B, 1, H, W) where it looks."""
    n = len(radiance)
    luminance = sum(radiance[:, k : k + 1] * w for k, w in enumerate(_LUMINANCE))
    assert isinstance(luminance, Tensor)
    weight = mask.clamp(min=0.02)
    mean = (luminance * weight).sum(dim=(1, 2, 3)) / weight.sum(dim=(1, 2, 3))
    metered = rng.uniform(0.0, 0.75, n)  # 0: what is dark stays dark, 1: everything becomes middle grey
    stops = rng.normal(0.0, 0.45, n) - (rng.random(n) < 0.07) * rng.uniform(0.5, 2.0, n)
    gain = 0.28 / mean.clamp(min=1e-4).cpu().numpy().astype(float)
    # with the meter off, radiance of the bank's usual surroundings is right as it is
    return radiance * _per_picture(np.clip(gain, 0.1, 8.0) ** metered * 2.0**stops, radiance)


def developed(radiance: Tensor, rng: np.random.Generator) -> Tensor:
    """sRGB (B, 3, H, W) of exposed radiance, with the colour and contrast of some camera."""
    n = len(radiance)
    strong = rng.random((n, 1)) < 0.12
    cast = np.exp(rng.normal(0, 1, (n, 3)) * np.where(strong, 0.2, 0.045))
    x = radiance * _per_picture(cast / cast.mean(axis=1, keepdims=True), radiance)
    kind = rng.integers(3, size=n)
    curves = (lambda t: encode_srgb(t), _shoulder, _filmic)
    x = torch.stack([curves[int(k)](row) for k, row in zip(kind, x, strict=True)])
    grey = x.mean(dim=1, keepdim=True)
    x = grey + (x - grey) * _per_picture(np.clip(rng.normal(1.0, 0.18, n), 0.3, 1.6), x)
    contrast = _per_picture(np.where(rng.random(n) < 0.5, rng.normal(0, 0.22, n), 0.0), x)
    x = x.clamp(0, 1)
    # an S-curve about the middle, or its inverse
    return torch.lerp(x, x * x * (3 - 2 * x), contrast).clamp(0, 1)


def _blur(x: Tensor, sigma: Tensor) -> Tensor:
    """Gaussian blur of each picture (B, 3, H, W) by its sigma (B,) in pixels, at most about 2."""
    offset = torch.arange(-4, 5, device=x.device, dtype=torch.float32)
    kernel = torch.exp(-0.5 * (offset / sigma.clamp(min=1e-3)[:, None]) ** 2)
    kernel = (kernel / kernel.sum(dim=1, keepdim=True)).repeat_interleave(3, dim=0)
    n, c, h, w = x.shape
    flat = functional.pad(x.reshape(1, n * c, h, w), (4, 4, 4, 4), mode="replicate")
    flat = functional.conv2d(flat, kernel[:, None, :, None], groups=n * c)
    return functional.conv2d(flat, kernel[:, None, None, :], groups=n * c).view(n, c, h, w)


def captured(x: Tensor, rng: np.random.Generator, scale: float = 1.0) -> Tensor:
    """What lens, sensor and file do to developed pictures (B, 3, H, W): every effect at random, often not at all.

    scale: size of the pictures against 128 pixels, for blurs.
    """
    n, _, h, w = x.shape

    def some(chance: float, low: float, high: float) -> npt.NDArray[np.float64]:
        return np.where(rng.random(n) < chance, rng.uniform(low, high, n), 0.0)

    soft = some(0.5, 0.3, 1.0) * scale**0.5
    at = np.nonzero(soft > 0)[0]
    if len(at):
        x = x.clone()
        x[at] = _blur(x[at], torch.from_numpy(soft[at]).float().to(x.device))
    dark = _per_picture(some(0.35, 0.05, 0.45), x)
    yy = torch.linspace(-1, 1, h, device=x.device)[:, None] ** 2
    xx = torch.linspace(-1, 1, w, device=x.device)[None] ** 2
    x = x * (1 - dark * 0.5 * (xx + yy))
    grain = some(0.5, 0.002, 0.022) + some(0.05, 0.0, 0.06)
    at = np.nonzero(grain > 0)[0]
    generator = torch.Generator().manual_seed(int(rng.integers(1 << 62)))
    noise = torch.randn(len(at), 3, h, w, generator=generator).to(x.device)
    x[at] += noise * _per_picture(grain[at], x) * (1.2 - 0.6 * x[at])  # the dark is noisier
    crisp = some(0.25, 0.2, 1.2)
    at = np.nonzero(crisp > 0)[0]
    if len(at):
        x[at] = x[at] + _per_picture(crisp[at], x) * (x[at] - functional.avg_pool2d(x[at], 3, 1, 1))
    x = x.clamp(0, 1)
    quality = np.where(rng.random(n) < 0.35, rng.integers(25, 93, n), 0)
    for k in np.nonzero(quality)[0]:
        x[k] = _compressed(x[k], int(quality[k]))
    return x


def _compressed(x: Tensor, quality: int) -> Tensor:
    """A picture (3, H, W) after JPEG."""
    pixels = (x.permute(1, 2, 0) * 255).round().to(torch.uint8).cpu().numpy()
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    back = np.asarray(Image.open(stream), np.float32) / 255
    return torch.from_numpy(back).permute(2, 0, 1).to(x.device)
