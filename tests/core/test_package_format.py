# SPDX-License-Identifier: GPL-3.0-or-later
"""The asset package: exact, strict, and never half written."""

from __future__ import annotations

import contextlib
import math
import os
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from physx_blender.errors import AssetError
from physx_blender.formats.json_text import format_json, parse_json
from physx_blender.formats.mesh_binary import mesh_from_bytes, mesh_to_bytes
from physx_blender.formats.package import package_files, read_package, write_package
from physx_blender.formats.shapes_json import shape_from_dict, shape_to_dict
from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Extrusion,
    HollowBox,
    MassProperties,
    Mesh,
    PlacedShape,
    Pose,
    Revolution,
    Shape,
    TriangleMesh,
    Tube,
)
from physx_blender.model import (
    Asset,
    Camera,
    Joint,
    JointKind,
    Link,
    Material,
    Mimic,
    Part,
    Provenance,
    Texture,
)

PNG = b"\x89PNG\r\n\x1a\n"
TETRAHEDRON = TriangleMesh(
    np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1.0]]),
    np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]),
)
SHAPES: tuple[Shape, ...] = (
    Box((0.1, 0.2, 1 / 3), bevel=0.01),
    Cylinder(0.1, 0.3),
    Cylinder(0.1, 0.3, 0.0),
    Ellipsoid((0.1, 0.2, 0.3)),
    Capsule(0.1, 0.3),
    Tube(((0.0, 0.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 1.0)), 0.02, 0.01),
    Extrusion(
        ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
        0.1,
        (((0.2, 0.2), (0.4, 0.2), (0.4, 0.4), (0.2, 0.4)),),
    ),
    Revolution(((0.0, 0.0), (0.1, 0.0), (0.1, 0.2), (0.0, 0.2))),
    HollowBox((1.0, 1.0, 1.0), 0.02, ("-y", "+z")),
    Mesh(TETRAHEDRON),
    Mesh(replace(TETRAHEDRON, uv=np.linspace(0, 1, 24).reshape(4, 3, 2)), wall=0.001),
)

length = st.floats(1e-6, 50.0)
any_number = st.floats(-100.0, 100.0)
vector = st.tuples(any_number, any_number, any_number)
text = st.text(max_size=40)
names = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,20}", fullmatch=True)


@st.composite
def poses(draw: st.DrawFn) -> Pose:
    q = draw(st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: math.hypot(*q) > 0.1))
    return Pose(draw(vector), q)


materials = st.builds(
    Material,
    name=st.text(min_size=1, max_size=60).filter(lambda s: bool(s.strip())),
    density=st.floats(0.1, 20_000),
    youngs_modulus=st.floats(1e3, 1e12),
    poissons_ratio=st.floats(-0.9, 0.5),
    friction=st.floats(0, 2),
    restitution=st.floats(0, 1),
    estimated=st.booleans(),
)
shapes = st.one_of(
    st.sampled_from(SHAPES),
    st.builds(Box, st.tuples(length, length, length)),
    st.builds(Ellipsoid, st.tuples(length, length, length)),
    st.builds(
        lambda v: Mesh(TriangleMesh(np.array(v), np.array([[0, 1, 2], [2, 1, 3]]))),
        st.tuples(vector, vector, vector, vector),
    ),
)
placed = st.lists(st.builds(PlacedShape, shapes, poses()), min_size=1, max_size=3).map(tuple)
textures = st.builds(Texture, names, st.binary(max_size=50).map(lambda b: PNG + b))


