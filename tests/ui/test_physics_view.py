# SPDX-License-Identifier: GPL-3.0-or-later
"""Colliders, ranks and inertia in a real window, a repair, and the real size from two clicked points."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from physx_blender.formats.package import write_package
from tests.ui.props import sideboard
from tests.ui.window import needs_window, run_session


@pytest.mark.slow
@needs_window
def test_physics_is_seen_and_repaired(tmp_path: Path) -> None:
    write_package(sideboard(), tmp_path / "sideboard")
    corners = ((-0.45, -0.21, 0.8), (0.45, -0.21, 0.8))
    order = {
        "package": str(tmp_path / "sideboard" / "asset.json"),
        "rig": "sideboard",
        "corners": corners,
    }
    report = run_session("physics_session.py", tmp_path / "run", order, simulate_events=True)
    links = len(sideboard().links)
    assert report["off"]
    assert report["show_collision"] == {"collision": links}
    assert report["show_ranks"] == {"ranks": links}
    assert report["show_inertia"] == {"inertia": links}
    for switch in ("show_collision", "show_ranks", "show_inertia"):
        assert report[f"{switch}_gathered_by_redraws"] == 0
    assert report["off_again"]
    before, after = report["pieces"]
    assert before - after == 4  # five walls become one hull
    assert report["fixed"]
    assert report["limited"]
    assert not report["after_undo"]
    assert report["stale"]
    assert report["last"].lower().endswith("scale_to_distance")
    assert report["distance"] == pytest.approx(math.dist(*corners), abs=2e-3)
