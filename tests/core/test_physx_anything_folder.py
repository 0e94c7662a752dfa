# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: E501 -- lines of the format are long, and are to be read as they are
"""Result folders of PhysX-Anything, read and written, end to end."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from physx_blender.errors import AssetError
from physx_blender.formats.convert import load_asset
from physx_blender.formats.physx_anything import Flavour, read_result, read_result_folder, write_result_folder
from physx_blender.formats.physx_anything.point_files import npy_bytes, npy_cells, ply_cells
from physx_blender.geometry import Box, HollowBox, Mesh, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part
from physx_blender.model.inertia import part_mass_properties
from physx_blender.model.placement import moved_asset

OAK = Material("oak", 700.0, 11e9, 0.35)
TEXT = """Name: Tin
Category: Container
Dimension: 12.8*6.4*{height}
Parts:
l_0: Can, 5, Tin plate, 7.3 g/cm^3, 45, 0.33, The can.
l_1: Lid, 1, Tin plate, 7.3 g/cm^3, 45, 0.33, The lid.
Group_info:
group_0: [l_0] (child); Type: E; Params: N/A
group_1: [l_1] (child); Type: C relative to group_0 (parent); Params: direction: [1,0,0], axis position (in voxel grid): [0,24,24], revolute range (degree): [0,90]
"""


def cell_box(low: tuple[int, int, int], high: tuple[int, int, int]) -> np.ndarray:
    return np.stack(
        np.meshgrid(*[np.arange(a, b) for a, b in zip(low, high, strict=True)], indexing="ij"), -1
    ).reshape(-1, 3)


def runs(cells: np.ndarray, n: int = 32) -> str:
    return " ".join(str((x * n + y) * n + z) for x, y, z in cells.tolist())


@pytest.fixture
def tin(tmp_path: Path) -> Path:
    """12.8 cm wide: a voxel is 4 mm. The can fills z 8..24, the lid lies on it."""
    folder = tmp_path / "tin"
    folder.mkdir()
    (folder / "basic_info.txt").write_text(TEXT.format(height="7.2"))
    (folder / "coord_0.txt").write_text(runs(cell_box((0, 8, 8), (32, 24, 24))))
    (folder / "coord_1.txt").write_text(runs(cell_box((0, 8, 24), (32, 24, 26))))
    return folder


def bounds(asset: Asset, part: str) -> np.ndarray:
    shapes = next(p for p in asset.parts if p.name == part).shapes
    points = np.concatenate([s.mesh().vertices for s in shapes])
    return np.array([points.min(axis=0), points.max(axis=0)])


def test_size_place_and_joint_in_metres(tin: Path) -> None:
    asset, report = read_result(tin)
    assert not report.losses
    gap = 0.004 * 0.02
    assert bounds(asset, "Can") == pytest.approx(np.array([[-0.064, -0.032, 0], [0.064, 0.032, 0.064 - gap]]))
    assert bounds(asset, "Lid") == pytest.approx(
        np.array([[-0.064, -0.032, 0.064 + gap], [0.064, 0.032, 0.072]])
    )
    (joint,) = asset.joints
    assert (joint.kind, joint.parent, joint.child) == (JointKind.HINGE, "Can", "Lid")
    assert joint.angle_limits == pytest.approx((0.0, math.pi / 2))
    # Along the axis the text says 0; the anchor lies at the middle of the lid instead.
    assert joint.anchor == pytest.approx((0.0, 0.032, 0.064))
    assert joint.damping > 0
    assert joint.friction_loss > 0
    assert isinstance(asset.parts[0].shapes[0].shape, Box)
    assert asset.provenance.generator == "physx-anything"
    assert asset.provenance.notes == report.lines()
    assert all(p.material.estimated for p in asset.parts)
    assert [p.affordance_rank for p in asset.parts] == [5, 1]
    assert asset.parts[0].description == "The can."


def test_scale_is_the_largest_dimension_with_its_decimals(tin: Path) -> None:
    (tin / "basic_info.txt").write_text(TEXT.format(height="25.6"))
    asset, report = read_result(tin)
    assert np.ptp(bounds(asset, "Can"), axis=0)[0] == pytest.approx(0.256)
    assert any(r.field == "dimension" and "only the longest" in r.message for r in report.remarks)


def test_load_asset_knows_the_folder(tin: Path) -> None:
    assert load_asset(tin) == read_result_folder(tin)
    assert load_asset(tin / "basic_info.txt") == read_result_folder(tin)


@pytest.mark.parametrize("source", ["npy", "ply", "ascii ply", "unit ply"])
def test_voxels_from_the_other_files(tin: Path, source: str) -> None:
    whole = read_result_folder(tin)
    cells = cell_box((0, 8, 24), (32, 24, 26))
    (tin / "coord_1.txt").unlink()
    if source == "npy":
        np.save(tin / "ind_1.npy", cells)
    else:
        points = (cells + 0.5) / 32 - 0.5 if source == "unit ply" else cells.astype(float)
        cloud = trimesh.PointCloud(points)
        (tin / "ind_1.ply").write_bytes(
            cloud.export(file_type="ply", encoding="ascii" if source == "ascii ply" else "binary")
        )
    assert read_result_folder(tin).parts == whole.parts


def test_broken_sources_are_told_and_the_next_one_is_used(tin: Path) -> None:
    whole = read_result_folder(tin)
    (tin / "coord_1.txt").write_text("nothing here")
    (tin / "ind_1.npy").write_bytes(b"\x93NUMPY junk")
    (tin / "ind_1.ply").write_bytes(
        trimesh.PointCloud(cell_box((0, 8, 24), (32, 24, 26))).export(file_type="ply")
    )
    asset, report = read_result(tin)
    assert asset.parts == whole.parts
    assert [r.place for r in report.losses] == ["coord_1.txt", "coord_1.txt", "ind_1.npy"]


def test_a_part_without_geometry_is_dropped_and_told(tin: Path) -> None:
    (tin / "coord_1.txt").unlink()
    asset, report = read_result(tin)
    assert [p.name for p in asset.parts] == ["Can"]
    assert asset.joints == ()
    assert {r.place for r in report.losses} == {"l_1", "group_1"}


def test_a_base_without_geometry_is_replaced(tin: Path) -> None:
    (tin / "coord_0.txt").unlink()
    asset, _ = read_result(tin)
    assert [p.name for p in asset.parts] == ["Lid"]
    assert bounds(asset, "Lid")[0, 2] == pytest.approx(0.0)


def test_nothing_usable_is_one_clear_error(tin: Path) -> None:
    for name in ("coord_0.txt", "coord_1.txt"):
        (tin / name).unlink()
    with pytest.raises(AssetError, match="no part has voxels or a mesh"):
        read_result(tin)
    (tin / "basic_info.txt").unlink()
    with pytest.raises(AssetError, match=r"basic_info\.txt: is missing"):
        read_result(tin)


def test_look_from_objs_and_weight_from_voxels(tin: Path) -> None:
    """The decoder's part meshes are open slices of one skin: they are shown, but never weighed or touched."""
    whole = read_result_folder(tin)
    box = trimesh.creation.box(bounds=np.array([[0, 8, 24], [32, 24, 26]]) / 32 - 0.5)
    (tin / "objs" / "1").mkdir(parents=True)
    lines = ["mtllib material.mtl", "usemtl material_0"]
    lines += ["v {:.6f} {:.6f} {:.6f}".format(*v) for v in box.vertices]
    lines += ["vt 0 0", "vt 1 0", "vt 1 1"]
    lines += ["f {}/1 {}/2 {}/3".format(*(f + 1)) for f in box.faces[2:]]  # open: a side is missing
    (tin / "objs" / "1" / "1.obj").write_text("\n".join(lines))
    (tin / "objs" / "1" / "material.mtl").write_text("newmtl material_0\nmap_Kd material_0.png\n")
    (tin / "objs" / "1" / "material_0.png").write_bytes(b"\x89PNG\r\n\x1a\n....")
    asset, report = read_result(tin)
    lid, plain = asset.parts[1], whole.parts[1]
    assert not report.losses
    assert isinstance(lid.shapes[0].shape, Mesh)
    assert len(lid.shapes[0].mesh().faces) == 10
    assert lid.texture is not None
    assert lid.texture.data.startswith(b"\x89PNG")
    assert lid.collision == plain.shapes
    assert part_mass_properties(lid).mass == pytest.approx(part_mass_properties(plain).mass)
    assert bounds(asset, "Lid")[1] == pytest.approx([0.064, 0.032, 0.072])
    assert read_result(tin, meshes=False)[0].parts == whole.parts


