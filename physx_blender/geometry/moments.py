# SPDX-License-Identifier: GPL-3.0-or-later
"""Volume integrals that add and subtract: the common currency of all closed forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .mass import MassProperties
from .pose import Array, Pose


@dataclass(frozen=True, eq=False)
class Moments:
    """Integrals over a solid at unit density, about the origin of its frame.

    volume: integral of 1 (m^3).  first: of x (3,), m^4.  second: of x x^T (3, 3), m^5.
    Values may be negative: a cavity is subtracted.
    """

    volume: float
    first: Array
    second: Array

    @staticmethod
    def diagonal(volume: float, xx: float, yy: float, zz: float) -> Moments:
        """Of a solid that is symmetric about all three coordinate planes."""
        return Moments(volume, np.zeros(3), np.diag([xx, yy, zz]))

    @staticmethod
    def box(low: Array, high: Array) -> Moments:
        """Of the box between two corners (3,), (3,)."""
        low, high = np.asarray(low, float), np.asarray(high, float)
        size, centre = high - low, (low + high) / 2.0
        volume = float(np.prod(size))
        second = volume * (np.outer(centre, centre) + np.diag(size * size / 12.0))
        return Moments(volume, volume * centre, second)

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.volume + other.volume, self.first + other.first, self.second + other.second)

    def __sub__(self, other: Moments) -> Moments:
        return Moments(self.volume - other.volume, self.first - other.first, self.second - other.second)

    def times(self, factor: float) -> Moments:
        """The same solid with another density."""
        return Moments(self.volume * factor, self.first * factor, self.second * factor)

    @staticmethod
    def total(items: Iterable[Moments]) -> Moments:
        """Sum of several."""
        result = Moments(0.0, np.zeros(3), np.zeros((3, 3)))
        for item in items:
            result = result + item
        return result

    def moved(self, pose: Pose) -> Moments:
        """Of the solid after the rigid motion `pose`."""
        r, t = pose.rotation, np.array(pose.position)
        first = r @ self.first
        second = (
            r @ self.second @ r.T + np.outer(first, t) + np.outer(t, first) + self.volume * np.outer(t, t)
        )
        return Moments(self.volume, first + self.volume * t, second)

    def properties(self) -> MassProperties:
        """Volume, centre and inertia about the centre."""
        if self.volume <= 0.0:
            return MassProperties.of(0.0, (0.0, 0.0, 0.0), np.zeros((3, 3)))
        centre = self.first / self.volume
        central = self.second - self.volume * np.outer(centre, centre)
        return MassProperties.of(self.volume, centre, float(np.trace(central)) * np.eye(3) - central)
