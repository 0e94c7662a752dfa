# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that slide: drawers, sashes, push buttons, sliders."""

from __future__ import annotations

from physx_blender.geometry import Revolution
from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import Choice, Count, material_field, share, thickness
from ..program.node import Node
from .base import GRID, REGION, Component, cells, region


class Drawer(Component):
    """Drawers in a grid: a front, and a hollow box behind it that a hand fits into.

    mount: front overlaid on the face or inset.  margin: how much narrower than the front the box is on each side.
    inner: depth of the box as a share of the host's depth.  travel: share of the box's depth that pulls out.
    """

    kind = "drawer"
    fields = (
        *REGION,
        *GRID,
        thickness("depth"),
        Choice("mount", ("overlay", "inset")),
        thickness("margin"),
        share("inner"),
        share("travel"),
        share("open"),
        material_field(),
    )
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        inset = int(node.values["mount"]) == 1
        grid = list(cells(node, u0, u1, v0, v1, 2 * build.gap))
        places = []
        for k, (a, b, c, e) in enumerate(grid):
            w, h = b - a, e - c
            t = max(min(build.length(node.values["depth"]), 0.3 * max(w, h)), 8e-4)
            if inset:
                g = min(build.gap, 0.04 * min(w, h))
                a, b, c, e = a + g, b - g, c + g, e - g
                n0, n1 = -t, 0.0
            else:
                n0, n1 = build.gap / 2, build.gap / 2 + t
            margin = build.length(node.values["margin"])
            margin_u, margin_v = min(margin, 0.3 * w), min(margin, 0.3 * h)
            deep = max(node.values["inner"] * face.depth, 2 * t)
            deep = min(deep, max(face.depth - 2 * build.gap, 1.5 * t))
            reach = max(node.values["travel"], 0.05) * deep
            link = build.moving(
                "drawer",
                place.link,
                JointKind.SLIDE,
                face.direction(0, 0, 1),
                face.point((a + b) / 2, (c + e) / 2, 0.0),
                travel=(0.0, reach),
                open_share=node.values["open"] if k == self._opened(node, len(grid)) else 0.0,
            )
            build.part(
                "drawer front",
                link,
                [face.box(a, b, c, e, n0, n1)],
                node,
                rank=3,
                description="Front of a drawer",
            )
            s = max(min(0.5 * t, 0.05 * w), 6e-4)
            i0, i1, j0, j1 = a + margin_u, b - margin_u, c + margin_v, e - 2 * margin_v
            back = -deep
            walls = [
                face.box(i0, i0 + s, j0, j1, back, n0),
                face.box(i1 - s, i1, j0, j1, back, n0),
                face.box(i0 + s, i1 - s, j0, j0 + s, back, n0),
                face.box(i0 + s, i1 - s, j0 + s, j1, back, back + s),
            ]
            build.part("drawer box", link, walls, node, second=True, rank=6, description="Box of a drawer")
            places.append(Place(face.host(a, b, c, e, n0, n1), link))
        return places

    @staticmethod
    def _opened(node: Node, count: int) -> int:
        """Which drawer of the grid stands open: one in the upper half, as people leave them."""
        return count // 3


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


PROVIDES = (Drawer(), Sash(), Button(), Slider())
