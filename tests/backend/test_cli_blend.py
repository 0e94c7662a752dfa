# SPDX-License-Identifier: GPL-3.0-or-later
"""``--blend``: a real Blender builds the scene of a package and saves it; another one opens the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backend.blend import BLENDER_VARIABLE, find_blender, write_blend
from physx_blender.errors import AssetError
from physx_blender.formats.convert import load_asset
from physx_blender.formats.package import write_package

_LOOK = """\
import os, sys
import bpy
bpy.ops.wm.open_mainfile(filepath=sys.argv[-1])
for o in bpy.data.objects:
    if o.type == "ARMATURE":
        print("bones:", *sorted(b.name for b in o.data.bones), flush=True)
sys.stdout.flush()
os._exit(0)
"""


def blender() -> list[str]:
    """The command of a Blender on this machine, or a skipped test."""
    try:
        return find_blender()
    except AssetError:
        pytest.skip("no Blender on this machine")


def test_scene_is_saved_with_its_rig(box_mjcf: Path, tmp_path: Path) -> None:
    command = blender()
    write_package(load_asset(box_mjcf), tmp_path / "package")
    target = write_blend(tmp_path / "package", tmp_path / "box.blend")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["box.blend", "box.xml", "package"]
    look = tmp_path / "look.py"
    look.write_text(_LOOK, encoding="utf-8")
    done = subprocess.run(
        [*command, str(look), "--", str(target)], capture_output=True, text=True, timeout=120, check=False
    )
    assert "bones: base lid" in done.stdout, done.stdout + done.stderr


def test_package_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    blender()
    (tmp_path / "package").mkdir()
    with pytest.raises(AssetError, match="Blender could not make it") as caught:
        write_blend(tmp_path / "package", tmp_path / "box.blend")
    assert "asset.json" in str(caught.value)
    assert not list(tmp_path.glob("*.blend"))


def test_blender_that_is_named_but_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BLENDER_VARIABLE, str(tmp_path / "python"))
    with pytest.raises(AssetError, match="not a file"):
        find_blender()
    monkeypatch.setenv(BLENDER_VARIABLE, sys.executable)
    assert find_blender()[0] == sys.executable


def test_python_without_bpy_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BLENDER_VARIABLE, sys.executable)
    with pytest.raises(AssetError, match="bpy"):
        write_blend(tmp_path, tmp_path / "x.blend")
