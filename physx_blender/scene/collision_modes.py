# SPDX-License-Identifier: GPL-3.0-or-later
"""Collision geometry as a part's settings ask for it, made of what is seen of the part."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..geometry import Mesh, PlacedShape
from ..geometry.pose import Array
from ..geometry.primitive_fit import fitted_primitive
from ..model.collision_fit import CollisionFit, FitKind
from ..steps import Step, Steps
from .convex import HOLLOW_SHARE, MOST_PIECES, convex_pieces, cutting, hull_of, needs_cutting

Shapes = tuple[PlacedShape, ...]
MADE = ("PRIMITIVE", "CONVEX", "HULL")
"""Modes whose colliders are made from the visible shapes when the scene is read."""


def made_collision(shapes: Shapes, mode: str, primitive: str, quality: float) -> Shapes:
    """Colliders for the shapes of a part, in the frame of the shapes.

    mode: of `MADE`.  primitive: AUTO, BOX, CYLINDER, CAPSULE or SPHERE.  quality: 0 (few, rough) to 1 (many, close).
    The same shapes give the same colliders, from a cache.
    """
    if mode == "PRIMITIVE":
        return _primitive(shapes, primitive.lower())
    if mode == "HULL":
        return _hull(shapes)
    return _pieces(shapes, round(quality, 3))


def making_collision(shapes: Shapes, mode: str, primitive: str, quality: float) -> Steps[Shapes]:
    """`made_collision` in small steps."""
    if mode == "CONVEX":
        hollow, most = fineness(round(quality, 3))
        for placed in shapes:
            if _own_pieces(placed) is None:
                yield from cutting(placed.shape.mesh(), hollow, most)
    yield Step("Making colliders")
    return made_collision(shapes, mode, primitive, quality)


def fit_of(mode: str, primitive: str, quality: float) -> CollisionFit:
    """What an asset says of these settings of a part. mode: of `MADE`."""
    return CollisionFit(FitKind[mode], primitive.lower(), round(quality, 3))


def fineness(quality: float) -> tuple[float, int]:
    """Share of the size that a piece may leave hollow, and the most pieces, for a quality of 0 to 1.

    At 0.5 they are what the exporters use where nothing is said.
    """
    return HOLLOW_SHARE * 10.0 ** (0.5 - quality), round(MOST_PIECES * (8.0 / 3.0) ** (2.0 * quality - 1.0))


def _points(shapes: Shapes) -> Array:
    return np.concatenate([s.mesh().vertices for s in shapes])


@lru_cache(maxsize=256)
def _primitive(shapes: Shapes, kind: str) -> Shapes:
    return (fitted_primitive(_points(shapes), kind),)


@lru_cache(maxsize=256)
def _hull(shapes: Shapes) -> Shapes:
    hull = hull_of(np.unique(_points(shapes).round(9), axis=0))
    if hull is None:  # flat: a thin box is the hull that simulators can take
        return _primitive(shapes, "box")
    return (PlacedShape(Mesh(hull)),)


@lru_cache(maxsize=256)
def _pieces(shapes: Shapes, quality: float) -> Shapes:
    found: list[PlacedShape] = []
    hollow, most = fineness(quality)
    for placed in shapes:
        own = _own_pieces(placed)
        if own is not None:
            found.extend(own)
            continue
        found.extend(
            PlacedShape(Mesh(p), placed.pose) for p in convex_pieces(placed.shape.mesh(), hollow, most)
        )
    return tuple(found)


def _own_pieces(placed: PlacedShape) -> Shapes | None:
    """Convex pieces that a shape has by itself: boxes, cylinders and the like are exact already. None = cut it."""
    if needs_cutting(placed):
        return None
    own = tuple(placed.colliders())
    return own if all(p.shape.kind != "mesh" for p in own) or len(own) == 1 else None
