# SPDX-License-Identifier: GPL-3.0-or-later
"""One or more examples of every shape, for the geometry tests."""

from __future__ import annotations

import math

from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Extrusion,
    HollowBox,
    Mesh,
    Revolution,
    Shape,
    TriangleMesh,
    Tube,
)

L_OUTLINE = ((0.0, 0.0), (0.3, 0.0), (0.3, 0.1), (0.1, 0.1), (0.1, 0.3), (0.0, 0.3))
HOLES = (((0.02, 0.02), (0.05, 0.02), (0.05, 0.05)), ((0.15, 0.02), (0.25, 0.03), (0.2, 0.08)))
BENT = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.2), (0.3, 0.1, 0.3), (0.3, 0.4, 0.3))
BOTTLE = (
    (0.0, 0.0),
    (0.05, 0.0),
    (0.06, 0.1),
    (0.05, 0.2),
    (0.045, 0.2),
    (0.055, 0.1),
    (0.045, 0.01),
    (0.0, 0.01),
)
ARC = tuple((0.1 * math.cos(a * math.pi / 12), 0.0, 0.1 * math.sin(a * math.pi / 12)) for a in range(13))


def tetrahedron(size: float = 0.2) -> TriangleMesh:
    """Closed, outward."""
    return TriangleMesh(
        [[0, 0, 0], [size, 0, 0], [0, size, 0], [0, 0, size]], [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]
    )


SAMPLES: dict[str, Shape] = {
    "box": Box((0.1, 0.2, 0.3)),
    "rounded box": Box((0.1, 0.2, 0.3), 0.02),
    "cylinder": Cylinder(0.1, 0.3),
    "frustum": Cylinder(0.1, 0.3, 0.05),
    "wide frustum": Cylinder(0.05, 0.02, 0.1),
    "cone": Cylinder(0.1, 0.3, 0.0),
    "ellipsoid": Ellipsoid((0.1, 0.2, 0.3)),
    "capsule": Capsule(0.1, 0.3),
    "ball": Capsule(0.1, 0.0),
    "rod": Tube(((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), 0.02),
    "bent bar": Tube(BENT, 0.02),
    "bent pipe": Tube(BENT, 0.02, 0.015),
    "bow handle": Tube(ARC, 0.008),
    "plate": Extrusion(L_OUTLINE, 0.05),
    "clockwise plate with holes": Extrusion(L_OUTLINE[::-1], 0.05, HOLES),
    "bottle": Revolution(BOTTLE),
    "clockwise bottle": Revolution(BOTTLE[::-1]),
    "ring": Revolution(((0.1, 0.0), (0.12, 0.0), (0.12, 0.02), (0.1, 0.02))),
    "closed hollow box": HollowBox((0.3, 0.4, 0.2), 0.01),
    "drawer": HollowBox((0.4, 0.5, 0.2), 0.01, ("+z",)),
    "corner": HollowBox((0.3, 0.4, 0.2), 0.01, ("+z", "-y", "+x")),
    "duct": HollowBox((0.3, 0.4, 0.2), 0.01, ("+z", "-z")),
    "shelf": HollowBox((0.3, 0.4, 0.2), 0.01, ("+z", "-y")),
    "two panels": HollowBox((0.3, 0.4, 0.2), 0.01, ("+x", "-x", "+y", "-y")),
    "one panel": HollowBox((0.3, 0.4, 0.2), 0.01, ("+x", "-x", "+y", "-y", "+z")),
    "tetrahedron": Mesh(tetrahedron()),
}
