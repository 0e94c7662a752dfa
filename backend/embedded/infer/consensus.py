# SPDX-License-Identifier: GPL-3.0-or-later
"""What the readings of one picture have in common: which of them is likely to be nearest to the truth.

The most likely reading is often alone in some detail. The one that shares most with all others, each weighed by how well it
explains the picture, is right more often (minimum Bayes risk decoding; Kumar and Byrne 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from physx_blender.geometry.pose import Array

from ..measures import JointSet
from ..program.build import Build

NAMED = 0.4
"""What the category counts in the likeness of two readings; their joints count the rest."""
_TEMPERATURE = 0.1  # of the readings' weights: a reading whose score is this much lower counts a third


@dataclass(frozen=True)
class Gist:
    """What decides whether two readings are alike: category and movable joints."""

    category: str
    joints: JointSet

    @staticmethod
    def of(category: str, build: Build) -> Gist:
        """That of a built program."""
        return Gist(category, JointSet.of(build.parts, build.joints))

    def likeness(self, truth: Gist) -> float:
        """0..1: how right this would be if the other were the truth."""
        return NAMED * (self.category == truth.category) + (1 - NAMED) * self.joints.f1(truth.joints)


def likenesses(gists: Sequence[Gist]) -> Array:
    """(N, N): `likeness` of each to each, which hardly differs between the two directions."""
    out = np.eye(len(gists))
    for i, a in enumerate(gists):
        for k in range(i):
            out[i, k] = out[k, i] = a.likeness(gists[k])
    return out


def consensus(scores: Sequence[float], alike: Array) -> Array:
    """(N,) expected likeness of each reading to the truth, if that is one of them, the likelier the higher its score."""
    s = np.asarray(scores, float)
    weight = np.exp((s - s.max()) / _TEMPERATURE)
    return np.asarray(alike @ (weight / weight.sum()))
