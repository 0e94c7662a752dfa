# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that slide: push buttons and sliders."""

from __future__ import annotations

from physx_blender.geometry import Revolution
from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import Choice, material_field, share, thickness
from ..program.node import Node
from .base import GRID, REGION, Component, cells, region


class Button(Component):
    """Push buttons in a grid: a head, perhaps on a stem with a collar, that slides in along the face's normal."""

    kind = "button"
    fields = (
        *REGION,
        *GRID,
        thickness("depth"),
        thickness("stem"),
        Choice("form", ("box", "round", "dome", "mushroom")),
        share("travel"),
        share("open"),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = max(build.length(node.values["depth"]), 6e-4)
        stem = build.length(node.values["stem"])
        form = int(node.values["form"])
        g = build.gap / 2
        many = int(node.values["columns"] * node.values["rows"]) > 1
        for a, b, c, e in cells(
            node, u0, u1, v0, v1, 0.25 * (u1 - u0) / max(node.values["columns"], 1) if many else 0.0
        ):
            u, v, r = (a + b) / 2, (c + e) / 2, min(b - a, e - c) / 2
            on_stem = form == 3 or stem > 1.5 * depth
            # nothing is let into the body: a flat button stands off by its travel, a plunger runs in a collar
            room = stem - 2 * g if on_stem else depth - g
            travel = min(max(node.values["travel"], 0.1), 0.5) * max(room, 4e-4)
            link = build.moving(
                "button",
                place.link,
                JointKind.SLIDE,
                face.direction(0, 0, 1),
                face.point(u, v, 0.0),
                travel=(-travel, 0.0),
                open_share=node.values["open"],
            )
            shapes = []
            n0, n1 = (stem, stem + depth) if on_stem else (travel + g, max(depth, travel + 2 * g))
            if on_stem:
                plunger = 0.42 * r
                shapes.append(face.rod((u, v, (travel + g + n0) / 2), "n", n0 - travel - g, plunger))
                inner, outer = plunger + max(0.04 * r, 3e-4), 0.62 * r
                top = max(0.9 * (stem - travel) - g, 0.3 * stem)
                ring = Revolution(((inner, -top / 2), (outer, -top / 2), (outer, top / 2), (inner, top / 2)))
                build.part(
                    "collar",
                    place.link,
                    [face.along(ring, (u, v, top / 2), "n")],
                    node,
                    second=True,
                    rank=7,
                    description="Collar of a button",
                )
            if form == 0:
                shapes.append(face.box(a, b, c, e, n0, n1))
            elif form == 2:
                middle = (n0 + n1) / 2
                shapes.append(face.rod((u, v, (n0 + middle) / 2), "n", middle - n0, r))
                shapes.append(face.rod((u, v, (middle + n1) / 2), "n", n1 - middle, r, 0.6 * r))
            else:
                shapes.append(
                    face.rod((u, v, (n0 + n1) / 2), "n", n1 - n0, r, None if form == 1 else 0.92 * r)
                )
            build.part("button", link, shapes, node, rank=1, description="Button to press")
        return []


class Slider(Component):
    """A grip that slides over a face: a toaster's lever, a fader, a press handle on an arm.

    way: where it moves, in the face.  form: a block; or an arm out of the face with a grip across or along.
    """

    kind = "slider"
    ways = ("up", "down", "left", "right")
    fields = (
        *REGION,
        thickness("depth"),
        Choice("form", ("block", "arm, grip across", "arm, ball")),
        Choice("way", ways),
        thickness("travel"),
        share("open"),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = max(build.length(node.values["depth"]), 0.002)
        way = self.ways[int(node.values["way"])]
        direction = {"up": (0, 1, 0), "down": (0, -1, 0), "left": (-1, 0, 0), "right": (1, 0, 0)}[way]
        u, v = (u0 + u1) / 2, (v0 + v1) / 2
        link = build.moving(
            "slider",
            place.link,
            JointKind.SLIDE,
            face.direction(*direction),
            face.point(u, v, 0.0),
            travel=(0.0, max(build.length(node.values["travel"]), 0.002)),
            open_share=node.values["open"],
        )
        g = build.gap
        form = int(node.values["form"])
        if form == 0:
            shapes = [face.box(u0, u1, v0, v1, g, g + depth)]
        else:
            arm = 0.3 * min(u1 - u0, v1 - v0) if form == 2 else 0.35 * (v1 - v0) + 0.1 * (u1 - u0)
            grip = min(v1 - v0, 0.9 * depth) / 2
            shapes = [
                face.box(
                    u - arm / 2,
                    u + arm / 2,
                    v - min(arm, v1 - v0) / 2,
                    v + min(arm, v1 - v0) / 2,
                    g,
                    g + depth - grip,
                )
            ]
            if form == 1:
                shapes.append(face.rod((u, v, g + depth - grip), "u", u1 - u0, grip))
            else:
                shapes.append(face.ball((u, v, g + depth - grip), (u1 - u0) / 2, (v1 - v0) / 2, grip))
        build.part("grip", link, shapes, node, rank=1, description="Grip to slide")
        return []


PROVIDES = (Button(), Slider())
