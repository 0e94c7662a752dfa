# SPDX-License-Identifier: GPL-3.0-or-later
"""Turntables, trays and hands: axes, travels and where what they carry goes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from backend.embedded.categories.base import filling, node, on
from backend.embedded.program.build import Build, collect, to_asset
from backend.embedded.program.node import Node, Program
from backend.embedded.world.scene import link_motions
from physx_blender.model.inertia import part_mass_properties

GREY = (0.5, 0.5, 0.5)


def built(nodes: list[Node]) -> Build:
    """Pieces of an object in a root box of 1 x 1 x 1 m (x, y from -0.5 to 0.5, z from 0 to 1)."""
    return collect(Program("clock", 1.0, (1.0, 1.0, 1.0), nodes))


def turntable(**values: float | str) -> Node:
    usual: dict[str, float | str] = {
        "form": "box",
        "axis": "up",
        "tilt": 0.0,
        "range": 2.0,
        "open": 0.5,
        "material": "abs",
    }
    return node("turntable", GREY, **filling(0.2, 0.8, 0.2, 0.8, 0.2, 0.8), **{**usual, **values})


def tray(**values: float | str) -> Node:
    usual: dict[str, float | str] = {
        "form": "box",
        "way": "front",
        "wall": 0.01,
        "travel": 0.5,
        "open": 1.0,
        "material": "abs",
    }
    return node("tray", GREY, **filling(0.2, 0.8, 0.2, 0.8, 0.2, 0.8), **{**usual, **values})


def hand(opened: float) -> Node:
    return node(
        "hand",
        GREY,
        **on("front", 0.0, 1.0, 0.0, 1.0),
        lift=0.01,
        depth=0.01,
        width=0.02,
        form="bar",
        open=opened,
        material="steel",
    )


@pytest.mark.parametrize("tilt", [-0.4, 0.0, 0.4])
def test_a_turntable_leans_towards_the_right(tilt: float) -> None:
    (joint,) = built([turntable(tilt=tilt)]).joints
    assert joint.axis == pytest.approx((math.sin(tilt), 0.0, math.cos(tilt)))
    assert joint.anchor == pytest.approx((0.0, 0.0, 0.5))
    assert joint.angle_limits == pytest.approx((-1.0, 1.0))


def test_a_turntable_across_lifts_its_front_and_a_wide_range_has_no_ends() -> None:
    build = built([turntable(axis="across", range=2.0, open=1.0)])
    front = link_motions(build)[build.joints[0].child] @ np.array([0.0, -0.3, 0.5, 1.0])
    assert front[2] == pytest.approx(0.5 + 0.3 * math.sin(1.0))
    assert built([turntable(range=6.5)]).joints[0].angle_limits is None


def test_children_move_with_turntables_and_trays() -> None:
    for host in (turntable(), tray()):
        host.children.append(node("block", GREY, form="box", **filling(), material="abs"))
        build = built([host])
        assert {part.link for part in build.parts} == {build.joints[0].child}


@pytest.mark.parametrize(
    ("way", "direction"), [("front", (0, -1, 0)), ("left", (-1, 0, 0)), ("top", (0, 0, 1))]
)
def test_a_tray_comes_out_by_its_share_of_its_own_length(way: str, direction: tuple[int, int, int]) -> None:
    build = built([tray(way=way)])
    (joint,) = build.joints
    length = 0.6 - build.gap  # drawn in by half a clearance at each end
    assert joint.axis == pytest.approx(direction)
    assert joint.travel_limits == pytest.approx((0.0, 0.5 * length))
    assert joint.position == pytest.approx((0.5 * length,))


def test_a_sleeve_is_a_tube_closed_at_one_end() -> None:
    asset = to_asset(Program("clock", 1.0, (1.0, 1.0, 1.0), [tray(form="sleeve", wall=0.05)]))
    (part,) = asset.parts
    size, t = 0.6 - 0.004, 0.05
    r = size / 2
    volume = math.pi * (r**2 * size - (r - t) ** 2 * (size - t))
    solid = replace(part, mass=None)  # its category weighs it as the hollow thing it is
    wall = part_mass_properties(solid).mass / part.material.density
    assert wall == pytest.approx(volume, rel=0.02)  # the wall's bins are logarithmic only in tokens


@pytest.mark.parametrize("opened", [0.0, 0.25, 0.5, 0.75])
def test_hands_turn_clockwise_as_seen_from_the_front(opened: float) -> None:
    build = built([hand(opened)])
    tip = link_motions(build)[build.joints[0].child] @ np.array([0.0, -0.5, 1.0, 1.0])
    turn = 2 * math.pi * opened
    assert tip[0] == pytest.approx(0.5 * math.sin(turn), abs=1e-9)
    assert tip[2] == pytest.approx(0.5 + 0.5 * math.cos(turn), abs=1e-9)
