# SPDX-License-Identifier: GPL-3.0-or-later
"""Repairs of surfaces, judged by an independent library."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from physx_blender.errors import AssetError
from physx_blender.geometry import Box, Cylinder, Ellipsoid, HollowBox, Mesh, Shape, TriangleMesh, Tube
from physx_blender.geometry.mesh_repair import (
    turned_outwards,
    with_holes_filled,
    without_copies,
    without_needles,
)
from physx_blender.geometry.mesh_report import mesh_report, welded

SHAPES: dict[str, Shape] = {
    "box": Box((0.1, 0.2, 0.3)),
    "cylinder": Cylinder(0.1, 0.3),
    "ball": Ellipsoid((0.1, 0.1, 0.1)),
    "pipe": Tube(((0, 0, 0), (0, 0, 0.2), (0.3, 0.1, 0.3)), 0.03, 0.02),
    "drawer": HollowBox((0.4, 0.5, 0.2), 0.02, ("+z",)),
}


def oracle(mesh: TriangleMesh) -> trimesh.Trimesh:
    return trimesh.Trimesh(np.array(mesh.vertices), np.array(mesh.faces), process=True)


def body(name: str) -> TriangleMesh:
    return welded(TriangleMesh(SHAPES[name].mesh().vertices, SHAPES[name].mesh().faces))


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("seed", range(4))
def test_holes_of_any_shape_are_closed(name: str, seed: int) -> None:
    whole = body(name)
    generator = np.random.default_rng(seed)
    centre = whole.vertices[generator.integers(len(whole.vertices))]
    near = np.argsort(np.linalg.norm(whole.vertices[whole.faces].mean(axis=1) - centre, axis=1))
    gone = near[: max(1, len(near) // 12)]
    torn = TriangleMesh(whole.vertices, np.delete(whole.faces, gone, axis=0))
    closed = with_holes_filled(torn)
    assert oracle(closed).is_watertight
    assert oracle(closed).is_winding_consistent
    assert mesh_report(closed).open_edges == 0


def test_texture_coordinates_survive() -> None:
    whole = SHAPES["box"].mesh()
    assert whole.uv is not None
    torn = TriangleMesh(whole.vertices, whole.faces[:-1], whole.uv[:-1])
    closed = with_holes_filled(torn)
    assert closed.uv is not None
    assert closed.uv.shape == (len(closed.faces), 3, 2)
    assert mesh_report(closed).solid


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_faces_turned_at_random_look_outwards_again(name: str, seed: int) -> None:
    whole = body(name)
    turned = np.random.default_rng(seed).random(len(whole.faces)) < 0.4
    mixed = TriangleMesh(whole.vertices, np.where(turned[:, None], whole.faces[:, ::-1], whole.faces))
    found = turned_outwards(mixed)
    assert mesh_report(found).solid
    assert oracle(found).volume == pytest.approx(oracle(whole).volume, rel=1e-9)


def test_a_cavity_stays_a_cavity() -> None:
    outer, inner = body("box"), Box((0.05, 0.1, 0.1)).mesh()
    shell = welded(TriangleMesh.join([outer, TriangleMesh(inner.vertices, inner.faces[:, ::-1])]))
    found = turned_outwards(TriangleMesh(shell.vertices, shell.faces))
    assert Mesh(found).volume_properties().mass == pytest.approx(0.006 - 0.0005, rel=1e-9)


def test_a_moebius_strip_has_no_outside() -> None:
    n = 24
    angle = np.linspace(0.0, 2.0 * np.pi, n, endpoint=False)
    points = []
    for side in (-0.1, 0.1):
        radius = 1.0 + side * np.cos(angle / 2.0)
        points.append(
            np.stack([radius * np.cos(angle), radius * np.sin(angle), side * np.sin(angle / 2.0)], axis=1)
        )
    faces = []
    for k in range(n):
        a, b = k, n + k
        c, d = (k + 1, n + k + 1) if k + 1 < n else (n, 0)  # the strip closes with a half turn
        faces += [(a, b, d), (a, d, c)]
    with pytest.raises(AssetError, match="one side"):
        turned_outwards(TriangleMesh(np.concatenate(points), faces))


def test_copies_go() -> None:
    whole = body("cylinder")
    twice = TriangleMesh(
        whole.vertices, np.concatenate([whole.faces, whole.faces[5:9], whole.faces[2:3, [1, 2, 0]]])
    )
    assert mesh_report(without_copies(twice)).solid
    assert len(without_copies(twice).faces) == len(whole.faces)


def test_needles_go_without_opening_the_mesh() -> None:
    whole = body("ball")
    vertices, faces = list(map(tuple, whole.vertices)), [tuple(map(int, f)) for f in whole.faces]
    for number in (3, 40, 90):  # a point on an edge that one neighbour knows, and a needle in the gap
        a, b, c = faces[number]
        vertices.append(tuple((np.array(vertices[a]) + np.array(vertices[b])) / 2.0))
        new = len(vertices) - 1
        faces[number] = (a, new, c)
        faces += [(new, b, c), (a, b, new)]
    spiky = TriangleMesh(vertices, faces)
    assert mesh_report(spiky).degenerate_faces == 3
    found = without_needles(spiky)
    assert mesh_report(found).degenerate_faces == 0
    assert mesh_report(found).solid
    assert oracle(found).volume == pytest.approx(oracle(whole).volume, rel=1e-9)
