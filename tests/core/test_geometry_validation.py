# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong shapes are refused with a sentence that names the place."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from physx_blender.errors import AssetError
from physx_blender.geometry import (
    SHAPE_KINDS,
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Extrusion,
    HollowBox,
    Mesh,
    Pose,
    Revolution,
    TriangleMesh,
    Tube,
)
from tests.core.geometry_samples import L_OUTLINE, tetrahedron

SQUARE = ((0, 0), (1, 0), (1, 1), (0, 1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Box((1, 2)), "box size: needs three numbers"),
        (lambda: Box((1, 0, 1)), "box: a side must be from 1e-06 to 10000 m, got 0"),
        (lambda: Box((1, math.nan, 1)), "not finite"),
        (lambda: Box((1, 1, 0.1), 0.05), "bevel 0.05 m must be below half of the smallest side 0.1 m"),
        (lambda: Box((1, 1, 1), -0.1), "bevel must be 0 or from"),
        (lambda: Cylinder(-1, 1), "cylinder: radius must be"),
        (lambda: Cylinder(1, "tall"), "height must be a number of metres, got 'tall'"),
        (lambda: Cylinder(1, 1, -0.1), "top radius must be 0 or from"),
        (lambda: Ellipsoid((1, 1, 1e9)), "a radius must be from"),
        (lambda: Capsule(0.1, -1), "capsule: length must be 0 or from"),
        (lambda: Tube(((0, 0, 0),), 0.1), "path needs 2 to 2000 points, got 1"),
        (lambda: Tube(((0, 0, 0), (0, 0)), 0.1), "path, point 1 must be 3 numbers"),
        (lambda: Tube(((0, 0, 0), (0, 0, 0)), 0.1), "points 0 and 1 are the same"),
        (lambda: Tube(((0, 0, 0), (0, 0, 1), (0, 0, 0.5)), 0.1), "turns back on itself at point 1"),
        (lambda: Tube(((0, 0, 0), (0, 0, 1), (0, 1, 1), (0, 0, 0)), 0.1), "use a Revolution for a ring"),
        (
            lambda: Tube(((0, 0, 0), (0, 0, 1), (0, 0.1, 1), (0, 0.1, 0)), 0.1),
            "bend beside segment 1 is too sharp",
        ),
        (lambda: Tube(((0, 0, 0), (0, 0, 1)), 0.1, 0.1), "inner radius 0.1 m must be below the radius"),
        (lambda: Extrusion(SQUARE[:2], 1), "outline needs 3 to 2000 points, got 2"),
        (
            lambda: Extrusion(((0, 0), (1, 1), (1, 0), (0, 1)), 1),
            "extrusion: outline crosses or touches itself",
        ),
        (lambda: Extrusion(SQUARE, 1, (((2, 2), (3, 2), (3, 3)),)), "hole 0 is outside the outline"),
        (
            lambda: Extrusion(
                SQUARE, 1, (((0.1, 0.1), (0.9, 0.1), (0.5, 0.9)), ((0.4, 0.2), (0.6, 0.2), (0.5, 0.4)))
            ),
            "hole 1 is inside another hole",
        ),
        (lambda: Revolution(((0, 0), (-1, 0), (0, 1))), "profile, point 1: the radius -1 is negative"),
        (lambda: Revolution(((0, 0), (1, 0), (0.5, 0))), "encloses no area"),
        (lambda: HollowBox((1, 1, 1), 0.5), "walls of 0.5 m leave no inside along x"),
        (lambda: HollowBox((1, 1, 1), 0.1, ("top",)), "open face 'top' is not one of -x"),
        (lambda: HollowBox((1, 1, 1), 0.1, "+z"), r"open faces must be a list such as \('\+z',\)"),
        (lambda: HollowBox((1, 1, 1), 0.1, ("+z", "+z")), "named twice"),
        (lambda: HollowBox((1, 1, 1), 0.1, ("+x", "-x", "+y", "-y", "+z", "-z")), "all six faces are open"),
        (lambda: Mesh(tetrahedron(), wall=-1), "mesh: wall must be from"),
        (lambda: TriangleMesh([[0, 0, 0]], [[0, 0, 1]]), "names a vertex it does not have"),
        (lambda: TriangleMesh([[0, 0, math.inf]] * 3, [[0, 1, 2]]), "vertex that is not finite"),
        (lambda: TriangleMesh([[0, 0, 0]] * 3, np.zeros((0, 3))), "has no faces"),
        (lambda: TriangleMesh([[0, 0, 0]] * 3, [[0, 1, 2]], [[0, 0]]), "needs finite uv of shape"),
        (lambda: Pose((0, 0, 0), (0, 0, 0, 0)), "is not a rotation"),
        (lambda: Pose((0, 0)), "pose position: needs three numbers"),
    ],
)
def test_messages(make: Callable[[], object], message: str) -> None:
    with pytest.raises(AssetError, match=message) as caught:
        make()
    assert caught.value.where


def test_lists_and_integers_become_tuples_of_floats() -> None:
    """What comes from JSON makes the same shape."""
    assert Box([1, 2, 3]) == Box((1.0, 2.0, 3.0))  # type: ignore[arg-type]
    assert Extrusion([list(p) for p in L_OUTLINE], 1) == Extrusion(L_OUTLINE, 1.0)  # type: ignore[arg-type]
    assert Tube([[0, 0, 0], [0, 0, 1]], 0.1) == Tube(((0.0, 0.0, 0.0), (0.0, 0.0, 1.0)), 0.1)  # type: ignore[arg-type]
    assert isinstance(hash(HollowBox([1, 1, 1], 0.1, ["+z"])), int)  # type: ignore[arg-type]


def test_kinds_are_the_classes() -> None:
    assert set(SHAPE_KINDS) == {
        "box",
        "cylinder",
        "ellipsoid",
        "capsule",
        "tube",
        "extrusion",
        "revolution",
        "hollow_box",
        "mesh",
    }
    assert all(cls.kind == kind for kind, cls in SHAPE_KINDS.items())


def test_rounding_at_the_axis_leaves_no_hole() -> None:
    assert Revolution(((1e-17, 0), (1, 0), (-1e-17, 1))).profile == ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
