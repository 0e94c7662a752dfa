# SPDX-License-Identifier: GPL-3.0-or-later
"""Between the sRGB values that a screen shows and linear light (IEC 61966-2-1)."""

from __future__ import annotations


def srgb_to_linear(value: float) -> float:
    """Linear light of one sRGB channel, both 0..1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def linear_to_srgb(value: float) -> float:
    """sRGB channel of linear light, both 0..1; light beyond 1 is clipped."""
    v = min(max(value, 0.0), 1.0)
    return min(1.0, v * 12.92 if v <= 0.0031308 else 1.055 * v ** (1.0 / 2.4) - 0.055)
