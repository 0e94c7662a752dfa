# SPDX-License-Identifier: GPL-3.0-or-later
"""Convex decomposition of a mesh with CoACD (Wei et al., "Approximate Convex Decomposition for 3D Meshes with
Collision-Aware Concavity and Tree Search", 2022)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ..errors import AssetError
from .mesh_integrals import solid_moments
from .mesh_report import is_convex, welded
from .trianglemesh import TriangleMesh

SEED = 0
# A shorter search than CoACD's own: about five times faster, pieces hardly worse on trays, bottles and open boxes.
SEARCH = {
    "preprocess_mode": "auto",  # closes open meshes by remeshing, and leaves sound ones alone
    "preprocess_resolution": 30,
    "resolution": 800,
    "mcts_nodes": 10,
    "mcts_iterations": 40,
    "mcts_max_depth": 2,
}
SLACK = 0.02  # pieces may leave the mesh's bounding box by this share of its largest side


def convex_pieces(mesh: TriangleMesh, *, concavity: float = 0.05, most: int = 32) -> tuple[TriangleMesh, ...]:
    """Convex meshes (vertices in the mesh's frame) that together fill about the same space.

    concavity: largest depth of a hollow that is filled, as a share of the mesh's size (CoACD's threshold, 0.01 .. 1).
    most: largest number of pieces.  Open and broken meshes are closed by remeshing first.  The same mesh gives the same
    pieces.  A convex mesh is returned as it is, without coacd.
    Raises AssetError where coacd is missing (Blender's Python) or gives nothing usable.
    """
    if not 0.01 <= concavity <= 1.0 or most < 1:
        raise AssetError(
            f"concavity {concavity!r} must be from 0.01 to 1 and the number of pieces positive", where="mesh"
        )
    return _decomposed(TriangleMesh(mesh.vertices, mesh.faces), float(concavity), int(most))


@lru_cache(maxsize=64)
def _decomposed(mesh: TriangleMesh, concavity: float, most: int) -> tuple[TriangleMesh, ...]:
    if is_convex(mesh):
        return (welded(mesh),)
    coacd = _coacd()
    body = welded(mesh)
    low = body.vertices.min(axis=0)
    extent = np.ptp(body.vertices, axis=0)
    size = float(extent.max())
    if size <= 0.0:
        raise AssetError(
            "has no extent and cannot collide; delete it or give the part another collision", where="mesh"
        )
    coacd.set_log_level("off")
    # unit size: CoACD compares floats with fixed tolerances
    source = coacd.Mesh((body.vertices - low) / size, body.faces)
    found = coacd.run_coacd(source, threshold=concavity, max_convex_hull=most, seed=SEED, **SEARCH)
    pieces = []
    for vertices, faces in found:
        piece = TriangleMesh(np.asarray(vertices, float) * size + low, np.asarray(faces, np.int32))
        if _usable(piece, low, extent, size):
            pieces.append(welded(piece))
    if not pieces:
        raise AssetError(
            "the convex decomposition gave no usable piece; repair the mesh or give the part a simpler collision shape",
            where="mesh",
        )
    return tuple(pieces)


def _usable(piece: TriangleMesh, low: Any, extent: Any, size: float) -> bool:
    """Whether a piece is convex, has a volume, and lies where the mesh is."""
    slack = SLACK * size
    inside = (piece.vertices >= low - slack).all() and (piece.vertices <= low + extent + slack).all()
    return bool(inside) and is_convex(piece, 1e-4) and solid_moments(piece).volume > 1e-9 * size**3


def _coacd() -> Any:
    """The coacd module, or advice."""
    try:
        import coacd
    except ImportError as error:
        raise AssetError(
            "is not convex, and dividing it needs the coacd library, which this Python does not have; let the backend make "
            "the collision pieces, or give the part collision shapes of its own",
            where="mesh",
        ) from error
    return coacd
