# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of joints beside their anchors, as many as there is room for."""

from __future__ import annotations

import blf
import numpy as np
from bpy.types import Context

from ...operators.view import to_pixels, ui_scale
from ..palette import KINDS
from .gather import Shown

SIZE = 11.0
ASIDE = 9.0
LINE_HEIGHT = 14.0


def draw_names(context: Context, joints: list[Shown]) -> None:
    """Write the names; those nearest to the viewer first, and none over another."""
    if not joints:
        return
    scale = ui_scale(context)
    points = np.array([j.symbol.origin for j in joints])
    places = to_pixels(context, points)
    matrix = np.array(context.region_data.perspective_matrix)
    depth = points @ matrix[2, :3] + matrix[2, 3]
    height = LINE_HEIGHT * scale
    rows: dict[int, list[tuple[float, float]]] = {}
    blf.size(0, SIZE * scale)
    blf.enable(0, blf.SHADOW)
    blf.shadow(0, 3, 0.0, 0.0, 0.0, 0.9)
    blf.shadow_offset(0, 0, 0)
    for k in np.argsort(depth):
        x, y = places[k] + ASIDE * scale
        if not (0.0 <= x <= context.region.width and 0.0 <= y <= context.region.height):  # also behind: NaN
            continue
        name = joints[k].name
        row, end = int(y // height), x + blf.dimensions(0, name)[0]
        taken = [span for near in (row - 1, row, row + 1) for span in rows.get(near, ())]
        if any(x < b and a < end for a, b in taken):
            continue
        rows.setdefault(row, []).append((x, end))
        blf.color(0, *KINDS[joints[k].symbol.kind], 0.55 if joints[k].follows else 1.0)
        blf.position(0, x, y, 0.0)
        blf.draw(0, name)
    blf.disable(0, blf.SHADOW)