@st.composite
def joints(draw: st.DrawFn, name: str, parent: str, child: str) -> Joint:
    kind = draw(st.sampled_from(JointKind))
    pair = st.tuples(any_number, any_number).map(lambda p: (min(p), max(p)))
    turns = kind in (JointKind.HINGE, JointKind.CYLINDRICAL)
    slides = kind in (JointKind.SLIDE, JointKind.CYLINDRICAL)
    angles = draw(st.none() | pair) if turns else None
    if kind is JointKind.BALL:
        angles = draw(st.none() | st.floats(0, 3).map(lambda a: (0.0, a)))
    size = {"fixed": 0, "hinge": 1, "slide": 1, "cylindrical": 2, "ball": 4, "free": 7}[kind.value]
    axis = vector.filter(lambda v: math.hypot(*v) > 1e-3)
    return Joint(
        name,
        kind,
        parent,
        child,
        axis=draw(axis),
        anchor=draw(vector),
        angle_limits=angles,
        travel_limits=draw(st.none() | pair) if slides else None,
        slide_axis=draw(st.none() | axis) if kind is JointKind.CYLINDRICAL else None,
        position=draw(st.none() | st.tuples(*[st.floats(0.1, 1)] * size)),
        damping=draw(st.floats(0, 10)),
        friction_loss=draw(st.floats(0, 10)),
        stiffness=draw(st.floats(0, 10)),
        armature=draw(st.floats(0, 10)),
    )


inertials = st.builds(
    lambda m, c, d: MassProperties(m, c, ((d[0], 0.0, 0.1), (0.0, d[1], 0.0), (0.1, 0.0, d[2]))),
    st.floats(0, 1e3),
    vector,
    vector,
)


@st.composite
def assets(draw: st.DrawFn) -> Asset:
    link_names = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    links = tuple(Link(n, draw(st.none() | inertials)) for n in link_names)
    tree = tuple(
        draw(joints(f"joint {i}", link_names[draw(st.integers(0, i - 1))], link_names[i]))
        for i in range(1, len(link_names))
    )
    first_hinge = next((j for j in tree if j.kind is JointKind.HINGE), None)
    tree = tuple(
        replace(j, mimic=Mimic(first_hinge.name, -0.5, 0.25))
        if first_hinge and j.kind is JointKind.HINGE and j is not first_hinge
        else j
        for j in tree
    )
    colour = st.tuples(*[st.floats(0, 1)] * 4)
    parts = tuple(
        Part(
            n,
            draw(st.sampled_from(link_names)),
            draw(placed),
            draw(materials),
            draw(colour),
            draw(st.none() | textures),
            draw(st.none() | st.just(()) | placed),
            draw(st.none() | st.floats(1e-6, 1e3)),
            draw(st.none() | st.integers(1, 10)),
            draw(text),
        )
        for n in draw(st.lists(names, max_size=3, unique=True))
    )
    camera = st.builds(
        Camera,
        poses(),
        st.floats(0.1, 3),
        st.integers(1, 5000),
        st.integers(1, 5000),
        st.floats(-1, 1),
        st.floats(-1, 1),
    )
    provenance = st.builds(
        Provenance, text, text, text, text, st.none() | st.integers(0, 2**63), text, st.none() | st.floats(0, 1),
        st.lists(text, max_size=3).map(tuple),
    )  # fmt: skip
    return Asset(
        draw(names), parts, links, tree, draw(text), draw(text), draw(st.booleans()), draw(st.none() | camera),
        draw(provenance),
    )  # fmt: skip


def every_float(value: Any) -> Iterator[bytes]:
    """Bit patterns of all floats in a tree of dataclasses, in order."""
    if isinstance(value, float):
        yield struct.pack("<d", value)
    elif isinstance(value, np.ndarray):
        yield value.tobytes()
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from every_float(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from every_float(getattr(value, name))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(asset=assets())
def test_every_asset_comes_back_bit_for_bit(asset: Asset, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("package")
    write_package(asset, folder)
    again = read_package(folder)
    assert again == asset
    assert list(every_float(again)) == list(every_float(asset))
    assert package_files(again) == package_files(asset)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.kind)
def test_shape_without_mesh_goes_through_a_plain_dictionary(shape: Shape) -> None:
    if isinstance(shape, Mesh):
        with pytest.raises(AssetError, match="a mesh needs a file"):
            shape_to_dict(shape)
    else:
        assert shape_from_dict(shape_to_dict(shape)) == shape


@pytest.fixture
def asset() -> Asset:
    wood = Material("oak", 700.0)
    parts = tuple(
        Part(f"part {i}", "base" if i % 2 else "door", (PlacedShape(s),), wood) for i, s in enumerate(SHAPES)
    )
    textured = replace(parts[0], texture=Texture("grain", PNG + b"123"))
    return Asset(
        "cabinet",
        (textured, *parts[1:]),
        (Link("base"), Link("door", MassProperties(1.0, (0.0, 0.0, 0.5), ((1, 0, 0), (0, 1, 0), (0, 0, 1))))),
        (Joint("hinge", JointKind.HINGE, "base", "door", angle_limits=(0.0, 1.5)),),
    )


@pytest.fixture
def folder(asset: Asset, tmp_path: Path) -> Path:
    write_package(asset, tmp_path / "package")
    return tmp_path / "package"


def edit(folder: Path, old: str, new: str, count: int = 1) -> None:
    path = folder / "asset.json"
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new, count), "utf-8")


