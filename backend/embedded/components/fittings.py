# SPDX-License-Identifier: GPL-3.0-or-later
"""Things fastened to a face that do not move by themselves: plates, posts, borders, handles."""

from __future__ import annotations

from physx_blender.geometry import PlacedShape

from ..program.build import Build, Place
from ..program.fields import MATERIALS, Choice, material_field, thickness
from ..program.node import Node
from .base import GRID, REGION, Component, cells, region

_KEYS = 8  # so many small plates are keys


class Plate(Component):
    """Flat piece on a face: a screen, a control panel, a label, a rim."""

    kind = "plate"
    fields = (*REGION, *GRID, thickness("depth"), Choice("form", ("box", "disc")), material_field())
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = build.length(node.values["depth"])
        shapes, places = [], []
        for a, b, c, e in cells(node, u0, u1, v0, v1, 0.15 * (u1 - u0) / max(node.values["columns"], 1)):
            if int(node.values["form"]):
                shapes.append(
                    face.rod(((a + b) / 2, (c + e) / 2, depth / 2), "n", depth, (b - a + e - c) / 4)
                )
            else:
                shapes.append(face.box(a, b, c, e, 0.0, depth))
            places.append(Place(face.host(a, b, c, e, 0.0, depth), place.link))
        # what a person would call it
        if int(node.values["columns"] * node.values["rows"]) >= _KEYS:
            stem, rank = "keys", 2
        elif MATERIALS[int(node.values["material"])] == "glass":
            stem, rank = "screen", 4
        else:
            stem, rank = "plate", 8
        build.part(stem, place.link, shapes, node, rank=rank, description="Plate on a face")
        return places


