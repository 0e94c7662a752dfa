# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours that explain can be told apart."""

from __future__ import annotations

import colorsys
from itertools import pairwise

from physx_blender.model.display_colours import (
    NO_RANK,
    RANKS,
    UNKNOWN,
    material_colour,
    piece_colour,
    rank_colour,
)
from physx_blender.model.materials import MATERIALS


def brightness(colour: tuple[float, float, float]) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def test_materials_of_the_table_have_a_look() -> None:
    unknown = [name for name in MATERIALS if material_colour(name) == UNKNOWN]
    assert len(unknown) <= len(MATERIALS) // 20, unknown
    assert material_colour("unobtainium") == UNKNOWN
    assert brightness(material_colour("walnut")) < brightness(material_colour("pine"))
    assert (
        colorsys.rgb_to_hsv(*material_colour("steel"))[1]
        < 0.1
        < colorsys.rgb_to_hsv(*material_colour("brass"))[1]
    )


def test_ranks_darken_from_the_most_touched() -> None:
    shades = [brightness(rank_colour(rank)) for rank in RANKS]
    assert all(a > b + 0.02 for a, b in pairwise(shades))
    assert rank_colour(None) == rank_colour(0) == NO_RANK
    assert all(0.0 <= c <= 1.0 for rank in RANKS for c in rank_colour(rank))


def test_pieces_differ_from_their_neighbours() -> None:
    for k in range(64):
        a, b = piece_colour(k), piece_colour(k + 1)
        assert sum(abs(x - y) for x, y in zip(a, b, strict=True)) > 0.3
