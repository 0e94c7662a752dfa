# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that moves weighs something, and not something absurd."""

from __future__ import annotations

from collections.abc import Iterator

from ..geometry import MassProperties
from ..model import JointKind
from .finding import Finding, Severity
from .registry import Subject

LOW_DENSITY, HIGH_DENSITY = 5.0, 25_000.0  # kg/m^3: foam, and more than any metal in use
MOST_MASS = 20_000.0  # kg


def check_masses(subject: Subject) -> Iterator[Finding]:
    """Massless moving links, inertias of no rigid body, and masses that do not fit the size."""
    asset = subject.asset
    totals = {}
    for link in asset.links:
        element = f"link '{link.name}'"
        if link.inertial is not None:
            mass = link.inertial
        else:
            mass = MassProperties.total(subject.part_masses[p.name] for p in subject.parts_of(link.name))
        totals[link.name] = mass
        if mass.mass > 0.0 and (problem := mass.problem()) is not None:
            yield Finding(
                Severity.ERROR,
                "inertia.invalid",
                element,
                f"no rigid body has its inertia: {problem}",
                "delete the inertia so that it follows from the parts, or correct it",
                "clear_inertial",
            )
    for link in asset.links:
        joint = asset.joint_of.get(link.name)
        moves = not asset.fixed_base if joint is None else joint.kind is not JointKind.FIXED
        group = [
            name for name, first in subject.rigid_group.items() if first == subject.rigid_group[link.name]
        ]
        if moves and not sum(totals[name].mass for name in group) > 0.0:
            yield Finding(
                Severity.ERROR,
                "mass.none",
                f"link '{link.name}'",
                "moves but has no mass",
                "give it a part with a volume, or set its mass",
            )
    for part in asset.parts:
        element = f"part '{part.name}'"
        mass = subject.part_masses[part.name]
        if not mass.mass > 0.0:
            yield Finding(
                Severity.ERROR,
                "mass.no_volume",
                element,
                "its shapes enclose no volume",
                "give it a shape with a thickness",
            )
            continue
        if part.mass is None:
            density = part.material.density
        else:  # mass over density is the volume that the shapes would need
            density = part.mass / max(_volume(subject, part.name), 1e-12)
        if not LOW_DENSITY <= density <= HIGH_DENSITY:
            yield Finding(
                Severity.WARNING,
                "mass.outlier",
                element,
                f"weighs {mass.mass:.3g} kg, which makes {density:.3g} kg/m^3 of its shapes",
                f"correct its mass or size: real things have {LOW_DENSITY:g} to {HIGH_DENSITY:g} kg/m^3",
                "clear_mass",
            )
    total = sum(m.mass for m in totals.values())
    if total > MOST_MASS:
        yield Finding(
            Severity.WARNING,
            "mass.total",
            f"asset '{asset.name}'",
            f"weighs {total:.3g} kg",
            "look at its size (metres) and at the density of its largest parts",
        )


def _volume(subject: Subject, name: str) -> float:
    part = next(p for p in subject.asset.parts if p.name == name)
    return MassProperties.total(s.volume_properties() for s in part.shapes or part.collision or ()).mass
