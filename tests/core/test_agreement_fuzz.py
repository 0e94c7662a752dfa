# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever stands in an XML, OBJ or STL file, the readers answer with an asset or with one AssetError."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from physx_blender.errors import AssetError
from physx_blender.formats import meshfiles
from physx_blender.formats.convert import load_asset
from physx_blender.formats.meshfiles import obj_bytes, read_mesh_file
from physx_blender.formats.mjcf import write_mjcf
from physx_blender.formats.resting import Body, signed_distance
from physx_blender.formats.urdf import write_urdf
from physx_blender.formats.xmlsafe import MAX_DEPTH, parse_xml_bytes
from physx_blender.geometry import Box, Capsule, Cylinder, Ellipsoid, Mesh, PlacedShape, Pose, TriangleMesh
from physx_blender.model import Asset

from .random_assets import assets

JUNK = (
    "",
    "nan",
    "inf",
    "-1",
    "0",
    "1e400",
    "1 2",
    "a b c",
    "../../x",
    "world",
    "\u00e9",
    "1e-300",
    "99999999999",
)


def written(asset: Asset, folder: Path) -> tuple[Path, Path]:
    return write_mjcf(asset, folder), write_urdf(asset, folder)


def refusal(read: Callable[[Path], object], path: Path) -> str:
    """The AssetError's text, or nothing when the file is read; any other exception is a failure of the test."""
    try:
        read(path)
    except AssetError as error:
        return str(error)
    return ""


