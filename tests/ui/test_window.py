# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension in a real window: panels draw, undo works, jobs run by Blender's timers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from physx_blender.formats.package import write_package
from physx_blender.geometry import Box, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part
from tests.ui.window import needs_window, run_session


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
@needs_window
def test_a_session_in_a_window(tmp_path: Path) -> None:
    package = tmp_path / "chest"
    write_package(chest(), package)
    order: dict[str, Any] = {
        "package": str(package / "asset.json"),
        "part": "lid",
        "rig": "chest",
        "bone": "lid",
        "backend_python": os.environ.get("SIMREADY_BACKEND_PYTHON", ""),
    }
    report = run_session("window_session.py", tmp_path / "run", order)
    assert report["objects"] == ["body", "chest", "lid"]
    assert not {"body", "chest", "lid"} & set(report["after_undo"])
    assert set(report["after_redo"]) >= {"body", "chest", "lid"}
    if order["backend_python"]:
        assert report["cancel"] == {"error": "", "message": "Cancelled"}
        assert report["physics"]["error"] == ""
