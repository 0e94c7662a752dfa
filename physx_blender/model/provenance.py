# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an asset came from."""

from __future__ import annotations

from dataclasses import dataclass

from .numbers import number

LOW_CONFIDENCE = 0.5
"""Below this a generated asset is shown as doubtful, wherever it is shown."""

NOT_IN_MY_WORLD = "Not in my world"
"""Begins the note of a generator that holds the object for none that it knows."""


@dataclass(frozen=True)
class Provenance:
    """Who made the asset, from what.

    generator: "embedded", "physx-anything", "mjcf", "urdf", "scene", "procedural" or another short word.
    model, weights: name and SHA-256 of the weights of a model.  image: SHA-256 of the reference image file.
    confidence: 0..1 as judged by the generator, None where that has no meaning.  notes: repairs and losses, one each.
    """

    generator: str = "unknown"
    version: str = ""
    model: str = ""
    weights: str = ""
    seed: int | None = None
    image: str = ""
    confidence: float | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", tuple(str(n) for n in self.notes))
        if self.confidence is not None:
            number(self.confidence, "provenance", "confidence", low=0.0, high=1.0)
