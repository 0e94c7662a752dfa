# SPDX-License-Identifier: GPL-3.0-or-later
"""Length of an asset as text for a model to write: our programs, PhysX-Anything text with voxel runs, a plain mesh.

All three say the same objects of the procedural world. A program has one token per category, kind, attribute and END.
The texts are counted with the tokenizer of Qwen (byte pairs, 151 643 ranks), the family that PhysX-Anything is tuned
from. The mesh is OBJ: vertices in metres with four decimals, triangles.

The vocabulary is a file of byte pairs and ranks. The Python package `dashscope` carries Qwen's as
``resources/qwen.tiktoken``; where that is not installed, give the file with ``--vocabulary``. ``--splitting gpt2`` counts with
another one (`openai-whisper` carries ``gpt2.tiktoken``), which merges digits.

Run from the checkout: ``.venv/bin/python benchmarks/tokens.py [--count N] [--vocabulary FILE] [--json]``.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path

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

WAYS = ("program", "physx_anything", "of which runs", "obj")
# how the two families cut a text into words before they merge byte pairs; part of the vocabularies' definitions
SPLITTING = {
    "qwen": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
    "gpt2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
}


def tokenizer(vocabulary: Path | None, splitting: str) -> Callable[[str], int]:
    """Counter of a text's tokens; exits with one sentence where something is missing."""
    if importlib.util.find_spec("tiktoken") is None:
        sys.exit("tokens.py needs the package tiktoken: pip install tiktoken dashscope")
    if vocabulary is None:
        package = importlib.util.find_spec("dashscope")
        if package is None or package.origin is None:
            sys.exit(
                "tokens.py needs a vocabulary: pip install dashscope, or give --vocabulary FILE (qwen.tiktoken)"
            )
        vocabulary = Path(package.origin).parent / "resources" / "qwen.tiktoken"
    import tiktoken

    try:
        lines = [line.split() for line in vocabulary.read_bytes().splitlines() if line]
        ranks = {base64.b64decode(pair): int(rank) for pair, rank in lines}
    except (OSError, ValueError) as error:
        sys.exit(f"{vocabulary} is no file of byte pairs and ranks ({error}); give one with --vocabulary")
    encoding = tiktoken.Encoding(
        vocabulary.stem, pat_str=SPLITTING[splitting], mergeable_ranks=ranks, special_tokens={}
    )
    return lambda text: len(encoding.encode_ordinary(text))


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


def measure(number: int, count: Callable[[str], int]) -> dict[str, dict[str, dict[str, float]]]:
    """Mean and 95th percentile by way of writing, per category over `number` objects each, and over all."""
    rows: dict[str, list[tuple[int, ...]]] = {}
    for category in sorted(CATEGORIES):
        rows[category] = []
        for seed in range(number):
            program = sample_program(np.random.default_rng(seed), category)
            asset = to_asset(program)
            text, runs = (count(t) for t in physx_anything_texts(asset))
            rows[category].append((len(encode(program)[0]), text + runs, runs, count(obj_text(asset))))
    out = {name: _summary(found) for name, found in rows.items()}
    out["all"] = _summary([row for found in rows.values() for row in found])
    return out


def _summary(rows: list[tuple[int, ...]]) -> dict[str, dict[str, float]]:
    table = np.array(rows, float)
    return {
        way: {
            "mean": float(column.mean()),
            "p95": float(np.quantile(column, 0.95)),
            "ratio of means": float(column.mean() / table[:, 0].mean()),
            "median ratio": float(np.median(column / table[:, 0])),
        }
        for way, column in zip(WAYS, table.T, strict=True)
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=6, help="objects per category (default: 6)")
    parser.add_argument("--vocabulary", type=Path, help="byte pairs and ranks, as qwen.tiktoken")
    parser.add_argument(
        "--splitting", choices=sorted(SPLITTING), default="qwen", help="family of the vocabulary"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.count, tokenizer(options.vocabulary, options.splitting))
    if options.json:
        print(json.dumps(found, indent=1))
        return
    print(
        f"{'mean / 95th pct.':<20}{'program':>14}{'PhysX-Any.':>18}{'(runs)':>18}{'OBJ':>20}{'ratios of means':>18}"
    )
    for name, row in found.items():
        cells = [f"{row[way]['mean']:.0f} / {row[way]['p95']:.0f}" for way in WAYS]
        ratios = f"{row['physx_anything']['ratio of means']:.0f} x, {row['obj']['ratio of means']:.0f} x"
        print(f"{name:<20}{cells[0]:>14}{cells[1]:>18}{cells[2]:>18}{cells[3]:>20}{ratios:>18}")
    every = found["all"]
    print(
        f"median over objects: PhysX-Anything {every['physx_anything']['median ratio']:.0f} x, "
        f"OBJ {every['obj']['median ratio']:.0f} x a program"
    )


if __name__ == "__main__":
    main()
