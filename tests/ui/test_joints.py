# SPDX-License-Identifier: GPL-3.0-or-later
"""Joints made, moved and played in a real window, with the mouse."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.ui.window import needs_window, play_sideboard

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), needs_window]


session = partial(play_sideboard, "joints_session.py")


def test_make_a_joint_of_two_parts(tmp_path: Path) -> None:
    report = session("make", tmp_path)
    assert report["selected"] == [["chest", "lid"], "chest"]
    made = report["made"]
    assert made["kind"] == "hinge"
    assert made["axis"] == pytest.approx([-1.0, 0.0, 0.0], abs=1e-3), (
        "a lid opens upwards about its back edge"
    )
    assert made["pivot"][1:] == pytest.approx([0.175, 0.25], abs=0.02)
    first, second, third = report["alternatives"]
    assert len({tuple(map(tuple, (j["pivot"], j["axis"]))) for j in (first, second, third)}) == 3
    assert report["undone"] == [[], True], "one step, and the blocks are as they were"
    assert report["redone"] == [True, third]


FRONT, RIM = -0.21, 0.004
"""The front of the door, and how far its flat face ends before its rounded rim."""


def test_move_pivot_and_axis_by_the_mouse(tmp_path: Path) -> None:
    report = session("pivot", tmp_path)
    (left, _, low), (right, _, high) = report["box"]
    middle = [(left + right) / 2.0, FRONT, (low + high) / 2.0]
    for name, place in (
        ("vertex", [right - RIM, FRONT, high - RIM]),
        ("edge_middle", [right - RIM, FRONT, middle[2]]),
        ("face_centre", middle),
        ("edge_both", [left + RIM, FRONT, middle[2]]),
    ):
        assert report[name]["pivot"] == pytest.approx(place, abs=1e-4), name
    for name, axis in (("edge_axis", 0), ("face_axis", 1), ("edge_both", 2)):
        assert abs(report[name]["axis"][axis]) == pytest.approx(1.0, abs=1e-5), name
    for name in ("vertex", "edge_middle", "face_centre"):
        assert report[name]["axis"] == report["before"]["axis"], "a pivot has no direction"
    for name in ("edge_axis", "face_axis"):
        assert report[name]["pivot"] == pytest.approx(middle, abs=1e-4), "an axis is aimed where it is"
    moved = [value for name, value in report.items() if name.endswith("_moved")]
    assert len(moved) == 6
    assert max(moved) < 1e-6, "no part moves"
    assert report["undone"] == report["face_axis"], "one step"
    assert report["redone"] == report["after_escape"] == report["edge_both"]


def test_sliders_poses_and_play_through(tmp_path: Path) -> None:
    report = session("play", tmp_path)
    assert report["start"] == 0.0
    assert 0.3 < report["dragged"] < 1.9
    assert report["undone"] == 0.0, "a drag of a slider is one step"
    assert report["redone"] == report["dragged"]
    for name, how in (("open", 0.75), ("close", 0.0), ("reset", 0.0)):
        assert report[name]["left door"] == pytest.approx(1.9 * how), name
        assert report[name]["drawer"] == pytest.approx(0.3 * how), name
    assert report["random"]["drawer"] > 0.0
    assert report["reset_undone"] == report["random"], "one step"
    assert report["playing"]
    assert report["swept"] >= 0.2, "however slowly the window draws, no joint is left out"
    assert report["stopped"]
    assert report["put_back"] == report["random"], "Esc leaves everything where it was"
