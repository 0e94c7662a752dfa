# SPDX-License-Identifier: GPL-3.0-or-later
"""What a surface looks like beyond its colour and gloss: metal, and a texture with its place on the shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from physx_blender.geometry.pose import Array

FINISH = 18  # columns of `finish_rows`


class Mapping(IntEnum):
    """How a texture lies on a shape, in texture coordinates (one unit = one tile).

    BOX: from the side that the normal points to most.  FRONT: once, on the two faces across y, from 0 to 1.
    ROUND: around z; a turn is `turns` tiles.
    """

    BOX = 0
    FRONT = 1
    ROUND = 2


@dataclass(frozen=True)
class Finish:
    """Look of a shape.

    metal: 0 (dielectric) to 1.  texture: number in the texture bank, -1 = none.  frame: (3, 4) from the shape's
    coordinates (metres) to texture coordinates.  strength: 0 to 1 of the texture.  turns: tiles around, for ROUND.
    """

    metal: float = 0.0
    texture: int = -1
    frame: Array | None = None
    mapping: Mapping = Mapping.BOX
    strength: float = 1.0
    turns: float = 1.0

    def __post_init__(self) -> None:
        if self.texture >= 0 and (self.frame is None or np.shape(self.frame) != (3, 4)):
            raise ValueError("a texture needs a frame of shape (3, 4)")


PLAIN = Finish()


def finish_rows(finishes: Sequence[Finish | None], world: Array) -> npt.NDArray[np.float32]:
    """Rows (N, FINISH) for the shader: frame from the world (12 numbers), metal, texture, mapping, strength, turns,
    and texture units per metre; world: (N, 4, 4) places of the shapes."""
    rows = np.zeros((len(finishes), FINISH), np.float32)
    rows[:, 13] = -1.0
    for k, finish in enumerate(finishes):
        if finish is None:
            continue
        rows[k, 12] = finish.metal
        if finish.texture < 0:
            continue
        assert finish.frame is not None
        linear = finish.frame[:, :3] @ world[k, :3, :3].T
        rows[k, :12] = np.concatenate(
            [linear, (finish.frame[:, 3] - linear @ world[k, :3, 3])[:, None]], 1
        ).ravel()
        density = float(np.linalg.norm(linear, axis=1).max())
        rows[k, 13:] = finish.texture, finish.mapping, finish.strength, finish.turns, density
    return rows
