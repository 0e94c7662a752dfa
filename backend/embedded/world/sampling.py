# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawing objects and views from the procedural world."""

from __future__ import annotations

import math

import numpy as np

from ..categories import CATEGORIES
from ..program.grammar import MAX_NODES, MAX_TOKENS, encode
from ..program.node import Program, View
from .compose import compose

COMPOSED = 0.08  # of all objects carry a component that is none of their category's


def sample_view(rng: np.random.Generator, *, flat: bool = False) -> View:
    """How people photograph objects: mostly from the front quarter, a little from above, phone to tele lenses.

    flat: it lies on a table, and people look down on it.
    """
    roll = rng.random()
    azimuth = rng.normal(0.0, 0.62) if roll < 0.85 else rng.uniform(-math.pi, math.pi)
    azimuth = (azimuth + math.pi) % (2 * math.pi) - math.pi
    elevation = float(np.clip(rng.normal(0.85, 0.32) if flat else rng.normal(0.4, 0.24), -0.4, 1.45))
    perspective = float(rng.uniform(0.02, 0.36))
    return View(float(azimuth), elevation, perspective)


def sample_program(rng: np.random.Generator, category: str | None = None) -> Program:
    """A random object with a random view; of a random category, as often as its weight says."""
    names = sorted(CATEGORIES)
    weights = np.array([CATEGORIES[name].weight for name in names])
    for _ in range(20):
        chosen = category or names[int(rng.choice(len(names), p=weights / weights.sum()))]
        program = CATEGORIES[chosen].sample(rng)
        if rng.random() < COMPOSED:
            program = compose(program, rng)
        program.view = sample_view(rng, flat=CATEGORIES[chosen].flat)
        if len(program.walk()) <= MAX_NODES and len(encode(program)[0]) <= MAX_TOKENS:
            return program
    raise RuntimeError(f"category {category!r} draws only objects beyond the limits of the grammar")
