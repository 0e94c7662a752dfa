# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of packed scenes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .camera import CameraBatch
from .cast import cast, nearness_of, primitive_of
from .light import LightBatch
from .pack import PrimitiveBatch
from .shade import Shader, ShadowMap

CHANNELS = ("rgb", "mask", "depth", "normal", "part")
# Bodies nearer to the eye than this (metres along the axis) are not seen.
NEAR = 1e-4
# Pixels that are shaded at a time: on a CPU the temporaries stay in a core's cache.
CPU_PIXELS = 16384
GPU_PIXELS = 1 << 22


@torch.no_grad()  # not inference_mode: its tensors could not be the input of a training step
def render(
    batch: PrimitiveBatch,
    cameras: CameraBatch,
    size: tuple[int, int],
    lights: LightBatch | None = None,
    want: Sequence[str] = CHANNELS,
    *,
    samples: int = 1,
    shadow_pixels: int | None = None,
) -> dict[str, Tensor]:
    """Render each scene of the batch with the camera of the same number, in images of size = (H, W).

    Returns the wanted ones of: rgb (B, H, W, 3) sRGB in 0 to 1, black where nothing is seen (not mixed with it:
    multiply by mask to lay it over something); mask (B, H, W) coverage in 0 to 1; depth (B, H, W) metres along
    the optical axis, inf for the background; normal (B, H, W, 3) unit, world frame, 0 for the background; part
    (B, H, W) int64, -1 for the background.  lights: None = the plain studio light.  samples: side of the grid of
    samples per pixel; depth, normal and part are those of the nearest sample.
    shadow_pixels: side of the shadow map, 3/4 of the image's larger side when None.
    """
    unknown = set(want) - set(CHANNELS)
    if unknown:
        raise ValueError(f"cannot render {sorted(unknown)}; choose from {CHANNELS}")
    if len(cameras) != batch.scenes or (lights is not None and len(lights) != batch.scenes):
        raise ValueError(f"{batch.scenes} scenes need as many cameras and lights, got {len(cameras)} cameras")
    if samples > 1:
        fine = _render(batch, cameras.scaled(samples), (size[0] * samples, size[1] * samples), lights,
                       {*want, "mask", "depth"}, shadow_pixels)  # fmt: skip
        return _reduce(fine, samples, want)
    return _render(batch, cameras, size, lights, set(want), shadow_pixels)


def _render(
    batch: PrimitiveBatch,
    cameras: CameraBatch,
    size: tuple[int, int],
    lights: LightBatch | None,
    want: set[str],
    shadow_pixels: int | None,
) -> dict[str, Tensor]:
    height, width = size
    rays = cameras.rays()
    key = cast(batch, rays, size, 1.0 / NEAR)[:, :height, :width].reshape(-1)
    shape = (batch.scenes, height, width)
    result: dict[str, Tensor] = {}
    seen = key != 0
    if "mask" in want:
        result["mask"] = seen.view(shape).float()
    if "depth" in want:
        result["depth"] = (1.0 / nearness_of(key)).view(shape)
    if not want & {"rgb", "normal", "part"}:
        return result
    at = seen.nonzero()[:, 0]
    key = key.index_select(0, at)
    if "part" in want:
        part = torch.full((len(seen),), -1, dtype=torch.int64, device=key.device)
        part[at] = batch.part.index_select(0, primitive_of(key))
        result["part"] = part.view(shape)
    if not want & {"rgb", "normal"}:
        return result
    lights = LightBatch.studio(batch.scenes, batch.device) if lights is None else lights
    shadows = None
    if "rgb" in want and lights.shadow:
        shadows = ShadowMap(batch, lights, shadow_pixels or min(max(size) * 3 // 4, 1024))
    images: dict[str, Tensor] = {
        name: torch.zeros((len(seen), 3), device=key.device) for name in ("rgb", "normal") if name in want
    }
    shader = Shader(batch, rays, lights, shadows)
    step = CPU_PIXELS if key.device.type == "cpu" else GPU_PIXELS
    for start in range(0, len(at), step):
        piece = at[start : start + step]
        for name, colour in shader.shade(key[start : start + step], piece, (height, width), want).items():
            images[name].index_copy_(0, piece, colour)
    result.update({name: image.view(*shape, 3) for name, image in images.items()})
    return result


def _reduce(fine: dict[str, Tensor], samples: int, want: Sequence[str]) -> dict[str, Tensor]:
    """Bring a grid of samples down to pixels."""

    def blocks(t: Tensor) -> Tensor:
        b, h, w = t.shape[:3]
        cells = t.reshape(b, h // samples, samples, w // samples, samples, *t.shape[3:]).transpose(2, 3)
        return cells.reshape(b, h // samples, w // samples, samples * samples, *t.shape[3:])

    mask = blocks(fine["mask"])
    nearest = blocks(fine["depth"]).argmin(dim=3, keepdim=True)
    result = {}
    for name in want:
        cells = blocks(fine[name])
        if name == "mask":
            result[name] = cells.mean(dim=3)
        elif name == "rgb":
            weight = mask.sum(dim=3).clamp(min=1.0)
            result[name] = cells.sum(dim=3) / weight[..., None]
        elif name == "normal":
            index = nearest[..., None].expand(*nearest.shape, 3)
            result[name] = cells.gather(3, index)[..., 0, :]
        else:
            result[name] = cells.gather(3, nearest)[..., 0]
    return result