def test_reads_the_path_of_the_file_as_well(folder: Path, asset: Asset) -> None:
    assert read_package(folder / "asset.json") == asset


def test_same_asset_same_bytes_and_nothing_left_over(folder: Path, asset: Asset) -> None:
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    write_package(asset, folder)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_another_asset_replaces_the_old_files_but_not_foreign_ones(folder: Path, asset: Asset) -> None:
    foreign = folder / "meshes" / "robot.obj"
    foreign.write_text("o robot\n")
    write_package(replace(asset, parts=asset.parts[:1]), folder)
    assert [p.name for p in (folder / "meshes").iterdir()] == ["robot.obj"]
    assert len(read_package(folder).parts) == 1


def test_failure_while_writing_leaves_the_old_package(
    folder: Path, asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace

    def full_disk(self: Path, target: Path) -> Path:
        if Path(target).name == "asset.json":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", full_disk)
    changed = replace(asset, parts=asset.parts[:2], name="other")
    with pytest.raises(AssetError, match="No space left"):
        write_package(changed, folder)
    monkeypatch.undo()
    assert read_package(folder) == asset
    assert not list(folder.rglob("*.part"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"schema_version": 1', '"schema_version": 2', "reads only version 1"),
        ('"schema_version": 1', '"schema_version": true', "reads only version 1"),
        ('"schema_version": 1', '"schema_version": 1.0', "reads only version 1"),
        ('"format": "physx-blender asset package"', '"format": "something"', "not an asset package"),
        ('"density": 700.0', '"density": NaN', "NaN"),
        ('"density": 700.0', '"density": 1e999', "too large"),
        ('"density": 700.0', '"density": "700"', "must be a number"),
        ('"density": 700.0', '"density": true', "must be a number"),
        ('"density": 700.0', '"density": ' + "9" * 400, "digits"),
        ('"density": 700.0', '"density": ' + "9" * 39, "density must be"),
        ('"density": 700.0', '"density": -1', "density must be"),
        ('"density": 700.0', '"density": 700.0, "density": 1', "twice"),
        ('"density": 700.0', '"thickness": 700.0', "lacks 'density'"),
        ('"density": 700.0', '"density": 700.0, "colour": 1', "unknown entry 'colour'"),
        ('"kind": "box"', '"kind": "teapot"', "must be one of"),
        ('"kind": "box"', '"kind": ["box"]', "must be one of"),
        ('"kind": "hinge"', '"kind": "glue"', "must be one of fixed"),
        ('"child": "door"', '"child": "window"', "which does not exist"),
        ('"file": "meshes/', '"file": "../meshes/', "only files in meshes/"),
        ('"file": "meshes/', '"file": "/meshes/', "only files in meshes/"),
        ('"file": "meshes/', '"file": "meshes/../', "only files in meshes/"),
        ('"file": "meshes/', '"file": "meshes\\\\', "only files in meshes/"),
        ('"file": "meshes/', '"file": "meshes/missing-', "cannot be read"),
        ('"asset": {', '"asset": {"x": ' + "[" * 2000 + "]" * 2000 + ",", "nested"),
        ('"fixed_base": false', '"fixed_base": 0', "true or false"),
        ('"name": "cabinet"', '"name": 5', "must be text"),
        ('"pose": {', '"pose": [', "not valid JSON"),
    ],
)
def test_refuses_with_a_reason(folder: Path, old: str, new: str, message: str) -> None:
    edit(folder, old, new)
    with pytest.raises(AssetError, match=message) as caught:
        read_package(folder)
    assert "asset.json" in str(caught.value)


def test_error_names_the_place(folder: Path) -> None:
    edit(folder, '"size": [0.1, 0.2,', '"size": [0.1, "x",')
    with pytest.raises(
        AssetError, match=r"asset\.json: asset\.parts\[0\]\.shapes\[0\]\.shape\.size\[1\]: must be a number"
    ):
        read_package(folder)


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    mesh = next((folder / "meshes").glob("*.mesh"))
    secret = tmp_path / "secret.mesh"
    mesh.rename(secret)
    mesh.symlink_to(secret)
    with pytest.raises(AssetError, match="link"):
        read_package(folder)


def test_linked_folder_is_neither_read_nor_written(folder: Path, tmp_path: Path, asset: Asset) -> None:
    (folder / "meshes").rename(tmp_path / "elsewhere")
    (folder / "meshes").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AssetError, match="link"):
        read_package(folder)
    with pytest.raises(AssetError, match="link"):
        write_package(asset, folder)


