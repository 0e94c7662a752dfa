# SPDX-License-Identifier: GPL-3.0-or-later
"""How well weights predict held-out samples, token by token: the figures of the learning curve in the model card.

    OMP_NUM_THREADS=1 python benchmarks/held_out.py --count 1024 [--weights FILE]

No proposing, comparing or fitting: for what the model is worth in the end see ``physx-blender evaluate``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.embedded.model.score import score_held_out
from backend.embedded.model.weights import load_weights


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1024)
    parser.add_argument("--weights", type=Path)
    options = parser.parse_args()
    loaded = load_weights(options.weights)
    found = score_held_out(loaded.network, options.count)
    print(
        f"{options.count} held-out samples, weights {loaded.sha256[:12]}: {found.nll:.3f} nats a token, {found.structure:.2f} "
        f"nats of structure an object, category {found.category:.3f}, loss of the places {found.places:.2f}"
    )


if __name__ == "__main__":
    main()
