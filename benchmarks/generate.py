# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds of each stage of generation, on pictures of our own world, with a warm model.

    .venv/bin/python benchmarks/generate.py [--count 6]

The last column is the share of the whole; the line "against proposing" gives each stage over the network's own time in
the same run, a ratio that holds on a faster or busier machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main() -> int:
    """Generate from `count` rendered pictures and print medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=6)
    count = parser.parse_args().count

    from backend.runtime import prepare_process

    prepare_process()
    import numpy as np

    from backend.embedded.pipeline import Generator
    from backend.embedded.world.picture import photograph
    from backend.embedded.world.sampling import sample_program

    start = time.perf_counter()
    generator = Generator()
    print(f"loading the model {time.perf_counter() - start:.2f} s")
    rng = np.random.default_rng(2_000_003)  # not a seed of training
    laps: list[dict[str, float]] = []
    for number in range(count + 1):
        rgb, mask = photograph([sample_program(rng)], rng, 512)
        picture = (rgb[0].permute(1, 2, 0).numpy() * 255).astype(np.uint8)
        cut = (mask[0, 0].numpy() * 255).astype(np.uint8)
        made = generator.generate(picture, cut, seed=0, name="benchmark", image_sha256="")
        if number:  # the first one warms caches
            laps.append(made.timings)
    medians = {stage: statistics.median(lap[stage] for lap in laps) for stage in laps[0]}
    whole = sum(medians.values())
    for stage, seconds in medians.items():
        ratio = seconds / medians["propose"]
        print(f"{stage:>10}  {seconds:6.2f} s  {ratio:5.2f} against proposing  {seconds / whole:5.0%}")
    print(f"{'whole':>10}  {whole:6.2f} s  median of stages over {count} pictures")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
