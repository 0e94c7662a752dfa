# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree that a program is: nodes with attributes on hosts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

RGB = tuple[float, float, float]


@dataclass
class Node:
    """One body or component.

    values: attribute values by field name (floats; choices are indices).
    children: nodes whose host is this node.
    colours: sRGB of the node's main and second part; the picture has them, the tokens do not.
    """

    kind: str
    values: dict[str, float]
    children: list[Node] = field(default_factory=list)
    colours: tuple[RGB, RGB] = ((0.6, 0.6, 0.6), (0.3, 0.3, 0.3))

    def copy(self) -> Node:
        """An independent copy of the subtree."""
        return Node(self.kind, dict(self.values), [c.copy() for c in self.children], self.colours)


@dataclass
class View:
    """Where the picture was taken from, relative to the object.

    azimuth: radians, 0 = from the front (-y), positive = camera towards +x.  elevation: radians above the horizon.
    perspective: half the object's diagonal over the distance to its centre, 0 = parallel projection.
    """

    azimuth: float = 0.0
    elevation: float = 0.3
    perspective: float = 0.2


@dataclass
class Program:
    """A whole object.

    size: longest side of the root box in metres.  box: width (x), depth (y), height (z) over the longest side.
    nodes: hosted by the root box, which stands on z = 0 with its footprint centred on the origin.
    """

    category: str
    size: float
    box: tuple[float, float, float]
    nodes: list[Node]
    view: View = field(default_factory=View)

    def copy(self) -> Program:
        """An independent copy."""
        return Program(self.category, self.size, self.box, [n.copy() for n in self.nodes], replace(self.view))

    def walk(self) -> list[Node]:
        """All nodes, hosts before what sits on them."""
        out: list[Node] = []
        stack = list(reversed(self.nodes))
        while stack:
            node = stack.pop()
            out.append(node)
            stack.extend(reversed(node.children))
        return out
