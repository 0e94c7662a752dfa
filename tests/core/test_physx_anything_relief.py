# SPDX-License-Identifier: GPL-3.0-or-later
"""Room to move on the grid: the coarseness of voxels is forgiven, a wrong movement is not."""

from __future__ import annotations

import numpy as np
import pytest

from physx_blender.formats.physx_anything import GroupText, Movement, Report
from physx_blender.formats.physx_anything.relief import colliding_cells


def grid(*low_high: tuple[tuple[int, int, int], tuple[int, int, int]]) -> np.ndarray:
    cells = np.zeros((32, 32, 32), dtype=bool)
    for low, high in low_high:
        cells[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] = True
    return cells


WALL = grid(((4, 10, 0), (6, 20, 20)))
DOOR = grid(((6, 10, 0), (20, 13, 20)))


def hinge(x: float, y: float, limits: tuple[float, float]) -> tuple[GroupText, GroupText]:
    return (
        GroupText(0, (0,)),
        GroupText(1, (1,), Movement.HINGE, 0, axis=(0, 0, 1), position=(x, y, 0), angles=limits),
    )


def test_hinge_edge_of_a_thick_door_gets_room() -> None:
    """The door turns about the middle of its edge, so the edge's far corner would enter the wall beside it."""
    report = Report()
    found = colliding_cells({0: WALL, 1: DOOR}, hinge(6.0, 11.5, (-90.0, 0.0)), report)
    assert np.array_equal(found[0], WALL)
    gone = np.argwhere(DOOR & ~found[1])
    assert len(gone)
    assert gone[:, 0].max() <= 8
    assert [r.place for r in report.remarks] == ["l_1"]
    # What is left moves freely: every corner of every cell, tried finely, stays out of the wall.
    cells = np.argwhere(found[1])
    corners = (cells[:, None] + np.array(list(np.ndindex(2, 2, 2))) * 0.9 + 0.05).reshape(-1, 3) - (
        6.0,
        11.5,
        0,
    )
    for angle in np.radians(np.linspace(0, -90, 400)):
        c, s = np.cos(angle), np.sin(angle)
        at = np.floor(corners @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]).T + (6.0, 11.5, 0)).astype(int)
        inside = ((at >= 0) & (at < 32)).all(axis=1)
        assert not WALL[tuple(at[inside].T)].any()


def test_a_free_hinge_keeps_all_cells() -> None:
    report = Report()
    found = colliding_cells({0: WALL, 1: DOOR}, hinge(6.0, 10.0, (-90.0, 0.0)), report)
    assert np.array_equal(found[1], DOOR)
    assert report.remarks == ()


@pytest.mark.parametrize(
    "group",
    [
        GroupText(1, (1,), Movement.SLIDE, 0, slide_axis=(1, 0, 0), travel=(-6.0, 0.0)),
        GroupText(1, (1,), Movement.HINGE, 0, axis=(0, 0, 1), position=(20, 13, 0), angles=(-90.0, 0.0)),
    ],
)
def test_a_wrong_movement_is_told_and_not_hidden(group: GroupText) -> None:
    report = Report()
    wall = grid(((0, 0, 0), (6, 32, 32)), ((6, 13, 0), (32, 32, 32)))
    found = colliding_cells({0: wall, 1: DOOR}, (GroupText(0, (0,)), group), report)
    assert np.array_equal(found[1], DOOR)
    assert any("check axis, position and range" in r.message for r in report.remarks)


def test_a_drawer_between_walls_slides_freely() -> None:
    walls = grid(((4, 4, 4), (5, 28, 20)), ((15, 4, 4), (16, 28, 20)), ((4, 27, 4), (16, 28, 20)))
    drawer = grid(((5, 4, 6), (15, 26, 14)))
    slide = GroupText(1, (1,), Movement.SLIDE, 0, slide_axis=(0, 1, 0), travel=(-15.0, 0.0))
    report = Report()
    found = colliding_cells({0: walls, 1: drawer}, (GroupText(0, (0,)), slide), report)
    assert np.array_equal(found[1], drawer)
    assert report.remarks == ()


def test_what_hangs_on_a_door_moves_with_it() -> None:
    knob = grid(((17, 8, 9), (19, 10, 11)))
    post = grid(((0, 8, 8), (2, 10, 12)))
    groups = (
        *hinge(6.0, 10.0, (-170.0, 0.0)),
        GroupText(2, (2,), Movement.FIXED, 1),
        GroupText(3, (3,), Movement.FIXED, 0),
    )
    found = colliding_cells({0: WALL, 1: DOOR, 2: knob, 3: post}, groups, Report())
    assert np.array_equal(found[0], WALL)
    assert np.array_equal(found[3], post)
