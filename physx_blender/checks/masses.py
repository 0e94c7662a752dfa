# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that moves weighs something, and not something absurd."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from ..errors import AssetError
from ..geometry import MassProperties, Moments
from ..model import JointKind, Part
from ..model.edits import Edit, SetLink, SetPart
from ..model.materials import MATERIALS, match_material
from .finding import Finding, Severity
from .fix import Fix
from .registry import Subject, union

LOW_DENSITY, HIGH_DENSITY = 5.0, 25_000.0  # kg/m^3: foam, and more than any metal in use
MOST_MASS = 20_000.0  # kg


def check_masses(subject: Subject) -> Iterator[Finding]:
    """Massless moving links, inertias of no rigid body, and masses that do not fit the size."""
    asset = subject.asset
    totals: dict[str, MassProperties] = {}
    parts: dict[str, list[Part]] = {link.name: [] for link in asset.links}
    for part in asset.parts:
        parts[part.link].append(part)
    by_group: dict[str, list[str]] = {}
    for name, first in subject.rigid_group.items():
        by_group.setdefault(first, []).append(name)
    for link in asset.links:
        element = f"link '{link.name}'"
        names = tuple(p.name for p in parts[link.name])
        reads = (link.inertial, tuple(subject.mass_tokens[n] for n in names))
        mass, problem = subject.memo.recall(
            "masses.link", reads, partial(_total, subject, link.inertial, names)
        )
        totals[link.name] = mass
        if mass.mass > 0.0 and problem is not None:
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
        group = by_group[subject.rigid_group[link.name]]
        if moves and not sum(totals[name].mass for name in group) > 0.0:
            yield Finding(
                Severity.ERROR,
                "mass.none",
                f"link '{link.name}'",
                "moves but has no mass",
                "give it a part with a volume, or set its mass",
                "give_mass",
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
            density = part.mass / max(subject.volume_of(part), 1e-12)
        if not LOW_DENSITY <= density <= HIGH_DENSITY:
            yield Finding(
                Severity.WARNING,
                "mass.outlier",
                element,
                f"weighs {mass.mass:.3g} kg, which makes {density:.3g} kg/m^3 of its shapes",
                f"correct its mass or size: real things have {LOW_DENSITY:g} to {HIGH_DENSITY:g} kg/m^3",
                _fix_for(part),
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


def _total(
    subject: Subject, inertial: MassProperties | None, names: tuple[str, ...]
) -> tuple[MassProperties, str | None]:
    """Mass properties of a link, and what is wrong with them."""
    mass = inertial if inertial is not None else MassProperties.total(subject.part_masses[n] for n in names)
    return mass, mass.problem()


def _fix_for(part: Part) -> str | None:
    """What to do about an absurd density: forget the mass that was typed, or take the density from the table."""
    plausible = LOW_DENSITY <= part.material.density <= HIGH_DENSITY
    if not plausible and match_material(part.material.name) is None:
        return None
    return "density_from_table" if part.mass is None else "clear_mass"


def _clear_mass(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    part = replace(subject.culprit_part(finding), mass=None)
    if LOW_DENSITY <= part.material.density <= HIGH_DENSITY:
        return (SetPart(part),)
    return (SetPart(_with_known_density(part)),)


def _density_from_table(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    return (SetPart(_with_known_density(subject.culprit_part(finding))),)


def _with_known_density(part: Part) -> Part:
    known = match_material(part.material.name)
    if known is None:
        raise AssetError("its material is not in the table; type a density", where=f"part '{part.name}'")
    return replace(part, material=replace(part.material, density=known.density, estimated=True))


def _clear_inertial(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    return (SetLink(replace(subject.culprit_link(finding), inertial=None)),)


def _give_mass(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    """A solid box of ABS where the link's parts are, or a twentieth of the asset's size at its joint without any."""
    link = subject.culprit_link(finding)
    boxes = [subject.part_bounds[p.name] for p in subject.parts_of(link.name)]
    joint = subject.asset.joint_of.get(link.name)
    least = 0.05 * max(subject.size, 0.02)
    low, high = union(boxes) if boxes else (np.array(joint.anchor if joint else (0.0, 0.0, 0.0)),) * 2
    short = np.maximum(0.0, least - (high - low)) / 2.0
    body = Moments.box(low - short, high + short).properties().scaled(MATERIALS["ABS"].density)
    return (SetLink(replace(link, inertial=body)),)


FIXES = (
    Fix(
        "clear_mass",
        "Mass from Material",
        "Forget the mass that was typed: volume times the material's density decides again",
        _clear_mass,
    ),
    Fix(
        "density_from_table",
        "Density from Table",
        "Take the density that the table of materials has for this material",
        _density_from_table,
    ),
    Fix(
        "clear_inertial",
        "Inertia from Parts",
        "Forget the inertia that was given: it follows from the parts again",
        _clear_inertial,
    ),
    Fix(
        "give_mass",
        "Give It a Mass",
        "Give the link the mass and inertia of a small box of plastic where it is; correct the mass afterwards",
        _give_mass,
    ),
)
