# SPDX-License-Identifier: GPL-3.0-or-later
"""Repair of what `overlaps` finds: the colliders of the smaller part give way, what is seen stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..errors import AssetError
from ..geometry import Box, PlacedShape, Pose
from ..model import Joint
from ..model.edits import Edit, SetPart
from ..model.placement import scaled_shape
from .finding import Finding, element_of
from .fix import Fix
from .overlaps import Piece, deepest, pieces_of, turning_joints
from .registry import Subject

MOST_LOST = 0.4  # of a piece's length: more is no repair but another object
STEPS = 24


def _shrink_overlap(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    one = subject.culprit_part(finding)
    other = subject.parts_by_name.get(element_of(finding.other)[1])
    if other is None:
        raise AssetError("does not exist any more; check again", where=finding.other or finding.element)
    groups = frozenset((subject.rigid_group[one.link], subject.rigid_group[other.link]))
    joints = turning_joints(subject).get(groups, ())
    volume = {p.name: subject.part_masses[p.name].mass / p.material.density for p in (one, other)}
    for part, against in sorted(((one, other), (other, one)), key=lambda pair: volume[pair[0].name]):
        colliders = _given_way(
            subject.colliders[part.name], pieces_of(subject.colliders[against.name]), joints
        )
        if colliders is not None:
            return (SetPart(replace(part, collision=colliders, collision_fit=None)),)
    raise AssetError(
        f"overlaps {finding.other} too deeply for its colliders to be shrunk; move one of them, "
        "or put both on one link",
        where=finding.element,
    )


def _given_way(
    colliders: tuple[PlacedShape, ...], against: tuple[Piece, ...], joints: tuple[Joint, ...]
) -> tuple[PlacedShape, ...] | None:
    """The colliders, those in the way made smaller; None = they would have to lose too much."""
    result = []
    for placed in colliders:
        for obstacle in against:  # one after the other: what is wedged in has to give way on two sides
            if deepest((Piece.of(placed),), (obstacle,), joints) > 0.0:
                best: tuple[float, PlacedShape] | None = None
                for smaller in _ways(placed):
                    share = _least(smaller, (obstacle,), joints)
                    if share is not None and (best is None or share < best[0]):
                        best = (share, smaller(share))
                if best is None:
                    return None
                placed = best[1]
        result.append(placed)
    return tuple(result)


def _least(
    smaller: Callable[[float], PlacedShape], against: tuple[Piece, ...], joints: tuple[Joint, ...]
) -> float | None:
    """The smallest share (0..MOST_LOST) to lose so that nothing overlaps any more."""

    def clear(share: float) -> bool:
        return deepest((Piece.of(smaller(share)),), against, joints) == 0.0

    if not clear(MOST_LOST):
        return None
    low, high = 0.0, MOST_LOST
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if clear(middle) else (middle, high)
    return high


def _ways(placed: PlacedShape) -> Iterator[Callable[[float], PlacedShape]]:
    """Ways to make a convex piece smaller by a share: a box from each side, anything else about its middle."""
    shape = placed.shape
    if isinstance(shape, Box):
        for axis in range(3):
            for side in (-1.0, 1.0):

                def trimmed(
                    share: float, axis: int = axis, side: float = side, shape: Box = shape
                ) -> PlacedShape:
                    size = list(shape.size)
                    shift = [0.0, 0.0, 0.0]
                    shift[axis] = -side * size[axis] * share / 2.0
                    size[axis] *= 1.0 - share
                    x, y, z = size
                    return PlacedShape(Box((x, y, z)), placed.pose @ Pose((shift[0], shift[1], shift[2])))

                yield trimmed
        return

    def scaled(share: float) -> PlacedShape:
        low, high = shape.bounds()
        middle = (low + high) / 2.0 * share
        x, y, z = (float(v) for v in middle)
        small = scaled_shape(shape, 1.0 - share)
        return PlacedShape(small, placed.pose @ Pose((x, y, z)))

    yield scaled


FIXES = (
    Fix(
        "shrink_overlap",
        "Shrink Colliders",
        "Give the smaller part colliders of its own that end where the other part begins; what is seen stays as it is",
        _shrink_overlap,
    ),
)
