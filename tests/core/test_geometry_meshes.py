# SPDX-License-Identifier: GPL-3.0-or-later
"""Meshes of shapes: closed, outward, with uv charts that do not overlap, and few faces."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    HollowBox,
    Mesh,
    Shape,
    TriangleMesh,
    Tube,
    mesh_report,
)
from physx_blender.geometry.atlas import pack
from physx_blender.geometry.hollow_box import FACES
from tests.core.geometry_samples import SAMPLES


def covers(uv: np.ndarray, pixels: int = 160) -> np.ndarray:
    """How many triangles hold each pixel's middle."""
    axis = (np.arange(pixels) + 0.5) / pixels
    counts = np.zeros((pixels, pixels), int)
    for a, b, c in uv:
        low = np.floor(np.min([a, b, c], axis=0) * pixels).astype(int).clip(0, pixels - 1)
        high = np.ceil(np.max([a, b, c], axis=0) * pixels).astype(int).clip(0, pixels)
        x, y = np.meshgrid(axis[low[0] : high[0]], axis[low[1] : high[1]], indexing="ij")
        inside = np.ones(x.shape, bool)
        for p, q in ((a, b), (b, c), (c, a)):
            inside &= (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]) > 1e-12
        counts[low[0] : high[0], low[1] : high[1]] += inside
    return counts


def check_surface(mesh: TriangleMesh) -> None:
    report = mesh_report(mesh)
    assert report.solid
    assert report.problems() == ()
    other = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    assert other.is_watertight
    assert other.is_winding_consistent
    assert other.volume > 0.0


def check_uv(mesh: TriangleMesh) -> None:
    uv = mesh.uv
    assert uv is not None
    assert uv.min() >= 0.0
    assert uv.max() <= 1.0
    e, f = uv[:, 1] - uv[:, 0], uv[:, 2] - uv[:, 0]
    assert (e[:, 0] * f[:, 1] - e[:, 1] * f[:, 0] > 0.0).all(), "a chart is mirrored or flat"
    counts = covers(uv)
    assert counts.max() == 1, "charts overlap"
    assert counts.mean() > 0.02


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("detail", [8, 32])
def test_mesh_is_the_surface_of_a_body_with_uv(name: str, detail: int) -> None:
    mesh = SAMPLES[name].mesh(detail)
    check_surface(mesh)
    check_uv(mesh)


@pytest.mark.parametrize("name", SAMPLES)
def test_bounds_hold_the_mesh_tightly(name: str) -> None:
    shape = SAMPLES[name]
    low, high = shape.bounds()
    mesh = shape.mesh(512)
    np.testing.assert_allclose(mesh.vertices.min(axis=0), low, atol=1e-5)
    np.testing.assert_allclose(mesh.vertices.max(axis=0), high, atol=1e-5)


@pytest.mark.parametrize(
    ("shape", "faces"),
    [
        (Box((1, 2, 3)), 12),
        (HollowBox((1, 2, 3), 0.1, ("+z",)), 28),
        (Cylinder(1, 2), 124),
        (Box((1, 2, 3), 0.1), 108),
        (HollowBox((1, 2, 3), 0.1, ("+x", "-x", "+y", "-y", "+z")), 12),
    ],
)
def test_meshes_have_few_faces(shape: Shape, faces: int) -> None:
    assert len(shape.mesh().faces) == faces


def test_the_mesh_of_a_rounded_box_lies_on_its_surface() -> None:
    shape = Box((0.1, 0.2, 0.3), 0.03)
    inner = np.array(shape.size) / 2 - 0.03
    outside = np.abs(shape.mesh(64).vertices) - inner
    np.testing.assert_allclose(np.linalg.norm(np.maximum(outside, 0.0), axis=1), 0.03, atol=1e-12)


@given(closed=st.integers(0, 5), open_faces=st.sets(st.sampled_from(FACES)), wall=st.floats(0.002, 0.04))
@settings(max_examples=60, deadline=None)
def test_every_hollow_box_is_a_body(closed: int, open_faces: set[str], wall: float) -> None:
    open_faces.discard(FACES[closed])
    mesh = HollowBox((0.3, 0.2, 0.1), wall, tuple(sorted(open_faces))).mesh()
    check_surface(mesh)
    check_uv(mesh)


@given(
    turns=st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)), min_size=2, max_size=6),
    inner=st.sampled_from([0.0, 0.6]),
)
@settings(max_examples=60, deadline=None)
def test_every_tube_is_a_body(turns: list[tuple[float, float, float]], inner: float) -> None:
    # steps forward with at most about 55 degrees to either side: bends fit the radius
    path, at = [], np.zeros(3)
    for x, y, z in turns:
        path.append(tuple(at))
        at = at + np.array([x, y, 1.0 + 0.4 * z])
    mesh = Tube(tuple(path), 0.15, 0.15 * inner).mesh(16)
    check_surface(mesh)
    check_uv(mesh)


def test_tube_cross_section_stays_round_and_does_not_twist() -> None:
    tube = Tube(((0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1)), 0.1)
    ring = tube.mesh(32).vertices.reshape(4, 16, 3)
    # along each segment, every line of the mantle is parallel to the segment
    for k, step in enumerate(np.diff(np.array(tube.path), axis=0)):
        lines = ring[k + 1] - ring[k]
        np.testing.assert_allclose(np.cross(lines, step), 0.0, atol=1e-9)


def test_meshes_without_uv_get_charts() -> None:
    ball = Capsule(0.1, 0.2).mesh(16)
    shape = Mesh(TriangleMesh(ball.vertices, ball.faces))
    check_uv(shape.mesh())
    np.testing.assert_array_equal(shape.mesh().vertices, ball.vertices)
    kept = Mesh(ball)
    assert kept.mesh() is ball


@given(st.lists(st.tuples(st.floats(1e-4, 10), st.floats(1e-4, 10)), min_size=1, max_size=40))
@settings(deadline=None)
def test_packed_charts_are_apart_and_inside(sizes: list[tuple[float, float]]) -> None:
    slots = pack(sizes)
    rects = [
        (s.u, s.v, s.u + w * s.scale_u, s.v + h * s.scale_v) for s, (w, h) in zip(slots, sizes, strict=True)
    ]
    for k, (a, b, c, d) in enumerate(rects):
        assert min(a, b) >= 0.0
        assert max(c, d) <= 1.0 + 1e-12
        for e, f, g, h in rects[:k]:
            assert c <= e or g <= a or d <= f or h <= b


def test_equal_shapes_have_equal_meshes() -> None:
    for shape in SAMPLES.values():
        assert shape.mesh(16) == shape.mesh(16)
        again = dataclasses.replace(shape)
        assert again == shape
        assert hash(again) == hash(shape)


def test_detail_counts_segments() -> None:
    around = Cylinder(0.1, 0.2).mesh(20).vertices
    angles = np.unique(np.round(np.degrees(np.arctan2(around[:, 1], around[:, 0])) % 360, 6))
    np.testing.assert_allclose(np.diff(angles), 18.0, atol=1e-5)
    assert math.isclose(np.linalg.norm(around[:, :2], axis=1).max(), 0.1)
