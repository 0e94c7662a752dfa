# SPDX-License-Identifier: GPL-3.0-or-later
"""A USB stick: with a cap that pulls off, a cover that swivels, or a plug that slides out."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node
from .common import clutter
from .metres import Metres

METAL: RGB = (0.78, 0.79, 0.8)


def sample(rng: np.random.Generator) -> Program:
    """Lying flat, the plug to the right."""
    d = Draw(rng)
    return d.one_of(_capped, _swivel, _swivel, _sliding)(d)


def _plug(m: Metres, x0: float, x1: float, c: float, z: float) -> list[Node]:
    """The metal plug (12 x 4.5 mm) with its two windows."""
    w, t = 0.006, 0.00225
    box = (x0, x1, c - w, c + w, z - t, z + t)
    inner = m.inside(*box)
    windows = node(
        "plate",
        (0.15, 0.15, 0.16),
        **inner.on("top", x0 + 0.5 * (x1 - x0), x1 - 0.25 * (x1 - x0), c - 0.0042, c + 0.0042),
        columns=1,
        rows=2,
        depth=m(0.0002),
        form="box",
        material="abs",
    )
    return [node("block", METAL, [windows], form="box", **m.box(*box), material="steel")]


def _colours(d: Draw) -> RGB:
    return d.one_of((0.08, 0.08, 0.09), (0.75, 0.08, 0.06), (0.1, 0.25, 0.65), d.colour(), d.colour())


def _capped(d: Draw) -> Program:
    body, plug = d.between(0.034, 0.046), 0.0125
    wide, thick = d.between(0.016, 0.022), d.between(0.008, 0.011)
    cap = plug + 0.006
    long = body + cap
    m = Metres.root(long, wide, thick)
    c, z = wide / 2, thick / 2
    colour = _colours(d)
    form = d.one_of("rounded box", "rounded box", "box")
    cover = colour if d.chance(0.6) else d.colour()
    main = (0.0, body, 0.0, wide, 0.0, thick)
    nodes: list[Node] = [
        node("block", colour, _face(d, m, main), form=form, **m.box(*main), material="abs"),
        *_plug(m, body, body + plug, c, z),
    ]
    nodes.append(
        node(
            "tray",
            cover,
            [],
            form="square sleeve",
            **m.box(body + 0.0004, long, 0, wide, 0, thick),
            way="right",
            wall=m(d.between(0.001, 0.0013)),
            travel=1.0,
            open=d.one_of(0.0, 1.0, d.between(0.2, 1.0)),
            material="abs",
        )
    )
    return boxed("usb_stick", long, wide, thick, nodes)


def _face(d: Draw, m: Metres, box: tuple[float, float, float, float, float, float]) -> list[Node]:
    """A label, a light or a lanyard eye on the body."""
    x0, x1, y0, y1, _, _ = box
    host = m.inside(*box)
    long, wide = x1 - x0, y1 - y0
    if d.chance(0.5):
        return [
            node(
                "plate",
                d.colour(),
                **host.on("top", x0 + 0.2 * long, x1 - 0.25 * long, y0 + 0.2 * wide, y1 - 0.2 * wide),
                columns=1,
                rows=1,
                depth=m(0.0002),
                form="box",
                material="paper",
            )
        ]
    return clutter(d, m.longest, "top", 0.2)


def _swivel(d: Draw) -> Program:
    """A metal cover, bent around the body, turns about a rivet at the back end."""
    body, plug = d.between(0.036, 0.044), 0.0125
    wide, thick = d.between(0.016, 0.019), d.between(0.0075, 0.0095)
    sheet = 0.0009
    gap = 0.0007
    r = wide / 2
    pivot = r
    reach = body + plug - pivot + 0.001
    long, high = body + plug + 0.001, thick + 2 * (sheet + gap)
    m = Metres.root(long, wide, high)
    c = wide / 2
    colour = _colours(d)
    z0 = sheet + gap
    main = (0.0, body, 0.0008, wide - 0.0008, z0, z0 + thick)
    nodes: list[Node] = [
        node(
            "block",
            colour,
            _face(d, m, main),
            form=d.one_of("rounded box", "box"),
            **m.box(*main),
            material="abs",
        ),
        *_plug(m, body, body + plug, c, z0 + thick / 2),
    ]
    box = (pivot - reach, pivot + reach, 0.0, wide, 0.0, high)
    b = m.inside(*box)
    metal = d.one_of(METAL, METAL, (0.1, 0.1, 0.11), d.colour())
    children: list[Node] = []
    for low, upper in ((0.0, sheet), (high - sheet, high)):
        children.append(
            node(
                "block",
                metal,
                form="box",
                **b.box(pivot, long, 0, wide, low, upper),
                material="stainless steel",
            )
        )
        children.append(
            node(
                "block",
                metal,
                form="cylinder z",
                **b.box(0, 2 * r, 0, wide, low, upper),
                material="stainless steel",
            )
        )
    k = 0.0022
    children.append(
        node(
            "block",
            d.near(metal, 0.2),
            form="cylinder z",
            **b.box(pivot - k, pivot + k, c - k, c + k, high, high + 0.0004),
            material="steel",
        )
    )
    nodes.append(
        node(
            "flap",
            metal,
            children,
            form="pin",
            **m.box(*box),
            axis="z",
            pivot="middle middle",
            sense="both",
            range=6.4,
            open=d.one_of(0.5, 1.0, d.between(0.5, 1.0), d.between(0, 1), 0.75),
            material="stainless steel",
        )
    )
    return boxed("usb_stick", long, wide, high, nodes)


def _sliding(d: Draw) -> Program:
    """The plug sits on a carrier that a thumb knob pushes out of a flat sleeve."""
    body, plug = d.between(0.045, 0.055), 0.0125
    wide, high = d.between(0.018, 0.022), d.between(0.0085, 0.011)
    m = Metres.root(body, wide, high)
    c, z = wide / 2, high / 2
    colour = _colours(d)
    wall, slot = 0.0012, 0.003
    side = c - 0.0072
    nodes: list[Node] = [
        node("block", colour, form="box", **m.box(0, body, 0, wide, 0, wall), material="abs"),
        node("block", colour, form="box", **m.box(0, body, 0, side, wall, high), material="abs"),
        node("block", colour, form="box", **m.box(0, body, wide - side, wide, wall, high), material="abs"),
        node(
            "block", colour, form="box", **m.box(0, body, side, c - slot, high - wall, high), material="abs"
        ),
        node(
            "block",
            colour,
            form="box",
            **m.box(0, body, c + slot, wide - side, high - wall, high),
            material="abs",
        ),
        node(
            "block",
            d.near(colour),
            form="box",
            **m.box(0, 0.002, side, wide - side, wall, high - wall),
            material="abs",
        ),
    ]
    x1 = body - 0.001
    carrier = (0.003, x1 - plug, side + 0.0004, wide - side - 0.0004, wall + 0.0004, high - wall - 0.0004)
    b = m.inside(*carrier)
    k = 0.45 * (carrier[1] - carrier[0])
    a = 0.003 + 0.12 * k
    knob = node(
        "block",
        d.near(colour, 0.3) if d.chance(0.5) else d.colour(),
        form="rounded box",
        **b.box(
            a, a + 0.3 * k + 0.004, c - slot + 0.0009, c + slot - 0.0009, high - wall - 0.001, high + 0.002
        ),
        material="abs",
    )
    nodes.append(
        node(
            "tray",
            (0.12, 0.12, 0.12),
            [knob, *_plug(b, carrier[1] - 0.001, x1, c, z)],
            form="box",
            **m.box(*carrier),
            way="right",
            wall=m(0.0005),
            travel=min(0.95 * (plug + 0.001) / (carrier[1] - carrier[0]), 1.0),
            open=d.one_of(0.0, 1.0, 1.0, d.between(0, 1)),
            material="abs",
        )
    )
    return boxed("usb_stick", body, wide, high, nodes)


CATEGORY = Category("usb_stick", "USB stick", sample, flat=True)