def test_objs_alone_are_enough(tin: Path) -> None:
    for k, (low, high) in enumerate([((0, 8, 8), (32, 24, 24)), ((0, 8, 24), (32, 24, 26))]):
        (tin / f"coord_{k}.txt").unlink()
        (tin / "objs" / str(k)).mkdir(parents=True)
        trimesh.creation.box(bounds=np.array([low, high]) / 32 - 0.5).export(
            tin / "objs" / str(k) / f"{k}.obj"
        )
    asset, report = read_result(tin)
    assert not report.losses
    assert bounds(asset, "Can") == pytest.approx(np.array([[-0.064, -0.032, 0], [0.064, 0.032, 0.064]]))


@pytest.mark.parametrize(
    "content",
    ["", "v 0 0\nf 1 2 3", "v 0 0 0\nv 0 0 0\nv 0 0 0\nf 1 2 3", "v 5 5 5\nv 6 5 5\nv 5 6 5\nf 1 2 3"],
)
def test_a_bad_obj_is_told_and_the_voxels_are_shown(tin: Path, content: str) -> None:
    whole = read_result_folder(tin)
    (tin / "objs" / "1").mkdir(parents=True)
    (tin / "objs" / "1" / "1.obj").write_text(content)
    asset, report = read_result(tin)
    assert asset.parts == whole.parts
    assert [r.place for r in report.losses] == ["objs/1/1.obj"]


