# SPDX-License-Identifier: GPL-3.0-or-later
"""Assets whose motion has a closed form."""

from __future__ import annotations

import math

from physx_blender.geometry import Box, Ellipsoid, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part

OAK = Material("oak", 700.0, friction=0.4)


def block(size: float = 0.2, friction: float = 0.4) -> Asset:
    """A cube that stands on z = 0."""
    part = Part(
        "block",
        "base",
        (PlacedShape(Box((size, size, size)), Pose((0.0, 0.0, size / 2))),),
        Material("oak", 700.0, friction=friction),
    )
    return Asset("block", (part,), (Link("base"),), ())


def pendulum(length: float = 0.5, angle: float = 0.05) -> Asset:
    """A small heavy ball on a massless rod, 1 m above the floor, displaced by `angle`."""
    post = Part("post", "base", (PlacedShape(Box((0.02, 0.02, 0.02)), Pose((0.0, 0.0, 1.0))),), OAK)
    bob = Part(
        "bob", "arm", (PlacedShape(Ellipsoid((0.01, 0.01, 0.01)), Pose((0.0, 0.0, 1.0 - length))),), OAK
    )
    hinge = Joint("pivot", JointKind.HINGE, "base", "arm", (0, 1, 0), (0.0, 0.0, 1.0), position=(angle,))
    return Asset("pendulum", (post, bob), (Link("base"), Link("arm")), (hinge,), fixed_base=True)


def chest(drawers: int = 1) -> Asset:
    """Drawers in a rack that is fastened to the world; each slides 0.4 m towards -y."""
    parts = [
        Part(
            "back",
            "base",
            (PlacedShape(Box((0.5, 0.02, 0.2 * drawers)), Pose((0.0, 0.3, 0.1 * drawers))),),
            OAK,
        )
    ]
    joints = []
    for k in range(drawers):
        name = f"drawer {k}"
        middle = (0.0, 0.0, 0.1 + 0.2 * k)
        parts.append(Part(name, name, (PlacedShape(Box((0.4, 0.4, 0.15)), Pose(middle)),), OAK))
        joints.append(
            Joint(
                f"{name} rail",
                JointKind.SLIDE,
                "base",
                name,
                (0, -1, 0),
                middle,
                travel_limits=(0.0, 0.4),
                damping=2.0,
                friction_loss=1.0,
            )
        )
    links = (Link("base"), *(Link(f"drawer {k}") for k in range(drawers)))
    return Asset("chest", tuple(parts), links, tuple(joints), fixed_base=True)


def pendulum_period(length: float, angle: float, radius: float = 0.01) -> float:
    """Period in s: of a physical pendulum (ball of `radius`), with the first term for the amplitude."""
    inertia = length**2 + 0.4 * radius**2
    return 2.0 * math.pi * math.sqrt(inertia / (9.81 * length)) * (1.0 + angle**2 / 16.0)
