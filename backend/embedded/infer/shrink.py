# SPDX-License-Identifier: GPL-3.0-or-later
"""How a component that overlaps another is made a little smaller, so that it stays what it is."""

from __future__ import annotations

from ..program.node import Node

SLABS = frozenset({"drawer", "door", "sash"})
CARRIERS = frozenset({"flap", "tray", "turntable"})
"""Bodies that move, with all that sits on them."""
_SHRINK = 0.85


def draw_in(node: Node, depth: float, *, is_front: bool) -> None:
    """Make a node a little smaller about its middle; `depth` is a share of the object's size.

    is_front: it is the front of a drawer, not its box, that overlaps.
    """
    v = node.values
    for low, high in (("u0", "u1"), ("v0", "v1"), ("x0", "x1"), ("y0", "y1"), ("z0", "z1")):
        if low not in v or node.kind in SLABS:
            continue
        if node.kind in CARRIERS:  # what it carries and its axis go with its sides: a little at a time
            inset = min(1.2 * depth, 0.06 * (v[high] - v[low]))
            v[low], v[high] = v[low] + inset, v[high] - inset
        elif node.kind == "bail":
            _keep_feet(v, low, high)
        else:
            middle, half = (v[low] + v[high]) / 2, (v[high] - v[low]) / 2 * _SHRINK
            v[low], v[high] = middle - half, middle + half
    if node.kind == "hand":  # hands lie over each other
        v["lift"] = v["lift"] + 1.1 * depth
    if node.kind in ("door", "sash") or is_front:
        for low, high in (("u0", "u1"), ("v0", "v1")):
            inset = min(1.2 * depth, 0.06 * (v[high] - v[low]))
            v[low], v[high] = v[low] + inset, v[high] - inset
    if node.kind == "drawer" and not is_front:
        v["margin"] = v["margin"] + 1.1 * depth
        v["inner"] = v["inner"] * 0.95
    if "depth" in v:
        v["depth"] = max(v["depth"] * _SHRINK, 0.002)


def _keep_feet(v: dict[str, float], low: str, high: str) -> None:
    """Draw a bail's region in, but for the edge that it is hinged on (left, right, bottom, top)."""
    hinge = {"u0": 0, "u1": 1, "v0": 2, "v1": 3}
    off = (1 - _SHRINK) / 2 * (v[high] - v[low])
    if v["hinge"] != hinge[low]:
        v[low] += off
    if v["hinge"] != hinge[high]:
        v[high] -= off
