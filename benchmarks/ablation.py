# SPDX-License-Identifier: GPL-3.0-or-later
"""What the choices of inference are worth, on held-out objects of the model's own world: one row a choice, all else as shipped.

* proposals: 8, 16, 32, 64 drawn, and the best taken after comparing, without a fit;
* looks: all proposals from the picture as it is, instead of from four looks at it;
* places: compared without what the network sees at every place;
* consensus: chosen by what speaks for each reading alone;
* fit: the shipped number of proposals, fitted.

Run from the checkout: ``.venv/bin/python benchmarks/ablation.py [--count N] [--weights FILE] [--json]``.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.embedded.evaluate import held_out
from backend.embedded.infer.compare import Observation
from backend.embedded.infer.crop import Crop, picture_of
from backend.embedded.infer.judge import EVIDENCE
from backend.embedded.infer.propose import propose
from backend.embedded.infer.sight import see
from backend.embedded.measures import azimuth_error, joint_f1
from backend.embedded.pipeline import Generator
from backend.embedded.program.build import to_asset
from backend.embedded.program.node import Program

PROPOSALS = (8, 16, 32, 64)
Row = tuple[float, float, float, float, float]


def reading(found: Program, truth: Program, crop: Crop, side: int, seconds: float) -> Row:
    """Category right, joint F1, outline's intersection over union, azimuth error (rad), CPU seconds."""
    return (
        float(found.category == truth.category),
        joint_f1(to_asset(found), to_asset(truth)),
        Observation(crop, side).agreement([found])[0].silhouette,
        azimuth_error(found, truth),
        seconds,
    )


def one(generator: Generator, seed: int, number: int) -> dict[str, Row]:
    """Readings of one held-out object by choice."""
    truth, crop = held_out(seed, number)
    settings, picture = generator.settings, picture_of(crop)
    out: dict[str, Row] = {}

    shipped = generator.judge
    lonely = tuple(0.0 if n == "consensus" else w for n, w in zip(EVIDENCE, shipped.shortlist, strict=True))

    def run(
        name: str,
        count: int,
        *,
        vary: bool = True,
        places: bool = True,
        shared: bool = True,
        fit: bool = False,
    ) -> None:
        clock = time.process_time()
        generator.judge = shipped if shared else replace(shipped, shortlist=lonely)
        found = _found(generator, picture, crop, number, count, vary, places, fit)
        generator.judge = shipped
        out[name] = reading(found, truth, crop, settings.fine, time.process_time() - clock)

    for count in PROPOSALS:
        run(f"{count} proposals", count)
    run(f"{settings.samples} proposals, one look", settings.samples, vary=False)
    run(f"{settings.samples} proposals, no places", settings.samples, places=False)
    run(f"{settings.samples} proposals, no consensus", settings.samples, shared=False)
    run(f"{settings.samples} proposals, fitted", settings.samples, fit=True)
    run(f"{settings.samples} proposals, fitted, no places", settings.samples, places=False, fit=True)
    return out


def _found(
    generator: Generator,
    picture: Tensor,
    crop: Crop,
    seed: int,
    count: int,
    vary: bool,
    places: bool,
    fit: bool,
) -> Program:
    sight = see(generator.network, picture, vary=vary)
    proposals = propose(generator.network, sight, count, seed)
    seen = sight if places else None
    finalists = generator.compare(proposals, crop, seen)
    if not fit:
        return finalists[0].program
    return generator.refine(finalists, crop, seen, seed, lambda *_: None, None)[0].program


def _read(path: Path) -> dict[int, dict[str, Row]]:
    if not path.exists():
        return {}
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {each["number"]: {name: tuple(row) for name, row in each["rows"].items()} for each in found}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=60, help="held-out objects (default: 60)")
    parser.add_argument("--first", type=int, default=0, help="number of the first object (default: 0)")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--weights", type=Path)
    parser.add_argument(
        "--rows",
        type=Path,
        help="JSON lines, one an object, that are added to; what they hold is not measured again, and the table is of all",
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    generator = Generator(options.weights)
    done = _read(options.rows) if options.rows else {}
    for number in range(options.first, options.first + options.count):
        if number in done:
            continue
        done[number] = one(generator, options.seed, number)
        if options.rows:
            with options.rows.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({"number": number, "rows": done[number]}) + "\n")
        print(f"object {number}", file=sys.stderr)
    if options.rows:
        done = _read(options.rows)  # others may have added to it
    rows = {name: [found[name] for found in done.values()] for name in next(iter(done.values()))}
    means = {name: np.array(found).mean(axis=0).tolist() for name, found in rows.items()}
    for name, found in rows.items():
        means[name][3] = math.degrees(float(np.median([row[3] for row in found])))
    if options.json:
        print(json.dumps({"count": len(done), "weights": generator.sha256, "rows": means}, indent=1))
        return
    print(f"{len(done)} held-out objects, weights {generator.sha256[:12]}")
    print(f"{'':<34}{'category':>9}{'joint F1':>9}{'outline':>9}{'azimuth':>9}{'CPU s':>7}")
    for name, (right, joints, outline, azimuth, seconds) in means.items():
        print(f"{name:<34}{right:>9.2f}{joints:>9.3f}{outline:>9.3f}{azimuth:>9.1f}{seconds:>7.1f}")


if __name__ == "__main__":
    main()
