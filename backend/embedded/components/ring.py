# SPDX-License-Identifier: GPL-3.0-or-later
"""Rings and rounded frames: a finger loop, a seat, a lens in its rim, the rim of a bucket."""

from __future__ import annotations

import math

import numpy as np

from physx_blender.geometry import Extrusion, PlacedShape, Pose, Revolution
from physx_blender.geometry.pose import Array, matrix_quaternion

from ..program.build import Build, Place
from ..program.fields import Choice, material_field, thickness
from ..program.node import Node
from .base import Component
from .bodies import EXTENT, extent
from .paths import bent_bar

_STEPS = 20
_SQUARENESS = 5.0  # exponent of the superellipse of a rounded frame
# columns: where the ring's own two axes across and its normal point
_FRAMES = {
    0: np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
    1: np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]),
    2: np.eye(3),
}


class Ring(Component):
    """A closed ring that fills its box: round, oval or a rounded frame, about x, y or z.

    width: of the ring's bar, across.  form: a round bar or a flat band; "frame" is nearly rectangular.
    fill: what is inside the ring.
    """

    kind = "ring"
    fields = (
        *EXTENT,
        Choice("axis", ("x", "y", "z")),
        thickness("width"),
        Choice("form", ("round bar", "flat band", "round bar frame", "flat frame")),
        Choice("fill", ("open", "glass", "panel")),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        box = extent(node, place)
        axis = int(node.values["axis"])
        frame = _FRAMES[axis]
        a, b, height = (float(s) for s in np.abs(frame.T @ np.array(box.size)))
        width = min(max(build.length(node.values["width"]), 2e-4), 0.3 * min(a, b))
        form = int(node.values["form"])
        power = _SQUARENESS if form >= 2 else 2.0
        pose = Pose(box.at(0.5, 0.5, 0.5), matrix_quaternion(frame))
        if form % 2:
            outside, inside = _outline(a / 2, b / 2, power), _outline(a / 2 - width, b / 2 - width, power)
            shapes = [PlacedShape(Extrusion(_pairs(outside), height, (_pairs(inside),)), pose)]
        else:
            shapes = [_bar(a / 2, b / 2, min(width, height) / 2, power, pose)]
        build.part("ring", place.link, shapes, node, rank=4, description="Ring")
        fill = int(node.values["fill"])
        if fill:
            inner = _outline(a / 2 - 0.9 * width, b / 2 - 0.9 * width, power)
            pane = [PlacedShape(Extrusion(_pairs(inner), max(0.25 * height, 2e-4)), pose)]
            glass = fill == 1
            build.part(
                "lens" if glass else "panel", place.link, pane, node, second=True,
                material="glass" if glass else None, rank=5, description="Pane in the ring",
            )  # fmt: skip
        return []


def _outline(a: float, b: float, power: float) -> Array:
    """Superellipse (N, 2) with half axes a and b, counter-clockwise."""
    t = 2 * math.pi * (np.arange(_STEPS) + 0.5) / _STEPS
    c, s = np.cos(t), np.sin(t)
    e = 2.0 / power
    return np.stack([a * np.sign(c) * np.abs(c) ** e, b * np.sign(s) * np.abs(s) ** e], axis=1)


def _pairs(points: Array) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in points)


def _bar(a: float, b: float, radius: float, power: float, pose: Pose) -> PlacedShape:
    """Round bar along an oval with these outer half axes."""
    if power == 2.0 and abs(a - b) < 0.04 * (a + b):
        r = (a + b) / 2 - radius
        turn = [2 * math.pi * k / 10 for k in range(10)]
        return PlacedShape(
            Revolution(tuple((r + radius * math.cos(t), radius * math.sin(t)) for t in turn)), pose
        )
    oval = _outline(a - radius, b - radius, power)
    middle = (oval[0] + oval[-1]) / 2
    # a tube's ends may not meet: they leave a slit that no eye sees
    slit = 1e-3 * (oval[0] - oval[-1])
    path = np.concatenate([[middle + slit], oval, [middle - slit]])
    points = pose.apply(np.column_stack([path, np.zeros(len(path))]))
    return bent_bar(list(points), radius)


PROVIDES = (Ring(),)
