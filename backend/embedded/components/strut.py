# SPDX-License-Identifier: GPL-3.0-or-later
"""Oblique bars: splayed legs, folding frames, star bases."""

from __future__ import annotations

import math

import numpy as np

from physx_blender.geometry import Box, Cylinder, Extrusion, PlacedShape, Pose
from physx_blender.geometry.pose import Array, matrix_quaternion

from ..program.build import Build, Place
from ..program.fields import Choice, material_field, thickness
from ..program.node import Node
from .base import Component
from .bodies import EXTENT
from .paths import straight_bar

COPIES = (
    "one",
    "mirrored in x",
    "mirrored in y",
    "four",
    "three around",
    "four around",
    "five around",
    "six around",
)
FORMS = ("round", "square", "tapered", "flat", "on edge", "blade, edge left", "blade, edge right")
_FLATNESS = 0.3
# a blade: (share of the width from the straight edge, share of the length)
_BLADE = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.55), (0.82, 0.75), (0.5, 0.9), (0.12, 1.0), (0.0, 1.0))
_BLADE_THICKNESS = 0.12


class Strut(Component):
    """A bar from the point (x0, y0, z0) to (x1, y1, z1) of the host's box, and its copies.

    copies: mirrored about the middle of the host, or turned about its upright axis.  form: "tapered" is thinner at the
    second point; "flat" is a lath lying flat, "on edge" one standing.  A blade lies flat and tapers to the second point;
    one of its edges is straight, seen from the first point.
    """

    kind = "strut"
    fields = (
        *EXTENT,
        thickness("width"),
        Choice("form", FORMS),
        Choice("copies", COPIES),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        v = node.values
        a, b = (np.array(place.box.at(v[f"x{k}"], v[f"y{k}"], v[f"z{k}"])) for k in "01")
        width = max(build.length(v["width"]), 6e-4)
        middle = np.array(place.box.at(0.5, 0.5, 0.5))
        shapes = [
            bar(m @ (a - middle) + middle, m @ (b - middle) + middle, width, FORMS[int(v["form"])])
            for m in _copies(COPIES[int(v["copies"])])
        ]
        foot = min(a[2], b[2]) < place.box.low[2] + 0.05 * place.box.size[2]
        stem = "legs" if foot and len(shapes) > 1 else "leg" if foot else "bars" if len(shapes) > 1 else "bar"
        build.part(stem, place.link, shapes, node, rank=10 if foot else 8, description="Bar of a frame")
        return []


def _copies(word: str) -> list[Array]:
    x, y = np.diag([-1.0, 1.0, 1.0]), np.diag([1.0, -1.0, 1.0])
    if word == "one":
        return [np.eye(3)]
    if word == "mirrored in x":
        return [np.eye(3), x]
    if word == "mirrored in y":
        return [np.eye(3), y]
    if word == "four":
        return [np.eye(3), x, y, x @ y]
    count = {"three": 3, "four": 4, "five": 5, "six": 6}[word.split()[0]]
    out = []
    for k in range(count):
        c, s = math.cos(2 * math.pi * k / count), math.sin(2 * math.pi * k / count)
        out.append(np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]))
    return out


def bar(a: Array, b: Array, width: float, form: str) -> PlacedShape:
    """A bar of a form of `Strut` between two points (3,) in metres; its ends are square unless it is round."""
    along = b - a
    length = float(np.linalg.norm(along))
    if form == "round" or length < 1e-3:
        return straight_bar(a, b, width / 2)
    z = along / length
    side = np.cross([0.0, 0.0, 1.0], z)
    size = float(np.linalg.norm(side))
    x = side / size if size > 1e-3 else np.array([1.0, 0.0, 0.0])
    turn = matrix_quaternion(np.stack([x, np.cross(z, x), z], axis=1))
    at = tuple(float(c) for c in (a + b) / 2)
    pose = Pose((at[0], at[1], at[2]), turn)
    if form == "tapered":
        return PlacedShape(Cylinder(width / 2, length, 0.55 * width / 2), pose)
    if form.startswith("blade"):
        side_of_edge = -1.0 if form.endswith("left") else 1.0
        outline = tuple((side_of_edge * (0.5 - w) * width, (share - 0.5) * length) for w, share in _BLADE)
        # the outline's y runs along the bar; its x to the right of it, as seen from above
        flat = matrix_quaternion(np.stack([-x, z, np.cross(-x, z)], axis=1))
        return PlacedShape(Extrusion(outline, max(_BLADE_THICKNESS * width, 2e-4)), Pose(pose.position, flat))
    thin = _FLATNESS * width
    section = {"square": (width, width), "flat": (width, thin), "on edge": (thin, width)}[form]
    return PlacedShape(Box((*section, length)), pose)


PROVIDES = (Strut(),)
