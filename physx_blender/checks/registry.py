# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of checks, and how they are run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Protocol, TypeVar

import numpy as np

from ..errors import AssetError
from ..geometry import MassProperties, PlacedShape
from ..geometry.pose import Array
from ..model import Asset, Joint, Link, Part
from ..model.inertia import part_mass_properties
from .finding import Finding, Severity
from .memo import Memo

Named = TypeVar("Named", Part, Joint, Link)
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Subject:
    """An asset with what several checks need of it, worked out once. Lengths in metres, asset frame at rest."""

    asset: Asset
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)

    @cached_property
    def geometry_of(self) -> dict[str, tuple[int, int]]:
        """Numbers that stand for the shapes and for the colliders of each part: what rules name that read them."""
        return {p.name: self.geometry_numbers(p) for p in self.asset.parts}

    def geometry_numbers(self, part: Part) -> tuple[int, int]:
        """Those of one part."""
        return self.memo.token(part.shapes), self.memo.token(part.collision)

    @cached_property
    def part_bounds(self) -> dict[str, tuple[Array, Array]]:
        """Lower and upper corner of each part, by name; of what is seen, or of what collides where nothing is."""
        return {
            p.name: self.memo.recall(
                "bounds", self.geometry_of[p.name], partial(bounds_of, p.shapes or p.collision or ())
            )
            for p in self.asset.parts
        }

    @cached_property
    def part_masses(self) -> dict[str, MassProperties]:
        """Mass properties of each part, by name; without mass where the shapes enclose no volume."""
        return {p.name: self.mass_of(p) for p in self.asset.parts}

    def mass_of(self, part: Part) -> MassProperties:
        """Mass properties of one part."""
        reads = (self.geometry_numbers(part), part.mass, part.material.density)
        return self.memo.recall("mass", reads, partial(_mass_of, part))

    @cached_property
    def colliders(self) -> dict[str, tuple[PlacedShape, ...]]:
        """Convex pieces of each part, by name; none for a mesh that only the backend can cut into convex pieces."""
        return {
            p.name: self.memo.recall("colliders", self.geometry_of[p.name], partial(_colliders_of, p))
            for p in self.asset.parts
        }

    def volume_of(self, part: Part) -> float:
        """Volume (m^3) of the shapes of a part, or of its colliders where nothing is seen; overlaps count twice."""
        return self.memo.recall("volume", self.geometry_numbers(part), partial(_volume, part))

    @cached_property
    def mass_tokens(self) -> dict[str, int]:
        """Numbers that stand for the mass properties of each part."""
        return {name: self.memo.token(mass) for name, mass in self.part_masses.items()}

    @cached_property
    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper corner of the whole asset."""
        if not self.part_bounds:
            return np.zeros(3), np.zeros(3)
        return union(self.part_bounds.values())

    @property
    def size(self) -> float:
        """Diagonal of the whole asset (m)."""
        low, high = self.bounds
        return float(np.linalg.norm(high - low))

    @cached_property
    def parts_by_name(self) -> dict[str, Part]:
        """Parts by name."""
        return {p.name: p for p in self.asset.parts}

    def culprit_part(self, finding: Finding) -> Part:
        """The part that a finding is about. Raises AssetError when it is gone."""
        return _culprit(finding, self.parts_by_name)

    def culprit_joint(self, finding: Finding) -> Joint:
        """The joint that a finding is about. Raises AssetError when it is gone."""
        return _culprit(finding, {j.name: j for j in self.asset.joints})

    def culprit_link(self, finding: Finding) -> Link:
        """The link that a finding is about. Raises AssetError when it is gone."""
        return _culprit(finding, {one.name: one for one in self.asset.links})

    def parts_of(self, link: str) -> tuple[Part, ...]:
        """Parts of a link."""
        return self.asset.parts_of(link)

    @cached_property
    def rigid_group(self) -> dict[str, str]:
        """The first link of the rigid group of each link: links on fixed joints move with their parents."""
        group: dict[str, str] = {}
        for link in self.asset.links_in_order:
            joint = self.asset.joint_of.get(link.name)
            fixed = joint is not None and joint.kind.value == "fixed"
            group[link.name] = group[joint.parent] if joint is not None and fixed else link.name
        return group


def _culprit(finding: Finding, known: dict[str, Named]) -> Named:
    if finding.element_name not in known:
        raise AssetError("does not exist any more; check again", where=finding.element)
    return known[finding.element_name]


def _mass_of(part: Part) -> MassProperties:
    try:
        return part_mass_properties(part)
    except ValueError:
        return MassProperties.total(())


def _volume(part: Part) -> float:
    return MassProperties.total(s.volume_properties() for s in part.shapes or part.collision or ()).mass


def _colliders_of(part: Part) -> tuple[PlacedShape, ...]:
    source = part.shapes if part.collision is None else part.collision
    pieces: list[PlacedShape] = []
    for placed in source:
        if placed.shape.kind != "mesh":
            pieces += placed.colliders()
        elif part.collision is not None:  # simulators take its hull
            pieces.append(placed)
    return tuple(pieces)


def bounds_of(shapes: Iterable[PlacedShape]) -> tuple[Array, Array]:
    """Lower and upper corner (3,), (3,) of the axis-aligned box around placed shapes (boxes of rotated boxes)."""
    lows, highs = [], []
    for placed in shapes:
        low, high = placed.shape.bounds()
        centre = placed.pose.apply(((low + high) / 2.0)[None])[0]
        half = np.abs(placed.pose.rotation) @ ((high - low) / 2.0)
        lows.append(centre - half)
        highs.append(centre + half)
    if not lows:
        return np.zeros(3), np.zeros(3)
    return np.min(lows, axis=0), np.max(highs, axis=0)


def union(boxes: Iterable[tuple[Array, Array]]) -> tuple[Array, Array]:
    """The box around several."""
    items = list(boxes)
    return np.min([b[0] for b in items], axis=0), np.max([b[1] for b in items], axis=0)


def gap(a: tuple[Array, Array], b: tuple[Array, Array]) -> float:
    """Distance (m) between two axis-aligned boxes, 0 when they touch."""
    apart = np.maximum(0.0, np.maximum(a[0] - b[1], b[0] - a[1]))
    return float(np.linalg.norm(apart))


class Check(Protocol):
    """One family of checks: looks at the asset and says what it found."""

    def __call__(self, subject: Subject, /) -> Iterable[Finding]: ...


def run_checks(subject: Subject, checks: Iterable[Check]) -> list[Finding]:
    """Findings of all checks, errors first, in the order of the checks within each severity."""
    findings = [finding for check in checks for finding in check(subject)]
    return sorted(findings, key=lambda f: _ORDER[f.severity])
