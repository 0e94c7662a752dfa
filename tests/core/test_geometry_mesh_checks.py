# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of meshes are found, and never make a wrong volume."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from physx_blender.geometry import (
    Box,
    Cylinder,
    Ellipsoid,
    HollowBox,
    Mesh,
    Revolution,
    TriangleMesh,
    is_convex,
    mesh_report,
)
from physx_blender.geometry.mesh_report import face_components
from tests.core.geometry_samples import BOTTLE, SAMPLES


def changed(mesh: TriangleMesh, faces: np.ndarray) -> TriangleMesh:
    return TriangleMesh(mesh.vertices, faces)


CUBE = Box((0.2, 0.2, 0.2)).mesh()


def test_sound_meshes_have_no_problems() -> None:
    for shape in SAMPLES.values():
        report = mesh_report(shape.mesh(16))
        assert report.problems() == ()
        assert report.solid


def test_open_edges() -> None:
    report = mesh_report(changed(CUBE, CUBE.faces[1:]))
    assert (report.open_edges, report.closed, report.solid) == (3, False, False)
    assert report.problems() == ("3 open edges",)
    assert mesh_report(TriangleMesh([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]])).problems() == (
        "3 open edges",
    )


def test_unjoined_vertices_at_one_place_are_joined() -> None:
    soup = TriangleMesh(CUBE.vertices[CUBE.faces].reshape(-1, 3), np.arange(36).reshape(-1, 3))
    assert mesh_report(soup).problems() == ()
    assert Mesh(soup).volume_properties().mass == pytest.approx(0.008)


def test_inverted() -> None:
    report = mesh_report(changed(CUBE, CUBE.faces[:, ::-1]))
    assert report.closed
    assert report.problems() == ("1 piece turned inside out",)
    two = TriangleMesh.join([CUBE, TriangleMesh(CUBE.vertices + 1.0, CUBE.faces[:, ::-1])])
    assert mesh_report(two).inverted_components == 1


def test_a_cavity_is_not_inverted() -> None:
    inner = TriangleMesh(CUBE.vertices * 0.5, CUBE.faces[:, ::-1])
    hollow = TriangleMesh.join([TriangleMesh(CUBE.vertices, CUBE.faces), inner])
    report = mesh_report(hollow)
    assert report.solid
    assert report.components == 2
    assert Mesh(hollow).volume_properties().mass == pytest.approx(0.008 - 0.001)
    assert not is_convex(hollow)


def test_one_flipped_face() -> None:
    faces = CUBE.faces.copy()
    faces[0] = faces[0, ::-1]
    report = mesh_report(changed(CUBE, faces))
    assert report.flipped_edges == 3
    assert report.problems() == ("3 edges whose faces disagree about the outside",)
    assert not report.solid


def test_more_than_two_faces_on_an_edge() -> None:
    wing = TriangleMesh(
        np.vstack([CUBE.vertices, [[1, 1, 1]]]), np.vstack([CUBE.faces, [[*CUBE.faces[0, :2], 8]]])
    )
    assert mesh_report(wing).non_manifold_edges == 1


def test_duplicate_and_degenerate_faces() -> None:
    twice = mesh_report(changed(CUBE, np.vstack([CUBE.faces, CUBE.faces[:1]])))
    assert twice.duplicate_faces == 1
    assert not twice.solid
    a, b, _ = CUBE.faces[0]
    flat = mesh_report(changed(CUBE, np.vstack([CUBE.faces, [[a, b, b]]])))
    assert flat.degenerate_faces == 1
    assert flat.problems() == ("1 face without area",)


def test_components() -> None:
    pair = TriangleMesh.join([CUBE, TriangleMesh(CUBE.vertices + 1.0, CUBE.faces, CUBE.uv)])
    labels = face_components(pair)
    assert sorted(np.bincount(labels)) == [12, 12]
    assert mesh_report(pair).components == 2


def test_against_trimesh_on_damaged_meshes() -> None:
    """Watertightness and consistency as another library sees them, on meshes with random damage."""
    generator = np.random.default_rng(3)
    for _ in range(60):
        mesh = SAMPLES[generator.choice(list(SAMPLES))].mesh(10)
        faces = mesh.faces.copy()
        for k in generator.integers(0, len(faces), generator.integers(0, 3)):
            faces[k] = faces[k, ::-1]
        if generator.random() < 0.4:
            faces = np.delete(faces, generator.integers(0, len(faces), 2), axis=0)
        report = mesh_report(changed(mesh, faces))
        other = trimesh.Trimesh(mesh.vertices, faces, process=False)
        assert (report.open_edges == 0 and report.non_manifold_edges == 0) == other.is_watertight
        assert report.closed == (other.is_watertight and other.is_winding_consistent)


def test_open_mesh_weighs_its_skin() -> None:
    lidless = changed(CUBE, CUBE.faces[2:])
    skin = Mesh(lidless, wall=0.002)
    assert skin.wall_thickness == 0.002
    assert skin.volume_properties().mass == pytest.approx(5 * 0.04 * 0.002)
    default = Mesh(lidless)
    assert default.wall_thickness == pytest.approx(0.01 * 0.2 * np.sqrt(3))
    assert default.volume_properties().mass == pytest.approx(5 * 0.04 * 0.002 * np.sqrt(3))
    inverted = Mesh(changed(CUBE, CUBE.faces[:, ::-1]), wall=0.001)
    assert inverted.volume_properties().mass == pytest.approx(6 * 0.04 * 0.001)


def test_thin_skin_agrees_with_a_thin_hollow_box() -> None:
    """The shell integrals against the exact solid of the same wall, as the wall gets thin."""
    wall = 1e-5
    solid = HollowBox((0.3, 0.2, 0.1), wall, ("+z",)).volume_properties()
    box = Box((0.3, 0.2, 0.1)).mesh()
    top = box.vertices[box.faces][:, :, 2].min(axis=1) > 0.04
    skin = Mesh(TriangleMesh(box.vertices, box.faces[~top]), wall).volume_properties()
    assert skin.mass == pytest.approx(solid.mass, rel=1e-3)
    np.testing.assert_allclose(skin.centre, solid.centre, atol=1e-4)
    np.testing.assert_allclose(skin.matrix, solid.matrix, atol=1e-3 * np.trace(solid.matrix))


def test_a_wall_never_weighs_more_than_the_solid() -> None:
    assert Mesh(CUBE, wall=0.001).volume_properties().mass == pytest.approx(0.04 * 6 * 0.001)
    assert Mesh(CUBE, wall=0.5).volume_properties().mass == pytest.approx(0.008)


def test_convexity() -> None:
    for name in (
        "box",
        "rounded box",
        "cylinder",
        "frustum",
        "cone",
        "ellipsoid",
        "capsule",
        "tetrahedron",
        "rod",
    ):
        assert is_convex(SAMPLES[name].mesh(16)), name
    for name in ("plate", "bottle", "ring", "drawer", "bent bar", "closed hollow box"):
        assert not is_convex(SAMPLES[name].mesh(16)), name
    assert not is_convex(changed(CUBE, CUBE.faces[:, ::-1]))
    assert not is_convex(changed(CUBE, CUBE.faces[1:]))
    assert is_convex(Ellipsoid((1e-3, 1e-3, 1e-3)).mesh())
    assert is_convex(Cylinder(10.0, 1e-3).mesh())
    assert not is_convex(Revolution(BOTTLE).mesh())
