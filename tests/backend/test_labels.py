# SPDX-License-Identifier: GPL-3.0-or-later
"""What every place of a picture shows, against scenes whose answer is plain."""

from __future__ import annotations

import numpy as np
import pytest

from backend.embedded.categories.base import boxed, filling, node, on
from backend.embedded.program.node import Program
from backend.embedded.world.framing import frame
from backend.embedded.world.labels import CHANNELS, KINDS, labels
from backend.embedded.world.scene import corners, scene

GREY = (0.5, 0.5, 0.5)


def cupboard(opened: float) -> Program:
    """A block, and a door over the whole of its front that is hinged at the left; seen from straight ahead."""
    door = node(
        "door",
        GREY,
        **on("front", 0.0, 1.0, 0.0, 1.0),
        depth=0.05,
        border=0.05,
        mount="overlay",
        hinge="left",
        leaves="one",
        style="plain",
        range=1.5,
        open=opened,
        material="mdf",
    )
    program = boxed(
        "safe", 0.5, 0.4, 0.5, [node("block", GREY, form="box", **filling(), material="steel"), door]
    )
    program.view.azimuth, program.view.elevation, program.view.perspective = 0.0, 0.0, 0.02
    return program


def seen(program: Program, size: int = 64) -> np.ndarray:
    build, items = scene(program)
    framing = frame(program.view, corners(items), size)
    return labels([build], [items], [framing], size, 8).numpy()[0]


def test_a_closed_door_is_a_moving_door_that_faces_the_front() -> None:
    places = seen(cupboard(0.0))
    assert places.shape == (8, 8, CHANNELS)
    inner = places[1:7, 1:7]
    assert (inner[..., 0] == 1 + KINDS.index("door")).all()
    assert (inner[..., 1] == 1).all()
    assert (inner[..., 2:] == (0, -127, 0)).all()


def test_behind_an_open_door_stands_the_body_which_does_not_move() -> None:
    places = seen(cupboard(1.0))
    kinds, moves = places[..., 0], places[..., 1]
    body = kinds == 1 + KINDS.index("block")
    assert body.sum() > 10
    assert not moves[body].any()
    # opened by 1.5 rad, the door is a sliver that faces sideways
    door = kinds == 1 + KINDS.index("door")
    assert moves[door].all()
    assert (np.abs(places[door][:, 2]) > 100).all()


@pytest.mark.parametrize("azimuth", [0.0, np.pi / 2])
def test_normals_are_those_of_the_asset_and_not_of_the_camera(azimuth: float) -> None:
    program = boxed("box", 0.4, 0.4, 0.4, [node("block", GREY, form="box", **filling(), material="oak")])
    program.view.azimuth, program.view.elevation, program.view.perspective = azimuth, 0.0, 0.02
    middle = seen(program)[4, 4]
    expected = (round(127 * np.sin(azimuth)), round(-127 * np.cos(azimuth)), 0)
    assert tuple(middle[2:].tolist()) == expected
