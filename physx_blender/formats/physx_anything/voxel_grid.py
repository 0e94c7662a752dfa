# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on boolean voxel grids (n, n, n), indexed [x, y, z]; numpy only, because Blender has no scipy."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int64]


def cells_to_grid(cells: npt.ArrayLike, n: int) -> Cells:
    """Boolean grid of (N, 3) cells."""
    grid = np.zeros((n, n, n), dtype=bool)
    c = np.asarray(cells, dtype=np.int64).reshape(-1, 3)
    grid[c[:, 0], c[:, 1], c[:, 2]] = True
    return grid


def shifted(grid: Cells, axis: int, step: int) -> Cells:
    """The grid moved by `step` along `axis`; what enters is empty."""
    result = np.zeros_like(grid)
    n = grid.shape[axis]
    if abs(step) >= n:
        return result
    source = [slice(None)] * 3
    target = [slice(None)] * 3
    source[axis] = slice(max(0, -step), n - max(0, step))
    target[axis] = slice(max(0, step), n - max(0, -step))
    result[tuple(target)] = grid[tuple(source)]
    return result


def components(grid: Cells, *, corners: bool) -> Labels:
    """Label of the connected component of every cell, -1 where the grid is empty.

    corners: cells touch over faces, edges and corners (26 neighbours), else over faces only (6).
    The smallest index of a component is its label, spread by repeated minimum until nothing changes.
    """
    empty = grid.size
    label = np.where(grid, np.arange(grid.size).reshape(grid.shape), empty)
    while True:
        spread = label.copy()
        for axis in range(3):
            # With corners the passes build on one another, which makes a 3x3x3 minimum of three 1D minima.
            source = spread if corners else label
            low = [slice(None)] * 3
            high = [slice(None)] * 3
            low[axis], high[axis] = slice(None, -1), slice(1, None)
            now = spread.copy()
            np.minimum(now[tuple(low)], source[tuple(high)], out=now[tuple(low)])
            np.minimum(now[tuple(high)], source[tuple(low)], out=now[tuple(high)])
            spread = now
        spread = np.where(grid, spread, empty)
        # Follow the label to the label of its own cell: chains shorten twice as fast.
        flat = np.append(spread.ravel(), empty)
        spread = flat[spread]
        if np.array_equal(spread, label):
            return np.where(grid, label, -1)
        label = spread


def outside(grid: Cells) -> Cells:
    """Empty cells that are reached from beyond the grid over faces of empty cells."""
    room = np.pad(grid, 1)
    reached = np.zeros_like(room)
    reached[0] = reached[-1] = True
    reached[:, 0] = reached[:, -1] = True
    reached[:, :, 0] = reached[:, :, -1] = True
    while True:
        wider = reached.copy()
        for axis in range(3):
            wider |= shifted(wider, axis, 1) & ~room
            wider |= shifted(wider, axis, -1) & ~room
        if np.array_equal(wider, reached):
            return reached[1:-1, 1:-1, 1:-1]
        reached = wider


def pinholes(grid: Cells) -> Cells:
    """Empty cells whose four neighbours in some axis plane are full: gaps between samples of a surface."""
    full = [shifted(grid, axis, 1) & shifted(grid, axis, -1) for axis in range(3)]
    return ~grid & ((full[0] & full[1]) | (full[0] & full[2]) | (full[1] & full[2]))


def thin(grid: Cells) -> Cells:
    """Cells with nothing on either side along some axis: a sheet one voxel thick."""
    bare = np.zeros_like(grid)
    for axis in range(3):
        bare |= grid & ~shifted(grid, axis, 1) & ~shifted(grid, axis, -1)
    return bare


def well_composed(grid: Cells, avoid: Cells) -> Cells:
    """The grid with cells added until no two cells touch over an edge or a corner only.

    Then its surface is a manifold (Latecki, Eckhardt, Rosenfeld 1995: well-composed sets).  avoid: cells that are filled
    only if there is no other way.
    """
    grid = grid.copy()
    while True:
        before = int(grid.sum())
        for a, b in ((0, 1), (0, 2), (1, 2)):
            _fill_edges(grid, avoid, a, b)
        _fill_corners(grid, avoid)
        if int(grid.sum()) == before:
            return grid


