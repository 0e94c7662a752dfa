# SPDX-License-Identifier: GPL-3.0-or-later
"""Solid bodies: a block of some form between two corners of the host."""

from __future__ import annotations

import math

from physx_blender.geometry import Box, Cylinder, Ellipsoid, Extrusion, PlacedShape, Pose
from physx_blender.geometry.pose import matrix_quaternion

from ..program.build import Build, Place
from ..program.fields import Choice, coordinate, material_field
from ..program.frames import HostBox
from ..program.node import Node
from .base import Component

EXTENT = tuple(coordinate(n) for n in ("x0", "x1", "y0", "y1", "z0", "z1"))
FORMS = (
    "box",
    "rounded box",
    "cylinder x",
    "cylinder y",
    "cylinder z",
    "ellipsoid",
    "arch",
    "wedge",
    "cone",
    "pillow",
    "tablet y",
    "tablet z",
)


def extent(node: Node, place: Place) -> HostBox:
    """The node's box in metres, ordered and never empty."""
    low, high = [], []
    for k, axis in enumerate("xyz"):
        size = place.box.size[k]
        a, b = sorted((node.values[f"{axis}0"] * size, node.values[f"{axis}1"] * size))
        least = max(0.003 * size, 4e-4)
        if b - a < least:
            a, b = (a + b - least) / 2, (a + b + least) / 2
        low.append(place.box.low[k] + a)
        high.append(place.box.low[k] + b)
    return HostBox((low[0], low[1], low[2]), (high[0], high[1], high[2]))


def cleared(box: HostBox, gap: float) -> HostBox:
    """The box drawn in by `gap` metres on every side, at most a fifth of its extent: room to move past its neighbours."""
    inset = [min(gap, 0.2 * s) for s in box.size]
    low = tuple(a + g for a, g in zip(box.low, inset, strict=True))
    high = tuple(b - g for b, g in zip(box.high, inset, strict=True))
    return HostBox((low[0], low[1], low[2]), (high[0], high[1], high[2]))


def _side_profile(box: HostBox, points: list[tuple[float, float]]) -> PlacedShape:
    """Outline in (y, z) shares of the box, extruded along x."""
    w, d, h = box.size
    outline = tuple(((y - 0.5) * d, (z - 0.5) * h) for y, z in points)
    # the outline's x, y become the asset's y, z and the extrusion runs along x
    turn = matrix_quaternion([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])  # type: ignore[arg-type]
    return PlacedShape(Extrusion(outline, w), Pose(box.at(0.5, 0.5, 0.5), turn))


def _rounded(width: float, height: float) -> tuple[tuple[float, float], ...]:
    """Rectangle about the origin with corners rounded by a quarter of its lesser side."""
    r = 0.25 * min(width, height)
    corners = ((1, 1, 0.0), (-1, 1, 0.5), (-1, -1, 1.0), (1, -1, 1.5))
    points = []
    for sx, sy, turn in corners:
        for k in range(5):
            a = math.pi * (turn + k / 8)
            points.append((sx * (width / 2 - r) + r * math.cos(a), sy * (height / 2 - r) + r * math.sin(a)))
    return tuple(points)


def form_shape(form: str, box: HostBox) -> PlacedShape:
    """The shape of a named form that fills a box."""
    w, d, h = box.size
    centre = box.at(0.5, 0.5, 0.5)
    if form == "box":
        return PlacedShape(Box((w, d, h)), Pose(centre))
    if form == "rounded box":
        return PlacedShape(Box((w, d, h), 0.12 * min(w, d, h)), Pose(centre))
    if form == "ellipsoid":
        return PlacedShape(Ellipsoid((w / 2, d / 2, h / 2)), Pose(centre))
    if form == "arch":
        # a quarter round at the upper front edge, as on a housing
        arc = [
            (0.75 * (1 - math.cos(a)), 0.25 + 0.75 * math.sin(a))
            for a in (k * math.pi / 14 for k in range(8))
        ]
        return _side_profile(box, [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), *reversed(arc)])
    if form == "wedge":
        return _side_profile(box, [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.35, 1.0), (0.0, 0.45)])
    if form == "pillow":
        return PlacedShape(Box((w, d, h), 0.45 * min(w, d, h)), Pose(centre))
    if form == "tablet z":
        return PlacedShape(Extrusion(_rounded(w, d), h), Pose(centre))
    if form == "tablet y":
        upright = matrix_quaternion([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])  # type: ignore[arg-type]
        return PlacedShape(Extrusion(_rounded(w, h), d), Pose(centre, upright))
    if form == "cylinder x":
        q = matrix_quaternion([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])  # type: ignore[arg-type]
        return PlacedShape(Cylinder((d + h) / 4, w), Pose(centre, q))
    if form == "cylinder y":
        q = matrix_quaternion([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])  # type: ignore[arg-type]
        return PlacedShape(Cylinder((w + h) / 4, d), Pose(centre, q))
    top = 0.6 * (w + d) / 4 if form == "cone" else None
    return PlacedShape(Cylinder((w + d) / 4, h, top), Pose(centre))


class Block(Component):
    """A solid between two corners."""

    kind = "block"
    fields = (Choice("form", FORMS), *EXTENT, material_field())
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        box = extent(node, place)
        form = FORMS[int(node.values["form"])]
        build.part("body", place.link, [form_shape(form, box)], node, rank=9, description="Solid body")
        return [Place(box, place.link)]


PROVIDES = (Block(),)
