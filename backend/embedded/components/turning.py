# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that turn: dials, levers and rockers, rotors, wheels."""

from __future__ import annotations

import math

from physx_blender.geometry import Box, PlacedShape, Pose, Revolution
from physx_blender.geometry.pose import axis_angle_matrix, matrix_quaternion
from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import Choice, Count, Linear, material_field, share, thickness
from ..program.frames import Face
from ..program.node import Node
from .base import GRID, REGION, Component, cells, region


class Dial(Component):
    """Rotary knobs in a grid, turning about the face's normal; `ridge` is the height of a grip bar over the disc."""

    kind = "dial"
    fields = (
        *REGION,
        *GRID,
        thickness("depth"),
        share("top"),
        share("ridge"),
        share("ridge_width"),
        Linear("range", 0.5, 6.5, 25),
        share("open"),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = max(build.length(node.values["depth"]), 8e-4)
        half = node.values["range"] / 2
        limits = None if node.values["range"] > 6.3 else (-half, half)
        for a, b, c, e in cells(node, u0, u1, v0, v1, 0.25 * (u1 - u0) / max(node.values["columns"], 1)):
            u, v, r = (a + b) / 2, (c + e) / 2, min(b - a, e - c) / 2
            link = build.moving(
                "dial",
                place.link,
                JointKind.HINGE,
                face.direction(0, 0, 1),
                face.point(u, v, 0.0),
                angle=limits,
                open_share=node.values["open"],
            )
            g = build.gap / 2
            ridge = min(node.values["ridge"], 0.85) * depth
            disc = depth - ridge
            shapes = [face.rod((u, v, g + disc / 2), "n", disc, r, r * max(node.values["top"], 0.3))]
            width = max(node.values["ridge_width"], 0.08) * r
            if ridge > 0.04 * depth:
                length = 0.96 * r * max(node.values["top"], 0.3)
                shapes.append(face.box(u - width, u + width, v - length, v + length, g + disc, g + depth))
            build.part("dial", link, shapes, node, rank=1, description="Knob to turn")
            mark = [
                face.box(
                    u - 0.08 * r,
                    u + 0.08 * r,
                    v + 0.45 * r,
                    v + 0.9 * r * max(node.values["top"], 0.3),
                    g + depth,
                    g + 1.06 * depth,
                )
            ]
            if ridge <= 0.04 * depth or width > 0.1 * r:
                build.part(
                    "dial mark", link, mark, node, second=True, rank=6, description="Pointer of the knob"
                )
        return []


class Lever(Component):
    """An arm that turns: a rocker or toggle in the face, a handle on a spindle, a tap.

    axis: across (u) or up (v) in the face, or its normal.  depth: how far it stands out.  width: thickness of the arm.
    tilt: where the middle of its range points, -1..1 of half a right angle.  grip: what the hand finds at its end.
    """

    kind = "lever"
    fields = (
        *REGION,
        *GRID,
        thickness("depth"),
        thickness("width"),
        Choice("axis", ("across", "up", "normal")),
        Choice("grip", ("none", "ball", "bar", "rocker")),
        Linear("range", 0.2, 3.2, 31),
        share("open"),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = max(build.length(node.values["depth"]), 0.001)
        axis = int(node.values["axis"])
        grip = int(node.values["grip"])
        half = node.values["range"] / 2
        g = build.gap / 2
        for a, b, c, e in cells(node, u0, u1, v0, v1, 0.1 * (u1 - u0) / max(node.values["columns"], 1)):
            u, v, w, h = (a + b) / 2, (c + e) / 2, b - a, e - c
            t = max(min(build.length(node.values["width"]), 0.8 * max(w, h), 0.8 * depth), 8e-4)
            direction = ((1, 0, 0), (0, 1, 0), (0, 0, 1))[axis]
            shapes: list[PlacedShape] = []
            if grip == 3:  # a rocker stands on its ridge and tips; it may not dip into the face
                swing = math.atan2(0.8 * depth, max((h if axis == 0 else w) / 2, 1e-4))
                half_range = min(half, max(swing, 0.05))
                pivot = g + depth * 0.98
                anchor, limits = (u, v, pivot), (-half_range * 0.5, half_range * 0.5)
                lift = (h if axis == 0 else w) / 2 * math.sin(half_range * 0.5) + 0.1 * depth
                shapes.append(face.box(a, b, c, e, g + min(lift, 0.7 * depth), g + depth))
            elif axis == 2:
                anchor, limits = (u, v, 0.0), (-half, half)
                along_u = w >= h
                start = (a + t / 2, v) if along_u else (u, c + t / 2)
                anchor = (*start, 0.0)
                length = max(w, h)
                middle = (a + length / 2, v) if along_u else (u, c + length / 2)
                shapes.append(face.rod((*start, g + depth / 2), "n", depth, t / 2))
                shapes.append(
                    face.round_rod((*middle, g + depth - t / 2), "u" if along_u else "v", length, t / 2)
                )
                if grip:
                    tip = (b - t, v) if along_u else (u, e - t)
                    shapes.append(face.ball((*tip, g + depth - t / 2), 0.8 * t, 0.8 * t, 0.8 * t))
            else:
                # the root turns in the face plane; it is short enough not to dip far into the host
                anchor, limits = (u, v, g + t / 2), (-half / 2, half / 2)
                limits = (max(limits[0], -1.3), min(limits[1], 1.3))
                shapes.append(
                    face.rod((u, v, g + t / 2 + (depth - t / 2) / 2), "n", depth - t / 2, t / 2, 0.7 * t / 2)
                )
                shapes.append(
                    face.rod(
                        (u, v, g + t / 2), "u" if axis == 0 else "v", max(w if axis == 0 else h, t), 0.5 * t
                    )
                )
                if grip == 1:
                    shapes.append(face.ball((u, v, g + depth), 0.9 * t, 0.9 * t, 0.9 * t))
                elif grip == 2:
                    shapes.append(
                        face.rod(
                            (u, v, g + depth),
                            "u" if axis == 0 else "v",
                            max(w if axis == 0 else h, 3 * t),
                            0.6 * t,
                        )
                    )
            link = build.moving(
                "lever",
                place.link,
                JointKind.HINGE,
                face.direction(*direction),
                face.point(*anchor),
                angle=limits,
                open_share=node.values["open"],
            )
            build.part("lever", link, shapes, node, rank=1, description="Lever to move by hand")
        return []


class Rotor(Component):
    """Blades on a hub, turning without end about the face's normal."""

    kind = "rotor"
    fields = (
        *REGION,
        thickness("depth"),
        share("hub"),
        Count("blades", 2, 8),
        share("open"),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = max(build.length(node.values["depth"]), 0.002)
        u, v, r = (u0 + u1) / 2, (v0 + v1) / 2, min(u1 - u0, v1 - v0) / 2
        hub = max(node.values["hub"], 0.08) * r
        g = build.gap
        link = build.moving(
            "rotor",
            place.link,
            JointKind.HINGE,
            face.direction(0, 0, 1),
            face.point(u, v, 0.0),
            open_share=node.values["open"],
        )
        build.part(
            "hub",
            link,
            [face.rod((u, v, g + depth / 2), "n", depth, hub)],
            node,
            second=True,
            rank=6,
            description="Hub",
        )
        blades = []
        for k in range(int(node.values["blades"])):
            angle = 2 * math.pi * k / int(node.values["blades"])
            blades.append(_blade(face, u, v, g + depth / 2, angle, hub, r, depth))
        build.part("blades", link, blades, node, rank=4, description="Blades")
        return []


def _blade(
    face: Face, u: float, v: float, n: float, angle: float, hub: float, radius: float, depth: float
) -> PlacedShape:
    """A pitched flat blade from the hub outward."""
    length = radius - 0.8 * hub
    turn = axis_angle_matrix((0.0, 0.0, 1.0), angle) @ axis_angle_matrix((1.0, 0.0, 0.0), 0.45)
    middle = 0.8 * hub + length / 2
    centre = face.point(u + middle * math.cos(angle), v + middle * math.sin(angle), n)
    width = min(0.9 * radius * 0.6, 0.8 * depth / math.sin(0.45))
    return PlacedShape(
        Box((length, max(width, 1e-3), max(0.06 * depth, 5e-4))),
        Pose(centre, matrix_quaternion(face.axes @ turn)),
    )


class Wheel(Component):
    """Wheels in a grid about the face's normal: a disc, or a rim with spokes (a hand wheel)."""

    kind = "wheel"
    fields = (
        *REGION,
        *GRID,
        thickness("depth"),
        thickness("stem"),
        Choice("form", ("disc", "rim")),
        share("open"),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = max(build.length(node.values["depth"]), 0.002)
        stem = build.length(node.values["stem"])
        columns, rows = int(node.values["columns"]), int(node.values["rows"])
        size = min(u1 - u0, v1 - v0)
        for row in range(rows):
            for column in range(columns):
                u = u0 + size / 2 + (u1 - u0 - size) * (column / (columns - 1) if columns > 1 else 0.5)
                v = v0 + size / 2 + (v1 - v0 - size) * (row / (rows - 1) if rows > 1 else 0.5)
                self._one(node, place, build, face, u, v, size / 2, depth, stem)
        return []

    def _one(
        self,
        node: Node,
        place: Place,
        build: Build,
        face: Face,
        u: float,
        v: float,
        r: float,
        depth: float,
        stem: float,
    ) -> None:
        g = build.gap / 2
        link = build.moving(
            "wheel",
            place.link,
            JointKind.HINGE,
            face.direction(0, 0, 1),
            face.point(u, v, 0.0),
            open_share=node.values["open"],
        )
        n0 = g + stem
        if int(node.values["form"]) == 0:
            shapes = [face.rod((u, v, n0 + depth / 2), "n", depth, r)]
        else:
            t = min(depth / 2, 0.25 * r)
            ring = tuple(
                (r - t + t * math.cos(2 * math.pi * k / 8), t * math.sin(2 * math.pi * k / 8))
                for k in range(8)
            )
            shapes = [face.along(Revolution(ring), (u, v, n0 + depth / 2), "n")]
            for k in range(2):
                shapes.append(face.rod((u, v, n0 + depth / 2), "uv"[k], 2 * (r - t), 0.6 * t))
        if stem > g:
            shapes.append(
                face.rod((u, v, g + (stem + depth / 2) / 2), "n", stem + depth / 2, max(0.12 * r, 5e-4))
            )
        build.part("wheel", link, shapes, node, rank=2, description="Wheel")


PROVIDES = (Dial(), Lever(), Rotor(), Wheel())
