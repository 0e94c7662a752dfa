# SPDX-License-Identifier: GPL-3.0-or-later
"""Hollow bodies: a carcass of panels, and a vessel turned about the upright axis."""

from __future__ import annotations

import numpy as np

from physx_blender.geometry import Box, PlacedShape, Pose, Revolution

from ..program.build import Build, Place
from ..program.fields import Choice, Count, material_field, share, thickness
from ..program.node import Node
from .base import Component
from .bodies import EXTENT, extent

OPENINGS = ("front", "top", "front and back", "bottom", "none")
PROFILE_POINTS = 6


class Carcass(Component):
    """Box of panels, open on a side, with shelves or dividers that split the opening evenly."""

    kind = "carcass"
    fields = (
        *EXTENT,
        Choice("opening", OPENINGS),
        thickness("wall"),
        Count("shelves", 0, 7),
        Count("dividers", 0, 5),
        material_field(),
    )
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        box = extent(node, place)
        w, d, h = box.size
        t = min(build.length(node.values["wall"]), 0.3 * min(w, d, h))
        opening = OPENINGS[int(node.values["opening"])]
        (x0, y0, z0), (x1, y1, z1) = box.low, box.high
        front = y0 if "front" in opening else y0 + t
        back = y1 if "back" in opening else y1 - t
        bottom = z0 if opening == "bottom" else z0 + t
        top = z1 if opening == "top" else z1 - t

        def slab(a: float, b: float, c: float, e: float, f: float, g: float) -> PlacedShape:
            size = (max(b - a, 1e-4), max(e - c, 1e-4), max(g - f, 1e-4))
            return PlacedShape(Box(size), Pose(((a + b) / 2, (c + e) / 2, (f + g) / 2)))

        walls = [slab(x0, x0 + t, y0, y1, z0, z1), slab(x1 - t, x1, y0, y1, z0, z1)]
        if bottom > z0:
            walls.append(slab(x0 + t, x1 - t, y0, y1, z0, bottom))
        if top < z1:
            walls.append(slab(x0 + t, x1 - t, y0, y1, top, z1))
        if back < y1:
            walls.append(slab(x0 + t, x1 - t, back, y1, bottom, top))
        if front > y0:
            walls.append(slab(x0 + t, x1 - t, y0, front, bottom, top))
        recess = 0.02 * d + 1.5 * t  # an inset door or drawer front finds room before the shelves
        shelves, dividers = int(node.values["shelves"]), int(node.values["dividers"])
        for k in range(shelves):
            z = bottom + (top - bottom) * (k + 1) / (shelves + 1)
            walls.append(slab(x0 + t, x1 - t, front + recess, back, z - t / 2, z + t / 2))
        for k in range(dividers):
            x = x0 + t + (w - 2 * t) * (k + 1) / (dividers + 1)
            walls.append(slab(x - t / 2, x + t / 2, front + recess, back, bottom, top))
        build.part("carcass", place.link, walls, node, rank=9, description="Hollow body of panels")
        return [Place(box, place.link)]


class Turned(Component):
    """Body of revolution about z: radii at even heights (shares of half the width), solid or a vessel open at the top."""

    kind = "turned"
    fields = (
        *EXTENT,
        *(share(f"r{k}") for k in range(PROFILE_POINTS)),
        thickness("wall"),
        Choice("form", ("solid", "open", "closed")),
        material_field(),
    )
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        box = extent(node, place)
        w, d, h = box.size
        half = (w + d) / 4
        radii = np.array([max(max(node.values[f"r{k}"], 0.02) * half, 1e-4) for k in range(PROFILE_POINTS)])
        heights = np.linspace(-h / 2, h / 2, PROFILE_POINTS)
        outside = [(float(r), float(z)) for r, z in zip(radii, heights, strict=True)]
        form = int(node.values["form"])
        if form == 0:
            profile = [(0.0, -h / 2), *outside, (0.0, h / 2)]
        else:
            t = min(build.length(node.values["wall"]), 0.4 * float(radii.min()), 0.3 * h)
            floor = -h / 2 + t
            roof = h / 2 if form == 1 else h / 2 - t
            # corners this near to the floor are left out; a wider margin would cut through the wall of a flat dish
            near = min(1e-4, 0.05 * t * h / half)
            inside_z = [floor, *[float(z) for z in heights[1:-1] if floor + near < z < roof - near], roof]
            inside_r = np.interp(inside_z, heights, radii) - t
            inside = [(float(r), float(z)) for r, z in zip(inside_r, inside_z, strict=True)]
            if form == 1:
                profile = [(0.0, -h / 2), *outside, *reversed(inside), (0.0, floor)]
            else:
                profile = [
                    (0.0, -h / 2),
                    *outside,
                    (0.0, h / 2),
                    (0.0, roof),
                    *reversed(inside),
                    (0.0, floor),
                ]
        shape = PlacedShape(Revolution(tuple(profile)), Pose(box.at(0.5, 0.5, 0.5)))
        build.part(
            "vessel" if form else "turned body", place.link, [shape], node, rank=6, description="Turned body"
        )
        return [Place(box, place.link)]


PROVIDES = (Carcass(), Turned())