def test_a_pipe_does_not_hang_the_reader(folder: Path) -> None:
    mesh = next((folder / "meshes").glob("*.mesh"))
    mesh.unlink()
    os.mkfifo(mesh)
    with pytest.raises(AssetError, match="not a plain file"):
        read_package(folder)


def test_oversized_files_are_refused_before_they_are_read(folder: Path) -> None:
    with (folder / "asset.json").open("r+b") as stream:
        stream.truncate(10**12)
    with pytest.raises(AssetError, match="over the limit"):
        read_package(folder)


def test_missing_package(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="cannot be read"):
        read_package(tmp_path)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    at=st.integers(0, 10**6),
    junk=st.binary(min_size=1, max_size=4),
    cut=st.integers(0, 6),
    which=st.integers(0, 20),
)
def test_damaged_bytes_give_an_asset_or_an_asset_error(
    at: int, junk: bytes, cut: int, which: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    small = Asset(
        "a",
        (
            Part(
                "p",
                "base",
                (PlacedShape(SHAPES[which % len(SHAPES)]), PlacedShape(SHAPES[-1])),
                Material("oak", 700.0),
                texture=Texture("t", PNG),
            ),
        ),
        (Link("base"), Link("b")),
        (Joint("j", JointKind.HINGE, "base", "b", mimic=None, angle_limits=(0.0, 1.0)),),
    )
    folder = tmp_path_factory.mktemp("fuzz")
    write_package(small, folder)
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    path = files[0] if which % 3 else files[which % len(files)]
    data = path.read_bytes()
    k = at % (len(data) + 1)
    path.write_bytes(data[:k] + junk + data[k + cut :])
    with contextlib.suppress(AssetError):
        read_package(folder)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(value=st.dictionaries(st.text(max_size=5), json_values, max_size=4))
def test_json_text_comes_back(value: dict[str, Any]) -> None:
    assert parse_json(format_json(value).encode("utf-8"), "test") == value


@settings(max_examples=200, deadline=None)
@given(
    data=st.binary(max_size=200) | st.text(alphabet='[]{}",:0123456789eE.-\\ux', max_size=200).map(str.encode)
)
def test_json_fuzz(data: bytes) -> None:
    with contextlib.suppress(AssetError):
        parse_json(data, "test")


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 300), junk=st.binary(min_size=1, max_size=8))
def test_mesh_fuzz(at: int, junk: bytes) -> None:
    data = bytearray(mesh_to_bytes(TETRAHEDRON))
    data[at : at + len(junk)] = junk
    with contextlib.suppress(AssetError):
        mesh_from_bytes(bytes(data), "test")


def test_mesh_bytes_are_exactly_what_the_docstring_says() -> None:
    data = mesh_to_bytes(TETRAHEDRON)
    assert data[:8] == b"PXBMESH1"
    assert struct.unpack_from("<QQQ", data, 8) == (4, 4, 0)
    assert struct.unpack_from("<3d", data, 32 + 24) == (1.0, 0.0, 0.0)
    assert struct.unpack_from("<3i", data, 32 + 96) == (0, 2, 1)
    assert len(data) == 32 + 96 + 48
