# SPDX-License-Identifier: GPL-3.0-or-later
"""Links have parts, and the parts of a link hold together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ..geometry.mesh_report import connected
from .finding import Finding, Severity
from .registry import Subject

TOUCH = 0.002  # m
TOUCH_RELATIVE = 0.01  # of the asset's size
MANY_PARTS = 2000


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
        if 1 < len(names) <= MANY_PARTS:
            reads = tuple((n, subject.geometry_of[n], subject.mass_tokens[n]) for n in names)
            yield from subject.memo.recall(
                "structure.floating", (reach, reads), partial(_floating_in, subject, names, reach)
            )


def _floating_in(subject: Subject, names: list[str], reach: float) -> tuple[Finding, ...]:
    lows = np.array([subject.part_bounds[n][0] for n in names])
    highs = np.array([subject.part_bounds[n][1] for n in names])
    apart = np.maximum(0.0, np.maximum(lows[:, None] - highs[None], lows[None] - highs[:, None]))
    gaps = np.linalg.norm(apart, axis=2)
    first, second = np.nonzero(gaps <= reach)
    cluster = connected(len(names), first, second)
    masses = np.array([subject.part_masses[n].mass for n in names])
    main = cluster == int(np.argmax(np.bincount(cluster, weights=masses)))
    return tuple(
        Finding(
            Severity.WARNING,
            "part.floating",
            f"part '{names[k]}'",
            f"touches no other part of its link; the nearest is {float(gaps[k, main].min()) * 1000:.0f} mm away",
            "move it to its link, or give it a link and a joint of its own",
        )
        for k in np.flatnonzero(~main)
    )
