# SPDX-License-Identifier: GPL-3.0-or-later
"""Hinged slabs: doors, flaps, lids, hatches."""

from __future__ import annotations

import math

from physx_blender.geometry import PlacedShape
from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import Choice, Linear, material_field, share, thickness
from ..program.frames import Face
from ..program.node import Node
from .base import REGION, Component, region

HINGES = ("left", "right", "bottom", "top")
STYLES = ("plain", "glazed", "panelled", "round")


class Door(Component):
    """A slab hinged at one edge of its region; overlaid on the face, or inset flush with it; single or a pair.

    hinge: edge of the region, seen from outside.  range: largest opening (rad).  open: share of the range.
    border: width of the rim of a glazed or panelled door.
    """

    kind = "door"
    fields = (
        *REGION,
        thickness("depth"),
        Choice("mount", ("overlay", "inset")),
        Choice("hinge", HINGES),
        Choice("leaves", ("one", "two")),
        Choice("style", STYLES),
        thickness("border"),
        Linear("range", 0.2, 3.2, 31),
        share("open"),
        material_field(),
    )
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        hinge = HINGES[int(node.values["hinge"])]
        if int(node.values["leaves"]) == 0:
            return [self._leaf(node, place, build, face, (u0, u1, v0, v1), hinge)]
        g = build.gap / 2
        if hinge in ("left", "right"):
            middle = (u0 + u1) / 2
            return [
                self._leaf(node, place, build, face, (u0, middle - g, v0, v1), "left"),
                self._leaf(node, place, build, face, (middle + g, u1, v0, v1), "right"),
            ]
        middle = (v0 + v1) / 2
        return [
            self._leaf(node, place, build, face, (u0, u1, v0, middle - g), "bottom"),
            self._leaf(node, place, build, face, (u0, u1, middle + g, v1), "top"),
        ]

    def _leaf(
        self,
        node: Node,
        place: Place,
        build: Build,
        face: Face,
        rectangle: tuple[float, float, float, float],
        hinge: str,
    ) -> Place:
        u0, u1, v0, v1 = rectangle
        t = max(min(build.length(node.values["depth"]), 0.5 * max(u1 - u0, v1 - v0)), 8e-4)
        limit = max(node.values["range"], 0.1)
        if int(node.values["mount"]) == 1:
            t = min(t, 0.3 * min(u1 - u0, v1 - v0), 0.9 * face.depth)
            swing = (u1 - u0) if hinge in ("left", "right") else (v1 - v0)
            # the free edge of an inset slab reaches sqrt(w^2 + t^2) from its hinge while it turns
            clear = min(build.gap + t * t / (2 * swing), 0.06 * swing)
            u0, u1, v0, v1 = u0 + clear, u1 - clear, v0 + clear, v1 - clear
            n0, n1, pivot = -t, 0.0, 0.0
            limit = min(limit, 1.57)  # its handle must not reach the jamb
        else:
            n0, n1, pivot = build.gap / 2, build.gap / 2 + t, build.gap / 2
            edge = {"left": u0, "right": face.width - u1, "bottom": v0, "top": face.height - v1}[hinge]
            if (
                edge > build.gap
            ):  # the face goes on behind the hinge: past a right angle the slab would run into it
                limit = min(limit, 1.55)
        # outward turn about the hinge edge: right-hand rule about these directions
        direction, anchor = {
            "left": ((0, -1, 0), (u0, (v0 + v1) / 2, pivot)),
            "right": ((0, 1, 0), (u1, (v0 + v1) / 2, pivot)),
            "bottom": ((1, 0, 0), ((u0 + u1) / 2, v0, pivot)),
            "top": ((-1, 0, 0), ((u0 + u1) / 2, v1, pivot)),
        }[hinge]
        stem = "lid" if face.name == "top" else ("flap" if hinge in ("bottom", "top") else "door")
        link = build.moving(
            stem,
            place.link,
            JointKind.HINGE,
            face.direction(*direction),
            face.point(*anchor),
            angle=(0.0, limit),
            open_share=node.values["open"],
        )
        self._slab(node, build, face, link, stem, (u0, u1, v0, v1), (n0, n1))
        return Place(face.host(u0, u1, v0, v1, n0, n1), link)

    def _slab(
        self,
        node: Node,
        build: Build,
        face: Face,
        link: str,
        stem: str,
        rectangle: tuple[float, float, float, float],
        layer: tuple[float, float],
    ) -> None:
        u0, u1, v0, v1 = rectangle
        n0, n1 = layer
        style = STYLES[int(node.values["style"])]
        border = min(build.length(node.values["border"]), 0.4 * (u1 - u0), 0.4 * (v1 - v0))
        if style == "round":
            radius = min(u1 - u0, v1 - v0) / 2
            centre = ((u0 + u1) / 2, (v0 + v1) / 2, (n0 + n1) / 2)
            shapes = [face.rod(centre, "n", n1 - n0, radius)]
            build.part(f"{stem} panel", link, shapes, node, rank=3, description="Round door")
            glass = [
                face.rod(
                    (centre[0], centre[1], n1 + 0.1 * (n1 - n0)),
                    "n",
                    0.2 * (n1 - n0),
                    max(radius - border, 0.3 * radius),
                )
            ]
            build.part(
                f"{stem} glass", link, glass, node, second=True, material="glass", rank=6, description="Pane"
            )
            return
        if style == "plain":
            build.part(
                f"{stem} panel",
                link,
                [face.box(u0, u1, v0, v1, n0, n1)],
                node,
                rank=3,
                description="Panel that swings",
            )
            return
        rim = [
            face.box(u0, u0 + border, v0, v1, n0, n1),
            face.box(u1 - border, u1, v0, v1, n0, n1),
            face.box(u0 + border, u1 - border, v0, v0 + border, n0, n1),
            face.box(u0 + border, u1 - border, v1 - border, v1, n0, n1),
        ]
        build.part(f"{stem} rim", link, rim, node, rank=4, description="Rim of the door")
        third = (n1 - n0) / 3
        pane: list[PlacedShape] = [
            face.box(u0 + border, u1 - border, v0 + border, v1 - border, n0 + third, n1 - third)
        ]
        glazed = style == "glazed"
        build.part(
            f"{stem} {'glass' if glazed else 'panel'}",
            link,
            pane,
            node,
            second=True,
            material="glass" if glazed else None,
            rank=5,
            description="Pane of the door",
        )


