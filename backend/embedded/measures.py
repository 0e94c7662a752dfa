# SPDX-License-Identifier: GPL-3.0-or-later
"""How right is a reading of a picture: joints, view."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from physx_blender.geometry.pose import Array
from physx_blender.model import Asset, Joint, JointKind

from .program.build import placed_bounds
from .program.node import Program

AXIS_TOLERANCE = math.radians(15)
ANCHOR_TOLERANCE = 0.1


def extent(asset: Asset) -> tuple[Array, Array]:
    """Bounds (3,), (3,) at rest, metres."""
    boxes = [placed_bounds(placed) for part in asset.parts for placed in part.shapes]
    return np.min([b[0] for b in boxes], axis=0), np.max([b[1] for b in boxes], axis=0)


def joint_f1(predicted: Asset, truth: Asset) -> float:
    """F1 of the movable joints, matched one to one (Hungarian) so that most agree.

    Two joints agree if they are of one kind, their axes (as lines) are within 15 degrees, and their places within a
    tenth of the diagonal; a picture tells no scale, so both assets are brought to the same diagonal. The place of a
    hinge is its axis (the distance is taken across it), that of a slide is its anchor. No joints on both sides is 1.
    """
    a, b = _movable(predicted), _movable(truth)
    if not a and not b:
        return 1.0
    if not a or not b:
        return 0.0
    places = [_places(predicted, a), _places(truth, b)]
    good = np.array(
        [[_agree(p, q, places[0][i], places[1][k]) for k, q in enumerate(b)] for i, p in enumerate(a)],
        float,
    )
    rows, columns = linear_sum_assignment(-good)
    return 2 * float(good[rows, columns].sum()) / (len(a) + len(b))


def _movable(asset: Asset) -> list[Joint]:
    return [joint for joint in asset.joints if joint.kind is not JointKind.FIXED]


def _places(asset: Asset, joints: Sequence[Joint]) -> Array:
    """Anchors (N, 3) about the middle of the asset, in its diagonals."""
    low, high = extent(asset)
    diagonal = float(np.linalg.norm(high - low))
    return (np.array([joint.anchor for joint in joints]) - (low + high) / 2) / diagonal


def _agree(p: Joint, q: Joint, place_p: Array, place_q: Array) -> bool:
    if p.kind is not q.kind:
        return False
    u, v = np.array(p.axis), np.array(q.axis)
    if abs(float(u @ v)) < math.cos(AXIS_TOLERANCE):
        return False
    off = place_p - place_q
    if q.kind is not JointKind.SLIDE:
        off = off - (off @ v) * v
    return float(np.linalg.norm(off)) <= ANCHOR_TOLERANCE


def azimuth_error(predicted: Program, truth: Program) -> float:
    """Angle between the two azimuths, 0 .. pi."""
    off = predicted.view.azimuth - truth.view.azimuth
    return abs((off + math.pi) % (2 * math.pi) - math.pi)


def axis_error(predicted: Asset, truth: Asset) -> float | None:
    """Median angle (radians) between axes of movable joints of one kind, matched so that their places are nearest.

    None where no two joints are of one kind.
    """
    a, b = _movable(predicted), _movable(truth)
    if not a or not b:
        return None
    places = _places(predicted, a), _places(truth, b)
    far = np.linalg.norm(places[0][:, None] - places[1][None], axis=2)
    far += 1e3 * np.array([[p.kind is not q.kind for q in b] for p in a])
    angles = [
        math.acos(min(abs(float(np.dot(a[i].axis, b[k].axis))), 1.0))
        for i, k in zip(*linear_sum_assignment(far), strict=True)
        if far[i, k] < 1e3
    ]
    return float(np.median(angles)) if angles else None
