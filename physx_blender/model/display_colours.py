# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours that explain: what a material looks like, how often a part is touched, which collision piece is which.

All colours are sRGB, 0..1.
"""

from __future__ import annotations

import colorsys
import re

Rgb = tuple[float, float, float]

# the first line that has a word of the name decides, so particular words come before general ones
_LOOKS = (
    ("d9d9d6", "tin silver chrome"),
    ("b9bdc1", "stainless nickel zinc titanium aluminium magnesium"),
    ("d4af37", "gold"),
    ("c9a227", "brass"),
    ("a97142", "bronze"),
    ("b87333", "copper"),
    ("5b5f63", "lead tungsten carbide slate iron carbon graphite"),
    ("8d9297", "steel metal"),
    ("f4f1e6", "expanded wax soap plaster porcelain alumina paper"),
    ("e9e6da", "eva foam sponge"),
    ("2b2b2d", "tyre neoprene bakelite epdm"),
    ("3a3a3c", "rubber"),
    ("cfc4b4", "silicone gasket"),
    ("d3eef5", "ice crystal borosilicate tempered glass acrylic polycarbonate pet petg"),
    ("f3efe4", "ptfe nylon acetal melamine ceramic polystyrene polyethylene polypropylene pvc"),
    ("e3ddd0", "abs plastic pla epoxy polyurethane"),
    ("cfd8b0", "fibreglass"),
    ("5d3a24", "walnut mahogany rosewood"),
    ("a9713e", "teak cherry"),
    ("e8d3a9", "pine spruce birch maple balsa"),
    ("c9a06a", "oak beech ash wood bamboo plywood"),
    ("b08d5f", "mdf particleboard hardboard chipboard cork rattan wicker straw"),
    ("b5613f", "terracotta brick clay"),
    ("a8a59f", "concrete granite stone quartz"),
    ("ece9e4", "marble"),
    ("7b4a2b", "leather"),
    ("b9a58c", "cardboard paperboard"),
    ("7f8fa6", "fabric cotton polyester nylon textile canvas felt"),
    ("c8b9a4", "wool"),
    ("3f6b4f", "electronics cell battery motor circuit"),
)
UNKNOWN: Rgb = (0.6, 0.6, 0.62)
RANKS = tuple(range(1, 11))
_HEAT: tuple[Rgb, ...] = (
    (1.0, 0.93, 0.55),
    (0.98, 0.55, 0.12),
    (0.80, 0.20, 0.26),
    (0.42, 0.12, 0.43),
    (0.16, 0.11, 0.32),
)
NO_RANK: Rgb = (0.45, 0.45, 0.47)


def material_colour(name: str) -> Rgb:
    """What a material of this name usually looks like; a neutral grey for one that nobody knows."""
    words = set(re.findall(r"[a-z]+", name.lower()))
    for colour, known in _LOOKS:
        if words & set(known.split()):
            return (int(colour[:2], 16) / 255.0, int(colour[2:4], 16) / 255.0, int(colour[4:], 16) / 255.0)
    return UNKNOWN


def rank_colour(rank: int | None) -> Rgb:
    """From bright and hot (rank 1, touched most) to dark and cold (rank 10); grey where no rank is given.

    Brightness falls from rank to rank, so the order is seen without colours as well.
    """
    if not rank:
        return NO_RANK
    at = (min(max(rank, 1), 10) - 1) / 9.0 * (len(_HEAT) - 1)
    k = min(int(at), len(_HEAT) - 2)
    red, green, blue = (a + (at - k) * (b - a) for a, b in zip(_HEAT[k], _HEAT[k + 1], strict=True))
    return (red, green, blue)


def piece_colour(number: int) -> Rgb:
    """A colour for the piece of this number; neighbours are far apart (steps of the golden angle round the hues)."""
    hue = (0.58 + number * 0.6180339887498949) % 1.0
    return colorsys.hsv_to_rgb(hue, 0.62 if number % 2 else 0.5, 0.95 if number % 3 else 0.8)
