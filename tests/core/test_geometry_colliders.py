# SPDX-License-Identifier: GPL-3.0-or-later
"""Collision pieces: convex, where the shape is, and never in its hollows."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    HollowBox,
    Mesh,
    PlacedShape,
    Pose,
    Revolution,
    Shape,
    Tube,
    is_convex,
    mesh_report,
)
from physx_blender.geometry.mesh_integrals import face_vectors
from tests.core.geometry_samples import ARC, SAMPLES


def inside(placed: PlacedShape, points: np.ndarray, margin: float = 0.0) -> np.ndarray:
    """Which points lie in a convex collider grown by `margin`."""
    p = placed.pose.inverse().apply(points)
    shape = placed.shape
    if isinstance(shape, Box):
        return (np.abs(p) <= np.array(shape.size) / 2 + margin).all(axis=1)
    if isinstance(shape, Cylinder):
        return (np.hypot(p[:, 0], p[:, 1]) <= shape.radius + margin) & (
            np.abs(p[:, 2]) <= shape.height / 2 + margin
        )
    if isinstance(shape, Capsule):
        half = shape.length / 2
        return np.linalg.norm(p - np.clip(p[:, 2:], -half, half) * [0, 0, 1], axis=1) <= shape.radius + margin
    if isinstance(shape, Ellipsoid):
        return ((p / (np.array(shape.radii) + margin)) ** 2).sum(axis=1) <= 1.0
    assert isinstance(shape, Mesh)
    normal = face_vectors(shape.triangles)
    normal = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    offset = np.einsum("ij,ij->i", normal, shape.triangles.vertices[shape.triangles.faces[:, 0]])
    return (p @ normal.T <= offset + margin).all(axis=1)


def any_inside(pieces: tuple[PlacedShape, ...], points: np.ndarray, margin: float = 0.0) -> np.ndarray:
    result = np.zeros(len(points), bool)
    for piece in pieces:
        result |= inside(piece, points, margin)
    return result


@pytest.mark.parametrize("name", SAMPLES)
def test_pieces_are_simple_convex_and_within_bounds(name: str) -> None:
    shape = SAMPLES[name]
    pieces = shape.colliders()
    assert pieces
    low, high = shape.bounds()
    for piece in pieces:
        part = piece.shape
        assert isinstance(part, (Box, Cylinder, Capsule, Ellipsoid, Mesh))
        if isinstance(part, Box):
            assert part.bevel == 0.0
        if isinstance(part, Cylinder):
            assert part.top == part.radius
        if isinstance(part, Mesh):
            assert is_convex(part.triangles)
        vertices = piece.mesh(64).vertices
        assert (vertices >= low - 1e-9).all()
        assert (vertices <= high + 1e-9).all()


@pytest.mark.parametrize("name", SAMPLES)
def test_pieces_fill_the_shape(name: str) -> None:
    """Volume of the union, sampled; wedges of thin round walls lose a little to their flat sides."""
    shape = SAMPLES[name]
    low, high = shape.bounds()
    points = low + (high - low) * np.random.default_rng(1).random((60_000, 3))
    union = any_inside(shape.colliders(), points).mean() * float(np.prod(high - low))
    exact = shape.volume_properties().mass
    least = {"bent pipe": 0.65, "bottle": 0.75, "clockwise bottle": 0.75, "ring": 0.8, "bow handle": 0.9}.get(
        name, 0.95
    )
    assert least * exact < union < 1.06 * exact


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("box", Box((0.1, 0.2, 0.3))),
        ("cylinder", Cylinder(0.1, 0.3)),
        ("capsule", Capsule(0.1, 0.3)),
        ("ellipsoid", Ellipsoid((0.1, 0.2, 0.3))),
    ],
)
def test_primitives_stay_primitives(name: str, shape: Shape) -> None:
    assert SAMPLES[name].colliders() == (PlacedShape(shape),)
    assert Box(Box((0.1, 0.2, 0.3)).size, 0.01).colliders() == (PlacedShape(Box((0.1, 0.2, 0.3))),)


def hand_touches(pieces: tuple[PlacedShape, ...], centre: tuple[float, float, float]) -> int:
    """Contacts in MuJoCo between a ball of 10 cm across ("a hand") and the colliders."""
    assets, geoms = [], []
    for k, piece in enumerate(pieces):
        place = f"pos='{' '.join(map(repr, piece.pose.position))}' quat='{' '.join(map(repr, piece.pose.quaternion))}'"
        shape = piece.shape
        if isinstance(shape, Box):
            geoms.append(f"<geom type='box' size='{' '.join(repr(v / 2) for v in shape.size)}' {place}/>")
        elif isinstance(shape, Cylinder):
            geoms.append(f"<geom type='cylinder' size='{shape.radius!r} {shape.height / 2!r}' {place}/>")
        else:
            # MuJoCo moves a mesh to its own centre; refpos and a unit quaternion in the asset cannot stop that, but the
            # geom's place is given for the mesh as it was read
            flat = " ".join(map(repr, shape.mesh().vertices.reshape(-1).tolist()))
            assets.append(f"<mesh name='m{k}' vertex='{flat}' inertia='convex'/>")
            geoms.append(f"<geom type='mesh' mesh='m{k}' {place}/>")
    ball = f"<body pos='{' '.join(map(repr, centre))}'><freejoint/><geom type='sphere' size='.05'/></body>"
    xml = f"<mujoco><asset>{''.join(assets)}</asset><worldbody>{''.join(geoms)}{ball}</worldbody></mujoco>"
    model = mujoco.MjModel.from_xml_string(xml)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    return int(data.ncon)


@pytest.mark.parametrize(
    ("shape", "centre", "outside"),
    [
        (HollowBox((0.4, 0.5, 0.13), 0.012, ("+z",)), (0.0, 0.0, 0.0), (0.0, 0.0, -0.05)),
        (HollowBox((0.4, 0.5, 0.13), 0.012, ("+z",)), (0.137, -0.187, 0.0), (0.15, -0.187, 0.0)),
        (HollowBox((0.6, 0.4, 0.8), 0.018, ("-y",)), (0.2, -0.2, 0.3), (0.26, -0.2, 0.3)),
        # a pot of 12 cm inside with a bottom
        (
            Revolution(((0, 0), (0.064, 0), (0.064, 0.1), (0.06, 0.1), (0.06, 0.004), (0, 0.004))),
            (0.0, 0.0, 0.06),
            (0.015, 0.0, 0.06),
        ),
        # a waste pipe that a hand reaches into
        (Tube(((0, 0, 0), (0, 0, 0.3), (0, 0.2, 0.5)), 0.065, 0.058), (0.0, 0.0, 0.1), (0.02, 0.0, 0.1)),
    ],
)
def test_a_hand_fits_into_hollow_things(
    shape: Shape, centre: tuple[float, float, float], outside: tuple[float, float, float]
) -> None:
    pieces = shape.colliders()
    assert hand_touches(pieces, centre) == 0
    assert hand_touches(pieces, outside) > 0, "the wall is there all the same"


def test_walls_of_a_hollow_box_do_not_overlap() -> None:
    shape = HollowBox((0.4, 0.5, 0.13), 0.012, ("+z",))
    pieces = shape.colliders()
    assert len(pieces) == 5
    volume = sum(p.volume_properties().mass for p in pieces)
    assert volume == pytest.approx(shape.volume_properties().mass, rel=1e-12)


def test_wedges_leave_the_bore_free_and_stay_inside_the_surface() -> None:
    pieces = Revolution(((0.04, 0), (0.05, 0), (0.05, 0.1), (0.04, 0.1))).colliders()
    assert len(pieces) == 16
    vertices = np.concatenate([p.mesh().vertices for p in pieces])
    assert np.hypot(vertices[:, 0], vertices[:, 1]).max() <= 0.05 + 1e-12
    angle = np.linspace(0, 2 * math.pi, 1000)
    bore = np.column_stack([0.0399 * np.cos(angle), 0.0399 * np.sin(angle), np.full(1000, 0.05)])
    assert not any_inside(pieces, bore).any()
    middle = bore * [0.0455 / 0.0399, 0.0455 / 0.0399, 1.0]
    assert any_inside(pieces, middle, 1e-9).all(), "the ring has no gap"


def test_capsules_of_a_bar_stay_inside_its_flat_ends() -> None:
    for piece in Tube(((0, 0, 0), (0, 0, 0.003), (0, 0, 0.2), (0, 0.2, 0.2)), 0.02).colliders():
        assert piece.mesh(64).vertices[:, 2].min() >= -1e-9
        assert piece.mesh(64).vertices[:, 1].max() <= 0.2 + 1e-9
    short = Tube(((0, 0, 0), (0, 0, 0.001), (0, 0.0001, 0.002)), 0.01).colliders()
    assert {type(p.shape) for p in short} == {Cylinder}


def test_a_fine_path_does_not_make_many_capsules() -> None:
    fine = Tube(tuple((0.1 * math.cos(a / 40), 0.0, 0.1 * math.sin(a / 40)) for a in range(126)), 0.008)
    assert len(fine.colliders()) <= 16  # of 125 segments
    assert len(Tube(ARC, 0.008).colliders()) <= 12


def test_placed_colliders_follow_their_shape() -> None:
    pose = Pose((1.0, 2.0, 3.0), (math.sqrt(0.5), 0.0, math.sqrt(0.5), 0.0))
    placed = PlacedShape(SAMPLES["drawer"], pose)
    own = np.concatenate([p.mesh().vertices for p in SAMPLES["drawer"].colliders()])
    moved = np.concatenate([p.mesh().vertices for p in placed.colliders()])
    np.testing.assert_allclose(moved, pose.apply(own), atol=1e-12)


def _profile(inner: list[float], outer: list[float], solid: bool) -> tuple[tuple[float, float], ...]:
    """Simple by construction: a wall of some thickness at each height."""
    heights = [0.03 * k for k in range(len(outer))]
    outside = [(0.05 + 0.05 * r, z) for r, z in zip(outer, heights, strict=True)]
    if solid:
        return ((0.0, 0.0), *outside, (0.0, heights[-1]))
    inside = [(r - 0.001 - 0.03 * t, z) for (r, z), t in zip(outside, inner, strict=True)]
    return (*outside, *inside[::-1])


unit_list = st.integers(2, 8).flatmap(
    lambda n: st.tuples(*[st.lists(st.floats(0, 1), min_size=n, max_size=n)] * 2)
)


@given(walls=unit_list, solid=st.booleans())
@settings(deadline=None, max_examples=60)
def test_turned_bodies_have_sound_pieces(walls: tuple[list[float], list[float]], solid: bool) -> None:
    shape = Revolution(_profile(walls[0], walls[1], solid))
    assert mesh_report(shape.mesh(12)).solid
    pieces = shape.colliders()
    for piece in pieces:
        if isinstance(piece.shape, Mesh):
            assert is_convex(piece.shape.triangles)
    vertices = np.concatenate([p.mesh(48).vertices for p in pieces])
    low, high = shape.bounds()
    assert (vertices >= low - 1e-9).all()
    assert (vertices <= high + 1e-9).all()
    if solid:
        assert len(pieces) <= len(walls[1])
        assert sum(p.volume_properties().mass for p in pieces) == pytest.approx(
            shape.volume_properties().mass, rel=0.03
        )
    else:
        assert len(pieces) <= 16 * len(walls[1])


def test_smooth_vessels_have_few_pieces() -> None:
    z = np.linspace(0.0, 0.3, 60)
    r = 0.05 + 0.02 * np.sin(z * 20)
    profile = [(0.0, 0.0), *zip(r, z, strict=True), *zip(r[::-1] - 0.004, z[::-1] + 1e-4, strict=True)]
    pieces = Revolution((*profile[:-1], (r[0] - 0.004, 0.005), (0.0, 0.005))).colliders()
    assert len(pieces) <= 16 * 14
    free = np.column_stack([0.6 * r, np.zeros(60), z])[3:-1]
    assert not any_inside(pieces, free).any()


def test_a_solid_baluster_needs_no_rings() -> None:
    z = np.linspace(0.0, 0.8, 40)
    r = 0.03 + 0.01 * np.sin(z * 25)
    pieces = Revolution(((0.0, 0.0), *zip(r, z, strict=True), (0.0, 0.8))).colliders()
    assert len(pieces) < 20
