# SPDX-License-Identifier: GPL-3.0-or-later
"""The light of each scene: one sun and a sky."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .camera import Device


@dataclass(frozen=True)
class LightBatch:
    """Per scene a directional key light and a hemisphere of ambient light; radiances are linear, not sRGB.

    direction: (B, 3) unit, from the scene towards the light.  colour: (B, 3) linear, intensity included.
    sky, ground: (B, 3) linear ambient light from above and from below.
    softness: (B,) width of the shadow's edge in texels of the shadow map; 0 = hard.  shadow: cast one at all.
    """

    direction: Tensor
    colour: Tensor
    sky: Tensor
    ground: Tensor
    softness: Tensor
    shadow: bool = True

    def __post_init__(self) -> None:
        b = len(self.direction)
        for name in ("direction", "colour", "sky", "ground"):
            value = torch.as_tensor(getattr(self, name), dtype=torch.float32)
            if value.shape != (b, 3):
                raise ValueError(f"light {name} needs shape ({b}, 3), got {tuple(value.shape)}")
            object.__setattr__(self, name, value)
        softness = torch.as_tensor(self.softness, dtype=torch.float32)
        if softness.shape != (b,):
            raise ValueError(f"light softness needs shape ({b},), got {tuple(softness.shape)}")
        object.__setattr__(self, "softness", softness)
        object.__setattr__(self, "direction", torch.nn.functional.normalize(self.direction, dim=1))

    def __len__(self) -> int:
        return len(self.direction)

    @staticmethod
    def studio(count: int, device: Device = None, *, shadow: bool = True) -> LightBatch:
        """The same plain light for every scene: a key light from the upper left in front, bright surroundings."""

        def rows(*values: float) -> Tensor:
            return torch.tensor(values, device=device).expand(count, len(values))

        return LightBatch(
            rows(-0.45, -0.65, 0.8), rows(0.8, 0.79, 0.77), rows(0.52, 0.53, 0.55), rows(0.26, 0.25, 0.24),
            torch.full((count,), 1.5, device=device), shadow,
        )  # fmt: skip

    def to(self, device: Device) -> LightBatch:
        """The same light on another device."""
        return LightBatch(
            self.direction.to(device),
            self.colour.to(device),
            self.sky.to(device),
            self.ground.to(device),
            self.softness.to(device),
            self.shadow,
        )
