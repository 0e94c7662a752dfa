# SPDX-License-Identifier: GPL-3.0-or-later
"""Length of an asset as text for a model to write: our programs, PhysX-Anything text with voxel runs, a plain mesh.

All three say the same objects of the procedural world. A program has one token per category, kind, attribute and END.
The texts are counted by one simple rule, without the merges a trained tokeniser would find: a token per digit, per word
of letters, and per other sign; blanks are free. The mesh is OBJ: vertices in metres with four decimals, triangles.

Run from the checkout: ``.venv/bin/python benchmarks/tokens.py [--count N] [--json]``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.embedded.categories import CATEGORIES
from backend.embedded.program.build import to_asset
from backend.embedded.program.grammar import encode
from backend.embedded.world.sampling import sample_program
from physx_blender.formats.physx_anything import (
    cells_to_indices,
    disassemble,
    format_description,
    format_runs,
)
from physx_blender.model import Asset

TOKEN = re.compile(r"[A-Za-z]+|\d|[^\sA-Za-z\d]")


def count(text: str) -> int:
    """Tokens of a text by the rule above."""
    return len(TOKEN.findall(text))


def physx_anything_texts(asset: Asset) -> tuple[str, str]:
    """Structured text, and the runs of a 32^3 grid of every part."""
    description, cells = disassemble(asset, grid=32)
    runs = [format_runs(cells_to_indices(cells[k], 32)) for k in sorted(cells)]
    return format_description(description), "\n".join(runs)


def obj_text(asset: Asset) -> str:
    """All parts as one OBJ, an object each."""
    lines, first = [], 1
    for part in asset.parts:
        lines.append(f"o {part.name}")
        for placed in part.shapes:
            mesh = placed.shape.mesh()
            points = placed.pose.apply(mesh.vertices)
            lines += [f"v {x:.4f} {y:.4f} {z:.4f}" for x, y, z in points]
            lines += [f"f {a + first} {b + first} {c + first}" for a, b, c in mesh.faces]
            first += len(points)
    return "\n".join(lines)


def measure(number: int) -> dict[str, dict[str, float]]:
    """Medians per category over `number` objects each, and over all."""
    rows: dict[str, list[dict[str, int]]] = {}
    for category in sorted(CATEGORIES):
        rows[category] = []
        for seed in range(number):
            program = sample_program(np.random.default_rng(seed), category)
            asset = to_asset(program)
            text, runs = physx_anything_texts(asset)
            rows[category].append(
                {
                    "program": len(encode(program)[0]),
                    "physx_anything": count(text) + count(runs),
                    "of which runs": count(runs),
                    "obj": count(obj_text(asset)),
                }
            )
    out = {name: _medians(found) for name, found in rows.items()}
    out["all"] = _medians([row for found in rows.values() for row in found])
    return out


def _medians(rows: list[dict[str, int]]) -> dict[str, float]:
    return {name: float(median(row[name] for row in rows)) for name in rows[0]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=5, help="objects per category (default: 5)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.count)
    if options.json:
        print(json.dumps(found, indent=1))
        return
    print(f"{'median tokens':<20}{'program':>10}{'PhysX-Any.':>12}{'(runs)':>10}{'OBJ':>10}{'ratios':>18}")
    for name, row in found.items():
        ratios = f"{row['physx_anything'] / row['program']:.0f} x, {row['obj'] / row['program']:.0f} x"
        print(
            f"{name:<20}{row['program']:>10.0f}{row['physx_anything']:>12.0f}{row['of which runs']:>10.0f}"
            f"{row['obj']:>10.0f}{ratios:>18}"
        )


if __name__ == "__main__":
    main()
