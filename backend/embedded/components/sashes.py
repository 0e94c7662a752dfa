# SPDX-License-Identifier: GPL-3.0-or-later
"""Framed panes: fixed, sliding, or hinged like a casement."""

from __future__ import annotations

from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import Choice, Count, material_field, share, thickness
from ..program.node import Node
from .base import REGION, Component, region


class Sash(Component):
    """A framed pane inside a frame: fixed, sliding, or hinged like a casement.

    layer: place in the host's depth, 0 = back, 1 = front.  border: rim width.  bars: glazing bars across and up.
    """

    kind = "sash"
    motions = ("fixed", "up", "down", "left", "right", "hinge left", "hinge right", "hinge top")
    fields = (
        *REGION,
        share("layer"),
        thickness("depth"),
        thickness("border"),
        Count("bars_across", 0, 4),
        Count("bars_up", 0, 4),
        Choice("motion", motions),
        share("travel"),
        share("open"),
        material_field(),
    )
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        t = max(min(build.length(node.values["depth"]), 0.9 * face.depth), 8e-4)
        n0 = -face.depth + node.values["layer"] * (face.depth - t)
        n1 = n0 + t
        g = min(build.gap, 0.03 * min(u1 - u0, v1 - v0))
        u0, u1, v0, v1 = u0 + g, u1 - g, v0 + g, v1 - g
        motion = self.motions[int(node.values["motion"])]
        link, stem = place.link, "pane"
        if motion != "fixed":
            stem = "sash"
            if motion.startswith("hinge"):
                # turns about its outer edge so that it clears the frame
                side = motion.split()[1]
                direction, anchor = {
                    "left": ((0, -1, 0), (u0, (v0 + v1) / 2, n1)),
                    "right": ((0, 1, 0), (u1, (v0 + v1) / 2, n1)),
                    "top": ((-1, 0, 0), ((u0 + u1) / 2, v1, n1)),
                }[side]
                link = build.moving(
                    stem,
                    place.link,
                    JointKind.HINGE,
                    face.direction(*direction),
                    face.point(*anchor),
                    angle=(0.0, 0.2 + 1.3 * node.values["travel"]),
                    open_share=node.values["open"],
                )
            else:
                way = {"up": (0, 1, 0), "down": (0, -1, 0), "left": (-1, 0, 0), "right": (1, 0, 0)}[motion]
                length = v1 - v0 if motion in ("up", "down") else u1 - u0
                link = build.moving(
                    stem,
                    place.link,
                    JointKind.SLIDE,
                    face.direction(*way),
                    face.point((u0 + u1) / 2, (v0 + v1) / 2, n0),
                    travel=(0.0, max(node.values["travel"], 0.05) * length),
                    open_share=node.values["open"],
                )
        b = min(build.length(node.values["border"]), 0.3 * (u1 - u0), 0.3 * (v1 - v0))
        rim = [
            face.box(u0, u0 + b, v0, v1, n0, n1),
            face.box(u1 - b, u1, v0, v1, n0, n1),
            face.box(u0 + b, u1 - b, v0, v0 + b, n0, n1),
            face.box(u0 + b, u1 - b, v1 - b, v1, n0, n1),
        ]
        across, up = int(node.values["bars_across"]), int(node.values["bars_up"])
        thin = 0.4 * b
        for k in range(across):
            v = v0 + b + (v1 - v0 - 2 * b) * (k + 1) / (across + 1)
            rim.append(face.box(u0 + b, u1 - b, v - thin / 2, v + thin / 2, n0, n1))
        for k in range(up):
            u = u0 + b + (u1 - u0 - 2 * b) * (k + 1) / (up + 1)
            rim.append(face.box(u - thin / 2, u + thin / 2, v0 + b, v1 - b, n0, n1))
        build.part(
            f"{stem} frame",
            link,
            rim,
            node,
            rank=4 if motion != "fixed" else 8,
            description="Frame of a pane",
        )
        glass = [face.box(u0 + b, u1 - b, v0 + b, v1 - b, n0 + 0.4 * t, n0 + 0.6 * t)]
        build.part(
            f"{stem} glass",
            link,
            glass,
            node,
            second=True,
            material="glass",
            rank=9,
            alpha=0.45,
            description="Pane of glass",
        )
        return [Place(face.host(u0, u1, v0, v1, n0, n1), link)]


PROVIDES = (Sash(),)
