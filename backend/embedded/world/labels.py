# SPDX-License-Identifier: GPL-3.0-or-later
"""What every place of a picture shows: the kind of component, whether it moves, and which way its surface faces.

The network learns to say this of its picture beside the program. A program has fifty words and the picture thousands of
places, so the places teach the encoder to see long before the words do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from backend.render import SceneItem, pack, render

from ..components import COMPONENTS
from ..program.build import Build
from .framing import Framing

KINDS = tuple(sorted(COMPONENTS))
CHANNELS = 5
"""kind (0 = background, 1 + index in KINDS), moves (0 or 1), and the normal's x, y, z times 127."""


def labels(
    builds: Sequence[Build],
    items: Sequence[list[SceneItem]],
    framings: Sequence[Framing],
    size: int,
    grid: int,
) -> Tensor:
    """(B, grid, grid, CHANNELS) int8 of scenes whose pictures of `size` pixels a side have these framings.

    One ray through the middle of each cell; normals are in the asset's frame, at the joints' positions.
    """
    from .picture import cameras  # that module makes pictures with labels

    coarse = [f.scaled(grid / size) for f in framings]
    drawn = render(pack(items, "cpu"), cameras(coarse), (grid, grid), want=("part", "normal"))
    part = drawn["part"].numpy()
    out = np.zeros((*part.shape, CHANNELS), np.int8)
    out[..., 2:] = np.round(drawn["normal"].numpy() * 127)
    for k, build in enumerate(builds):
        kinds, moves = kinds_and_motion(build)
        out[k, ..., 0], out[k, ..., 1] = kinds[part[k] + 1], moves[part[k] + 1]
    return torch.from_numpy(out)


def kinds_and_motion(build: Build) -> tuple[Tensor, Tensor]:
    """Kind (1 + parts,) and whether it moves (1 + parts,), int64, by 1 + the number of the part; 0 is the background."""
    base = build.links[0].name
    kinds = [0, *(1 + KINDS.index(node.kind) for node in build.node_of_part)]
    return torch.tensor(kinds), torch.tensor([0, *(int(part.link != base) for part in build.parts)])