class Cap(Component):
    """A lid that comes off upwards: lifts (slide), or unscrews (turns and lifts)."""

    kind = "cap"
    fields = (
        *REGION,
        thickness("depth"),
        Choice("form", ("disc", "cone", "dome", "box")),
        Choice("motion", ("lift", "screw")),
        share("open"),
        material_field(),
    )
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = max(build.length(node.values["depth"]), 0.002)
        u, v, r = (u0 + u1) / 2, (v0 + v1) / 2, (u1 - u0 + v1 - v0) / 4
        g = build.gap / 2
        travel = (0.0, max(2.0 * depth, 0.1 * build.size))
        kind = JointKind.SLIDE if int(node.values["motion"]) == 0 else JointKind.CYLINDRICAL
        link = build.moving(
            "cap",
            place.link,
            kind,
            face.direction(0, 0, 1),
            face.point(u, v, g),
            angle=None if kind is JointKind.SLIDE else (0.0, 2 * math.pi),
            travel=travel,
            open_share=node.values["open"],
        )
        form = int(node.values["form"])
        middle = (u, v, g + depth / 2)
        if form == 3:
            shapes = [face.box(u0, u1, v0, v1, g, g + depth)]
        elif form == 2:
            shapes = [
                face.rod((u, v, g + 0.2 * depth), "n", 0.4 * depth, r),
                face.rod((u, v, g + 0.7 * depth), "n", 0.6 * depth, r, 0.55 * r),
            ]
        else:
            shapes = [face.rod(middle, "n", depth, r, 0.7 * r if form == 1 else None)]
        build.part("cap", link, shapes, node, rank=2, description="Lid that comes off")
        return [Place(face.host(u0, u1, v0, v1, g, g + depth), link)]


PROVIDES = (Door(), Cap())
