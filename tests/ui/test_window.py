# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension in a real window: panels draw, undo works, jobs run by Blender's timers.

Needs the program `blender` (5.x or 4.5) and `xvfb-run`; where they are missing there is no window to test in.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from physx_blender.formats.package import write_package
from physx_blender.geometry import Box, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part
from tools import extension_zip

ROOT = Path(__file__).resolve().parent.parent.parent
SESSION = Path(__file__).with_name("window_session.py")


def chest() -> Asset:
    """A block with a lid."""
    oak = Material("oak", 700.0)
    parts = (
        Part("body", "base", (PlacedShape(Box((0.4, 0.3, 0.2)), Pose((0.0, 0.0, 0.1))),), oak),
        Part("lid", "lid", (PlacedShape(Box((0.4, 0.3, 0.02)), Pose((0.0, 0.0, 0.2101))),), oak),
    )
    hinge = Joint(
        "lid hinge", JointKind.HINGE, "base", "lid", (-1, 0, 0), (0, 0.15, 0.2), angle_limits=(0.0, 1.5)
    )
    return Asset("chest", parts, (Link("base"), Link("lid")), (hinge,))


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("blender") and shutil.which("xvfb-run")), reason="no blender with a window here"
)
def test_a_session_in_a_window(tmp_path: Path) -> None:
    package, output = tmp_path / "chest", tmp_path / "out"
    write_package(chest(), package)
    output.mkdir()
    order: dict[str, Any] = {
        "archive": str(extension_zip.build(ROOT, tmp_path)),
        "module": f"bl_ext.user_default.{extension_zip.read_manifest(ROOT)['id']}",
        "package": str(package / "asset.json"),
        "part": "lid",
        "rig": "chest",
        "bone": "lid",
        "output": str(output),
        "backend_python": os.environ.get("SIMREADY_BACKEND_PYTHON", ""),
    }
    (tmp_path / "order.json").write_text(json.dumps(order))
    done = subprocess.run(
        ["xvfb-run", "-a", "blender", "--python", str(SESSION), "--", str(tmp_path / "order.json")],
        env={**os.environ, "BLENDER_USER_RESOURCES": str(tmp_path / "user"), "LIBGL_ALWAYS_SOFTWARE": "1"},
        capture_output=True,
        text=True,
        timeout=280,
    )
    report = json.loads((output / "report.json").read_text())
    assert report["errors"] == []
    assert "Traceback" not in done.stdout + done.stderr
    assert report["objects"] == ["body", "chest", "lid"]
    assert not {"body", "chest", "lid"} & set(report["after_undo"])
    assert set(report["after_redo"]) >= {"body", "chest", "lid"}
    if order["backend_python"]:
        assert report["cancel"] == {"error": "", "message": "Cancelled"}
        assert report["physics"]["error"] == ""
