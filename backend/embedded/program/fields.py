# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of attribute a node of a program can have, and how each becomes one token.

Every field maps its value to a bin in 0 .. bins-1. Ordered fields also say how far (in bins) a miss is still nearly
right; training spreads its target by that much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """Base of all fields: `name` within its node."""

    name: str

    @property
    def bins(self) -> int:
        """Number of different tokens."""
        raise NotImplementedError

    @property
    def spread(self) -> float:
        """Standard deviation, in bins, of the training target; 0 for values without an order."""
        return 0.0

    def encode(self, value: float) -> int:
        """Nearest bin of a value; values out of range go to the nearest end."""
        raise NotImplementedError

    def decode(self, index: int) -> float:
        """Value at the centre of a bin."""
        raise NotImplementedError


@dataclass(frozen=True)
class Choice(Field):
    """One of several words; the value is the index of the word."""

    words: tuple[str, ...]

    @property
    def bins(self) -> int:
        return len(self.words)

    def encode(self, value: float) -> int:
        return min(max(round(value), 0), self.bins - 1)

    def decode(self, index: int) -> float:
        return float(index)


@dataclass(frozen=True)
class Count(Field):
    """A whole number from `low` to `high`."""

    low: int
    high: int

    @property
    def bins(self) -> int:
        return self.high - self.low + 1

    @property
    def spread(self) -> float:
        return 0.3

    def encode(self, value: float) -> int:
        return min(max(round(value), self.low), self.high) - self.low

    def decode(self, index: int) -> float:
        return float(index + self.low)


@dataclass(frozen=True)
class Linear(Field):
    """A number from `low` to `high` in equal steps; both ends are bins of their own."""

    low: float
    high: float
    steps: int

    @property
    def bins(self) -> int:
        return self.steps

    @property
    def spread(self) -> float:
        return max(0.5, self.steps / 120)

    def encode(self, value: float) -> int:
        share = (value - self.low) / (self.high - self.low)
        return min(max(round(share * (self.steps - 1)), 0), self.steps - 1)

    def decode(self, index: int) -> float:
        return self.low + (self.high - self.low) * index / (self.steps - 1)


@dataclass(frozen=True)
class Angle(Field):
    """A direction on the circle, radians in [-pi, pi), in equal steps."""

    steps: int

    @property
    def bins(self) -> int:
        return self.steps

    @property
    def spread(self) -> float:
        return 1.0

    def encode(self, value: float) -> int:
        return round((value + math.pi) / (2 * math.pi) * self.steps) % self.steps

    def decode(self, index: int) -> float:
        return -math.pi + 2 * math.pi * index / self.steps


@dataclass(frozen=True)
class Log(Field):
    """A positive number from `low` to `high` in equal ratios."""

    low: float
    high: float
    steps: int

    @property
    def bins(self) -> int:
        return self.steps

    @property
    def spread(self) -> float:
        return max(0.5, self.steps / 60)

    def encode(self, value: float) -> int:
        share = math.log(max(value, 1e-9) / self.low) / math.log(self.high / self.low)
        return min(max(round(share * (self.steps - 1)), 0), self.steps - 1)

    def decode(self, index: int) -> float:
        return self.low * (self.high / self.low) ** (index / (self.steps - 1))


def coordinate(name: str) -> Linear:
    """Place on an axis of the host's box: 0 and 1 are its ends and are exact; reaches a quarter beyond."""
    return Linear(name, -0.25, 1.25, 145)


def thickness(name: str) -> Log:
    """Length as a share of the object's longest side, from a sheet to twice the object."""
    return Log(name, 0.002, 2.0, 64)


def share(name: str) -> Linear:
    """A share from 0 to 1."""
    return Linear(name, 0.0, 1.0, 33)


FACES = ("front", "back", "left", "right", "top", "bottom")
MATERIALS = (
    "oak",
    "mdf",
    "steel",
    "stainless steel",
    "aluminium",
    "brass",
    "abs",
    "polypropylene",
    "rubber",
    "glass",
    "ceramic",
    "cardboard",
    "fabric",
    "leather",
    "paper",
    "plywood",
    "pine",
    "walnut",
    "cast iron",
    "copper",
    "porcelain",
    "nylon",
    "polycarbonate",
    "polyurethane foam",
)


def material_field() -> Choice:
    """What the node is made of."""
    return Choice("material", MATERIALS)


def face_field() -> Choice:
    """Which face of the host the node sits on."""
    return Choice("face", FACES)
