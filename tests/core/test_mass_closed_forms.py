# SPDX-License-Identifier: GPL-3.0-or-later
"""Volume, centre and inertia against three independent oracles: trimesh, Monte Carlo and MuJoCo."""

from __future__ import annotations

import math
from collections.abc import Callable

import mujoco
import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Extrusion,
    HollowBox,
    MassProperties,
    Mesh,
    Pose,
    Revolution,
    Shape,
    TriangleMesh,
    Tube,
)
from tests.core.geometry_samples import BENT, BOTTLE, HOLES, L_OUTLINE, SAMPLES

POLYHEDRA = {
    name
    for name, shape in SAMPLES.items()
    if isinstance(shape, (Extrusion, HollowBox, Mesh)) or shape == Box((0.1, 0.2, 0.3))
}


@pytest.mark.parametrize("name", SAMPLES)
def test_against_trimesh_on_a_fine_mesh(name: str) -> None:
    shape = SAMPLES[name]
    body = shape.volume_properties()
    fine = shape.mesh(384)
    other = trimesh.Trimesh(fine.vertices, fine.faces, process=False)
    tolerance = 1e-9 if name in POLYHEDRA else 4e-4
    size = max(float(np.ptp(fine.vertices, axis=0).max()), 1e-9)
    assert body.mass == pytest.approx(other.volume, rel=tolerance)
    np.testing.assert_allclose(body.centre, other.center_mass, atol=tolerance * size)
    np.testing.assert_allclose(
        body.matrix, other.moment_inertia, atol=tolerance * float(np.trace(body.matrix))
    )
    assert body.problem() is None


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - POLYHEDRA))
def test_meshes_converge_to_the_closed_form(name: str) -> None:
    """The error of an inscribed mesh falls with the square of the detail: no constant remains."""
    shape = SAMPLES[name]
    exact = shape.volume_properties().mass

    def error(detail: int) -> float:
        mesh = shape.mesh(detail)
        return 1.0 - float(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).volume) / exact

    assert error(64) / error(128) == pytest.approx(4.0, rel=0.15)


def in_rounded_box(p: np.ndarray) -> np.ndarray:
    outside = np.abs(p) - (np.array([0.1, 0.2, 0.3]) / 2 - 0.02)
    return np.linalg.norm(np.maximum(outside, 0.0), axis=1) <= 0.02


def in_frustum(p: np.ndarray) -> np.ndarray:
    t = p[:, 2] / 0.3 + 0.5
    return (t >= 0) & (t <= 1) & (np.hypot(p[:, 0], p[:, 1]) <= 0.1 * (1 - t) + 0.05 * t)


def in_capsule(p: np.ndarray) -> np.ndarray:
    q = p.copy()
    q[:, 2] -= np.clip(q[:, 2], -0.15, 0.15)
    return np.linalg.norm(q, axis=1) <= 0.1


def in_ellipsoid(p: np.ndarray) -> np.ndarray:
    return ((p / [0.1, 0.2, 0.3]) ** 2).sum(axis=1) <= 1.0


