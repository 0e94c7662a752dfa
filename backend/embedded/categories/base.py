# SPDX-License-Identifier: GPL-3.0-or-later
"""What a category file provides, and helpers to write one."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..program.fields import FACES, MATERIALS
from ..program.node import RGB, Node, Program


@dataclass(frozen=True)
class Category:
    """A kind of object of the procedural world.

    sample: draws a program (without a view) from a random generator.  fixed_base: fastened to wall or floor.
    bulk: kg per m^3 that its bodies weigh at most; a housing is mostly air, a tube mostly hole.  weight: how often it is drawn
    among all; what occurs on everything (doors, drawers, buttons) is learned from more examples.  flat: it lies on a table
    and is looked at from higher up.
    """

    name: str
    description: str
    sample: Callable[[np.random.Generator], Program]
    fixed_base: bool = False
    bulk: float = math.inf
    weight: float = 1.0
    flat: bool = False


class Draw:
    """Random choices in the words of a category file."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def between(self, low: float, high: float) -> float:
        """Uniform in [low, high]."""
        return float(self.rng.uniform(low, high))

    def log_between(self, low: float, high: float) -> float:
        """Log-uniform in [low, high]."""
        return float(math.exp(self.rng.uniform(math.log(low), math.log(high))))

    def whole(self, low: int, high: int) -> int:
        """Integer from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return bool(self.rng.random() < probability)

    def one_of(self, *options):  # type: ignore[no-untyped-def]
        """One of the options, evenly."""
        return options[int(self.rng.integers(len(options)))]

    def opened(self) -> float:
        """How far a joint stands open: half of all things stand closed."""
        return 0.0 if self.chance(0.5) else float(self.rng.beta(1.3, 1.3))

    def colour(self, dark: float = 0.0, light: float = 1.0) -> RGB:
        """Any colour; greys and wood tones are more frequent than bright ones."""
        kind = self.rng.random()
        value = (
            self.between(max(dark, 0.06), light) if self.chance(0.3) else self.between(max(dark, 0.25), light)
        )
        if kind < 0.35:
            tint = self.between(-0.02, 0.02)
            return (_clip(value + tint), _clip(value), _clip(value - tint))
        if kind < 0.55:
            r, g, b = colorsys.hsv_to_rgb(self.between(0.05, 0.11), self.between(0.25, 0.75), max(value, 0.2))
        else:
            r, g, b = colorsys.hsv_to_rgb(float(self.rng.random()), self.between(0.1, 0.95), max(value, 0.25))
        return (r, g, b)

    def near(self, colour: RGB, amount: float = 0.06) -> RGB:
        """A colour close to another."""
        f = 1 + self.between(-amount, amount) * 2
        return (_clip(colour[0] * f), _clip(colour[1] * f), _clip(colour[2] * f))

    def metal(self) -> RGB:
        """Colour of chrome, steel, brass or black metal."""
        v = self.between(0.55, 0.9)
        return self.one_of((v, v, v), (v, v, v), (v, 0.8 * v, 0.45 * v), (0.08, 0.08, 0.09))

    def pair(self) -> tuple[RGB, RGB]:
        """Colours of a body and its moving front: often the same, often near, sometimes different."""
        first = self.colour()
        roll = self.rng.random()
        if roll < 0.4:
            return first, first
        if roll < 0.65:
            return first, self.near(first, 0.15)
        return first, self.colour()


def _clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def mat(name: str) -> float:
    """Index of a material word."""
    return float(MATERIALS.index(name))


def on(face: str, u0: float, u1: float, v0: float, v1: float) -> dict[str, float]:
    """Region of a face, in shares of it."""
    return {"face": float(FACES.index(face)), "u0": u0, "u1": u1, "v0": v0, "v1": v1}


def filling(
    x0: float = 0, x1: float = 1, y0: float = 0, y1: float = 1, z0: float = 0, z1: float = 1
) -> dict[str, float]:
    """Extent in shares of the host; all of it by default."""
    return {"x0": x0, "x1": x1, "y0": y0, "y1": y1, "z0": z0, "z1": z1}


def profile(*radii: float) -> dict[str, float]:
    """Radii of a turned body, from its bottom up."""
    return {f"r{k}": r for k, r in enumerate(radii)}


def node(
    kind: str, colours: tuple[RGB, RGB] | RGB, children: list[Node] | None = None, /, **values: float | str
) -> Node:
    """A node with checked attribute names; choices may be given by their word."""
    from ..components import COMPONENTS
    from ..program.fields import Choice

    fields = {f.name: f for f in COMPONENTS[kind].fields}
    unknown, missing = set(values) - set(fields), set(fields) - set(values)
    if unknown or missing:
        raise TypeError(f"{kind}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    resolved = {}
    for name, value in values.items():
        field = fields[name]
        if isinstance(value, str):
            assert isinstance(field, Choice), f"{kind}.{name} takes numbers"
            resolved[name] = float(field.words.index(value))
        else:
            resolved[name] = float(value)
    both = colours if isinstance(colours[0], tuple) else (colours, colours)
    return Node(kind, resolved, children or [], both)  # type: ignore[arg-type]


def boxed(category: str, width: float, depth: float, height: float, nodes: list[Node]) -> Program:
    """Program of these outer dimensions in metres."""
    size = max(width, depth, height)
    return Program(category, size, (width / size, depth / size, height / size), nodes)
