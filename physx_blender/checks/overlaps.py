# SPDX-License-Identifier: GPL-3.0-or-later
"""Colliders of links that move against each other do not overlap at rest.

A coarse look by the separating axes of oriented boxes around the convex pieces, so that it can run anywhere and at once;
the physics gate measures it exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from ..geometry import PlacedShape
from ..geometry.pose import Array
from ..model import Joint, JointKind
from .finding import Finding, Severity
from .registry import Subject

TOLERANCE = 0.003  # m: boxes are larger than what is in them
SHARE = 0.25  # of the smaller box's thinnest side
TURNING = (JointKind.HINGE, JointKind.CYLINDRICAL, JointKind.BALL)
ROUND = ("cylinder", "capsule", "ellipsoid")
MOST_PIECES = 2000
Box = tuple[Array, Array]


@dataclass(frozen=True, eq=False)
class Piece:
    """The oriented box that stands for a convex piece: middle (3,), axes as columns (3, 3), half sizes (3,)."""

    centre: Array
    axes: Array
    half: Array

    @staticmethod
    def of(placed: PlacedShape) -> Piece:
        """The box of a placed shape."""
        low, high = placed.shape.bounds()
        half = (high - low) / 2.0
        if placed.shape.kind in ROUND:  # the box within comes closer to a round body than the one around it
            half = half * np.array([0.85, 0.85, 1.0 if placed.shape.kind == "cylinder" else 0.85])
        return Piece(placed.pose.apply(((low + high) / 2.0)[None])[0], placed.pose.rotation, half)

    @cached_property
    def box(self) -> Box:
        """Axis-aligned box around it."""
        reach = np.abs(self.axes) @ self.half
        return self.centre - reach, self.centre + reach


def pieces_of(colliders: tuple[PlacedShape, ...]) -> tuple[Piece, ...]:
    """The boxes of the colliders of a part."""
    return tuple(Piece.of(placed) for placed in colliders)


def check_overlaps(subject: Subject) -> Iterator[Finding]:
    """Pairs of parts on different rigid groups whose pieces share space, but for what sits about a hinge between them."""
    parts = [p for p in subject.asset.parts if subject.colliders[p.name]]
    pieces = {
        p.name: subject.memo.recall(
            "pieces", subject.geometry_of[p.name], partial(pieces_of, subject.colliders[p.name])
        )
        for p in parts
    }
    if len(parts) < 2 or sum(len(p) for p in pieces.values()) > MOST_PIECES:
        return
    joints = turning_joints(subject)
    groups = [subject.rigid_group[p.link] for p in parts]
    for i, j in _near(pieces, [p.name for p in parts], groups):
        a, b = parts[i].name, parts[j].name
        between = joints.get(frozenset((groups[i], groups[j])), ())
        reads = (subject.geometry_of[a], subject.geometry_of[b], between)
        depth = subject.memo.recall("overlaps", reads, partial(deepest, pieces[a], pieces[b], between))
        if depth > 0.0:
            yield Finding(
                Severity.WARNING,
                "collision.overlap",
                f"part '{b}'",
                f"overlaps part '{a}' of another link by about {depth * 1000:.0f} mm at rest",
                "move or shrink one of them, or put both on one link",
                "shrink_overlap",
                f"part '{a}'",
            )


def turning_joints(subject: Subject) -> dict[frozenset[str], tuple[Joint, ...]]:
    """The joints that turn, by the two rigid groups that they join; at rest, where a joint stands does not matter."""
    found: dict[frozenset[str], tuple[Joint, ...]] = {}
    for joint in subject.asset.joints:
        if joint.kind in TURNING:
            ends = frozenset((subject.rigid_group[joint.parent], subject.rigid_group[joint.child]))
            found[ends] = (
                *found.get(ends, ()),
                Joint(joint.name, joint.kind, joint.parent, joint.child, joint.axis, joint.anchor),
            )
    return found


def _near(pieces: dict[str, tuple[Piece, ...]], names: list[str], groups: list[str]) -> list[tuple[int, int]]:
    """Pairs of parts of different groups whose axis-aligned boxes touch, in order."""
    low = np.array([np.min([p.box[0] for p in pieces[n]], axis=0) for n in names])
    high = np.array([np.max([p.box[1] for p in pieces[n]], axis=0) for n in names])
    group = np.unique(groups, return_inverse=True)[1].reshape(-1)
    touching = group[:, None] != group[None]
    for k in range(3):
        touching &= (low[:, None, k] <= high[None, :, k]) & (low[None, :, k] <= high[:, None, k])
    return [(int(i), int(j)) for i, j in zip(*np.nonzero(np.triu(touching, 1)), strict=True)]


def deepest(first: tuple[Piece, ...], second: tuple[Piece, ...], joints: tuple[Joint, ...]) -> float:
    """Greatest depth (m) to which pieces of two parts overlap more than they may; 0 = they do not."""
    result = 0.0
    for a in first:
        for b in second:
            if (a.box[0] > b.box[1]).any() or (b.box[0] > a.box[1]).any():
                continue
            depth = penetration(a, b)
            if depth > max(result, allowed(a, b)) and not about_hinge(joints, a, b):
                result = depth
    return result


def allowed(a: Piece, b: Piece) -> float:
    """Depth (m) that boxes around the true shapes may share."""
    return max(TOLERANCE, SHARE * 2.0 * float(min(a.half.min(), b.half.min())))


def penetration(a: Piece, b: Piece) -> float:
    """Depth (m) to which two boxes overlap along the best separating axis (Gottschalk's 15 axes), 0 when apart."""
    cross = np.cross(a.axes.T[:, None, :], b.axes.T[None, :, :]).reshape(-1, 3)
    directions = np.concatenate([a.axes.T, b.axes.T, cross])
    length = np.linalg.norm(directions, axis=1)
    directions = directions[length > 1e-6] / length[length > 1e-6, None]
    reach = np.abs(directions @ a.axes) @ a.half + np.abs(directions @ b.axes) @ b.half
    return max(0.0, float((reach - np.abs(directions @ (b.centre - a.centre))).min()))


def about_hinge(joints: tuple[Joint, ...], a: Piece, b: Piece) -> bool:
    """Whether a turning joint between the two groups runs through the smaller of the pieces: a pin in its hole."""
    pin = min((a, b), key=lambda piece: float(np.sort(piece.half)[1]))
    for joint in joints:
        offset = pin.centre - np.array(joint.anchor)
        if joint.kind is not JointKind.BALL:
            axis = np.array(joint.axis)
            offset = offset - (offset @ axis) * axis
        if np.linalg.norm(offset) <= float(np.sort(pin.half)[1]) + 1e-6:
            return True
    return False
