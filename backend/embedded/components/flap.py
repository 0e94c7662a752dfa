# SPDX-License-Identifier: GPL-3.0-or-later
"""A hinged box: arms, temples, lids, covers, halves of tongs; its children move with it."""

from __future__ import annotations

from physx_blender.geometry import Cylinder, PlacedShape, Pose
from physx_blender.geometry.pose import Vec3, matrix_quaternion
from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import Choice, Linear, material_field, share
from ..program.frames import HostBox
from ..program.node import Node
from .base import Component
from .bodies import EXTENT, FORMS, extent, form_shape

AXES = ("x", "y", "z")
_WHERE = ("low", "middle", "high")
# of the two axes across the hinge, in alphabetical order: where in the box the hinge line runs
PIVOTS = tuple(f"{first} {second}" for first in _WHERE for second in _WHERE)
ENDLESS = 6.3  # rad; a wider range has no ends
_PIN = 0.1  # radius of a hinge pin as a share of the shortest side of its box
_PIN_MOST = 0.008  # and of the object's size
_FLAT = 0.25  # length of an upright pivot over its radius
_AXIS_VECTORS: tuple[Vec3, ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
_TURNS = (
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
    [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]],
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
)


class Flap(Component):
    """A box that turns about a line along x, y or z at one of its edges, sides or its middle, with all that sits on it.

    pivot: where the line runs on the two other axes of its box (of y and z for a line along x).
    sense: right-hand turn about the axis (forward), the other way (backward), or half of the range either way (both).
    range: rad; more than a turn has no ends.  open: share of the range; for "both" and without ends 0.5 is the middle.
    form: "pin" is a hinge pin only, for what consists of its children.
    """

    kind = "flap"
    fields = (
        *EXTENT,
        Choice("form", ("pin", *FORMS)),
        Choice("axis", AXES),
        Choice("pivot", PIVOTS),
        Choice("sense", ("forward", "backward", "both")),
        Linear("range", 0.2, 6.4, 63),
        share("open"),
        material_field(),
    )
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        box = extent(node, place)
        axis = int(node.values["axis"])
        across = [k for k in range(3) if k != axis]
        where = divmod(int(node.values["pivot"]), 3)
        at = [0.5, 0.5, 0.5]
        for k, w in zip(across, where, strict=True):
            at[k] = w / 2
        anchor = box.at(*at)
        most = max(node.values["range"], 0.1)
        sense, opened = int(node.values["sense"]), node.values["open"]
        limits = None if most > ENDLESS else ((0.0, most), (-most, 0.0), (-most / 2, most / 2))[sense]
        stem = _what(box)
        link = build.moving(
            stem,
            place.link,
            JointKind.HINGE,
            _AXIS_VECTORS[axis],
            anchor,
            angle=limits,
            open_share=2 * opened - 1 if sense == 2 or limits is None else opened,
        )
        form = int(node.values["form"])
        if form == 0:
            radius = max(min(_PIN * min(box.size), build.length(_PIN_MOST)), 3e-4)
            length = min(0.9 * box.size[axis], 8 * radius)
            if axis == 2 and where == (1, 1):  # a pivot below what it carries, such as a seat, not through it
                length = min(length, _FLAT * radius)
                anchor = (anchor[0], anchor[1], box.low[2] + length / 2)
            elif axis == 2:  # at the upper edge, where a temple or a cover has its hinge
                length = min(length, 4 * radius)
                anchor = (anchor[0], anchor[1], box.high[2] - length / 2)
            turn = matrix_quaternion(_TURNS[axis])  # type: ignore[arg-type]
            shapes = [PlacedShape(Cylinder(radius, length), Pose(anchor, turn))]
            build.part("hinge pin", link, shapes, node, second=True, rank=9, description="Pin of a hinge")
        else:
            shapes = [form_shape(FORMS[form - 1], box)]
            build.part(stem, link, shapes, node, rank=2, description="Part that swings")
        return [Place(box, link)]


def _what(box: HostBox) -> str:
    """What a person would call a swinging box of these proportions."""
    short, middle, long = sorted(box.size)
    if long > 3 * middle:
        return "arm"
    return "lid" if box.size[2] == short else "flap"


PROVIDES = (Flap(),)
