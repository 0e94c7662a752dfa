# SPDX-License-Identifier: GPL-3.0-or-later
"""A joint is guessed from geometry: the true one comes first for clear cases, and early for all."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from physx_blender.errors import AssetError
from physx_blender.geometry import Box, Cylinder, Ellipsoid, HollowBox, Pose, Shape, TriangleMesh
from physx_blender.geometry.joint_guess import JointGuess, guess_joint
from physx_blender.geometry.pose import Vec3, rotation_between

Meshes = list[TriangleMesh]


def at(shape: Shape, x: float, y: float, z: float, up: Vec3 = (0.0, 0.0, 1.0)) -> TriangleMesh:
    return shape.mesh().transformed(Pose((x, y, z), rotation_between((0.0, 0.0, 1.0), up)))


def cabinet() -> Meshes:
    return [at(HollowBox((0.6, 0.4, 0.8), 0.018, ("-y",)), 0, 0, 0.4)]


def door(hinged: float) -> Meshes:
    """A door over the whole front, with a knob at the side away from the hinge."""
    slab = at(Box((0.59, 0.018, 0.79)), 0, -0.21, 0.4)
    return [slab, at(Cylinder(0.012, 0.03), -hinged * 0.26, -0.235, 0.42, (0, -1, 0))]


def table() -> Meshes:
    return [
        at(Box((0.6, 0.4, 0.02)), 0, 0, 0.71),
        at(Box((0.6, 0.4, 0.02)), 0, 0, 0.55),
        at(Box((0.02, 0.4, 0.14)), -0.29, 0, 0.63),
        at(Box((0.02, 0.4, 0.14)), 0.29, 0, 0.63),
        at(Box((0.56, 0.02, 0.14)), 0, 0.19, 0.63),
    ]


CASES: dict[str, tuple[Meshes, Meshes, str, Vec3, Vec3 | None]] = {
    # child, parent, kind, axis that opens, a point on it
    "door hinged left": (door(-1), cabinet(), "hinge", (0, 0, -1), (-0.295, -0.201, 0)),
    "door hinged right": (door(1), cabinet(), "hinge", (0, 0, 1), (0.295, -0.201, 0)),
    "drawer": (
        [at(HollowBox((0.55, 0.37, 0.12), 0.01, ("+z",)), 0, -0.01, 0.63)],
        table(),
        "slide",
        (0, -1, 0),
        None,
    ),
    "lid of a box": (
        [at(Box((0.4, 0.3, 0.015)), 0, 0, 0.2085)],
        [at(HollowBox((0.4, 0.3, 0.2), 0.01, ("+z",)), 0, 0, 0.1)],
        "hinge",
        (-1, 0, 0),
        (0, 0.15, 0.201),
    ),
    "wheel on an axle": (
        [at(Cylinder(0.3, 0.06), 0.2, 0, 0.3, (1, 0, 0))],
        [at(Cylinder(0.02, 0.5), 0, 0, 0.3, (1, 0, 0)), at(Box((0.2, 0.8, 0.1)), 0, 0, 0.4)],
        "hinge",
        (1, 0, 0),
        (0, 0, 0.3),
    ),
    "dial on a front": (
        [
            at(Cylinder(0.02, 0.02), 0.15, -0.2105, 0.3, (0, -1, 0)),
            at(Box((0.006, 0.01, 0.03)), 0.15, -0.225, 0.3),
        ],
        [at(Box((0.5, 0.4, 0.4)), 0, 0, 0.2)],
        "hinge",
        (0, -1, 0),
        (0.15, 0, 0.3),
    ),
    "flap hinged at the bottom": (
        [at(Box((0.55, 0.02, 0.3)), 0, -0.211, 0.2), at(Box((0.4, 0.015, 0.015)), 0, -0.235, 0.33)],
        [at(HollowBox((0.6, 0.4, 0.4), 0.02, ("-y",)), 0, 0, 0.2)],
        "hinge",
        (1, 0, 0),
        (0, -0.201, 0.05),
    ),
    "button on a plate": (
        [at(Cylinder(0.015, 0.006), 0, -0.015, 0.1, (0, -1, 0))],
        [at(Box((0.2, 0.02, 0.2)), 0, 0, 0.1)],
        "slide",
        (0, -1, 0),
        None,
    ),
}


def is_right(guess: JointGuess, axis: Vec3, point: Vec3 | None, size: float, *, either_way: bool) -> bool:
    cosine = float(np.dot(guess.axis, axis))
    if (abs(cosine) if either_way else cosine) < math.cos(math.radians(5.0)):
        return False
    if point is None:
        return True
    shift = np.array(guess.anchor) - point
    return float(np.linalg.norm(shift - np.dot(shift, axis) * np.array(axis))) <= 0.05 * size


def diagonal(meshes: Meshes) -> float:
    return float(np.linalg.norm(np.ptp(np.concatenate([m.vertices for m in meshes]), axis=0)))


@pytest.mark.parametrize("name", CASES)
def test_clear_cases_are_guessed_at_once(name: str) -> None:
    child, parent, kind, axis, point = CASES[name]
    first = guess_joint(child, parent, kind)[0]
    both = name in ("wheel on an axle",)  # it turns either way
    assert is_right(first, axis, point, diagonal(child), either_way=both), first


@pytest.mark.parametrize("name", CASES)
def test_where_the_asset_stands_and_how_large_it_is_does_not_matter(name: str) -> None:
    child, parent, kind, axis, point = CASES[name]
    scale, shift = 7.0, np.array([3.0, -2.0, 5.0])
    moved = [
        [TriangleMesh(m.vertices * scale + shift, m.faces) for m in meshes] for meshes in (child, parent)
    ]
    found = guess_joint(moved[0], moved[1], kind)
    there = None if point is None else tuple(np.array(point) * scale + shift)
    size = scale * diagonal(child)
    assert any(is_right(g, axis, there, size, either_way=True) for g in found[:3])  # type: ignore[arg-type]
    assert found[0].why == guess_joint(child, parent, kind)[0].why


def test_a_door_without_a_handle_hangs_at_one_of_its_sides() -> None:
    found = guess_joint(door(1)[:1], cabinet(), "hinge")
    sides = [
        any(is_right(g, (0, 0, 1), (x, -0.201, 0), 1.0, either_way=True) for g in found[:3])
        for x in (-0.295, 0.295)
    ]
    assert sides == [True, True]


def test_ranges_end_where_something_is_in_the_way() -> None:
    lid = guess_joint(*CASES["lid of a box"][:3])[0]
    assert lid.range is not None
    assert lid.range[0] == 0.0
    assert math.radians(85) < lid.range[1] < math.radians(125)
    drawer = guess_joint(*CASES["drawer"][:3])[0]
    assert drawer.range is not None
    assert 0.2 < drawer.range[1] < 0.37
    # a pane in a rail that ends 0.15 m to the right of it
    pane = [at(Box((0.3, 0.01, 0.4)), -0.15, 0, 0.2)]
    rail = [
        at(Box((0.8, 0.05, 0.02)), 0, 0, -0.011),
        at(Box((0.8, 0.05, 0.02)), 0, 0, 0.411),
        at(Box((0.05, 0.05, 0.4)), -0.326, 0, 0.2),
        at(Box((0.05, 0.05, 0.4)), 0.175, 0, 0.2),
    ]
    slide = guess_joint(pane, rail, "slide")[0]
    assert is_right(slide, (1, 0, 0), None, 1.0, either_way=False)
    assert slide.range == pytest.approx((0.0, 0.15), abs=0.005)
    button = guess_joint(*CASES["button on a plate"][:3])[0]
    assert button.range is not None
    assert -0.002 <= button.range[0] < 0.0 == button.range[1]


def test_other_kinds_have_a_guess_too() -> None:
    ball = guess_joint(
        [at(Ellipsoid((0.05, 0.05, 0.05)), 0, 0, 0.15)], [at(Box((0.2, 0.2, 0.2)), 0, 0, 0)], "ball"
    )[0]
    assert np.allclose(ball.anchor, (0, 0, 0.15), atol=0.005)
    wheel, axle = CASES["wheel on an axle"][:2]
    screw = guess_joint(wheel, axle, "cylindrical")[0]
    assert is_right(screw, (1, 0, 0), (0, 0, 0.3), 0.6, either_way=True)
    assert screw.travel is not None
    for kind in ("fixed", "free"):
        (only,) = guess_joint(wheel, axle, kind)
        assert only.range is None


def finer(mesh: TriangleMesh, times: int) -> TriangleMesh:
    """Every triangle cut in four, several times."""
    for _ in range(times):
        corners = mesh.vertices[mesh.faces]
        a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
        ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
        pieces = np.concatenate(
            [np.stack(t, axis=1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
        )
        mesh = TriangleMesh(pieces.reshape(-1, 3), np.arange(3 * len(pieces), dtype=np.int32).reshape(-1, 3))
    return mesh


@pytest.mark.parametrize("name", ["drawer", "lid of a box"])
def test_dense_meshes_give_the_same_joint_and_take_no_longer_than_a_moment(name: str) -> None:
    child, parent, kind, axis, point = CASES[name]
    dense = [[finer(m, 5) for m in meshes] for meshes in (child, parent)]
    assert sum(len(m.faces) for m in dense[1]) > 20_000
    start = time.process_time()
    first = guess_joint(dense[0], dense[1], kind)[0]
    # a fraction of a second on an idle machine
    assert time.process_time() - start < 3.0
    assert is_right(first, axis, point, diagonal(child), either_way=False), first


def test_the_same_bodies_give_the_same_guesses() -> None:
    child, parent, kind = CASES["drawer"][:3]
    assert guess_joint(child, parent, kind) == guess_joint(child, parent, kind)


def test_nothing_to_look_at_is_refused() -> None:
    with pytest.raises(AssetError, match="no geometry"):
        guess_joint([], cabinet(), "hinge")
    with pytest.raises(ValueError, match="spring"):
        guess_joint(door(1), cabinet(), "spring")