def cabinet(scale: float = 1.0) -> Asset:
    """A cabinet 0.6 x 0.45 x 0.8 m (times `scale`) whose walls lie on the 32^3 lattice."""
    v = 0.025 * scale

    def at(*cells: float) -> tuple[float, float, float]:
        return (cells[0] * v, cells[1] * v, cells[2] * v)

    parts = (
        Part("Frame", "frame", (PlacedShape(HollowBox(at(24, 18, 32), v, ("-y",)), Pose(at(0, 0, 16))),), OAK),
        Part("Drawer", "drawer", (PlacedShape(HollowBox(at(20, 15, 8), v, ("+z",)), Pose(at(0, -1.5, 10))),), OAK, affordance_rank=1),
        Part("Door", "door", (PlacedShape(Box(at(22, 1, 12)), Pose(at(0, -9.5, 23))),), OAK),
        Part("Ball", "ball", (PlacedShape(Box(at(4, 4, 4)), Pose(at(0, 0, 34))),), OAK),
        Part("Knob", "knob", (PlacedShape(Box(at(2, 2, 2)), Pose(at(-9, -11, 23))),), OAK),
        Part("Cup", "cup", (PlacedShape(Box(at(4, 4, 4)), Pose(at(8, 0, 34))),), OAK),
        Part("Badge", "badge", (PlacedShape(Box(at(2, 1, 2)), Pose(at(0, -10.5, 23))),), OAK),
    )  # fmt: skip
    joints = (
        Joint("slide", JointKind.SLIDE, "frame", "drawer", (0, -1, 0), travel_limits=(0, 13 * v)),
        Joint("hinge", JointKind.HINGE, "frame", "door", (0, 0, 1), at(11, -10, 23), angle_limits=(0.0, math.radians(90))),
        Joint("ball", JointKind.BALL, "frame", "ball", anchor=at(0, 0, 32)),
        Joint("turn", JointKind.CYLINDRICAL, "door", "knob", (0, 1, 0), at(-9, -11, 23), travel_limits=(-v, 0.0), slide_axis=(1, 0, 0)),
        Joint("loose", JointKind.FREE, "frame", "cup"),
        Joint("rivet", JointKind.FIXED, "door", "badge"),
    )  # fmt: skip
    links = tuple(Link(n) for n in ("frame", "drawer", "door", "ball", "knob", "cup", "badge"))
    return Asset("cabinet", parts, links, joints, category="Storage Furniture")


