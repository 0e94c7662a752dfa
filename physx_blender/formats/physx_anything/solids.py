# SPDX-License-Identifier: GPL-3.0-or-later
"""From the voxels of parts, which are samples of surfaces, to solids that can stand beside one another.

Per part, in this order, all of it reported:
1. Specks (at most 4 voxels apart from the rest, under 1 % of the part) are dropped: noise of the model.
2. A voxel that several parts claim goes to the smallest of them, so that nothing lies inside another thing.
3. Pinholes of one voxel are closed: gaps between the samples.
4. A cavity that no opening reaches is filled, for nearly always it is the inside of a solid thing whose skin was sampled;
   unless voxels of another part lie in it (drawers in a closed cabinet, shelves in a refrigerator): then it is a room.
An open shell (a drawer, a pot, the frame of a cabinet) keeps its inside this way.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .report import Report
from .voxel_grid import Cells, cells_to_grid, components, outside, pinholes

SPECK = 4
SPECK_SHARE = 0.01


def part_solids(cells: Mapping[int, np.ndarray], grid: int, report: Report) -> dict[int, Cells]:
    """Boolean grid of each part that has any voxels.  cells: part id -> (N, 3) cells."""
    clean = {k: _without_specks(cells_to_grid(c, grid), f"l_{k}", report) for k, c in cells.items() if len(c)}
    shared = _share_out(clean, report)
    result: dict[int, Cells] = {}
    taken = np.zeros((grid,) * 3, dtype=bool)
    for part in shared.values():
        taken |= part
    for k, part in shared.items():
        others = taken & ~part
        closed = part | (pinholes(part) & ~others)
        filled = closed | _solid_inside(closed, others)
        added = int(filled.sum() - part.sum())
        if added:
            report.note(f"{added} voxels inside the sampled surface filled", place=f"l_{k}", field="voxels")
        result[k] = filled
        taken |= filled
    return result


def _without_specks(part: Cells, place: str, report: Report) -> Cells:
    label = components(part, corners=True)
    names, counts = np.unique(label[part], return_counts=True)
    if len(names) < 2:
        return part
    specks = names[(counts <= SPECK) & (counts < SPECK_SHARE * part.sum()) & (counts < counts.max())]
    if not len(specks):
        return part
    dropped = np.isin(label, specks)
    report.loss(f"{int(dropped.sum())} stray voxels dropped", place=place, field="voxels")
    return part & ~dropped


def _share_out(parts: dict[int, Cells], report: Report) -> dict[int, Cells]:
    """Give every voxel to the smallest part that claims it; a part that would lose all keeps its voxels."""
    order = sorted(parts, key=lambda k: (int(parts[k].sum()), k))
    result: dict[int, Cells] = {}
    taken: Cells | None = None
    for k in order:
        mine = parts[k] if taken is None else parts[k] & ~taken
        lost = int(parts[k].sum() - mine.sum())
        if not mine.any():
            report.note("lies wholly within other parts and overlaps them", place=f"l_{k}", field="voxels")
            mine = parts[k]
        elif lost:
            report.note(
                f"{lost} voxels that a smaller part claims too are left to it", place=f"l_{k}", field="voxels"
            )
        result[k] = mine
        taken = mine.copy() if taken is None else taken | mine
    return {k: result[k] for k in parts}


def _solid_inside(part: Cells, others: Cells) -> Cells:
    """Cells of the closed cavities of a part in which no other part lies."""
    enclosed = ~part & ~outside(part)
    if not enclosed.any():
        return enclosed
    label = components(enclosed, corners=False)
    rooms = np.unique(label[enclosed & others])
    return enclosed & ~np.isin(label, rooms)
