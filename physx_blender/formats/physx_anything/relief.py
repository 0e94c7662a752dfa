# SPDX-License-Identifier: GPL-3.0-or-later
"""Room to move: what a part may not touch with, because only the coarseness of the voxels puts it in the way.

A door drawn with voxels is thicker than the real one, and its hinge edge would swing into the frame. Each joint is taken
through its range on the grid; the few cells that meet another body are left out of what collides. What is seen keeps them.
When many cells meet, the movement itself is wrong (axis, range or place), and nothing is hidden: the physics gate tells it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...geometry.pose import Array, Vec3, axis_angle_matrix, unit
from .description import GroupText, Movement
from .report import Report
from .voxel_grid import Cells, shifted

SHARE = 0.25  # of the cells of a part that moves
SMALL_SHARE = 0.6  # of the cells of a part that moves and has few, such as a knob
SMALL = 150  # cells on a 32 grid
STILL_SHARE = 0.1  # of the cells of a body that stands still
STEPS = 80
INSET = 0.03  # cells: corners are tried this far inside, so that neighbours do not meet at rest
_CORNERS = np.concatenate(
    [np.array(list(np.ndindex(2, 2, 2))) * (1.0 - 2.0 * INSET) + INSET, np.full((1, 3), 0.5)]
)


def colliding_cells(
    solids: Mapping[int, Cells], groups: Sequence[GroupText], report: Report
) -> dict[int, Cells]:
    """What collides of each part: its cells without those that its own movement, or another's, would run into.

    solids: part id -> grid.  groups: the tree, in lattice coordinates.
    """
    result = dict(solids)
    for group in groups:
        moving = [k for g in _subtree(group, groups) for k in g.parts if k in result]
        still = [k for k in result if k not in moving]
        if not moving or not still:
            continue
        _relieve(result, moving, [g.parts for g in groups], group, report)
    return result


def _relieve(
    result: dict[int, Cells],
    moving: list[int],
    bodies: Sequence[tuple[int, ...]],
    group: GroupText,
    report: Report,
) -> None:
    """Take the cells that meet from the moving parts, or, where that is too much of a part, from the still ones."""
    ways = list(_ways(group))
    if not ways:
        return
    still = [k for k in result if k not in moving]
    rest = np.logical_or.reduce([result[k] for k in still])
    whole = np.logical_or.reduce([result[k] for k in moving])
    hit = np.logical_or.reduce([_meetings(whole, rest, way)[0] for way in ways])
    stubborn = []
    small = SMALL * (rest.shape[0] / 32) ** 2
    for k in moving:
        met = result[k] & hit
        count = int(result[k].sum())
        if met.sum() > (SMALL_SHARE if count <= small else SHARE) * count:
            stubborn.append(k)
        elif met.any():
            result[k] = result[k] & ~met
            _tell(k, int(met.sum()), group, report)
    if not stubborn:
        return
    # A knob of a few cells that sits in a panel: the panel gives way.
    body = np.logical_or.reduce([result[k] for k in stubborn])
    hit = np.logical_or.reduce([_meetings(body, rest, way)[1] for way in ways])
    met_still = {k: result[k] & hit for k in still if (result[k] & hit).any()}
    tiny = all(result[k].sum() <= small for k in stubborn)
    if tiny and all(
        _few([met_still.get(k) for k in parts], [result[k] for k in parts if k in result]) for parts in bodies
    ):
        for k, met in met_still.items():
            result[k] = result[k] & ~met
            _tell(k, int(met.sum()), group, report)
        return
    for k in stubborn:
        report.note(
            f"moving group_{group.id} runs it into another body; check axis, position and range",
            place=f"l_{k}", field="collision",
        )  # fmt: skip


def _few(met: list[Cells | None], body: list[Cells]) -> bool:
    """Whether little enough of a rigid body would go, and something of it stays."""
    lost = sum(int(m.sum()) for m in met if m is not None)
    return lost == 0 or lost <= STILL_SHARE * sum(int(b.sum()) for b in body)


def _tell(k: int, count: int, group: GroupText, report: Report) -> None:
    message = f"{count} of its voxels would meet another body as group_{group.id} moves; they do not collide"
    report.note(message, place=f"l_{k}", field="collision")


def _subtree(group: GroupText, groups: Sequence[GroupText]) -> list[GroupText]:
    found = [group]
    for at in found:
        found += [g for g in groups if g.parent == at.id and g.id != at.id]
    return found


@dataclass(frozen=True)
class _Way:
    """A turn about the line through `point`, or a slide, along the unit vector `axis`; lattice coordinates."""

    axis: Vec3
    point: Vec3 | None
    limits: tuple[float, float]

    def motions(self) -> Iterator[tuple[Array, Array]]:
        """(rotation, shift) at samples of the range."""
        for value in _samples(self.limits):
            if self.point is None:
                yield np.eye(3), value * np.array(self.axis)
            else:
                rotation = axis_angle_matrix(self.axis, math.radians(value))
                yield rotation, np.array(self.point) - rotation @ np.array(self.point)

    def track(self, points: Array) -> np.ndarray:
        """(N, 2) whole numbers that the motion does not change: radius and height, or the place across the slide."""
        axis = np.array(self.axis)
        if self.point is not None:
            from_point = points - np.array(self.point)
            height = from_point @ axis
            radius = np.linalg.norm(from_point - height[:, None] * axis, axis=1)
            return np.floor(np.stack([radius, height], axis=1)).astype(np.int64)
        across = np.eye(3)[int(np.argmin(np.abs(axis)))]
        u = across - (across @ axis) * axis
        u = u / np.linalg.norm(u)
        return np.floor(np.stack([points @ u, points @ np.cross(axis, u)], axis=1)).astype(np.int64)


def _ways(group: GroupText) -> Iterator[_Way]:
    """The movements of a hinge, a slide or both; nothing for the other types."""
    if group.id == 0 or group.movement not in (Movement.HINGE, Movement.SLIDE, Movement.HINGE_SLIDE):
        return
    if group.movement is not Movement.SLIDE and group.axis is not None and group.position is not None:
        yield _Way(unit(group.axis, "axis"), group.position, group.angles or (-180.0, 180.0))
    if group.movement is not Movement.HINGE and group.slide_axis is not None and group.travel is not None:
        yield _Way(unit(group.slide_axis, "direction"), None, group.travel)


def _samples(limits: tuple[float, float]) -> list[float]:
    """Positions over the range, denser near rest, where things lie closest together."""
    found: list[float] = []
    for end in (min(limits[0], 0.0), max(limits[1], 0.0)):
        if end != 0.0:
            found += [end * (i / STEPS) ** 1.5 for i in range(1, STEPS + 1)]
    return found


def _meetings(moving: Cells, still: Cells, way: _Way) -> tuple[Cells, Cells]:
    """Cells of the moving body that meet the still one anywhere on the way, and cells of the still one that are met.

    Tried both ways: corners of moving cells in still ones, and corners of still cells (taken back) in moving ones.
    """
    n = moving.shape[0]
    hit, met = np.zeros_like(moving), np.zeros_like(still)
    own_cells, other_cells = _same_tracks(_skin(moving), _skin(still), way)
    if not len(own_cells) or not len(other_cells):
        return hit, met
    own = (own_cells[:, None, :] + _CORNERS).reshape(-1, 3)
    other = (other_cells[:, None, :] + _CORNERS).reshape(-1, 3)
    for rotation, shift in way.motions():
        inside, cells = _occupied(own @ rotation.T + shift, still, n)
        met[tuple(cells[inside].T)] = True
        hit[tuple(own_cells[inside.reshape(-1, len(_CORNERS)).any(axis=1)].T)] = True
        inside, cells = _occupied((other - shift) @ rotation, moving, n)
        hit[tuple(cells[inside].T)] = True
        met[tuple(other_cells[inside.reshape(-1, len(_CORNERS)).any(axis=1)].T)] = True
    return hit, met


def _skin(grid: Cells) -> np.ndarray:
    """Cells (N, 3) with an empty neighbour."""
    inner = grid.copy()
    for axis in range(3):
        inner &= shifted(grid, axis, 1) & shifted(grid, axis, -1)
    return np.argwhere(grid & ~inner)


def _same_tracks(own: np.ndarray, other: np.ndarray, way: _Way) -> tuple[np.ndarray, np.ndarray]:
    """Of both lists of cells those that pass near one another at all: the motion keeps radius and height, say."""
    tracks = [way.track(c + 0.5) for c in (own, other)]
    low = np.min([t.min(axis=0) for t in tracks], axis=0) - 2
    size = np.max([t.max(axis=0) for t in tracks], axis=0) - low + 3
    kept = []
    for mine, theirs in ((0, 1), (1, 0)):
        near = np.zeros(size, dtype=bool)
        for offset in np.ndindex(5, 5):  # half diagonals of two cells: up to 1.8 apart, and the rounding
            near[tuple((tracks[theirs] - low + np.array(offset) - 2).T)] = True
        kept.append(near[tuple((tracks[mine] - low).T)])
    return own[kept[0]], other[kept[1]]


def _occupied(points: Array, grid: Cells, n: int) -> tuple[np.ndarray, np.ndarray]:
    cells = np.floor(points).astype(np.int64)
    within = ((cells >= 0) & (cells < n)).all(axis=1)
    clipped = np.clip(cells, 0, n - 1)
    return within & grid[clipped[:, 0], clipped[:, 1], clipped[:, 2]], clipped