def in_polygon(p: np.ndarray, ring: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Even-odd rule."""
    inside = np.zeros(len(p), bool)
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if ay != by:
            inside ^= ((p[:, 1] < ay) != (p[:, 1] < by)) & (
                p[:, 0] < ax + (p[:, 1] - ay) / (by - ay) * (bx - ax)
            )
    return inside


def in_plate(p: np.ndarray) -> np.ndarray:
    inside = in_polygon(p, L_OUTLINE) & (np.abs(p[:, 2]) <= 0.025)
    for hole in HOLES:
        inside &= ~in_polygon(p, hole)
    return inside


def in_bottle(p: np.ndarray) -> np.ndarray:
    return in_polygon(np.column_stack([np.hypot(p[:, 0], p[:, 1]), p[:, 2]]), BOTTLE)


def in_pipe(p: np.ndarray) -> np.ndarray:
    """In the cylinder of some segment, on that segment's side of the planes that halve its angles."""
    path = np.array(BENT)
    d = np.diff(path, axis=0)
    d = d / np.linalg.norm(d, axis=1, keepdims=True)
    cuts = [d[0], d[0] + d[1], d[1] + d[2], d[2]]
    inside = np.zeros(len(p), bool)
    for k in range(3):
        away = p - path[k]
        gap = np.linalg.norm(away - (away @ d[k])[:, None] * d[k], axis=1)
        inside |= (
            (gap <= 0.02) & (gap >= 0.015) & (away @ cuts[k] >= 0) & ((p - path[k + 1]) @ cuts[k + 1] <= 0)
        )
    return inside


def in_drawer(p: np.ndarray) -> np.ndarray:
    outer = (np.abs(p) <= [0.2, 0.25, 0.1]).all(axis=1)
    return outer & ~((np.abs(p[:, :2]) <= [0.19, 0.24]).all(axis=1) & (p[:, 2] >= -0.09))


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("rounded box", in_rounded_box),
        ("frustum", in_frustum),
        ("capsule", in_capsule),
        ("ellipsoid", in_ellipsoid),
        ("clockwise plate with holes", in_plate),
        ("bottle", in_bottle),
        ("bent pipe", in_pipe),
        ("drawer", in_drawer),
    ],
)
def test_against_monte_carlo(name: str, holds: Callable[[np.ndarray], np.ndarray]) -> None:
    """The solid as its docstring defines it, sampled: catches a mesh and a formula that share one mistake."""
    shape = SAMPLES[name]
    body = shape.volume_properties()
    low, high = shape.bounds()
    count = 400_000
    points = low + (high - low) * np.random.default_rng(0).random((count, 3))
    inside = points[holds(points)]
    share = len(inside) / count
    spread = math.sqrt((1 - share) / share / count)  # one standard deviation of the volume, relative
    size = float((high - low).max())
    assert body.mass == pytest.approx(share * float(np.prod(high - low)), rel=4.5 * spread)
    np.testing.assert_allclose(
        body.centre, inside.mean(axis=0), atol=4.5 * size * 0.6 / math.sqrt(len(inside))
    )
    away = inside - body.centre
    second = away.T @ away / len(inside) * body.mass
    sampled = np.trace(second) * np.eye(3) - second
    np.testing.assert_allclose(body.matrix, sampled, atol=6 * spread * np.trace(sampled))


def compiled(geom: str, assets: str = "") -> MassProperties:
    """What MuJoCo makes of a geom of density 1000, in the body's frame."""
    xml = (
        f"<mujoco><compiler boundmass='0' boundinertia='0'/><asset>{assets}</asset>"
        f"<worldbody><body>{geom}</body></worldbody></mujoco>"
    )
    model = mujoco.MjModel.from_xml_string(xml)
    turn = np.zeros(9)
    mujoco.mju_quat2Mat(turn, model.body_iquat[1])
    r = turn.reshape(3, 3)
    return MassProperties.of(model.body_mass[1], model.body_ipos[1], r @ np.diag(model.body_inertia[1]) @ r.T)


@pytest.mark.parametrize(
    ("shape", "geom"),
    [
        (Box((0.1, 0.2, 0.3)), "<geom type='box' size='.05 .1 .15'/>"),
        (Cylinder(0.1, 0.3), "<geom type='cylinder' size='.1 .15'/>"),
        (Capsule(0.1, 0.3), "<geom type='capsule' size='.1 .15'/>"),
        (Ellipsoid((0.1, 0.1, 0.1)), "<geom type='sphere' size='.1'/>"),
        (Ellipsoid((0.1, 0.2, 0.3)), "<geom type='ellipsoid' size='.1 .2 .3'/>"),
    ],
)
def test_primitives_against_mujoco(shape: Shape, geom: str) -> None:
    pose = Pose((0.1, -0.2, 0.3), (0.5, 0.1, 0.7, -0.3))
    place = f" pos='{' '.join(map(repr, pose.position))}' quat='{' '.join(map(repr, pose.quaternion))}'/>"
    theirs = compiled(geom.replace("/>", place))
    ours = shape.volume_properties().scaled(1000.0).moved(pose)
    assert ours.mass == pytest.approx(theirs.mass, rel=1e-9)
    np.testing.assert_allclose(ours.centre, theirs.centre, atol=1e-9)
    np.testing.assert_allclose(ours.matrix, theirs.matrix, rtol=1e-7, atol=1e-9 * np.trace(ours.matrix))


@pytest.mark.parametrize("name", ["plate", "tetrahedron"])
def test_meshes_against_mujoco(name: str) -> None:
    mesh = SAMPLES[name].mesh()
    vertices, faces = (
        " ".join(map(repr, mesh.vertices.reshape(-1).tolist())),
        " ".join(map(str, mesh.faces.reshape(-1))),
    )
    asset = f"<mesh name='m' inertia='exact' vertex='{vertices}' face='{faces}'/>"
    theirs = compiled("<geom type='mesh' mesh='m' density='1000'/>", asset)
    ours = SAMPLES[name].volume_properties().scaled(1000.0)
    assert ours.mass == pytest.approx(theirs.mass, rel=1e-5)
    np.testing.assert_allclose(ours.centre, theirs.centre, atol=1e-6)
    np.testing.assert_allclose(ours.matrix, theirs.matrix, atol=1e-5 * np.trace(ours.matrix))


