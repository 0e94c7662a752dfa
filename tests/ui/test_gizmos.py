# SPDX-License-Identifier: GPL-3.0-or-later
"""Handles of joints, dragged with the mouse in a real window."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

import pytest

from tests.ui.window import needs_window, play_sideboard

DEGREE = math.radians(1.0)


pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), needs_window]


drag = partial(play_sideboard, "gizmo_session.py")


def test_drag_the_handles_of_a_hinge(tmp_path: Path) -> None:
    report = drag("hinge", tmp_path)
    assert report["before"] == pytest.approx(1.9)
    assert report["dragged"] == pytest.approx(math.radians(60.0), abs=2.0 * DEGREE)
    assert report["selected_after_drag"] == "left door"
    assert report["undone"] == report["before"], "one step takes the drag back, and nothing before it"
    assert {"sideboard", "left door", "drawer"} <= set(report["there_after_undo"])
    assert report["redone"] == report["dragged"]
    assert report["snapped"] == pytest.approx(math.radians(85.0), abs=1e-5)
    assert report["after_escape"] == report["snapped"]
    assert report["undone_after_escape"] == report["dragged"], "a drag that was given up is no step"
    moved = report["fine"] - report["dragged"]
    assert moved == pytest.approx(math.radians(4.0), abs=DEGREE), "a tenth of the way of the mouse"
    assert report["angle"] == pytest.approx(report["angle_limit"], abs=1e-5), "stops at the limit"
    assert report["angle_undone"] == 0.0


def test_drag_the_handles_of_a_slide(tmp_path: Path) -> None:
    report = drag("slide", tmp_path)
    assert report["travel_before"] == pytest.approx(0.3)
    assert report["travel_dragged"] == pytest.approx(0.2, abs=0.01)
    assert report["travel_snapped"] * 100.0 == pytest.approx(
        round(report["travel_snapped"] * 100.0), abs=1e-4
    )
    assert report["travel"] == pytest.approx(0.15, abs=0.01)
    assert report["travel_undone"] == pytest.approx(0.0, abs=1e-6)


def test_drag_cones_and_dials_but_no_followers(tmp_path: Path) -> None:
    report = drag("others", tmp_path)
    assert report["cone"] == pytest.approx(math.radians(50.0), abs=2.0 * DEGREE)
    assert report["dial"] == pytest.approx(math.radians(360.0), abs=3.0 * DEGREE), "goes on past half a turn"
    assert report["follower_moved"] == 0.0
