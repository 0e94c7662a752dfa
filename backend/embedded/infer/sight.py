# SPDX-License-Identifier: GPL-3.0-or-later
"""What the network sees in a picture before it says anything: tokens to read from, and what is at every place."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..model.network import Network

LOOKS = 4
_UNMOVED = (0, 1, 3)  # the looks in which the object is where the picture has it


@dataclass(frozen=True)
class Sight:
    """memory: (LOOKS, S, D) picture tokens of each look.

    kinds: (G, G, 1 + kinds) log-probability of each kind of component, 0 = background.  moves: (G, G) probability that
    what is seen moves.  normals: (G, G, 3) direction its surface faces, asset frame; shorter than 1 where unsure.
    G places a side over the whole picture.
    """

    memory: Tensor
    kinds: Tensor
    moves: Tensor
    normals: Tensor


def looks(picture: Tensor) -> Tensor:
    """(LOOKS, 4, H, W): the picture (4, H, W) as it is, and as another camera and another cut-out would give it.

    What the network reads from all of them it has seen; what it reads from one only was chance.
    """
    rgb, mask = picture[None, :3], picture[None, 3:]
    soft = torch.nn.functional.avg_pool2d(picture[None], 3, 1, 1)
    dark = torch.cat([rgb.clamp(min=1e-4) ** 1.3, mask], dim=1)
    n = picture.shape[-1]
    edge = max(n // 32, 1)  # the object a little smaller in its frame
    small = torch.nn.functional.interpolate(
        picture[None], size=(n - 2 * edge, n - 2 * edge), mode="bilinear", align_corners=False, antialias=True
    )
    small = torch.nn.functional.pad(small, (edge, edge, edge, edge))
    light = torch.cat([soft[:, :3].clamp(min=1e-4) ** 0.8, soft[:, 3:]], dim=1)
    return torch.cat([picture[None], dark, small, light])


@torch.inference_mode()
def see(network: Network, picture: Tensor, *, vary: bool = True) -> Sight:
    """Look at a picture (4, H, W) in 0..1: colour and mask; without `vary` all looks are at the picture as it is."""
    seen = looks(picture) if vary else picture.expand(LOOKS, -1, -1, -1)
    memory, _ = network.encoder(seen.to(next(network.parameters()).dtype))
    places = network.dense(memory[list(_UNMOVED)]).float().mean(dim=0)
    side = round(len(places) ** 0.5)
    places = places.view(side, side, -1)
    return Sight(
        memory,
        torch.log_softmax(places[..., :-4], dim=-1),
        torch.sigmoid(places[..., -4]),
        places[..., -3:],
    )