def centred(asset: Asset) -> Asset:
    """On z = 0 with the whole footprint about the origin, as every asset that is read stands."""
    corners = np.concatenate([bounds(asset, p.name) for p in asset.parts])
    low, high = corners.min(axis=0), corners.max(axis=0)
    x, y = (low + high)[:2] / 2
    return moved_asset(asset, Pose((-float(x), -float(y), -float(low[2]))))


@pytest.mark.parametrize("grid", [36, 72])
def test_grid_must_be_one_of_the_format(grid: int, tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="grid must be 32 or 64"):
        write_result_folder(cabinet(), tmp_path / "x", grid=grid)


@pytest.mark.parametrize(
    ("grid", "flavour", "scale"),
    [
        (32, Flavour.TRAINING, 0.1),
        (32, Flavour.PROMPT, 1.0),
        (32, Flavour.TRAINING, 2.5),
        (64, Flavour.TRAINING, 1.0),
        (64, Flavour.PROMPT, 0.1),
    ],
)
def test_asset_through_a_result_folder_and_back(
    tmp_path: Path, grid: int, flavour: Flavour, scale: float
) -> None:
    asset = centred(cabinet(scale))
    write_result_folder(asset, tmp_path / "result", grid=grid, flavour=flavour)
    found, report = read_result(tmp_path / "result")
    assert not report.losses
    assert not report.repairs
    height = 0.9 * scale  # frame and ball
    voxel = height / grid
    assert [p.name for p in found.parts] == [p.name for p in asset.parts]
    for part in asset.parts:
        assert bounds(found, part.name) == pytest.approx(bounds(asset, part.name), abs=1.05 * voxel)
    names = {a.name: p.name for a, p in zip(asset.links, found.parts, strict=True)}
    for old, new in zip(asset.joints, found.joints, strict=True):
        assert (new.kind, new.parent, new.child) == (old.kind, names[old.parent], names[old.child])
        q = {JointKind.SLIDE: (0.1 * scale,), JointKind.HINGE: (0.9,), JointKind.BALL: (0.8, 0.6, 0, 0),
             JointKind.CYLINDRICAL: (0.7, -0.01 * scale)}.get(old.kind)  # fmt: skip
        if q is None:
            continue
        p = q
        if sum(a * b for a, b in zip(old.axis, new.axis, strict=True)) < 0 and old.kind is not JointKind.BALL:
            p = (-q[0], *q[1:])
        if old.slide_axis and new.slide_axis and np.dot(old.slide_axis, new.slide_axis) < 0:
            p = (p[0], -p[1])
        assert new.motion(p).matrix == pytest.approx(old.motion(q).matrix, abs=0.02 * voxel + 1e-9)
        if old.kind is not JointKind.BALL:
            for a, b in ((old.angle_limits, new.angle_limits), (old.travel_limits, new.travel_limits)):
                assert (a is None) == (b is None)
                if a is not None and b is not None:
                    assert b[1] - b[0] == pytest.approx(
                        a[1] - a[0], abs=0.006 * voxel + (0.01 if a is old.angle_limits else 0)
                    )
    assert min(bounds(found, p.name)[0, 2] for p in found.parts) == pytest.approx(0.0, abs=1e-9)


