# SPDX-License-Identifier: GPL-3.0-or-later
"""The overlay of all joints in a real window."""

from __future__ import annotations

from pathlib import Path

import pytest

from physx_blender.formats.package import write_package
from tests.ui.props import sideboard
from tests.ui.window import needs_window, run_session


@pytest.mark.slow
@pytest.mark.timeout(600)
@needs_window
def test_the_overlay_shows_all_joints_and_costs_nothing_when_off(tmp_path: Path) -> None:
    write_package(sideboard(), tmp_path / "sideboard")
    order = {"package": str(tmp_path / "sideboard" / "asset.json"), "rig": "sideboard"}
    report = run_session("overlay_session.py", tmp_path / "run", order, simulate_events=True, timeout=560.0)
    assert report["off"] == {"on": False, "uploads": 0}
    assert report["on"]["on"]
    assert report["on"]["joints"] == sorted(j.name for j in sideboard().joints)
    assert report["uploads_of_five_redraws"] == 0
    assert report["uploads_of_a_change"] >= 1
    assert report["wrong"] == {"drawer slide": ["travel_low"]}
    assert report["wrong_after_change"] == []
    assert report["off_again"] == {"on": False, "uploads": 0, "kept": 0}
