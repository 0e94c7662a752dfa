# SPDX-License-Identifier: GPL-3.0-or-later
"""Polylines with fewer points."""

from __future__ import annotations

import numpy as np

from .pose import Array


def simplified(path: Array, tolerance: float) -> Array:
    """Fewer points of a polyline (N, D), none of those left out farther than `tolerance` from it (Douglas and Peucker)."""
    keep = {0, len(path) - 1}
    stack = [(0, len(path) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        step = path[last] - path[first]
        inner = path[first + 1 : last] - path[first]
        t = np.clip(inner @ step / max(float(step @ step), 1e-300), 0.0, 1.0)
        gap = np.linalg.norm(inner - t[:, None] * step, axis=1)
        worst = int(np.argmax(gap))
        if gap[worst] > tolerance:
            middle = first + 1 + worst
            keep.add(middle)
            stack.extend(((first, middle), (middle, last)))
    return path[sorted(keep)]
