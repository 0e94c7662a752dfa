# SPDX-License-Identifier: GPL-3.0-or-later
"""Voxels as text: ``184 198 199-216 230-237``.

index = (x * grid + y) * grid + z, so z runs fastest; a run ``a-b`` holds both ends and may pass from one row into the
next (31-32 is (0, 0, 31) and (0, 1, 0)).
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from ...errors import AssetError
from .report import Report

Indices = npt.NDArray[np.int64]
MAX_TEXT = 8 * 1024 * 1024
_SPLIT = re.compile(r"[\s,;\[\](){}\"'`]+")
_DASH = re.compile(r"\s*(?:[-\u2010-\u2015\u2212~]|\.{2,}|\u2026)\s*(?=\d)")
_RUN = re.compile(r"\d+(?:-\d+)*-?\Z")


def parse_runs(text: str, grid: int = 32, *, report: Report | None = None, place: str = "") -> Indices:
    """Sorted, unique voxel indices of the text, each in [0, grid^3).

    What breaks the format is recovered where its meaning is plain, else dropped; both are told to `report`.
    """
    report = report if report is not None else Report()
    if len(text) > MAX_TEXT:
        raise AssetError(
            f"voxel text has {len(text)} characters, over the limit of {MAX_TEXT}", where=place or "voxels"
        )
    top = grid**3 - 1
    starts: list[int] = []
    ends: list[int] = []
    bad: list[str] = []
    outside: list[str] = []
    odd: list[str] = []
    for token in _SPLIT.split(_DASH.sub("-", text)):
        if not token:
            continue
        word = token.strip(".:*")
        if not _RUN.match(word):
            if word:
                bad.append(word)
            continue
        numbers = [int(n) if len(n) <= 9 else 10**9 for n in word.strip("-").split("-")]
        low, high = min(numbers), max(numbers)
        if word.endswith("-") or len(numbers) > 2 or numbers[0] > numbers[-1]:
            odd.append(word)
        if high > top:
            outside.append(word)
            if low > top:
                continue
        starts.append(low)
        ends.append(min(high, top))
    if "," in text and starts:
        report.repair("numbers are separated by commas; read as spaces", place=place, field="voxels")
    if odd:
        report.repair(
            f"{_some(odd)} read as the run from the smallest to the largest number",
            place=place,
            field="voxels",
        )
    if outside:
        report.loss(
            f"{_some(outside)} beyond the last index {top}; what lies outside is dropped",
            place=place,
            field="voxels",
        )
    if bad:
        report.loss(f"{_some(bad)} not voxel numbers; dropped", place=place, field="voxels")
    mask = np.zeros(top + 2, dtype=np.int64)
    np.add.at(mask, np.array(starts, dtype=np.int64), 1)
    np.add.at(mask, np.array(ends, dtype=np.int64) + 1, -1)
    return np.flatnonzero(np.cumsum(mask)[:-1] > 0)


def format_runs(indices: npt.ArrayLike) -> str:
    """Text of voxel indices with maximal runs merged; a run of two numbers is written ``a-b`` too."""
    values = np.unique(np.asarray(indices, dtype=np.int64))
    if not len(values):
        return ""
    breaks = np.flatnonzero(np.diff(values) > 1)
    starts = values[np.concatenate([[0], breaks + 1])]
    ends = values[np.concatenate([breaks, [len(values) - 1]])]
    return " ".join(
        str(a) if a == b else f"{a}-{b}" for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
    )


def indices_to_cells(indices: Indices, grid: int = 32) -> Indices:
    """(N,) indices to (N, 3) cells x, y, z."""
    i = np.asarray(indices, dtype=np.int64)
    return np.stack([i // (grid * grid), i // grid % grid, i % grid], axis=1)


def cells_to_indices(cells: Indices, grid: int = 32) -> Indices:
    """(N, 3) cells x, y, z to sorted, unique indices; a cell outside of the grid is an error."""
    c = np.asarray(cells, dtype=np.int64).reshape(-1, 3)
    if len(c) and (c.min() < 0 or c.max() >= grid):
        raise AssetError(f"a voxel lies outside of the {grid}^3 grid", where="voxels")
    return np.unique((c[:, 0] * grid + c[:, 1]) * grid + c[:, 2])


def _some(words: list[str]) -> str:
    shown = ", ".join(repr(w[:20]) for w in words[:3])
    return f"{shown}{f' and {len(words) - 3} more' if len(words) > 3 else ''} "[:-1] + (
        " are" if len(words) > 1 else " is"
    )