@settings(max_examples=60, deadline=None)
@given(assets(most_links=4), st.data())
def test_broken_files_are_errors_and_never_crashes(asset: Asset, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = written(asset, Path(name))[data.draw(st.integers(0, 1))]
        text = path.read_text()
        for _ in range(data.draw(st.integers(1, 3))):
            kind = data.draw(st.sampled_from(("cut", "value", "byte", "swap")))
            at = data.draw(st.integers(0, len(text) - 1))
            if kind == "cut":
                text = text[:at] + text[at + data.draw(st.integers(1, 40)) :]
            elif kind == "value":
                quote = text.find('"', at)
                end = text.find('"', quote + 1)
                text = text[: quote + 1] + data.draw(st.sampled_from(JUNK)) + text[end:]
            elif kind == "byte":
                text = text[:at] + data.draw(st.characters(codec="utf-8")) + text[at + 1 :]
            else:
                text = text.replace("joint", "body", 1)
        path.write_text(text, "utf-8")
        message = refusal(load_asset, path)
        assert "\n" not in message
        assert len(message) < 900


def test_deep_and_entity_ridden_xml_is_refused_at_once() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx">' + "".join(
        f'<!ENTITY a{k} "{"&a" + (str(k - 1) if k else "") + ";"}">' for k in range(10)
    )
    start = time.perf_counter()
    with pytest.raises(AssetError, match="document type"):
        parse_xml_bytes((bomb + "]><a>&a9;</a>").encode(), Path("bomb.xml"))
    deep = "<a>" * (MAX_DEPTH + 1) + "</a>" * (MAX_DEPTH + 1)
    with pytest.raises(AssetError, match="nested deeper"):
        parse_xml_bytes(deep.encode(), Path("deep.xml"))
    assert time.perf_counter() - start < 1.0


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from((".obj", ".stl", ".msh")), st.booleans())
def test_broken_meshes_are_errors_and_never_crashes(data: bytes, suffix: str, solid: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"m{suffix}"
        path.write_bytes((b"solid x\n" if solid else b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n") + data)
        message = refusal(read_mesh_file, path)
        assert not message or path.name in message


def test_meshes_of_other_programs_are_read(tmp_path: Path) -> None:
    shape = trimesh.creation.cylinder(0.3, 0.7, sections=12)
    for form, kind in (("a.stl", "stl"), ("b.stl", "stl_ascii"), ("c.obj", "obj")):
        shape.export(tmp_path / form, file_type=kind)
        (section,) = read_mesh_file(tmp_path / form)
        back = trimesh.Trimesh(section.mesh.vertices, section.mesh.faces)
        assert back.is_watertight
        assert back.volume == pytest.approx(shape.volume, rel=1e-5)


def test_obj_keeps_shape_and_uv(tmp_path: Path) -> None:
    mesh = Box((0.3, 0.2, 0.1), 0.01).mesh()
    (tmp_path / "m.obj").write_bytes(obj_bytes(mesh))
    (section,) = read_mesh_file(tmp_path / "m.obj")
    assert np.allclose(section.mesh.vertices[section.mesh.faces], mesh.vertices[mesh.faces], atol=1e-9)
    assert section.mesh.uv is not None
    assert mesh.uv is not None
    assert np.allclose(section.mesh.uv, mesh.uv, atol=1e-8)


def test_obj_with_materials_polygons_and_negative_indices(tmp_path: Path) -> None:
    (tmp_path / "m.mtl").write_text("newmtl red\nKd 1 0 0\nd 0.5\nnewmtl blue\nKd 0 0 1\nmap_Kd gone.png\n")
    (tmp_path / "m.obj").write_text(
        "mtllib m.mtl\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nusemtl red\nf 1 2 3 4\n"
        "v 0 0 1\nv 1 0 1\nv 0 1 1\nusemtl blue\nf -3 -2 -1\n"
    )
    red, blue = read_mesh_file(tmp_path / "m.obj")
    assert (len(red.mesh.faces), len(blue.mesh.faces)) == (2, 1)
    assert red.colour == (1.0, 0.0, 0.0, 0.5)
    assert blue.texture == tmp_path / "gone.png"


def test_a_mesh_over_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meshfiles, "MAX_MESH_FILE_BYTES", 10)
    (tmp_path / "m.obj").write_text("v 0 0 0\n" * 10)
    with pytest.raises(AssetError, match="over the limit"):
        read_mesh_file(tmp_path / "m.obj")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_rest_distances_are_right(seed: int) -> None:
    """Two spheres in closed form; and any two convex pieces moved apart by what is left of their distance just touch."""
    rng = np.random.default_rng(seed)
    r, s = rng.uniform(0.05, 0.3, 2)
    offset = rng.normal(size=3)
    spheres = [
        Body.of(PlacedShape(Ellipsoid((r, r, r)))),
        Body.of(PlacedShape(Ellipsoid((s, s, s)), Pose(tuple(offset)))),
    ]
    assert signed_distance(*spheres) == pytest.approx(np.linalg.norm(offset) - r - s, abs=1e-6)
    hull = trimesh.Trimesh(rng.uniform(-0.2, 0.2, (12, 3))).convex_hull
    kinds = (
        Box((0.2, 0.3, 0.1)),
        Cylinder(0.1, 0.3),
        Capsule(0.05, 0.2),
        Ellipsoid((0.1, 0.2, 0.05)),
        Mesh(TriangleMesh(hull.vertices, hull.faces)),
    )
    a, b = (kinds[k] for k in rng.integers(0, len(kinds), 2))
    turn = tuple(float(v) for v in rng.normal(size=4))
    place = Pose(tuple(float(v) for v in rng.normal(size=3) * 0.3), turn)
    ours = signed_distance(Body.of(PlacedShape(a)), Body.of(PlacedShape(b, place)))
    points = [trimesh.Trimesh(*_arrays(PlacedShape(x, p), 96)) for x, p in ((a, Pose()), (b, place))]
    apart = _separation(points[0].vertices, points[1].vertices, rng)
    assert ours >= apart - 2e-3, "never less than what a dense set of directions finds"


def _arrays(placed: PlacedShape, detail: int) -> tuple[np.ndarray, np.ndarray]:
    mesh = placed.mesh(detail)
    return mesh.vertices, mesh.faces


def _separation(a: np.ndarray, b: np.ndarray, rng: np.random.Generator) -> float:
    directions = rng.normal(size=(4000, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return float(((directions @ b.T).min(axis=1) - (directions @ a.T).max(axis=1)).max())
