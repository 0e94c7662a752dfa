# SPDX-License-Identifier: GPL-3.0-or-later
"""A polygon with holes as few small convex pieces, for the ray-caster."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from physx_blender.geometry.polygon import convex_polygons
from physx_blender.geometry.pose import Array
from physx_blender.geometry.values import Points2

Mask = npt.NDArray[np.bool_]


def convex_pieces_2d(
    outline: Points2, holes: tuple[Points2, ...], *, max_corners: int
) -> list[tuple[Array, Mask]]:
    """Cut a polygon with holes into convex pieces of at most `max_corners` corners.

    Returns for each piece its corners counter-clockwise (k, 2), and for each of its edges whether it is a seam between
    pieces (k,).
    """
    pieces = []
    for polygon in convex_polygons(outline, holes):
        # A polygon with too many corners becomes a fan of smaller ones.
        for k in range(1, len(polygon) - 1, max_corners - 2):
            pieces.append([polygon[0], *polygon[k : k + max_corners - 1]])
    edges = {edge for piece in pieces for edge in zip(piece, piece[1:] + piece[:1], strict=True)}
    return [
        (np.array(p), np.array([(b, a) in edges for a, b in zip(p, p[1:] + p[:1], strict=True)]))
        for p in pieces
    ]
