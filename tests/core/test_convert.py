# SPDX-License-Identifier: GPL-3.0-or-later
"""One door to all formats: what is recognised, what is written, what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from physx_blender.errors import AssetError
from physx_blender.formats import convert
from physx_blender.formats.convert import load_asset, write_outputs
from physx_blender.formats.physx_anything import write_result_folder
from physx_blender.geometry import Box, Extrusion, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part

WOOD = Material("Oak wood", 700.0)
CORNER = Extrusion(((0, 0), (0.2, 0), (0.2, 0.1), (0.1, 0.1), (0.1, 0.2), (0, 0.2)), 0.05)


def thing(name: str = "small shelf", *, bracket: str = "bracket") -> Asset:
    return Asset(
        name,
        (
            Part("board", "board", (PlacedShape(Box((0.4, 0.2, 0.02)), Pose((0, 0, 0.1))),), WOOD),
            Part(bracket, "flap", (PlacedShape(CORNER, Pose((0, 0.2, 0.1))),), WOOD, (0.2, 0.4, 0.6, 1.0)),
        ),
        (Link("board"), Link("flap")),
        (Joint("hinge", JointKind.HINGE, "board", "flap", (1, 0, 0), (0, 0.12, 0.1), angle_limits=(0, 1)),),
        category="Shelf",
    )


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_everything_is_written_once_and_read_back(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    written = write_outputs(thing(), out)
    assert written.mjcf.name == "small shelf.xml"
    assert written.urdf.name == "small shelf.urdf"
    assert [p.suffix for p in sorted(out.iterdir()) if p.is_file()] == [".json", ".urdf", ".xml"]
    assert sorted(p.name for p in out.iterdir() if p.is_dir()) == ["meshes", "textures"]
    assert load_asset(out) == thing()
    assert load_asset(written.package) == thing()
    for path in (written.mjcf, written.urdf):
        back = load_asset(path)
        assert [j.name for j in back.joints] == ["hinge"]
        assert {p.name: p.colour for p in back.parts} == {p.name: p.colour for p in thing().parts}
    assert load_asset(written.mjcf).parts[0].material == WOOD, "MJCF keeps materials in its custom texts"
    assert list(tmp_path.iterdir()) == [tmp_path / "new"]
    assert list((tmp_path / "new").iterdir()) == [out]


def test_the_same_asset_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        write_outputs(thing(), tmp_path / folder)
    assert names(tmp_path / "a") == names(tmp_path / "b")
    for name in names(tmp_path / "a"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_options_of_the_simulators_files(tmp_path: Path) -> None:
    plain = write_outputs(thing(), tmp_path / "plain")
    asked = write_outputs(thing(), tmp_path / "asked", actuators=True, scene=True, urdf_package="shelf_pkg")
    assert "<actuator>" in asked.mjcf.read_text("utf-8")
    assert "<light" in asked.mjcf.read_text("utf-8")
    assert 'filename="package://shelf_pkg/meshes/bracket.obj"' in asked.urdf.read_text("utf-8")
    assert not {"<actuator>", "<light"} & set(plain.mjcf.read_text("utf-8").split())
    assert 'filename="meshes/bracket.obj"' in plain.urdf.read_text("utf-8")


def test_foreign_files_stay_and_the_earlier_result_goes(tmp_path: Path) -> None:
    write_outputs(thing("old name", bracket="old bracket"), tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "meshes" / "mine.obj").write_text("mine too")
    (tmp_path / "other.xml").write_text("<mujoco/>")
    assert "meshes/old_bracket.obj" in names(tmp_path)
    write_outputs(thing("new name"), tmp_path)
    left = names(tmp_path)
    assert {
        "notes.txt",
        "meshes/mine.obj",
        "other.xml",
        "new name.xml",
        "new name.urdf",
        "asset.json",
    } <= left
    assert not left & {"old name.xml", "old name.urdf", "meshes/old_bracket.obj"}
    assert load_asset(tmp_path) == thing("new name")


def test_a_foreign_file_of_the_old_name_is_not_ours_to_remove(tmp_path: Path) -> None:
    write_outputs(thing("old name"), tmp_path)
    (tmp_path / "old name.xml").write_text("<mujoco><!-- edited elsewhere --></mujoco>")
    write_outputs(thing("new name"), tmp_path)
    assert (tmp_path / "old name.xml").exists()


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(asset: Asset, folder: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(convert.package, "write_package", full)
    with pytest.raises(AssetError, match="No space left"):
        write_outputs(thing(), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_content_counts_and_not_the_suffix(tmp_path: Path) -> None:
    written = write_outputs(thing(), tmp_path / "out")
    (tmp_path / "out" / "robot.txt").write_bytes(b"\xef\xbb\xbf" + written.urdf.read_bytes())
    assert load_asset(tmp_path / "out" / "robot.txt").provenance.generator == "urdf"
    only = tmp_path / "only"
    only.mkdir()
    (only / "a.xml").write_text(
        '<mujoco><worldbody><body name="b"><geom size="0.1"/></body></worldbody></mujoco>'
    )
    assert load_asset(only).links[0].name == "b"


def test_a_result_folder_of_physx_anything_goes_all_the_way(tmp_path: Path) -> None:
    write_result_folder(thing(), tmp_path / "result")
    for source in (tmp_path / "result", tmp_path / "result" / "basic_info.txt"):
        asset = load_asset(source)
        assert len(asset.parts) == 2
        written = write_outputs(asset, tmp_path / "out")
        for path in (written.mjcf, written.urdf):
            assert {p.name for p in load_asset(path).parts} == {p.name for p in asset.parts}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "neither XML nor JSON"),
        (b"\x89PNG", "neither XML nor JSON"),
        (b"<svg/>", "<mujoco>"),
        (b"<mujoco", "not well-formed"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><mujoco>&x;</mujoco>', "document type"),
    ],
)
def test_what_is_not_an_asset_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "file.xml"
    path.write_bytes(content)
    with pytest.raises(AssetError, match=says):
        load_asset(path)


def test_missing_and_ambiguous_sources(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="does not exist"):
        load_asset(tmp_path / "gone.xml")
    with pytest.raises(AssetError, match="name the file itself"):
        load_asset(tmp_path)
    for name in ("a.xml", "b.urdf"):
        (tmp_path / name).write_text("<x/>")
    with pytest.raises(AssetError, match=r"a\.xml, b\.urdf"):
        load_asset(tmp_path)
