# SPDX-License-Identifier: GPL-3.0-or-later
"""Presets, the menu for simulators, exporters of collections, and the command line, in real Blender."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.blender.zoo import Load, cabinet, names

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


def preset_settings(path: Path) -> dict[str, Any]:
    """What a preset file sets, told by running it as Blender does."""

    class Recorder:
        pass

    class FakeModule:
        class context:
            active_operator = Recorder()

    code = path.read_text().replace("import bpy\n", "")
    exec(compile(code, str(path), "exec"), {"bpy": FakeModule})
    return vars(FakeModule.context.active_operator)


@pytest.mark.parametrize("operator", ["export_mjcf", "export_urdf"])
def test_presets_are_found_and_say_what_the_table_says(bpy: Any, from_extension: Load, operator: str) -> None:
    targets = from_extension("physx_blender.formats.targets")
    table = targets.URDF_TARGETS if operator == "export_urdf" else targets.MJCF_TARGETS
    settings_of = from_extension("operators.export_options").settings_of
    folders = [Path(p) for p in bpy.utils.preset_paths(f"operator/simready.{operator}")]
    files = {bpy.path.display_name(p.stem): p for folder in folders for p in folder.glob("*.py")}
    assert {n.casefold() for n in files} == {n.casefold() for n in table}
    by_name = {name.casefold(): path for name, path in files.items()}
    for name, options in table.items():
        said = preset_settings(by_name[name.casefold()])
        assert said == settings_of(options, urdf=operator == "export_urdf")
        properties = getattr(bpy.ops.simready, operator).get_rna_type().properties
        assert set(said) <= set(properties.keys())


def test_ros_package_is_written_once(bpy: Any, from_extension: Load, rig: Any, tmp_path: Path) -> None:
    options = from_extension("physx_blender.formats.targets").URDF_TARGETS["ROS 2"]
    settings = from_extension("operators.export_options").settings_of(options, urdf=True)
    folder = tmp_path / "My Cabinet"
    assert bpy.ops.simready.export_urdf(filepath=str(folder / "cabinet.urdf"), **settings) == {"FINISHED"}
    text = (folder / "cabinet.urdf").read_text()
    assert "package://my_cabinet/meshes/" in text
    assert "<mujoco>" not in text
    assert ET.parse(folder / "package.xml").getroot().findtext("name") == "my_cabinet"
    (folder / "package.xml").write_text("mine")
    bpy.ops.simready.export_urdf(filepath=str(folder / "cabinet.urdf"), **settings)
    assert (folder / "package.xml").read_text() == "mine"


@pytest.mark.parametrize(("handler", "suffix"), [("SIMREADY_FH_mjcf", ".xml"), ("SIMREADY_FH_urdf", ".urdf")])
def test_collection_exports_each_asset_it_holds(
    bpy: Any, from_extension: Load, rig: Any, tmp_path: Path, handler: str, suffix: str
) -> None:
    build = from_extension("physx_blender.scene").asset_to_scene
    build(cabinet(names(from_extension)), bpy.context)
    both = bpy.data.collections.new("both")
    bpy.context.scene.collection.children.link(both)
    for obj in list(bpy.data.objects):
        if obj.type == "ARMATURE":
            both.children.link(obj.users_collection[0])
    bpy.context.view_layer.objects.active = None
    bpy.context.view_layer.active_layer_collection = bpy.context.view_layer.layer_collection.children["both"]
    assert bpy.ops.collection.exporter_add(name=handler) == {"FINISHED"}
    both.exporters[0].export_properties.filepath = str(tmp_path / f"scene{suffix}")
    assert bpy.ops.collection.exporter_export(index=0) == {"FINISHED"}
    files = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob(f"*{suffix}"))
    assert set(files) == {f"scene/{n}/{n}{suffix}" for n in ("cabinet", "cabinet.001")}
    one = next(o for o in bpy.data.objects if o.type == "ARMATURE").users_collection[0]
    operator = bpy.ops.simready.export_mjcf if suffix == ".xml" else bpy.ops.simready.export_urdf
    assert operator(filepath=str(tmp_path / f"one{suffix}"), collection=one.name) == {"FINISHED"}
    assert (tmp_path / f"one{suffix}").is_file()


def test_a_collection_without_assets_says_so(bpy: Any, rig: Any, tmp_path: Path) -> None:
    bpy.data.collections.new("empty")
    with pytest.raises(RuntimeError, match="holds no asset"):
        bpy.ops.simready.export_mjcf(filepath=str(tmp_path / "x.xml"), collection="empty")
    assert not list(tmp_path.iterdir())


def test_import_and_export_by_command(
    bpy: Any, from_extension: Load, rig: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main = from_extension("operators.command_line").main
    bpy.ops.simready.export_package(directory=str(tmp_path / "cabinet"))
    source = str(tmp_path / "cabinet" / "asset.json")
    assert main(["import", source, "--output", str(tmp_path / "cabinet.blend")]) == 0
    blend = str(tmp_path / "cabinet.blend")
    assert main(["export", blend, "--output", str(tmp_path / "ros" / "c.urdf"), "--for", "ros 2"]) == 0
    assert "package://ros/" in (tmp_path / "ros" / "c.urdf").read_text()
    assert main(["export", blend, "--output", str(tmp_path / "all")]) == 0
    assert (tmp_path / "all" / "asset.json").is_file()
    assert main(["check", blend, source]) in (0, 1)
    said = capfd.readouterr()
    assert f"{blend}: " in said.out
    assert main(["check", str(tmp_path / "nothing.urdf")]) == 1
    assert main(["export", blend, "--asset", "table", "--output", str(tmp_path / "t.xml")]) == 1
    assert main(["export", blend, "--output", str(tmp_path / "t.xml"), "--for", "PyBullet"]) == 1
    assert main(["export", blend, "--output", str(tmp_path / "t.obj")]) == 1
    assert main(["paint"]) == 2
    said = capfd.readouterr()
    assert "does not exist; check the path" in said.err
    assert "name one asset with --asset (found: cabinet)" in said.err
    assert "'PyBullet' is not one of MuJoCo" in said.err
    assert not (tmp_path / "t.xml").exists()


def test_check_command_fails_on_errors(bpy: Any, from_extension: Load, rig: Any, tmp_path: Path) -> None:
    main = from_extension("operators.command_line").main
    # a wheel that stands 3 m below the floor and touches nothing is an error in any asset
    bpy.ops.simready.export_package(directory=str(tmp_path / "good"))
    good = main(["check", str(tmp_path / "good")])
    bpy.data.objects["door"].location.z -= 3.0
    bpy.context.view_layer.objects.active = bpy.data.objects["cabinet"]
    bpy.ops.simready.export_package(directory=str(tmp_path / "bad"))
    assert (good, main(["check", str(tmp_path / "bad")])) == (0, 1)
