# SPDX-License-Identifier: GPL-3.0-or-later
"""What a component is, and the layouts that many share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from ..program.build import Build, Place
from ..program.fields import Count, Field, coordinate, face_field
from ..program.frames import Face
from ..program.node import Node


class Component(ABC):
    """A word of the grammar: its attributes, and how it becomes parts, links and joints.

    kind: the word.  fields: its attributes in token order.  hosts: it may carry children.
    """

    kind: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    hosts: ClassVar[bool] = False

    @abstractmethod
    def build(self, node: Node, place: Place, build: Build) -> list[Place]:
        """Add the node's pieces; return the places of its children (one per copy of the node)."""


REGION = (face_field(), coordinate("u0"), coordinate("u1"), coordinate("v0"), coordinate("v1"))
GRID = (Count("columns", 1, 12), Count("rows", 1, 12))


def region(node: Node, place: Place) -> tuple[Face, float, float, float, float]:
    """Face frame and the region u0, u1, v0, v1 in metres, ordered and never empty."""
    face = place.box.face(node.values["face"])
    u0, u1 = sorted((node.values["u0"] * face.width, node.values["u1"] * face.width))
    v0, v1 = sorted((node.values["v0"] * face.height, node.values["v1"] * face.height))
    least_u, least_v = max(0.004 * face.width, 5e-4), max(0.004 * face.height, 5e-4)
    if u1 - u0 < least_u:
        u0, u1 = (u0 + u1 - least_u) / 2, (u0 + u1 + least_u) / 2
    if v1 - v0 < least_v:
        v0, v1 = (v0 + v1 - least_v) / 2, (v0 + v1 + least_v) / 2
    return face, u0, u1, v0, v1


def cells(
    node: Node, u0: float, u1: float, v0: float, v1: float, gap: float
) -> Iterator[tuple[float, float, float, float]]:
    """Cells of the node's grid over a region, from the top row down, left to right, `gap` apart."""
    columns, rows = int(node.values["columns"]), int(node.values["rows"])
    gap = min(gap, 0.3 * (u1 - u0) / columns, 0.3 * (v1 - v0) / rows)
    w = (u1 - u0 - gap * (columns - 1)) / columns
    h = (v1 - v0 - gap * (rows - 1)) / rows
    for r in reversed(range(rows)):
        for c in range(columns):
            u, v = u0 + c * (w + gap), v0 + r * (h + gap)
            yield u, u + w, v, v + h
