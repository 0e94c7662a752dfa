# SPDX-License-Identifier: GPL-3.0-or-later
"""How right is a reading of a picture: joints, view."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physx_blender.geometry.pose import Array
from physx_blender.model import Asset, Joint, JointKind, Part

from .program.build import placed_bounds
from .program.node import Program

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

AXIS_TOLERANCE = math.radians(15)
ANCHOR_TOLERANCE = 0.1


@dataclass(frozen=True)
class JointSet:
    """Movable joints of an object: kinds (N,), unit axes (N, 3), and places (N, 3) of their anchors about the middle of its
    bounds at rest, in diagonals of those: a picture tells no scale."""

    kinds: tuple[JointKind, ...]
    axes: Array
    places: Array

    @staticmethod
    def of(parts: Sequence[Part], joints: Sequence[Joint]) -> JointSet:
        """Those of parts and joints in one frame, at rest."""
        movable = [joint for joint in joints if joint.kind is not JointKind.FIXED]
        if not movable:
            return JointSet((), np.zeros((0, 3)), np.zeros((0, 3)))
        boxes = [placed_bounds(placed) for part in parts for placed in part.shapes]
        low, high = np.min([b[0] for b in boxes], axis=0), np.max([b[1] for b in boxes], axis=0)
        diagonal = float(np.linalg.norm(high - low))
        anchors = np.array([joint.anchor for joint in movable])
        return JointSet(
            tuple(joint.kind for joint in movable),
            np.array([joint.axis for joint in movable]),
            (anchors - (low + high) / 2) / diagonal,
        )

    def agreeing(self, truth: JointSet) -> BoolArray:
        """(N, M) whether joints agree: of one kind, axes (as lines) within 15 degrees, places within a tenth of the diagonal.

        The place of a hinge is its axis (the distance is taken across the true one), that of a slide is its anchor.
        """
        same = np.array([[p is q for q in truth.kinds] for p in self.kinds])
        along = np.abs(self.axes @ truth.axes.T) >= math.cos(AXIS_TOLERANCE)
        off = self.places[:, None] - truth.places[None]
        across = off - (off * truth.axes).sum(-1, keepdims=True) * truth.axes
        slides = np.array([q is JointKind.SLIDE for q in truth.kinds])
        far = np.linalg.norm(np.where(slides[:, None], off, across), axis=-1)
        return np.asarray(same & along & (far <= ANCHOR_TOLERANCE))

    def f1(self, truth: JointSet) -> float:
        """F1 of these joints, matched one to one (Hungarian) so that most agree. No joints on both sides is 1."""
        if not self.kinds and not truth.kinds:
            return 1.0
        if not self.kinds or not truth.kinds:
            return 0.0
        good = self.agreeing(truth)
        if good.sum(axis=0).max() <= 1 and good.sum(axis=1).max() <= 1:
            matched = float(good.sum())
        else:
            rows, columns = _assignment(-good.astype(float))
            matched = float(good[rows, columns].sum())
        return 2 * matched / (len(self.kinds) + len(truth.kinds))


def joint_set(asset: Asset) -> JointSet:
    """The movable joints of an asset."""
    return JointSet.of(asset.parts, asset.joints)


def joint_f1(predicted: Asset, truth: Asset) -> float:
    """F1 of the movable joints, see `JointSet.f1`."""
    return joint_set(predicted).f1(joint_set(truth))


def _assignment(cost: Array) -> tuple[IntArray, IntArray]:
    """Rows and columns of the assignment with the least cost."""
    # most pictures need none, and importing this would cost each of them a quarter of a second
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(cost)
    return np.asarray(rows), np.asarray(columns)


def azimuth_error(predicted: Program, truth: Program) -> float:
    """Angle between the two azimuths, 0 .. pi."""
    off = predicted.view.azimuth - truth.view.azimuth
    return abs((off + math.pi) % (2 * math.pi) - math.pi)


def axis_error(predicted: Asset, truth: Asset) -> float | None:
    """Median angle (radians) between axes of movable joints of one kind, matched so that their places are nearest.

    None where no two joints are of one kind.
    """
    a, b = joint_set(predicted), joint_set(truth)
    if not a.kinds or not b.kinds:
        return None
    far = np.linalg.norm(a.places[:, None] - b.places[None], axis=2)
    far += 1e3 * np.array([[p is not q for q in b.kinds] for p in a.kinds])
    angles = [
        math.acos(min(abs(float(np.dot(a.axes[i], b.axes[k]))), 1.0))
        for i, k in zip(*_assignment(far), strict=True)
        if far[i, k] < 1e3
    ]
    return float(np.median(angles)) if angles else None
