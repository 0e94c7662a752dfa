# SPDX-License-Identifier: GPL-3.0-or-later
"""Assets for sessions in a window: a piece of furniture with every kind of joint that can be seen."""

from __future__ import annotations

from physx_blender.geometry import Box, Capsule, Cylinder, Ellipsoid, HollowBox, PlacedShape, Pose
from physx_blender.geometry.pose import rotation_between
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Mimic, Part

OAK = Material("oak", 720.0)
STEEL = Material("steel", 7850.0)
TOWARDS_FRONT = rotation_between((0.0, 0.0, 1.0), (0.0, -1.0, 0.0))
BODY, FRONT, METAL, RED = (
    (0.42, 0.26, 0.15, 1.0),
    (0.62, 0.44, 0.28, 1.0),
    (0.7, 0.7, 0.72, 1.0),
    (0.6, 0.12, 0.1, 1.0),
)


def sideboard() -> Asset:
    """Double doors that open together, a drawer, a dial without limits, a lever in a ball, a push-and-turn knob."""

    def box(
        name: str, link: str, size: tuple[float, float, float], place: tuple[float, float, float]
    ) -> Part:
        return Part(name, link, (PlacedShape(Box(size, 0.004), Pose(place)),), OAK, colour=FRONT)

    parts = (
        Part(
            "body",
            "base",
            (PlacedShape(HollowBox((0.9, 0.42, 0.8), 0.02, ("-y",)), Pose((0.0, 0.0, 0.4))),),
            OAK,
            colour=BODY,
        ),
        box("left door", "left door", (0.43, 0.02, 0.52), (-0.216, -0.2, 0.29)),
        box("right door", "right door", (0.43, 0.02, 0.52), (0.216, -0.2, 0.29)),
        box("drawer", "drawer", (0.6, 0.36, 0.2), (-0.12, -0.02, 0.67)),
        Part(
            "dial",
            "dial",
            (PlacedShape(Cylinder(0.05, 0.04), Pose((0.32, -0.22, 0.67), TOWARDS_FRONT)),),
            STEEL,
            colour=METAL,
        ),
        Part(
            "panel",
            "base",
            (PlacedShape(Box((0.24, 0.02, 0.2)), Pose((0.31, -0.19, 0.67))),),
            OAK,
            colour=BODY,
        ),
        Part(
            "lever",
            "lever",
            (
                PlacedShape(Capsule(0.012, 0.2), Pose((-0.28, 0.0, 0.92))),
                PlacedShape(Ellipsoid((0.03, 0.03, 0.03)), Pose((-0.28, 0.0, 1.05))),
            ),
            STEEL,
            colour=RED,
        ),
        Part(
            "valve",
            "valve",
            (PlacedShape(Cylinder(0.05, 0.06), Pose((0.26, 0.0, 0.87))),),
            STEEL,
            colour=METAL,
        ),
    )
    joints = (
        Joint(
            "left hinge",
            JointKind.HINGE,
            "base",
            "left door",
            (0, 0, -1),
            (-0.43, -0.21, 0.29),
            angle_limits=(0.0, 1.9),
        ),
        Joint(
            "right hinge",
            JointKind.HINGE,
            "base",
            "right door",
            (0, 0, 1),
            (0.43, -0.21, 0.29),
            angle_limits=(0.0, 1.9),
            mimic=Mimic("left hinge"),
        ),
        Joint(
            "drawer slide",
            JointKind.SLIDE,
            "base",
            "drawer",
            (0, -1, 0),
            (-0.12, -0.2, 0.67),
            travel_limits=(0.0, 0.3),
        ),
        Joint("dial turn", JointKind.HINGE, "base", "dial", (0, -1, 0), (0.32, -0.24, 0.67)),
        Joint("lever ball", JointKind.BALL, "base", "lever", (0, 0, 1), (-0.28, 0.0, 0.82), (0.0, 0.6)),
        Joint(
            "valve stem",
            JointKind.CYLINDRICAL,
            "base",
            "valve",
            (0, 0, 1),
            (0.26, 0.0, 0.84),
            (-1.6, 1.6),
            (0.0, 0.1),
        ),
    )
    links = ("base", "left door", "right door", "drawer", "dial", "lever", "valve")
    return Asset("sideboard", parts, tuple(Link(name) for name in links), joints, category="cabinet")