class Post(Component):
    """Posts standing out of a face: legs, feet, columns."""

    kind = "post"
    fields = (
        *REGION,
        *GRID,
        thickness("length"),
        thickness("width"),
        Choice("form", ("square", "round", "tapered")),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        length = build.length(node.values["length"])
        width = min(build.length(node.values["width"]), u1 - u0, v1 - v0)
        columns, rows = int(node.values["columns"]), int(node.values["rows"])
        shapes = []
        for r in range(rows):
            for c in range(columns):
                u = u0 + width / 2 + (u1 - u0 - width) * (c / (columns - 1) if columns > 1 else 0.5)
                v = v0 + width / 2 + (v1 - v0 - width) * (r / (rows - 1) if rows > 1 else 0.5)
                if int(node.values["form"]) == 0:
                    shapes.append(
                        face.box(u - width / 2, u + width / 2, v - width / 2, v + width / 2, 0.0, length)
                    )
                else:
                    top = 0.6 * width / 2 if int(node.values["form"]) == 2 else None
                    shapes.append(face.rod((u, v, length / 2), "n", length, width / 2, top))
        build.part(
            "legs" if face.name == "bottom" else "posts",
            place.link,
            shapes,
            node,
            rank=10,
            description="Posts",
        )
        return []


class Border(Component):
    """Rectangular ring on a face: a door frame, a window frame, a bezel."""

    kind = "border"
    fields = (
        *REGION,
        thickness("depth"),
        thickness("width"),
        Choice("sides", ("four", "no bottom", "left and right")),
        Choice("form", ("square", "round")),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = build.length(node.values["depth"])
        t = min(build.length(node.values["width"]), 0.45 * (u1 - u0), 0.45 * (v1 - v0))
        sides = int(node.values["sides"])

        def bar(a: float, b: float, c: float, e: float) -> PlacedShape:
            if int(node.values["form"]) == 0:
                return face.box(a, b, c, e, 0.0, depth)
            upright = e - c > b - a
            centre = ((a + b) / 2, (c + e) / 2, depth / 2)
            return face.rod(centre, "v" if upright else "u", e - c if upright else b - a, min(t, depth) / 2)

        bars = [bar(u0, u0 + t, v0, v1), bar(u1 - t, u1, v0, v1)]
        if sides < 2:
            bars.append(bar(u0 + t, u1 - t, v1 - t, v1))
        if sides < 1:
            bars.append(bar(u0 + t, u1 - t, v0, v0 + t))
        build.part("frame", place.link, bars, node, rank=9, description="Frame")
        return []


class BarHandle(Component):
    """Handle of a bar on two posts."""

    kind = "bar_handle"
    fields = (
        *REGION,
        thickness("depth"),
        thickness("width"),
        Choice("form", ("round", "square")),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = max(build.length(node.values["depth"]), 0.003)
        t = max(min(build.length(node.values["width"]), 0.6 * depth, 0.5 * max(u1 - u0, v1 - v0)), 0.001)
        u, v = (u0 + u1) / 2, (v0 + v1) / 2
        across = u1 - u0 >= v1 - v0
        length = max(u1 - u0, v1 - v0, 2.2 * t)
        out = depth - t / 2
        shapes = []
        for side in (-1, 1):
            off = side * (length - t) / 2
            pu, pv = (u + off, v) if across else (u, v + off)
            if int(node.values["form"]):
                shapes.append(face.box(pu - t / 2, pu + t / 2, pv - t / 2, pv + t / 2, 0.0, out - t / 2))
            else:
                shapes.append(face.rod((pu, pv, out / 2), "n", out, t / 2))
        if int(node.values["form"]):
            a, b = (length / 2, t / 2) if across else (t / 2, length / 2)
            shapes.append(face.box(u - a, u + a, v - b, v + b, out - t / 2, out + t / 2))
        else:
            shapes.append(face.round_rod((u, v, out), "u" if across else "v", length, t / 2))
        build.part("handle", place.link, shapes, node, rank=1, description="Handle to pull or lift by")
        return []


class KnobHandle(Component):
    """Fixed knob on a neck."""

    kind = "knob_handle"
    fields = (*REGION, thickness("depth"), Choice("form", ("ball", "disc", "block")), material_field())

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = max(build.length(node.values["depth"]), 0.002)
        u, v, r = (u0 + u1) / 2, (v0 + v1) / 2, min(u1 - u0, v1 - v0) / 2
        form = int(node.values["form"])
        shapes = [face.rod((u, v, 0.3 * depth), "n", 0.6 * depth, 0.45 * r)]
        if form == 0:
            shapes.append(face.ball((u, v, 0.65 * depth), r, r, 0.35 * depth))
        elif form == 1:
            shapes.append(face.rod((u, v, 0.8 * depth), "n", 0.4 * depth, r))
        else:
            shapes = [face.box(u0, u1, v0, v1, 0.0, depth)]
        build.part("knob", place.link, shapes, node, rank=1, description="Knob to pull by")
        return []


class LeverHandle(Component):
    """Door handle: a rose, a neck and a lever to one side."""

    kind = "lever_handle"
    fields = (
        *REGION,
        thickness("depth"),
        thickness("width"),
        Choice("side", ("left", "right", "up", "down")),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        depth = max(build.length(node.values["depth"]), 0.003)
        t = max(min(build.length(node.values["width"]), 0.8 * depth), 0.001)
        side = int(node.values["side"])
        along_u = side < 2
        length = max(u1 - u0, v1 - v0, 2 * t)
        u, v = (u0 + u1) / 2, (v0 + v1) / 2
        start = {0: (u1, v), 1: (u0, v), 2: (u, v0), 3: (u, v1)}[side]
        sign = {0: -1, 1: 1, 2: 1, 3: -1}[side]
        middle = (
            (start[0] + sign * length / 2, start[1]) if along_u else (start[0], start[1] + sign * length / 2)
        )
        shapes = [
            face.rod((*start, 0.06 * depth), "n", 0.12 * depth, 1.2 * t),
            face.rod((*start, depth / 2), "n", depth, 0.45 * t),
            face.round_rod((*middle, depth - t / 2), "u" if along_u else "v", length, t / 2),
        ]
        build.part("lever handle", place.link, shapes, node, rank=1, description="Handle to open by")
        return []


PROVIDES = (Plate(), Post(), Border(), BarHandle(), KnobHandle(), LeverHandle())
