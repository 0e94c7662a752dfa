# SPDX-License-Identifier: GPL-3.0-or-later
"""What turns with all that sits on it: swivels, globes, tilting screens, lens rings, carousels."""

from __future__ import annotations

import math

import numpy as np

from physx_blender.geometry import Cylinder, PlacedShape, Pose, Revolution
from physx_blender.geometry.pose import Vec3, matrix_quaternion
from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import Choice, Linear, material_field, share
from ..program.frames import HostBox
from ..program.node import Node
from .base import Component
from .bodies import EXTENT, FORMS, cleared, extent, form_shape

ENDLESS = 6.3  # rad; a wider range has no ends
_SPINDLE = 0.06  # radius of a spindle as a share of the region's width
_WALL = 0.16  # of a ring, as a share of its radius


class Turntable(Component):
    """A body that turns about an axis through its middle, with all that sits on it.

    axis: up, across (the front tips up) or deep (front to back); tilt leans an upright axis towards the right (rad).
    form: of its own body, which fills the region; a spindle is a thin rod along the axis, a ring is hollow.
    """

    kind = "turntable"
    axes = ("up", "across", "deep")
    forms = (*FORMS, "spindle", "ring")
    fields = (
        Choice("form", forms),
        *EXTENT,
        Choice("axis", axes),
        Linear("tilt", -0.8, 0.8, 17),
        Linear("range", 0.5, 6.5, 25),
        share("open"),
        material_field(),
    )
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        box = cleared(extent(node, place), build.gap / 2)
        axis = self.axes[int(node.values["axis"])]
        tilt = node.values["tilt"] if axis == "up" else 0.0
        direction: Vec3 = {
            "up": (math.sin(tilt), 0.0, math.cos(tilt)),
            "across": (-1.0, 0.0, 0.0),
            "deep": (0.0, -1.0, 0.0),
        }[axis]
        reach = node.values["range"]
        form = self.forms[int(node.values["form"])]
        stem = {"up": "turntable", "across": "tilting part", "deep": "turning part"}[axis]
        link = build.moving(
            stem,
            place.link,
            JointKind.HINGE,
            direction,
            box.at(0.5, 0.5, 0.5),
            angle=None if reach > ENDLESS else (-reach / 2, reach / 2),
            open_share=node.values["open"],
        )
        if form == "spindle":
            shape, name, rank = _spindle(box, direction), "spindle", 9
        elif form == "ring":
            shape, name, rank = _ring(box, direction), "ring", 2
        else:
            shape, name, rank = form_shape(form, box), "globe" if form == "ellipsoid" else stem, 2
        build.part(name, link, [shape], node, rank=rank, description="Body that turns on its axis")
        return [Place(box, link)]


def _along(direction: Vec3) -> np.ndarray:
    """Rotation (3, 3) whose third column is a direction that lies in the x-z or the y-z plane."""
    n = np.array(direction, float)
    u = np.array([0.0, 1.0, 0.0]) if abs(n[1]) < 0.5 else np.array([1.0, 0.0, 0.0])
    return np.stack([np.cross(u, n), u, n], axis=1)


def _length(box: HostBox, direction: Vec3) -> tuple[float, float]:
    """Length along a direction that fits into a box, and the lesser half extent across its main axis."""
    size = np.array(box.size)
    main = int(np.argmax(np.abs(direction)))
    across = np.delete(size, main)
    return float(size[main]), float(across.min()) / 2


def _spindle(box: HostBox, direction: Vec3) -> PlacedShape:
    length, half = _length(box, direction)
    rod = Cylinder(max(2 * _SPINDLE * half, 4e-4), max(length, 4e-4))
    return PlacedShape(rod, Pose(box.at(0.5, 0.5, 0.5), matrix_quaternion(_along(direction))))


def _ring(box: HostBox, direction: Vec3) -> PlacedShape:
    length, half = _length(box, direction)
    r, z = max(half, 1e-3), max(length, 4e-4) / 2
    inner = (1 - _WALL) * r
    profile = ((inner, -z), (r, -z), (r, z), (inner, z))
    return PlacedShape(Revolution(profile), Pose(box.at(0.5, 0.5, 0.5), matrix_quaternion(_along(direction))))


PROVIDES = (Turntable(),)
