# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours of appliances and devices."""

from __future__ import annotations

from ..program.node import RGB
from .base import Draw

BLACK: RGB = (0.07, 0.07, 0.08)
WHITE: RGB = (0.92, 0.92, 0.9)
SCREENS: tuple[RGB, ...] = ((0.05, 0.06, 0.08), (0.05, 0.06, 0.08), (0.1, 0.16, 0.26), (0.2, 0.3, 0.3))


def casing(d: Draw) -> RGB:
    """Colour of an appliance's or a device's plastic or metal."""
    v = d.between(0.55, 0.8)
    return d.one_of(
        d.near(BLACK, 0.2),
        d.near((0.16, 0.16, 0.18), 0.2),
        d.near((0.3, 0.31, 0.33), 0.2),
        d.near(WHITE, 0.03),
        d.near(WHITE, 0.06),
        (v, v, v),
        (v, v, v * 1.02),
        d.colour(),
        d.colour(),
    )


def contrast(d: Draw, colour: RGB) -> RGB:
    """A colour that can be told from another."""
    light = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]
    if d.chance(0.25):
        return d.colour(0.5, 1.0) if light < 0.4 else d.colour(0.0, 0.4)
    return d.near((0.8, 0.8, 0.8) if light < 0.4 else (0.12, 0.12, 0.13), 0.12)
