# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of an asset of many parts: all of it, and again after one part has changed, as a ratio.

Run from the checkout: ``.venv/bin/python benchmarks/recheck.py [--parts 200] [--json]``. The asset is made anew before
every run, as when the scene has been read again: nothing is recognised by its object, only by its content.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import tell
from benchmarks.sample_assets import cupboard
from physx_blender.checks import Memo, check_asset
from physx_blender.model import Asset


def seconds(asset: Asset, memo: Memo) -> float:
    """Time of one check."""
    start = time.perf_counter()
    check_asset(asset, memo)
    return time.perf_counter() - start


def measure(parts: int, rounds: int) -> dict[str, float]:
    """Medians over the rounds, and how many results were worked out."""
    full, again, one = [], [], []
    worked = {"full": 0, "one part": 0}
    for k in range(rounds):
        memo = Memo()
        full.append(seconds(cupboard(parts), memo))
        worked["full"] = memo.worked
        again.append(seconds(cupboard(parts), memo))
        one.append(seconds(cupboard(parts, 0.07 + 0.0001 * k), memo))
        worked["one part"] = memo.worked
    times = [statistics.median(t) for t in (full, one, again)]
    return {
        "parts": parts,
        "full ms": 1000 * times[0],
        "one part ms": 1000 * times[1],
        "unchanged ms": 1000 * times[2],
        "full / one part": times[0] / times[1],
        "full / unchanged": times[0] / times[2],
        "results worked out, full": worked["full"],
        "results worked out, one part": worked["one part"],
    }


if __name__ == "__main__":
    tell(measure, __doc__, rounds=7)
