# SPDX-License-Identifier: GPL-3.0-or-later
"""Links have parts, and the parts of a link hold together."""

from __future__ import annotations

from collections.abc import Iterator

from .finding import Finding, Severity
from .registry import Subject, gap

TOUCH = 0.002  # m
TOUCH_RELATIVE = 0.01  # of the asset's size
MANY_PARTS = 200


def check_structure(subject: Subject) -> Iterator[Finding]:
    """Links without parts, parts that float away from their rigid group, names that differ only in case."""
    asset = subject.asset
    for link in asset.links:
        if not subject.parts_of(link.name) and link.inertial is None:
            yield Finding(
                Severity.WARNING,
                "link.empty",
                f"link '{link.name}'",
                "has no parts",
                "give it a part, or delete it and join its children to its parent",
            )
    if not asset.parts:
        yield Finding(
            Severity.ERROR,
            "asset.empty",
            f"asset '{asset.name}'",
            "has no parts",
            "give it at least one part",
        )
    yield from _floating(subject)
    for kind, names in (
        ("part", [p.name for p in asset.parts]),
        ("link", [k.name for k in asset.links]),
        ("joint", [j.name for j in asset.joints]),
    ):
        seen: dict[str, str] = {}
        for name in names:
            other = seen.setdefault(name.lower(), name)
            if other != name:
                yield Finding(
                    Severity.WARNING,
                    "name.case",
                    f"{kind} '{name}'",
                    f"differs from {kind} '{other}' only in case",
                    "rename one: some systems cannot tell them apart",
                )
            if (
                name.lower() == "world"
                and kind == "link"
                and not (asset.fixed_base and name == asset.base.name)
            ):
                yield Finding(
                    Severity.ERROR,
                    "name.world",
                    f"link '{name}'",
                    "has the name that simulators keep for the world",
                    "rename it",
                )


def _floating(subject: Subject) -> Iterator[Finding]:
    """Parts of one rigid group must touch, box to box, within a tolerance."""
    reach = max(TOUCH, TOUCH_RELATIVE * subject.size)
    groups: dict[str, list[str]] = {}
    for part in subject.asset.parts:
        groups.setdefault(subject.rigid_group[part.link], []).append(part.name)
    for names in groups.values():
        if len(names) > MANY_PARTS:
            continue
        clusters: list[list[str]] = []
        for name in names:
            box = subject.part_bounds[name]
            near = [c for c in clusters if any(gap(box, subject.part_bounds[o]) <= reach for o in c)]
            clusters = [c for c in clusters if c not in near] + [[*(n for c in near for n in c), name]]
        main = max(clusters, key=lambda c: sum(subject.part_masses[n].mass for n in c))
        for cluster in clusters:
            if cluster is main:
                continue
            for name in cluster:
                box = subject.part_bounds[name]
                away = min(gap(box, subject.part_bounds[o]) for o in main)
                yield Finding(
                    Severity.WARNING,
                    "part.floating",
                    f"part '{name}'",
                    f"touches no other part of its link; the nearest is {away * 1000:.0f} mm away",
                    "move it to its link, or give it a link and a joint of its own",
                )