def test_textbook_values() -> None:
    assert Cylinder(0.1, 0.3, 0.0).volume_properties().centre[2] == pytest.approx(-0.15 + 0.3 / 4)
    torus_like = Revolution(
        tuple((1 + 0.1 * math.cos(a), 0.1 * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 400)[:-1])
    )
    assert torus_like.volume_properties().mass == pytest.approx(2 * math.pi**2 * 0.01, rel=1e-4)  # Pappus
    ball = Capsule(0.1, 0.0).volume_properties()
    np.testing.assert_allclose(np.diag(ball.matrix), 0.4 * ball.mass * 0.01)
    assert ball.mass == pytest.approx(Ellipsoid((0.1, 0.1, 0.1)).volume_properties().mass)
    assert Box((0.2, 0.2, 0.2), 0.0998).volume_properties().mass == pytest.approx(
        4 / 3 * math.pi * 0.1**3, rel=0.02
    )


def test_equivalent_shapes_weigh_the_same() -> None:
    """The same body said in two ways."""
    pairs: list[tuple[Shape, Shape]] = [
        (Cylinder(0.1, 0.3, 0.05), Revolution(((0, -0.15), (0.1, -0.15), (0.05, 0.15), (0, 0.15)))),
        (Cylinder(0.02, 1.0), Tube(((0, 0, -0.5), (0, 0, 0.1), (0, 0, 0.5)), 0.02)),
        (Box((0.2, 0.4, 0.1)), Extrusion(((-0.1, -0.2), (0.1, -0.2), (0.1, 0.2), (-0.1, 0.2)), 0.1)),
        (
            HollowBox((0.2, 0.4, 0.1), 0.01, ("+z", "-z")),
            Extrusion(
                ((-0.1, -0.2), (0.1, -0.2), (0.1, 0.2), (-0.1, 0.2)),
                0.1,
                (((-0.09, -0.19), (0.09, -0.19), (0.09, 0.19), (-0.09, 0.19)),),
            ),
        ),
        (
            Tube(((0, 0, -0.1), (0, 0, 0.1)), 0.05, 0.04),
            Revolution(((0.04, -0.1), (0.05, -0.1), (0.05, 0.1), (0.04, 0.1))),
        ),
    ]
    for a, b in pairs:
        one, two = a.volume_properties(), b.volume_properties()
        assert one.mass == pytest.approx(two.mass, rel=1e-12)
        np.testing.assert_allclose(one.centre, two.centre, atol=1e-14)
        np.testing.assert_allclose(one.matrix, two.matrix, rtol=1e-10, atol=1e-16)


@given(scale=st.floats(1e-3, 1e2), name=st.sampled_from(["tetrahedron", "rounded box", "bottle", "drawer"]))
@settings(deadline=None, max_examples=40)
def test_mesh_integrals_hold_at_any_scale_and_place(scale: float, name: str) -> None:
    mesh = SAMPLES[name].mesh(16)
    reference = Mesh(mesh).volume_properties()
    moved = Mesh(TriangleMesh(mesh.vertices * scale + 50.0 * scale, mesh.faces)).volume_properties()
    assert moved.mass == pytest.approx(reference.mass * scale**3, rel=1e-9)
    np.testing.assert_allclose(
        moved.matrix, reference.matrix * scale**5, atol=1e-8 * np.trace(reference.matrix) * scale**5
    )


@given(
    position=st.tuples(*[st.floats(-5, 5)] * 3),
    quaternion=st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: sum(v * v for v in q) > 0.01),
)
@settings(deadline=None, max_examples=40)
def test_moving_a_body_and_moving_its_mesh_agree(
    position: tuple[float, float, float], quaternion: tuple[float, float, float, float]
) -> None:
    pose = Pose(position, quaternion)
    shape = SAMPLES["plate"]
    one = shape.volume_properties().moved(pose)
    two = Mesh(shape.mesh().transformed(pose)).volume_properties()
    assert one.mass == pytest.approx(two.mass, rel=1e-9)
    np.testing.assert_allclose(one.centre, two.centre, atol=1e-9)
    np.testing.assert_allclose(one.matrix, two.matrix, atol=1e-9 * np.trace(one.matrix))
