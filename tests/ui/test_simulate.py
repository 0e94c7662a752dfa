# SPDX-License-Identifier: GPL-3.0-or-later
"""Play in a real window: pull with the mouse, put back, record, bake, undo; and a backend that hangs meanwhile."""

from __future__ import annotations

import importlib
import math
import os
from pathlib import Path
from typing import Any

import pytest

from physx_blender.formats.package import write_package
from tests.blender.zoo import cabinet, names
from tests.ui.window import ROOT, needs_window, run_session

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), needs_window]


def session(folder: Path, scene: str) -> dict[str, Any]:
    """One scene of the session, on the cabinet."""
    write_package(cabinet(names(importlib.import_module)), folder / "cabinet")
    order = {
        "package": str(folder / "cabinet" / "asset.json"),
        "rig": "cabinet",
        "backend_python": os.environ.get("SIMREADY_BACKEND_PYTHON", str(ROOT / ".venv" / "bin" / "python")),
        "scene": scene,
    }
    return run_session("simulate_session.py", folder / "run", order, simulate_events=True, timeout=560.0)


def test_play_pull_and_put_back(tmp_path: Path) -> None:
    report = session(tmp_path, "play")
    assert report["drawer_held"] > 0.05
    assert report["hold_after"]
    before, nearest = report["pushed"]
    assert nearest < before - 0.05, "Ctrl click pushes it away from the viewer"
    down = {name: gravity for name, (gravity, _) in report["gravity"].items()}
    for name, degrees in (("aside", 8.0), ("back", 10.0), ("level", 0.0)):
        strength = math.dist(down[name], (0.0, 0.0, 0.0))
        assert strength == pytest.approx(9.81, abs=0.01)
        assert math.degrees(math.acos(min(1.0, -down[name][2] / strength))) == pytest.approx(degrees, abs=0.1)
    assert abs(down["aside"][0]) > 1.0 > abs(down["aside"][1])
    assert abs(down["back"][1]) > 1.0 > abs(down["back"][0])
    assert report["ended"]
    assert report["same"], "Esc puts everything back to the last bit"
    assert report["pace"][0] > 0.5, "in real time, where the machine has the time"


def test_record_bake_undo_and_clear(tmp_path: Path) -> None:
    report = session(tmp_path, "bake")
    assert report["recording"]
    assert report["recorded"] > 10
    assert report["baked"]
    assert report["keys"] >= report["recorded"]
    assert report["door_baked"] < -0.1
    assert report["undone"] == [False, True], "a bake is one step"
    assert report["redone"]
    assert report["cleared"]


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_backend_that_hangs_while_it_plays(tmp_path: Path) -> None:
    report = session(tmp_path, "hang")
    slowest, ended, error = report["hung"]
    assert ended
    assert "in time" in error
    assert slowest < 1.0, "a busy machine takes its time; a wait for the backend would take five seconds"
    assert report["same_after_hang"]
    assert report["stop_took"] < 0.1
    assert report["again"]
