# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawers: a front, and a hollow box behind it."""

from __future__ import annotations

from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import Choice, material_field, share, thickness
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


PROVIDES = (Drawer(),)
