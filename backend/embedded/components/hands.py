# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands of clocks, pointers of gauges."""

from __future__ import annotations

from physx_blender.geometry import Box, Cylinder, Extrusion, PlacedShape, Pose, Shape
from physx_blender.geometry.pose import matrix_quaternion
from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import Choice, material_field, share, thickness
from ..program.frames import Face
from ..program.node import Node
from .base import REGION, Component, region

_TAIL = 0.16  # of the length, on the other side of the pin


class Hand(Component):
    """A pointer from the middle of its region to the edge, turning clockwise without end; `open` 1 is a full turn.

    lift: height of its underside over the face.  depth: its thickness.  width: its width at the widest.
    """

    kind = "hand"
    forms = ("bar", "tapered", "spade", "ring")
    fields = (
        *REGION,
        thickness("lift"),
        thickness("depth"),
        thickness("width"),
        Choice("form", forms),
        share("open"),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        u, v, length = (u0 + u1) / 2, (v0 + v1) / 2, min(u1 - u0, v1 - v0) / 2
        n0 = max(build.length(node.values["lift"]), build.gap / 2)
        t = max(build.length(node.values["depth"]), 4e-4)
        width = min(max(build.length(node.values["width"]), 4e-4), 0.6 * length)
        link = build.moving(
            "hand",
            place.link,
            JointKind.HINGE,
            face.direction(0, 0, -1),
            face.point(u, v, 0.0),
            open_share=2 * node.values["open"],  # half a turn is what `share` 1 stands for elsewhere
        )
        form = self.forms[int(node.values["form"])]
        shapes = [_flat(face, s, u, v + at, n0 + t / 2) for s, at in _outline(form, length, width, t)]
        shapes.append(face.rod((u, v, n0 + t / 2), "n", t, 0.7 * width))
        build.part("hand", link, shapes, node, rank=2, description="Hand that shows the time")
        return []


def _outline(form: str, length: float, width: float, t: float) -> list[tuple[Shape, float]]:
    """Flat pieces, and how far up from the pin each is centred."""
    tail = _TAIL * length
    thin = 0.4 * width
    if form == "bar":
        return [(Box((width, length + tail, t)), (length - tail) / 2)]
    if form == "tapered":
        points = (
            (-0.5 * width, -tail),
            (0.5 * width, -tail),
            (0.15 * width, length),
            (-0.15 * width, length),
        )
        return [(Extrusion(points, t), 0.0)]
    if form == "spade":
        head = ((0.0, 0.55 * length), (width, 0.75 * length), (0.0, length), (-width, 0.75 * length))
        return [
            (Box((thin, 0.6 * length + tail, t)), (0.6 * length - tail) / 2),
            (Extrusion(head, t), 0.0),
        ]
    return [
        (Box((thin, length + tail, t)), (length - tail) / 2),
        (Cylinder(0.7 * width, t), 0.72 * length),
    ]


def _flat(face: Face, shape: Shape, u: float, v: float, n: float) -> PlacedShape:
    """A shape whose x, y lie along the face's u, v."""
    return PlacedShape(shape, Pose(face.point(u, v, n), matrix_quaternion(face.axes)))


PROVIDES = (Hand(),)
