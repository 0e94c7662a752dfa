# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bodies must not collide because they touch at rest by design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...geometry import PlacedShape, Pose
from ...model import JointKind
from ..layout import Layout, LinkLayout
from ..resting import Body, boxes_apart, signed_distance

TOUCH = 1e-3  # m; joined links closer than this touch by design
OVERLAP = 1e-4  # m; other links that overlap by more than this do so in the model


@dataclass(frozen=True)
class Exclusion:
    """Two links that must not collide, and why."""

    first: str
    second: str
    reason: str


def exclusions(layout: Layout) -> tuple[Exclusion, ...]:
    """Pairs to exclude, in the order of the links.

    Links joined by a moving joint (also through fixed joints) that touch at rest: a hinge or a rail is a contact by
    design, and MuJoCo's own parent filter does not work against a fixed base. Other pairs only where they overlap in
    the model itself. Free links are never excluded: that they rest on something is the point of them.
    """
    asset = layout.asset
    group: dict[str, str] = {}
    for link in asset.links_in_order:
        joint = asset.joint_of.get(link.name)
        group[link.name] = (
            group[joint.parent] if joint is not None and joint.kind is JointKind.FIXED else link.name
        )
    joined = set()
    floating = set()
    for joint in asset.joints:
        if joint.kind is JointKind.FREE:
            floating.add(group[joint.child])
        elif joint.kind is not JointKind.FIXED:
            joined.add(frozenset((group[joint.parent], group[joint.child])))
    free_of: dict[str, str | None] = {}
    for link in asset.links_in_order:  # the free link, if any, that carries each link
        joint = asset.joint_of.get(link.name)
        own = group[link.name] if group[link.name] in floating else None
        free_of[link.name] = own or (free_of[joint.parent] if joint is not None else None)
    bodies = {link.name: _bodies(link) for link in layout.links}
    near = _near_pairs([bodies[link.name] for link in layout.links])
    found = []
    for i, j in near:
        a, b = layout.links[i], layout.links[j]
        if group[a.name] == group[b.name] or free_of[a.name] != free_of[b.name]:
            continue
        connected = frozenset((group[a.name], group[b.name])) in joined
        distance = _closest(bodies[a.name], bodies[b.name], TOUCH if connected else 0.0)
        if distance is None:
            continue
        if connected and distance <= TOUCH:
            how = f"overlap by {-distance * 1000:.1f} mm" if distance < -OVERLAP else "touch"
            found.append(Exclusion(a.name, b.name, f"joined, and {how} at rest"))
        elif not connected and distance < -OVERLAP:
            found.append(
                Exclusion(a.name, b.name, f"overlap by {-distance * 1000:.1f} mm at rest, as modelled")
            )
    return tuple(found)


def _bodies(link: LinkLayout) -> tuple[Body, ...]:
    o = link.origin
    return tuple(
        Body.of(
            PlacedShape(
                g.shape,
                Pose(
                    (g.pose.position[0] + o[0], g.pose.position[1] + o[1], g.pose.position[2] + o[2]),
                    g.pose.quaternion,
                ),
            )
        )
        for g in link.collisions
    )


def _near_pairs(links: list[tuple[Body, ...]]) -> list[tuple[int, int]]:
    """Pairs of links, in order, whose axis-aligned boxes are not further apart than `TOUCH`."""
    solid = [k for k, bodies in enumerate(links) if bodies]
    if len(solid) < 2:
        return []
    low = np.array([np.min([b.low for b in links[k]], axis=0) for k in solid])
    high = np.array([np.max([b.high for b in links[k]], axis=0) for k in solid])
    meet = ((low[:, None] <= high[None] + TOUCH) & (low[None] <= high[:, None] + TOUCH)).all(axis=2)
    return [(solid[i], solid[j]) for i, j in zip(*np.nonzero(np.triu(meet, 1)), strict=True)]


def _closest(a: tuple[Body, ...], b: tuple[Body, ...], near: float) -> float | None:
    """Smallest signed distance of any two pieces, or None when all are clearly further apart than `near`."""
    best: float | None = None
    for p in a:
        for q in b:
            if boxes_apart(p, q, near):
                continue
            distance = signed_distance(p, q)
            best = distance if best is None else min(best, distance)
    return best