def test_writing_is_deterministic_and_tells_what_the_format_lacks(tmp_path: Path) -> None:
    asset = replace(cabinet(), fixed_base=True)
    asset = replace(asset, joints=(replace(asset.joints[0], damping=1.0), *asset.joints[1:]))
    first = write_result_folder(asset, tmp_path / "a")
    write_result_folder(asset, tmp_path / "b")
    files = {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()}
    assert files == {p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()}
    assert {"basic_info.txt", "coord_0.txt", "ind_6.npy", "ind_6.ply", "allind.npy"} <= set(files)
    assert [r.place for r in first.losses] == ["slide"]
    assert any("fastened" in r.message for r in first.remarks)
    assert np.load(tmp_path / "a" / "ind_0.npy").shape[1] == 3


def test_voxel_files_agree_with_the_text(tmp_path: Path) -> None:
    write_result_folder(cabinet(), tmp_path / "a")
    whole = read_result_folder(tmp_path / "a")
    for suffix in ("txt", "npy"):
        for path in (tmp_path / "a").glob(f"coord_*.{suffix}" if suffix == "txt" else "ind_*.npy"):
            path.unlink()
        assert read_result_folder(tmp_path / "a").parts == whole.parts


def test_fixed_base_follows_from_the_kind_of_object(tin: Path) -> None:
    assert read_result_folder(tin).fixed_base is False
    assert read_result_folder(tin, fixed_base=True).fixed_base is True
    for name, fixed in (
        ("Wall Switch", True),
        ("Two-door Cabinet", False),
        ("Front Door", True),
        ("Wall Cabinet", True),
    ):
        (tin / "basic_info.txt").write_text(TEXT.format(height="7.2").replace("Name: Tin", f"Name: {name}"))
        assert read_result_folder(tin).fixed_base is fixed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x93NUMPY",
        b"\x93NUMPY\x01\x00\xff\xff",
        b"\x93NUMPY\x01\x00\x10\x00" + b"__import__('os')",
        npy_bytes(np.zeros((2, 3), dtype=np.int64))[:-1],
        npy_bytes(np.zeros((2, 3), dtype=np.int64)).replace(b"(2, 3)", b"(9, 3)"),
        npy_bytes(np.zeros((2, 3), dtype=np.int64)).replace(b"<i8", b"|O8"),
        b"\x93NUMPY\x01\x00\x50\x00"
        + b"{'descr': '<i8', 'fortran_order': False, 'shape': (10000000000000, 3), }".ljust(80),
    ],
)
def test_hostile_npy(data: bytes) -> None:
    with pytest.raises(AssetError, match=r"ind_0\.npy"):
        npy_cells(data, 32, "ind_0.npy")


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 300), junk=st.binary(min_size=1, max_size=6))
def test_point_files_fuzz(at: int, junk: bytes) -> None:
    cells = np.arange(12).reshape(4, 3)
    ply = b"ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\nend_header\n1 2 3\n4 5 6\n"
    for data, read in ((npy_bytes(cells), npy_cells), (ply, ply_cells)):
        broken = bytearray(data)
        broken[at % len(data) : at % len(data) + len(junk)] = junk
        try:
            found = read(bytes(broken), 32, "file")
        except AssetError:
            continue
        assert len(found) == 0 or (found.min() >= 0 and found.max() < 32)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, 900), junk=st.text(max_size=8), cut=st.integers(0, 30), voxels=st.text(max_size=30))
def test_mutated_folders_give_an_asset_or_an_asset_error(
    at: int, junk: str, cut: int, voxels: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("result")
    text = TEXT.format(height="7.2")
    (folder / "basic_info.txt").write_text(text[:at] + junk + text[at + cut :], encoding="utf-8")
    (folder / "coord_0.txt").write_text("5 6 7 37-39 " + voxels, encoding="utf-8")
    (folder / "coord_1.txt").write_text(voxels + " 1024-1030", encoding="utf-8")
    try:
        asset = read_result_folder(folder)
    except AssetError:
        return
    finally:
        shutil.rmtree(folder)
    lowest = min(s.mesh().vertices[:, 2].min() for p in asset.parts for s in p.shapes)
    assert lowest == pytest.approx(0.0, abs=1e-9)
