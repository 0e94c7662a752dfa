# SPDX-License-Identifier: GPL-3.0-or-later
"""PhysX-Anything: how fast results are read and written, how much survives damage, and how many pass the physics gate.

Inputs are objects of the procedural world, written as result folders and read again (no output of the real model is used).
Run from the checkout: ``.venv/bin/python benchmarks/parse_physx_anything.py [--each N] [--json]``.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean, median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.embedded.categories import CATEGORIES
from backend.embedded.program.build import to_asset
from backend.embedded.world.sampling import sample_program
from backend.gate import run_gate
from physx_blender.errors import AssetError
from physx_blender.formats.convert import write_outputs
from physx_blender.formats.physx_anything import (
    disassemble,
    format_description,
    format_runs,
    parse_description,
    parse_runs,
    read_result,
    write_result_folder,
)
from physx_blender.formats.physx_anything.runs import cells_to_indices
from physx_blender.model import Asset

JUNK = "l_g:;,[]{}*|0123456789. abcE-\t'\"é"


def wilson(passed: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, passed / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return middle - half, middle + half


def drawn_assets(each: int) -> list[Asset]:
    """`each` objects of every category, always the same ones."""
    rng = np.random.default_rng(0)
    return [to_asset(sample_program(rng, name)) for name in sorted(CATEGORIES) for _ in range(each)]


def gate(assets: list[Asset], grid: int) -> dict[str, object]:
    """Through a result folder and out as MJCF: times in seconds, and how many pass the gate."""
    write_s, read_s, passed, codes = [], [], 0, {}
    for asset in assets:
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            write_result_folder(asset, Path(folder) / "result", grid=grid)
            middle = time.perf_counter()
            found, _ = read_result(Path(folder) / "result", fixed_base=asset.fixed_base)
            end = time.perf_counter()
            report = run_gate(write_outputs(found, Path(folder) / "out").mjcf)
        write_s.append(middle - start)
        read_s.append(end - middle)
        passed += report.ok
        for code in {f.code for f in report.errors}:
            codes[code] = codes.get(code, 0) + 1
    low, high = wilson(passed, len(assets))
    return {
        "grid": grid, "objects": len(assets), "passed": passed, "share_95": [low, high], "failures": codes,
        "write_median_s": median(write_s), "write_mean_s": mean(write_s),
        "read_median_s": median(read_s), "read_mean_s": mean(read_s), "read_max_s": max(read_s),
    }  # fmt: skip


def text(assets: list[Asset]) -> dict[str, object]:
    """Speed of the parser, and what is left when one line of each text is replaced by junk."""
    numbers = random.Random(0)
    texts = [format_description(disassemble(a)[0]) for a in assets]
    start = time.perf_counter()
    for one in texts:
        parse_description(one)
    parse_s = (time.perf_counter() - start) / len(texts)
    kept = lost = refused = 0
    for one in texts:
        whole = {p.id: p for p in parse_description(one)[0].parts}
        lines = one.splitlines()
        for _ in range(20):
            at = numbers.randrange(len(lines))
            junk = "".join(numbers.choice(JUNK) for _ in range(numbers.randrange(60)))
            try:
                found = {
                    p.id: p
                    for p in parse_description("\n".join([*lines[:at], junk, *lines[at + 1 :]]))[0].parts
                }
            except AssetError:
                refused += len(whole) > 1 or not lines[at].startswith("l_")
                continue
            for k, part in whole.items():
                if not lines[at].startswith(f"l_{k}:"):
                    same = k in found and found[k].name == part.name and found[k].material == part.material
                    kept, lost = kept + same, lost + (not same)
    return {
        "texts": len(texts), "parse_mean_s": parse_s, "damaged_texts": 20 * len(texts), "refused": refused,
        "other_parts_kept": kept, "other_parts_lost": lost,
    }  # fmt: skip


def runs(assets: list[Asset]) -> dict[str, object]:
    """Speed of voxel runs and how much shorter they are than single numbers."""
    cells = [cells_to_indices(c) for a in assets for c in disassemble(a)[1].values()]
    texts = [format_runs(c) for c in cells]
    plain = sum(len(" ".join(map(str, c.tolist()))) for c in cells)
    start = time.perf_counter()
    for one in texts:
        parse_runs(one)
    seconds = time.perf_counter() - start
    count = sum(len(c) for c in cells)
    return {
        "voxels": count,
        "parse_voxels_per_s": count / seconds,
        "characters_plain_over_runs": plain / sum(map(len, texts)),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--each", type=int, default=2, help="objects of each category")
    parser.add_argument("--json", action="store_true", help="for machines")
    args = parser.parse_args()
    assets = drawn_assets(args.each)
    result = {"gate": [gate(assets, grid) for grid in (32, 64)], "text": text(assets), "runs": runs(assets)}
    if args.json:
        print(json.dumps(result, indent=2))
        return 0
    for row in result["gate"]:
        assert isinstance(row, dict)
        low, high = row["share_95"]
        print(
            f"grid {row['grid']}: {row['passed']} of {row['objects']} pass the gate (95 %: {low:.0%} to {high:.0%}); "
            f"read {row['read_median_s']:.2f} s median, {row['read_mean_s']:.2f} s mean, {row['read_max_s']:.2f} s at most; "
            f"failures {row['failures'] or 'none'}"
        )
    print(
        "text:",
        ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in result["text"].items()),
    )
    print(
        "runs:",
        ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in result["runs"].items()),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
