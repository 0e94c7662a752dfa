# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends of ranges that run parts into others, where geometry says plainly what must come out."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from physx_blender.checks.colliding_limits import colliding_limits
from physx_blender.geometry import Box, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part

OAK = Material("oak", 700.0)


def part(name: str, size: tuple[float, float, float], place: tuple[float, float, float]) -> Part:
    return Part(name, name, (PlacedShape(Box(size), Pose(place)),), OAK)


def asset(parts: list[Part], joints: list[Joint]) -> Asset:
    return Asset("test", tuple(parts), tuple(Link(p.link) for p in parts), tuple(joints))


def drawer_before_wall(distance: float, travel: float) -> Asset:
    """A block that slides along +x towards a wall `distance` away from it."""
    parts = [
        part("base", (0.1, 0.5, 0.5), (1.0, 0.0, 0.0)),
        part("block", (0.2, 0.2, 0.2), (1.0 - 0.05 - 0.1 - distance, 0.0, 0.0)),
    ]
    slide = Joint("slide", JointKind.SLIDE, "base", "block", (1, 0, 0), travel_limits=(-0.3, travel))
    return asset(parts, [slide])


@pytest.mark.parametrize(("travel", "bad"), [(0.1, False), (0.29, False), (0.45, True)])
def test_a_slide_that_runs_into_a_wall(travel: float, bad: bool) -> None:
    found = colliding_limits(drawer_before_wall(0.3, travel))
    assert found == ({"slide": frozenset({"travel_high"})} if bad else {})


def test_a_wall_that_is_passed_on_the_way_counts() -> None:
    assert colliding_limits(drawer_before_wall(0.3, 2.0)) != {}


def lid(low: float, high: float) -> Asset:
    """A lid over a block, hinged at its back edge about x: positive angles lift it, negative ones press it in."""
    parts = [
        part("base", (0.4, 0.4, 0.2), (0.0, 0.0, 0.1)),
        part("lid", (0.4, 0.4, 0.02), (0.0, 0.0, 0.211)),
    ]
    hinge = Joint(
        "hinge", JointKind.HINGE, "base", "lid", (-1, 0, 0), (0.0, 0.2, 0.211), angle_limits=(low, high)
    )
    return asset(parts, [hinge])


def test_a_lid_opens_one_way_only() -> None:
    assert colliding_limits(lid(0.0, 1.8)) == {}
    assert colliding_limits(lid(math.radians(-60.0), 1.8)) == {"hinge": frozenset({"angle_low"})}


def test_a_drawer_behind_a_door_is_free_when_the_door_can_open() -> None:
    parts = [
        part("base", (0.5, 0.02, 0.5), (0.0, 0.3, 0.0)),
        part("drawer", (0.3, 0.3, 0.2), (0.0, 0.0, 0.0)),
        part("door", (0.5, 0.02, 0.5), (0.0, -0.2, 0.0)),
    ]
    slide = Joint("slide", JointKind.SLIDE, "base", "drawer", (0, -1, 0), travel_limits=(0.0, 0.25))
    hinge = Joint(
        "hinge", JointKind.HINGE, "base", "door", (0, 0, 1), (-0.25, -0.2, 0.0), angle_limits=(-1.9, 0.0)
    )
    assert colliding_limits(asset(parts, [slide, hinge])) == {}
    stuck = replace(hinge, angle_limits=(0.0, 0.0))
    assert colliding_limits(asset(parts, [slide, stuck])) == {"slide": frozenset({"travel_high"})}


def test_what_overlaps_at_rest_already_is_not_blamed_on_the_limit() -> None:
    parts = [
        part("base", (0.4, 0.2, 0.2), (0.0, 0.0, 0.0)),
        part("block", (0.2, 0.2, 0.2), (0.0, 0.0, 0.15)),  # 5 cm deep in the base
    ]
    slide = Joint("slide", JointKind.SLIDE, "base", "block", (1, 0, 0), travel_limits=(-0.05, 0.05))
    assert colliding_limits(asset(parts, [slide])) == {}
