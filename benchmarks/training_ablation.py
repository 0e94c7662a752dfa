# SPDX-License-Identifier: GPL-3.0-or-later
"""What the choices of network, sequence and training are worth: small siblings, each trained alike but for one of them.

    OMP_NUM_THREADS=1 python benchmarks/training_ablation.py --objects 16000 --samples 40000 --folder ablation

Thirteen categories in pictures of 64 pixels, rendered once; a network of an eighth of the shipped one's size. Every row starts
from the same random weights and sees the same samples in the same order. Figures are of held-out objects: nats a token,
nats of structure an object, category by the first token. What has been measured is kept in the folder and not done again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.embedded.categories import CATEGORIES
from backend.embedded.model.loss import LossConfig
from backend.embedded.model.network import Network, NetworkConfig
from backend.embedded.model.pool import Pool, render_into
from backend.embedded.model.score import held_out_pool, score
from backend.embedded.model.train import TrainConfig, Trainer
from backend.runtime import prepare_process

SIBLING = NetworkConfig(
    image=64, width=128, heads=4, encoder_layers=2, decoder_layers=2, channels=(16, 32, 64, 128)
)
TRAINING = TrainConfig(batch=96, micro=48, rate=2e-3, warmup=4_000, seed=1)
HELD_OUT = 1_024


def untold(network: Network) -> None:
    """The decoder is not told which slot comes next, nor which the last token filled; it has to learn the grammar's syntax.

    (Tokens that are not allowed are still masked, or it would be compared for more than that.)
    """

    def inputs(tokens: Tensor, slots: Tensor, start: int = 0) -> Tensor:
        places = torch.arange(start, start + tokens.shape[1])
        nothing = 0.0 * (network.slot.weight.sum() + network.before.weight.sum())
        return network.token(tokens) + network.place(places) + nothing

    network.inputs = inputs  # type: ignore[method-assign]


Variant = tuple[TrainConfig, NetworkConfig, Callable[[Network], None] | None]


def variants() -> dict[str, Variant]:
    """Name of a row, and how it is trained."""

    def with_loss(**changes: float | bool) -> TrainConfig:
        return replace(TRAINING, loss=replace(LossConfig(), **changes))  # type: ignore[arg-type]

    return {
        "as shipped, smaller": (TRAINING, SIBLING, None),
        "sequence: slots not told": (TRAINING, SIBLING, untold),
        "sequence: no soft targets": (with_loss(soft=False), SIBLING, None),
        "sequence: numbers never misheard": (with_loss(misheard=0.0), SIBLING, None),
        "sequence: structure counts as numbers": (with_loss(structure=1.0), SIBLING, None),
        "encoder: no attention": (TRAINING, replace(SIBLING, encoder_layers=0), None),
        "encoder: half as wide": (TRAINING, replace(SIBLING, channels=(8, 16, 32, 64)), None),
        "encoder: places not taught": (with_loss(places=0.0), SIBLING, None),
        "pictures not spoiled": (replace(TRAINING, spoiled=False), SIBLING, None),
    }


def measure(variant: Variant, samples: int, pool: Pool, held_out: Pool, folder: Path) -> dict[str, float]:
    """Train one sibling, and its figures; `seconds` are of CPU time."""
    config, shape, change = variant
    trainer = Trainer(folder, replace(config, samples=samples), shape)
    if change:
        change(trainer.network)
    rng, generator = np.random.default_rng(config.seed), torch.Generator().manual_seed(config.seed)
    clock = time.process_time()
    while trainer.seen < samples:
        rows = np.sort(rng.choice(pool.rows(1), config.batch, replace=False))
        trainer.step(*pool.batch(rows), generator)
    seconds = time.process_time() - clock
    network = Network(shape)
    network.load_state_dict(trainer.average, strict=False)
    if change:
        change(network)
    return asdict(score(network, held_out)) | {"seconds": seconds}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--objects", type=int, default=16_000, help="rendered objects (default: 16000)")
    parser.add_argument("--samples", type=int, default=40_000, help="samples seen (default: 40000)")
    parser.add_argument("--folder", type=Path, required=True, help="keeps the pictures and the rows")
    options = parser.parse_args()
    prepare_process()
    torch.set_num_threads(1)
    categories = sorted(CATEGORIES)[::4]
    pool_folder = options.folder / "pool"
    made = (pool_folder / "count.npy").exists()
    pool = Pool(pool_folder, options.objects, SIBLING.image, create=not made)
    rng = np.random.default_rng([1, pool.written])
    while pool.written < options.objects:
        render_into(pool, rng, categories=categories)
    held_out = held_out_pool(options.folder / "held_out", HELD_OUT, SIBLING.image, categories)
    rows = options.folder / f"rows_{options.objects}_{options.samples}.json"
    done: dict[str, dict[str, float]] = json.loads(rows.read_text()) if rows.exists() else {}
    print(f"{len(categories)} categories, {options.objects} objects, {options.samples} samples a row")
    print(f"{'':<40}{'nats':>7}{'structure':>11}{'category':>10}{'places':>8}{'CPU s':>7}")
    for name, variant in variants().items():
        if name not in done:
            scratch = options.folder / "training"  # never written to: no checkpoint is saved
            done[name] = measure(variant, options.samples, pool, held_out, scratch)
            rows.write_text(json.dumps(done, indent=1))
        r = done[name]
        print(
            f"{name:<40}{r['nll']:>7.3f}{r['structure']:>11.2f}{r['category']:>10.3f}{r['places']:>8.2f}{r['seconds']:>7.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
