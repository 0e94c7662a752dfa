# SPDX-License-Identifier: GPL-3.0-or-later
"""Colliders of links that move against each other do not overlap at rest.

A coarse look by the separating axes of oriented boxes around the convex pieces, so that it can run anywhere and at once;
the physics gate measures it exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..geometry import PlacedShape
from ..geometry.pose import Array
from ..model import JointKind
from .finding import Finding, Severity
from .registry import Subject, gap

TOLERANCE = 0.003  # m: boxes are larger than what is in them
SHARE = 0.25  # of the smaller box's thinnest side
TURNING = (JointKind.HINGE, JointKind.CYLINDRICAL, JointKind.BALL)
ROUND = ("cylinder", "capsule", "ellipsoid")
MOST_PIECES = 400


@dataclass(frozen=True)
class _Piece:
    part: str
    group: str
    centre: Array
    axes: Array
    half: Array

    @staticmethod
    def of(part: str, group: str, placed: PlacedShape) -> _Piece:
        low, high = placed.shape.bounds()
        half = (high - low) / 2.0
        if placed.shape.kind in ROUND:  # the box within comes closer to a round body than the one around it
            half = half * np.array([0.85, 0.85, 1.0 if placed.shape.kind == "cylinder" else 0.85])
        return _Piece(
            part, group, placed.pose.apply(((low + high) / 2.0)[None])[0], placed.pose.rotation, half
        )

    @property
    def box(self) -> tuple[Array, Array]:
        """Axis-aligned box around it."""
        reach = np.abs(self.axes) @ self.half
        return self.centre - reach, self.centre + reach


def check_overlaps(subject: Subject) -> Iterator[Finding]:
    """Pairs of parts on different rigid groups whose pieces share space, but for what sits about a hinge between them."""
    pieces = [
        _Piece.of(part.name, subject.rigid_group[part.link], placed)
        for part in subject.asset.parts
        for placed in subject.colliders[part.name]
    ]
    if len(pieces) > MOST_PIECES:
        return
    deepest: dict[tuple[str, str], float] = {}
    for a, b in combinations(pieces, 2):
        if a.group == b.group or gap(a.box, b.box) > 0.0:
            continue
        depth = penetration(a, b)
        if depth > max(TOLERANCE, SHARE * 2.0 * float(min(a.half.min(), b.half.min()))) and not _about_hinge(
            subject, a, b
        ):
            pair = (a.part, b.part)
            deepest[pair] = max(deepest.get(pair, 0.0), depth)
    for (first, second), depth in deepest.items():
        yield Finding(
            Severity.WARNING,
            "collision.overlap",
            f"part '{second}'",
            f"overlaps part '{first}' of another link by about {depth * 1000:.0f} mm at rest",
            "move or shrink one of them, or put both on one link",
        )


def penetration(a: _Piece, b: _Piece) -> float:
    """Depth (m) to which two boxes overlap along the best separating axis (Gottschalk's 15 axes), 0 when apart."""
    cross = np.cross(a.axes.T[:, None, :], b.axes.T[None, :, :]).reshape(-1, 3)
    directions = np.concatenate([a.axes.T, b.axes.T, cross])
    length = np.linalg.norm(directions, axis=1)
    directions = directions[length > 1e-6] / length[length > 1e-6, None]
    reach = np.abs(directions @ a.axes) @ a.half + np.abs(directions @ b.axes) @ b.half
    return max(0.0, float((reach - np.abs(directions @ (b.centre - a.centre))).min()))


def _about_hinge(subject: Subject, a: _Piece, b: _Piece) -> bool:
    """Whether a turning joint between the two groups runs through the smaller of the pieces: a pin in its hole."""
    pin = min((a, b), key=lambda piece: float(np.sort(piece.half)[1]))
    for joint in subject.asset.joints:
        ends = {subject.rigid_group[joint.parent], subject.rigid_group[joint.child]}
        if ends != {a.group, b.group} or joint.kind not in TURNING:
            continue
        offset = pin.centre - np.array(joint.anchor)
        if joint.kind is not JointKind.BALL:
            axis = np.array(joint.axis)
            offset = offset - (offset @ axis) * axis
        if np.linalg.norm(offset) <= float(np.sort(pin.half)[1]) + 1e-6:
            return True
    return False
