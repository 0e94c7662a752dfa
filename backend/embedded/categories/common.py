# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces that many furniture and appliance categories share: handles, fronts, feet."""

from __future__ import annotations

from ..program.node import RGB, Node
from .base import Draw, node, on


def handle(
    d: Draw, longest: float, width: float, height: float, hinge: str, colour: RGB | None = None
) -> Node:
    """A handle for a front of this size (m), opposite to its hinge edge ("none": in the middle, for drawers)."""
    colour = colour or d.metal()
    kind = (
        d.one_of("bar", "bar", "knob", "lever") if hinge != "none" else d.one_of("bar", "bar", "bar", "knob")
    )
    far = d.between(0.82, 0.95)
    cu = {"left": far, "right": 1 - far}.get(hinge, 0.5)
    cv = {"bottom": far, "top": 1 - far}.get(
        hinge, d.between(0.4, 0.7) if hinge in ("left", "right") else d.between(0.4, 0.75)
    )
    upright = hinge in ("left", "right") and d.chance(0.85)
    reach = min(max(0.1 * min(width, height), 0.02), 0.12) * d.between(0.6, 1.6)
    reach = min(reach, 0.5 * min(width, height))
    if kind == "bar":
        long = (height if upright else width) * (
            d.between(0.12, 0.5) if d.chance(0.8) else d.between(0.5, 0.9)
        )
        thick = reach * d.between(0.2, 0.5)
        hu, hv = (thick, long) if upright else (long, thick)
        hu, hv = hu / 2 / width, hv / 2 / height
        cu, cv = min(max(cu, hu), 1 - hu), min(max(cv, hv), 1 - hv)
        return node(
            "bar_handle",
            colour,
            **on("front", cu - hu, cu + hu, cv - hv, cv + hv),
            depth=reach / longest,
            width=thick / longest,
            form=d.one_of("round", "round", "square"),
            material="steel",
        )
    if kind == "knob":
        r = min(max(0.05 * min(width, height), 0.01), 0.03) * d.between(0.8, 1.8)
        hu, hv = min(r / width, 0.4), min(r / height, 0.4)
        cu, cv = min(max(cu, hu), 1 - hu), min(max(cv, hv), 1 - hv)
        return node(
            "knob_handle",
            colour,
            **on("front", cu - hu, cu + hu, cv - hv, cv + hv),
            depth=r * d.between(1.0, 2.4) / longest,
            form=d.one_of("ball", "disc", "block"),
            material=d.one_of("steel", "brass", "oak"),
        )
    side = {"left": "left", "right": "right", "bottom": "down", "top": "up"}[hinge]
    if d.chance(0.35) and hinge in ("left", "right"):
        side = "right" if side == "left" else "left"
    long = min(d.between(0.12, 0.4) * (width if hinge in ("left", "right") else height), 3.5 * reach)
    thick = reach * d.between(0.25, 0.5)
    hu, hv = (
        (long / 2 / width, thick / 2 / height)
        if side in ("left", "right")
        else (thick / 2 / width, long / 2 / height)
    )
    cu = cu - hu if side == "left" else cu + hu if side == "right" else cu
    if d.chance(0.7):
        cu, cv = min(max(cu, hu), 1 - hu), min(max(cv, hv), 1 - hv)
    return node(
        "lever_handle",
        colour,
        **on("front", cu - hu, cu + hu, cv - hv, cv + hv),
        depth=reach * d.between(1.0, 1.6) / longest,
        width=thick / longest,
        side=side,
        material="steel",
    )


def on_face(nodes: list[Node], face: str) -> list[Node]:
    """The same nodes moved to another face of their host."""
    from ..program.fields import FACES

    for n in nodes:
        n.values["face"] = float(FACES.index(face))
    return nodes


def feet(d: Draw, longest: float, least: float, colour: RGB) -> Node:
    """Four short feet under a body."""
    m = d.between(0.0, 0.08)
    return node(
        "post",
        colour,
        **on("bottom", m, 1 - m, m, 1 - m),
        columns=2,
        rows=2,
        length=d.between(0.02, 0.12) * least / longest,
        width=d.between(0.04, 0.1) * least / longest,
        form=d.one_of("square", "round", "tapered"),
        material=d.one_of("oak", "steel", "rubber"),
    )


def front_door(
    d: Draw,
    longest: float,
    width: float,
    height: float,
    colours: tuple[RGB, RGB],
    place: dict[str, float],
    *,
    thick: float,
    mount: str,
    hinge: str,
    style: str = "plain",
    leaves: str = "one",
    material: str = "mdf",
    with_handle: bool = True,
    angle: tuple[float, float] = (1.4, 2.2),
    border: float = 0.05,
) -> Node:
    """A door of this size (m) on a face, with a handle."""
    leaf = width / 2 if leaves == "two" and hinge in ("left", "right") else width
    children = [handle(d, longest, leaf, height, hinge)] if with_handle else []
    return node(
        "door",
        colours,
        on_face(children, "front"),
        **place,
        depth=thick / longest,
        mount=mount,
        hinge=hinge,
        leaves=leaves,
        style=style,
        border=border / longest,
        range=d.between(*angle),
        open=d.opened(),
        material=material,
    )


def clutter(d: Draw, longest: float, face: str, probability: float = 0.1) -> list[Node]:
    """Rarely something on a face that does not move: a label, screws, a dummy knob, a grille."""
    if not d.chance(probability):
        return []
    u, v, r = d.between(0.15, 0.7), d.between(0.15, 0.7), d.between(0.05, 0.14)
    kind = d.one_of("label", "screws", "knob", "grille")
    if kind == "knob":
        return [
            node(
                "knob_handle",
                d.colour(),
                **on(face, u, u + r, v, v + r),
                depth=d.between(0.01, 0.03),
                form=d.one_of("ball", "disc", "block"),
                material="abs",
            )
        ]
    columns, rows = {"label": (1, 1), "screws": (2, 2), "grille": (1, d.whole(3, 6))}[kind]
    return [
        node(
            "plate",
            d.colour(),
            **on(face, u, min(u + 2 * r, 0.95), v, min(v + 1.5 * r, 0.95)),
            columns=columns,
            rows=rows,
            depth=0.0025,
            form="disc" if kind == "screws" else "box",
            material=d.one_of("paper", "abs", "steel"),
        )
    ]
