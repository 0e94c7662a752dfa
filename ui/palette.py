# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours of joints, the same wherever they are drawn.

One hue per kind, far apart for colour-blind eyes as well; red is kept for what is wrong, orange for
Blender's selection. The kinds also differ in shape.
"""

from __future__ import annotations

Colour = tuple[float, float, float, float]

KINDS: dict[str, tuple[float, float, float]] = {
    "hinge": (1.0, 0.83, 0.20),
    "slide": (0.25, 0.76, 1.0),
    "ball": (0.82, 0.56, 1.0),
    "cylindrical": (0.45, 0.90, 0.55),
    "free": (0.80, 0.80, 0.80),
    "fixed": (0.55, 0.55, 0.55),
}
WRONG = (1.0, 0.22, 0.20)
BRIGHT = (1.0, 1.0, 1.0)
DARK = (0.06, 0.06, 0.06)


def colour(rgb: tuple[float, float, float], alpha: float) -> Colour:
    """A colour to draw with."""
    return (*rgb, alpha)
