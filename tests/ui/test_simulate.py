# SPDX-License-Identifier: GPL-3.0-or-later
"""Play in a real window: pull with the mouse, put back, record, bake, undo; and a backend that hangs meanwhile."""

from __future__ import annotations

import importlib
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
