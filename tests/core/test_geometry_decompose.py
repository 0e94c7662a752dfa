# SPDX-License-Identifier: GPL-3.0-or-later
"""Convex decomposition with the real library."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from physx_blender.errors import AssetError
from physx_blender.geometry import Box, HollowBox, Mesh, TriangleMesh, is_convex
from physx_blender.geometry.decompose import convex_pieces
from physx_blender.geometry.mesh_integrals import solid_moments
from tests.core.geometry_samples import SAMPLES
from tests.core.test_geometry_colliders import any_inside


def test_convex_meshes_are_their_own_piece() -> None:
    mesh = SAMPLES["frustum"].mesh(16)
    (piece,) = convex_pieces(mesh)
    assert solid_moments(piece).volume == pytest.approx(solid_moments(mesh).volume)
    assert Mesh(mesh).colliders()[0].shape == Mesh(mesh)


@pytest.mark.parametrize("scale", [0.08, 2.0])
def test_a_tray_keeps_its_inside(scale: float) -> None:
    tray = HollowBox((1.0, 0.8, 0.4), 0.05, ("+z",)).mesh()
    mesh = TriangleMesh(tray.vertices * scale + [0, 0, 0.2 * scale], tray.faces)
    shape = Mesh(mesh)
    pieces = shape.colliders()
    assert 5 <= len(pieces) <= 32
    assert all(is_convex(p.shape.mesh(), 1e-4) for p in pieces)
    inside = np.random.default_rng(0).uniform([-0.4, -0.3, 0.1], [0.4, 0.3, 0.4], (2000, 3)) * scale
    assert any_inside(pieces, inside).mean() == 0.0
    exact = shape.volume_properties().mass
    assert sum(p.volume_properties().mass for p in pieces) == pytest.approx(exact, rel=0.1)


def test_same_mesh_same_pieces() -> None:
    mesh = SAMPLES["shelf"].mesh()
    copy = TriangleMesh(mesh.vertices.copy(), mesh.faces.copy())
    first = convex_pieces(mesh)
    assert convex_pieces(copy) is first  # remembered by content
    from physx_blender.geometry import decompose

    decompose._decomposed.cache_clear()
    again = convex_pieces(mesh)
    assert len(again) == len(first)
    assert all(a == b for a, b in zip(again, first, strict=True))


def test_open_meshes_get_pieces_too() -> None:
    box = Box((0.3, 0.2, 0.1)).mesh()
    pieces = convex_pieces(TriangleMesh(box.vertices, box.faces[2:]), concavity=0.3)
    assert pieces
    assert all(is_convex(p, 1e-4) for p in pieces)


def test_without_the_library_the_advice_is_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in Blender's Python: a convex mesh works, any other names the remedy."""
    monkeypatch.setitem(sys.modules, "coacd", None)
    assert len(convex_pieces(SAMPLES["box"].mesh())) == 1
    ring = SAMPLES["ring"].mesh(9)
    with pytest.raises(AssetError, match=r"coacd.*backend"):
        convex_pieces(ring)


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(AssetError, match="concavity"):
        convex_pieces(SAMPLES["box"].mesh(), concavity=5.0)
