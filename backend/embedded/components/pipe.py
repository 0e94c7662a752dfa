# SPDX-License-Identifier: GPL-3.0-or-later
"""Bent tubes: spouts, goosenecks, bow handles."""

from __future__ import annotations

import math

import numpy as np

from physx_blender.geometry.pose import Array

from ..program.build import Build, Place
from ..program.fields import Choice, material_field, thickness
from ..program.node import Node
from .base import Component
from .bodies import EXTENT
from .paths import bent_bar, cubic, half_ellipse, rounded_corner

COURSES = ("straight", "up, then across", "across, then up", "gooseneck", "curve", "handle")


class Pipe(Component):
    """A round tube from the point (x0, y0, z0) to (x1, y1, z1) of the host's box.

    form: its course.  A gooseneck rises `bow` above its higher end; a handle bulges out sideways by `bow`; corners are
    rounded by `bow`; a curve leaves sideways and arrives upright.
    """

    kind = "pipe"
    fields = (
        *EXTENT,
        thickness("width"),
        thickness("bow"),
        Choice("form", COURSES),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        v = node.values
        a, b = (np.array(place.box.at(v[f"x{k}"], v[f"y{k}"], v[f"z{k}"])) for k in "01")
        radius = max(build.length(v["width"]) / 2, 3e-4)
        bow = build.length(v["bow"])
        course = COURSES[int(v["form"])]
        path = _path(course, a, b, bow, np.array(place.box.at(0.5, 0.5, 0.5)))
        handle = course == "handle"
        build.part(
            "handle" if handle else "tube",
            place.link,
            [bent_bar(path, radius)],
            node,
            rank=1 if handle else 6,
            description="Handle to hold by" if handle else "Bent tube",
        )
        return []


def _path(course: str, a: Array, b: Array, bow: float, middle: Array) -> list[Array]:
    flat = np.array([1.0, 1.0, 0.0])
    up = np.array([0.0, 0.0, 1.0])
    if course == "straight":
        return [a, b]
    if course == "up, then across":
        return rounded_corner(a, a * flat + b * up, b, bow)
    if course == "across, then up":
        return rounded_corner(a, b * flat + a * up, b, bow)
    if course == "curve":
        return cubic(a, a + 0.7 * (b - a) * flat, b - 0.7 * (b - a) * up, b)
    if course == "gooseneck":
        high = max(a[2], b[2])
        across = (b - a) * flat / 2
        spring = np.array([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, high])
        straight = max(bow - float(np.linalg.norm(across)), 0.0)  # the arch is round at most
        spring[2] += straight
        return [a, *half_ellipse(spring, across, (bow - straight) * up), b]
    out = (a + b) / 2 - middle
    out[2] = 0.0
    along = (b - a) / max(float(np.linalg.norm(b - a)), 1e-9)
    out = out - (out @ along) * along
    size = math.sqrt(float(out @ out))
    out = out / size if size > 1e-6 else up
    return cubic(a, a + 4 / 3 * bow * out, b + 4 / 3 * bow * out, b)


PROVIDES = (Pipe(),)
