# SPDX-License-Identifier: GPL-3.0-or-later
"""Assets of any number of parts, for measurements."""

from __future__ import annotations

import numpy as np

from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    Extrusion,
    HollowBox,
    Mesh,
    PlacedShape,
    Pose,
    Revolution,
    Shape,
    TriangleMesh,
)
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part

WOOD = Material("Oak wood", 700.0)


def chest(count: int) -> Asset:
    """A chest of `count` drawers and knobs: half of the links slide, the others turn; a mix of shapes."""
    shapes: tuple[Shape, ...] = (
        HollowBox((0.4, 0.4, 0.1), 0.01, ("+z",)),
        Revolution(((0, 0), (0.02, 0), (0.012, 0.03), (0, 0.03))),
        Box((0.3, 0.02, 0.1), 0.003),
        Capsule(0.01, 0.1),
        Extrusion(((0, 0), (0.1, 0), (0.1, 0.05), (0.05, 0.05), (0.05, 0.1), (0, 0.1)), 0.02),
    )
    parts = [Part("frame", "frame", (PlacedShape(Box((0.5, 0.5, 0.02))),), WOOD)]
    links, joints = [Link("frame")], []
    for k in range(1, count):
        name = f"part {k}"
        pose = Pose((0.0, 0.0, 0.2 * k))
        parts.append(Part(name, name, (PlacedShape(shapes[k % len(shapes)], pose),), WOOD))
        links.append(Link(name))
        kind = JointKind.SLIDE if k % 2 else JointKind.HINGE
        limits = {"travel_limits": (0.0, 0.3)} if k % 2 else {"angle_limits": (0.0, 1.5)}
        joints.append(Joint(f"joint {k}", kind, "frame", name, (0, -1, 0), pose.position, **limits))
    return Asset("chest", tuple(parts), tuple(links), tuple(joints), fixed_base=True)


def shape(number: int, size: float) -> Shape:
    """Boxes, trays, cylinders and meshes of some hundred triangles, in turn."""
    if number % 4 == 0:
        return Box((0.08, 0.08, size))
    if number % 4 == 1:
        return HollowBox((0.08, 0.08, size), 0.004, ("+z",))
    if number % 4 == 2:
        return Cylinder(0.04, size)
    mesh = Cylinder(0.04, size).mesh(128)
    return Mesh(TriangleMesh(np.array(mesh.vertices), np.array(mesh.faces)))


def cupboard(parts: int, changed: float = 0.08) -> Asset:
    """A wall of drawers side by side; `changed` is the height (m) of the one in the middle."""
    across = int(np.ceil(np.sqrt(parts)))
    pine = Material("pine", 500.0, estimated=False)
    made, joints = [], []
    for k in range(parts):
        at = Pose((0.1 * (k % across - across / 2), 0.0, 0.1 * (k // across) + 0.05))
        size = changed if k == parts // 2 else 0.08
        made.append(Part(f"part {k}", f"link {k}", (PlacedShape(shape(k, size), at),), pine))
        if k:
            kind = "hinge" if k % 2 else "slide"
            limits = {"angle_limits": (0.0, 1.5)} if k % 2 else {"travel_limits": (0.0, 0.06)}
            joints.append(Joint(f"joint {k}", kind, "link 0", f"link {k}", (0, -1, 0), at.position, **limits))
    return Asset("cupboard", tuple(made), tuple(Link(f"link {k}") for k in range(parts)), tuple(joints))
