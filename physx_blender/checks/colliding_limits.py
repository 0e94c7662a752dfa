# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ends of joints' ranges run a part into another: a coarse look by boxes, for the overlay, when it is asked for.

Every joint goes alone from rest to either end, with its followers. What overlaps deeper than at rest, and than boxes around
true shapes may, is in the way, unless it can be opened out of the way by a joint of its own, as a door before a drawer.
The physics gate measures the same exactly, in the exported files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..geometry.pose import Array, Pose
from ..model import Asset, Joint, JointKind
from ..model.joint import REST_POSITION
from .overlaps import MOST_PIECES, Piece, allowed, penetration, pieces_of
from .registry import Subject

SAMPLES = (0.25, 0.5, 0.75, 1.0)
DEEPER = 0.002  # m: than at rest
ENDS = ("angle_low", "angle_high", "travel_low", "travel_high")
Positions = dict[str, tuple[float, ...]]


@dataclass(frozen=True, eq=False)
class _Bodies:
    """All pieces where they are at rest, and the link of each."""

    asset: Asset
    pieces: tuple[Piece, ...]
    links: tuple[str, ...]

    @cached_property
    def boxes(self) -> Array:
        """Axis-aligned boxes (2, N, 3) at rest: lower corners, upper corners."""
        return np.array([[p.box[k] for p in self.pieces] for k in (0, 1)])

    @cached_property
    def pieces_of(self) -> dict[str, list[int]]:
        """Numbers of the pieces of each link."""
        return {link: [k for k, name in enumerate(self.links) if name == link] for link in set(self.links)}

    def hits(self, joint: Joint, posed: Positions) -> set[str]:
        """Links that what hangs on the joint overlaps in a pose, deeper than at rest."""
        there, boxes = list(self.pieces), self.boxes.copy()
        rest = Pose()
        for link, pose in self.asset.link_poses(posed).items():
            if pose != rest:
                for k in self.pieces_of.get(link, ()):
                    there[k] = _placed(self.pieces[k], pose)
                    boxes[:, k] = there[k].box
        movers = [k for link in _below(self.asset, joint.child) for k in self.pieces_of.get(link, ())]
        others = np.setdiff1d(np.arange(len(there)), movers)
        (low, high), (other_low, other_high) = boxes[:, movers], boxes[:, others]
        near = (low[:, None] <= other_high[None]) & (other_low[None] <= high[:, None])
        hit: set[str] = set()
        for m, o in np.argwhere(near.all(axis=2)):
            i, j = movers[m], int(others[o])
            if self.links[j] in hit:
                continue
            depth = penetration(there[i], there[j])
            turning = joint.kind is not JointKind.SLIDE and self.links[j] == joint.parent
            if depth > penetration(self.pieces[i], self.pieces[j]) + DEEPER and depth > (
                _about_axis(there[i], there[j]) if turning else allowed(there[i], there[j])
            ):
                hit.add(self.links[j])
        return hit


def _about_axis(a: Piece, b: Piece) -> float:
    """Depth (m) that parts of a hinge may share: the edge of a door turns into its frame by up to its thickness."""
    return max(allowed(a, b), 2.0 * float(min(a.half.min(), b.half.min())))


def colliding_limits(asset: Asset) -> dict[str, frozenset[str]]:
    """For each joint that has any, the ends (of `ENDS`) on the way to which its parts run into others."""
    subject = Subject(asset)
    placed = [(p.link, piece) for p in asset.parts for piece in pieces_of(subject.colliders[p.name])]
    if len(placed) < 2 or len(placed) > MOST_PIECES:
        return {}
    bodies = _Bodies(asset, tuple(piece for _, piece in placed), tuple(link for link, _ in placed))
    found: dict[str, frozenset[str]] = {}
    for joint in asset.joints:
        if joint.mimic is None:
            bad = frozenset(end for end, way in _ways(joint) if _blocked(bodies, joint, way))
            if bad:
                found[joint.name] = bad
    return found


def _ways(joint: Joint) -> Iterator[tuple[str, list[tuple[float, ...]]]]:
    """Each end of a joint's range, with positions on the way there from rest."""
    for name, limits, index in (
        ("angle", joint.angle_limits if joint.kind is not JointKind.BALL else None, 0),
        ("travel", joint.travel_limits, -1),
    ):
        for side, value in zip(("low", "high"), limits or (), strict=False):
            if value == 0.0:
                continue
            way = []
            for share in SAMPLES:
                position = list(REST_POSITION[joint.kind])
                position[index] = share * value
                way.append(tuple(position))
            yield f"{name}_{side}", way


def _blocked(bodies: _Bodies, joint: Joint, way: list[tuple[float, ...]]) -> bool:
    for position in way:
        posed = {joint.name: position}
        if any(not _opens(bodies, joint, posed, link) for link in bodies.hits(joint, posed)):
            return True
    return False


def _opens(bodies: _Bodies, joint: Joint, posed: Positions, link: str) -> bool:
    """Can the link that is in the way be opened out of it by one of the joints that carry it?"""
    carried = bodies.asset.joint_of.get(link)
    while carried is not None and carried.name != joint.name:
        for _, way in _ways(carried):
            if link not in bodies.hits(joint, {**posed, carried.name: way[-1]}):
                return True
        carried = bodies.asset.joint_of.get(carried.parent)
    return False


def _below(asset: Asset, link: str) -> set[str]:
    """A link and all that it carries."""
    found = {link}
    for one in asset.links_in_order:
        joint = asset.joint_of.get(one.name)
        if joint is not None and joint.parent in found:
            found.add(one.name)
    return found


def _placed(piece: Piece, pose: Pose) -> Piece:
    """A piece that its link has carried along."""
    return Piece(pose.apply(piece.centre[None])[0], pose.rotation @ piece.axes, piece.half)
