# SPDX-License-Identifier: GPL-3.0-or-later
"""The zip installs into a clean Blender, registers everything, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import extension_zip

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = str(extension_zip.read_manifest(ROOT)["id"])

# Runs in a Blender of its own: what is registered before, while enabled and after must be told apart.
_SESSION = """
import json, os, sys
archive, module, result = sys.argv[-3:]
import bpy, addon_utils

def registered():
    names = {name for name in dir(bpy.types)}
    names |= {f"{c.bl_rna.identifier}" for base in (bpy.types.Operator, bpy.types.Panel, bpy.types.PropertyGroup,
              bpy.types.AddonPreferences, bpy.types.Menu, bpy.types.FileHandler) for c in base.__subclasses__()
              if c.__module__.startswith(module)  and getattr(c, "is_registered", False)}
    pointers = {f"{owner.__name__}.{p.identifier}" for owner in
                (bpy.types.Scene, bpy.types.Object, bpy.types.WindowManager, bpy.types.Bone, bpy.types.PoseBone,
                 bpy.types.Armature, bpy.types.Material)
                for p in owner.bl_rna.properties if p.is_runtime}
    handlers = {f"{name}:{f.__module__}.{f.__name__}" for name in dir(bpy.app.handlers)
                if isinstance(getattr(bpy.app.handlers, name), list)
                for f in getattr(bpy.app.handlers, name)}
    return names, pointers, handlers

before = registered()
out = {"install": list(bpy.ops.extensions.package_install_files(
    filepath=archive, repo="user_default", enable_on_install=True))}
out["enabled"] = module in bpy.context.preferences.addons
during = registered()
out["types"] = sorted(during[0] - before[0])
out["pointers"] = sorted(during[1] - before[1])
out["policy"] = [n for n in sys.modules if n.split(".")[0] in ("physx_blender", "operators", "ui", "backend")]
addon_utils.disable(module, default_set=True)
after = registered()
out["left"] = sorted(set().union(*after) - set().union(*before))
out["registered_again"] = bool(addon_utils.enable(module, default_set=True))
addon_utils.disable(module, default_set=True)
out["left_again"] = sorted(set().union(*registered()) - set().union(*before))
with open(result, "w") as stream:
    json.dump(out, stream)
sys.stdout.flush()
os._exit(0)
"""


@pytest.fixture(scope="module")
def session(extension_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a clean Blender says of installing, enabling and disabling the archive."""
    folder = tmp_path_factory.mktemp("clean")
    result = folder / "result.json"
    environment = {**os.environ, "BLENDER_USER_RESOURCES": str(folder / "user"), "PYTHONPATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", _SESSION, str(extension_archive), f"bl_ext.user_default.{PREFIX}", str(result)],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(result.read_text())
    answer["output"] = done.stdout + done.stderr
    return answer


def test_validator_accepts_the_archive(extension_archive: Path) -> None:
    extension_zip.validate(extension_archive, Path(sys.executable))


def test_it_installs_and_enables(session: dict[str, object]) -> None:
    assert session["install"] == ["FINISHED"]
    assert session["enabled"], session["output"]
    assert "Traceback" not in str(session["output"])


def test_operators_panels_and_properties_register(session: dict[str, object]) -> None:
    types, pointers = session["types"], session["pointers"]
    assert isinstance(types, list)
    assert any("_OT_" in name for name in types), types
    assert any("_PT_" in name for name in types), types
    assert pointers


def test_blender_finds_no_policy_violation(session: dict[str, object]) -> None:
    assert session["policy"] == []
    assert "policy violation" not in str(session["output"]).lower()


def test_disabling_leaves_nothing_and_it_can_be_enabled_again(session: dict[str, object]) -> None:
    assert session["left"] == []
    assert session["registered_again"]
    assert session["left_again"] == []


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    # not the archive that this run installs: files may have been edited since that was made
    once, again = (extension_zip.build(ROOT, tmp_path / name).read_bytes() for name in ("once", "again"))
    assert once == again