def _corner_view(grid: Cells, offsets: Sequence[int], span: Sequence[int]) -> Cells:
    return grid[tuple(slice(o, grid.shape[k] - span[k] + o) for k, o in enumerate(offsets))]


def _fill_edges(grid: Cells, avoid: Cells, a: int, b: int) -> None:
    """Fill one of the two empty cells wherever two full ones of a 2 x 2 block lie diagonally."""
    span = tuple(1 if k in (a, b) else 0 for k in range(3))

    def view(of: Cells, i: int, j: int) -> Cells:
        offsets = [0, 0, 0]
        offsets[a], offsets[b] = i, j
        return _corner_view(of, offsets, span)

    for full, empty in ((((0, 0), (1, 1)), ((1, 0), (0, 1))), (((1, 0), (0, 1)), ((0, 0), (1, 1)))):
        critical = (
            view(grid, *full[0]) & view(grid, *full[1]) & ~view(grid, *empty[0]) & ~view(grid, *empty[1])
        )
        second = critical & view(avoid, *empty[0]) & ~view(avoid, *empty[1])
        view(grid, *empty[0])[critical & ~second] = True
        view(grid, *empty[1])[second] = True


def _fill_corners(grid: Cells, avoid: Cells) -> None:
    """Wherever, in a 2 x 2 x 2 block, only two opposite cells are full (or only two are empty), fill one cell more."""
    span = (1, 1, 1)
    corners = list(itertools.product((0, 1), repeat=3))
    count = np.sum([_corner_view(grid, c, span) for c in corners], axis=0)
    for c in corners[:4]:
        opposite = (1 - c[0], 1 - c[1], 1 - c[2])
        one, other = _corner_view(grid, c, span), _corner_view(grid, opposite, span)
        lonely = one & other & (count == 2)
        near = (1 - c[0], c[1], c[2])
        _corner_view(grid, near, span)[lonely] = True
        gap = ~one & ~other & (count == 6)
        first = gap & ~(_corner_view(avoid, c, span) & ~_corner_view(avoid, opposite, span))
        one_view, other_view = _corner_view(grid, c, span), _corner_view(grid, opposite, span)
        one_view[first] = True
        other_view[gap & ~first] = True


def boxes(grid: Cells, limit: int) -> list[tuple[Labels, Labels]] | None:
    """Boxes (lower cell, upper cell + 1) that cover the grid exactly without overlap, or None if over `limit` are needed.

    Greedy: from the first cell left, grow as far as possible along each axis in turn; of the six orders of the axes the
    one with the fewest boxes wins.
    """
    best: list[tuple[Labels, Labels]] | None = None
    for order in itertools.permutations(range(3)):
        found = _greedy(grid, order, limit if best is None else len(best) - 1)
        if found is not None:
            best = found
    return best


def _greedy(grid: Cells, order: tuple[int, ...], limit: int) -> list[tuple[Labels, Labels]] | None:
    left = np.transpose(grid, order).copy()
    back = np.argsort(order)
    found: list[tuple[Labels, Labels]] = []
    flat = left.reshape(-1)
    at = 0
    while True:
        ahead = np.argmax(flat[at:])
        if not flat[at + ahead]:
            return found
        if len(found) >= limit:
            return None
        at += int(ahead)
        i, j, k = np.unravel_index(at, left.shape)
        end = [int(i) + 1, int(j) + 1, int(k) + 1]
        while end[2] < left.shape[2] and left[i, j, end[2]]:
            end[2] += 1
        while end[1] < left.shape[1] and left[i, end[1], k : end[2]].all():
            end[1] += 1
        while end[0] < left.shape[0] and left[end[0], j : end[1], k : end[2]].all():
            end[0] += 1
        left[i : end[0], j : end[1], k : end[2]] = False
        found.append((np.array([i, j, k])[back], np.array(end)[back]))
