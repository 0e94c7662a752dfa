# SPDX-License-Identifier: GPL-3.0-or-later
"""What slides with all that sits on it: paper trays, racks, telescopes, blades, bolts, plungers."""

from __future__ import annotations

import numpy as np

from physx_blender.geometry import Box, PlacedShape, Pose, Revolution
from physx_blender.model import JointKind

from ..program.build import Build, Place
from ..program.fields import FACES, Choice, material_field, share, thickness
from ..program.frames import Face, HostBox
from ..program.node import Node
from .base import Component
from .bodies import EXTENT, cleared, extent, form_shape

_RACK_BARS = 5  # of a rack's floor, each way


class Tray(Component):
    """A body that slides along one of the six directions, with all that sits on it.

    way: the side it comes out at.  travel: how far, as a share of its own length that way.  wall: thickness of the
    panels of a tray, or of the wires of a rack.  A cylinder lies along the way, and so does a sleeve, which is
    a round or square tube closed at the side it comes out at.  A bow is two rods with a grip across
    at that side, as of a trolley.
    """

    kind = "tray"
    forms = (
        "box",
        "rounded box",
        "cylinder",
        "tray",
        "rack",
        "sleeve",
        "square sleeve",
        "bow",
        "cylinder z",
        "tablet y",
        "tablet z",
        "pillow",
    )
    fields = (
        Choice("form", forms),
        *EXTENT,
        Choice("way", FACES),
        thickness("wall"),
        share("travel"),
        share("open"),
        material_field(),
    )
    hosts = True

    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        box = cleared(extent(node, place), build.gap / 2)
        face = box.face(node.values["way"])
        form = self.forms[int(node.values["form"])]
        stem = {"tray": "tray", "rack": "rack", "bow": "pull handle"}.get(form, "sliding part")
        link = build.moving(
            stem,
            place.link,
            JointKind.SLIDE,
            face.direction(0, 0, 1),
            box.at(0.5, 0.5, 0.5),
            travel=(0.0, max(node.values["travel"], 0.04) * face.depth),
            open_share=node.values["open"],
        )
        w, d, h = box.size
        t = min(max(build.length(node.values["wall"]), 4e-4), 0.3 * min(w, d, h))
        if form == "tray":
            shapes = _open_box(box, t)
        elif form == "rack":
            shapes = _rack(box, t)
        elif form == "cylinder":
            shapes = [_cylinder(face)]
        elif form == "sleeve":
            shapes = [_sleeve(face, t)]
        elif form == "square sleeve":
            shapes = _square_sleeve(face, t)
        elif form == "bow":
            shapes = _bow(face, t)
        else:
            shapes = [form_shape(form, box)]
        build.part(stem, link, shapes, node, rank=2, description="Body that slides in and out")
        return [Place(box, link)]


def _slab(box: HostBox, low: tuple[float, float, float], high: tuple[float, float, float]) -> PlacedShape:
    """Box between two corners given in metres from the low corner of `box`."""
    a, b = np.array(box.low) + low, np.array(box.low) + high
    size = np.maximum(b - a, 1e-4)
    return PlacedShape(Box(tuple(size.tolist())), Pose(tuple(((a + b) / 2).tolist())))


def _open_box(box: HostBox, t: float) -> list[PlacedShape]:
    """A floor and four walls."""
    w, d, h = box.size
    return [
        _slab(box, (0, 0, 0), (w, d, t)),
        _slab(box, (0, 0, t), (t, d, h)),
        _slab(box, (w - t, 0, t), (w, d, h)),
        _slab(box, (t, 0, t), (w - t, t, h)),
        _slab(box, (t, d - t, t), (w - t, d, h)),
    ]


def _rack(box: HostBox, t: float) -> list[PlacedShape]:
    """Wires: a floor of bars both ways, posts at the corners, a rim."""
    w, d, h = box.size
    bars = []
    for k in range(_RACK_BARS):
        x = (w - t) * k / (_RACK_BARS - 1)
        bars.append(_slab(box, (x, 0, 0), (x + t, d, t)))
        y = (d - t) * k / (_RACK_BARS - 1)
        bars.append(_slab(box, (0, y, 0), (w, y + t, t)))
    for x in (0.0, w - t):
        bars.append(_slab(box, (x, 0, h - t), (x + t, d, h)))
        bars += [_slab(box, (x, y, t), (x + t, y + t, h)) for y in (0.0, (d - t) / 2, d - t)]
    for y in (0.0, d - t):
        bars.append(_slab(box, (0, y, h - t), (w, y + t, h)))
        bars.append(_slab(box, ((w - t) / 2, y, t), ((w + t) / 2, y + t, h)))
    return bars


def _cylinder(face: Face) -> PlacedShape:
    middle = (face.width / 2, face.height / 2, -face.depth / 2)
    return face.rod(middle, "n", face.depth, (face.width + face.height) / 4)


def _sleeve(face: Face, t: float) -> PlacedShape:
    r, z = max((face.width + face.height) / 4, 1e-3), max(face.depth, 2e-3) / 2
    t = min(t, 0.4 * r, z)
    cup = ((0.0, z), (0.0, z - t), (r - t, z - t), (r - t, -z), (r, -z), (r, z))
    return face.along(Revolution(cup), (face.width / 2, face.height / 2, -z), "n")


def _square_sleeve(face: Face, t: float) -> list[PlacedShape]:
    w, h, d = face.width, face.height, face.depth
    return [
        face.box(0, w, 0, h, -t, 0),
        face.box(0, w, 0, t, -d, -t),
        face.box(0, w, h - t, h, -d, -t),
        face.box(0, t, t, h - t, -d, -t),
        face.box(w - t, w, t, h - t, -d, -t),
    ]


def _bow(face: Face, t: float) -> list[PlacedShape]:
    w, h, d = face.width, face.height, face.depth
    t = max(t, 6e-4)
    grip, rod = min(1.6 * t, 0.5 * d), min(t, 0.3 * max(w, h))
    u, v = w / 2, h / 2
    long = w >= h
    shapes = [face.round_rod((u, v, -grip / 2), "u" if long else "v", max(w, h), grip / 2)]
    for end in (-1, 1):
        off = end * (max(w, h) / 2 - rod)
        at = (u + off, v) if long else (u, v + off)
        shapes.append(face.rod((*at, -(d + grip) / 2), "n", d - grip, rod / 2))
    return shapes


PROVIDES = (Tray(),)
