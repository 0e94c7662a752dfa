# SPDX-License-Identifier: GPL-3.0-or-later
"""A U-shaped handle hinged at its two ends: on a bucket, a kettle, a case."""

from __future__ import annotations

import numpy as np

from physx_blender.geometry.pose import Array
from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import Choice, Linear, material_field, share, thickness
from ..program.node import Node
from .base import REGION, Component, region
from .doors import HINGES
from .paths import bent_bar, half_ellipse, rounded_corner


class Bail(Component):
    """A U-shaped handle that lies in its region of a face and is hinged at its two feet, on one edge of the region.

    plane: just before the face, swinging out from it by up to `range`; or in the middle of the host (a bucket's
    handle), swinging half of the range either way (`open` 0.5 is upright).  grip: a sleeve on the middle.
    """

    kind = "bail"
    fields = (
        *REGION,
        thickness("width"),
        Choice("hinge", HINGES),
        Choice("plane", ("on the face", "middle of the host")),
        Choice("form", ("arch", "square", "arch with grip", "square with grip")),
        Linear("range", 0.2, 3.2, 31),
        share("open"),
        material_field(),
    )

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        face, u0, u1, v0, v1 = region(node, place)
        hinge = HINGES[int(node.values["hinge"])]
        inside = int(node.values["plane"]) == 1
        form = int(node.values["form"])
        span, rise = (u1 - u0, v1 - v0) if hinge in ("bottom", "top") else (v1 - v0, u1 - u0)
        radius = max(min(build.length(node.values["width"]) / 2, 0.12 * span, 0.2 * rise), 3e-4)
        n = -face.depth / 2 if inside else build.gap + radius
        # foot: middle between the feet; across and up: half the span and the rise; turn: opens outwards
        u, v = (u0 + u1) / 2, (v0 + v1) / 2
        foot, across, up, turn = {
            "bottom": ((u, v0, n), (1, 0, 0), (0, 1, 0), (1, 0, 0)),
            "top": ((u, v1, n), (1, 0, 0), (0, -1, 0), (-1, 0, 0)),
            "left": ((u0, v, n), (0, 1, 0), (1, 0, 0), (0, -1, 0)),
            "right": ((u1, v, n), (0, 1, 0), (-1, 0, 0), (0, 1, 0)),
        }[hinge]
        most = max(node.values["range"], 0.1)
        link = build.moving(
            "handle",
            place.link,
            JointKind.HINGE,
            face.direction(*turn),
            face.point(*foot),
            angle=(-most / 2, most / 2) if inside else (0.0, most),
            open_share=2 * node.values["open"] - 1 if inside else node.values["open"],
        )
        origin = np.array(face.point(*foot))
        a = np.array(face.direction(*across)) * (span / 2 - radius)
        b = np.array(face.direction(*up)) * (rise - radius)
        build.part(
            "handle", link, [bent_bar(_bow(origin, a, b, form % 2 == 1), radius)], node, rank=1,
            description="Handle to carry by",
        )  # fmt: skip
        if form >= 2:
            ends = [origin + b - 0.32 * a, origin + b + 0.32 * a]
            grip = bent_bar(ends, min(2.2 * radius, 0.4 * rise))
            build.part("grip", link, [grip], node, second=True, rank=1, description="Grip of the handle")
        return []


def _bow(origin: Array, a: Array, b: Array, square: bool) -> list[Array]:
    """Path from the foot at origin - a over the top at origin + b to the other foot."""
    wide, high = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    if square:
        r = 0.4 * min(wide, high)
        return [
            *rounded_corner(origin - a, origin - a + b, origin + b, r)[:-1],
            *rounded_corner(origin + b, origin + a + b, origin + a, r)[1:],
        ]
    leg = b * (max(high - wide, 0.0) / high)
    arch = half_ellipse(origin + leg, a, b - leg)
    return arch if high <= wide else [origin - a, *arch, origin + a]


PROVIDES = (Bail(),)
