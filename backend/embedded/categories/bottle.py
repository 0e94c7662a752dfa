# SPDX-License-Identifier: GPL-3.0-or-later
"""A bottle or jar with a screw cap."""

from __future__ import annotations

import numpy as np

from ..program.node import Program
from .base import Category, Draw, boxed, filling, node, on


def sample(rng: np.random.Generator) -> Program:
    """Body of revolution with shoulder and neck; the cap unscrews or lifts."""
    d = Draw(rng)
    w = d.between(0.05, 0.14)
    h = w * d.between(1.2, 4.0)
    neck = d.between(0.25, 0.95)
    shoulder = d.whole(3, 4)
    radii = {}
    for k in range(6):
        radii[f"r{k}"] = (
            1.0 if k < shoulder else (neck if k > shoulder else neck + (1 - neck) * d.between(0.3, 1.0))
        )
    if d.chance(0.3):
        radii["r2"] = d.between(0.85, 0.98)
    cap = min(neck * d.between(1.0, 1.12), 1.1) / 2
    material = d.one_of("glass", "polypropylene", "stainless steel")
    nodes = [
        node("turned", d.colour(), **filling(), **radii, wall=0.02 * w / h, form="open", material=material),
        node(
            "cap",
            d.colour(),
            **on("top", 0.5 - cap, 0.5 + cap, 0.5 - cap, 0.5 + cap),
            depth=d.between(0.15, 0.5) * w / h,
            form=d.one_of("disc", "disc", "cone"),
            motion=d.one_of("screw", "screw", "lift"),
            open=d.opened() * 0.6,
            material="polypropylene",
        ),
    ]
    return boxed("bottle", w, w, h, nodes)


CATEGORY = Category("bottle", "Bottle or jar with a cap", sample)
