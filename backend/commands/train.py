# SPDX-License-Identifier: GPL-3.0-or-later
"""``train``: train the embedded model on the procedural world, go on with a training, export its weights."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from backend.runtime import prepare_process
from physx_blender.errors import AssetError

from .generate import seed_number

_DESCRIPTION = """\
Train the image-to-program transformer on pictures of the procedural world, which are rendered while it learns. A training
that is already in DIR is resumed. Checkpoints are written every few minutes and at the end (also after Ctrl-C); --export
writes the averaged weights for 'generate --weights' and for the extension."""

_EXAMPLES = """\
examples:
  physx-blender train --output training --minutes 90
  physx-blender train --output training --samples 2000000 --device cuda --workers 14
  physx-blender train --output more --start embedded.safetensors --samples 200000 --seed 2
  physx-blender train --output training --minutes 0 --export embedded.safetensors
  physx-blender train --network mask --output masks --samples 120000 --export segment.safetensors
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "train",
        help="train the embedded model",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="folder of the training; resumed if there"
    )
    parser.add_argument(
        "--minutes",
        type=float,
        metavar="M",
        help="stop after so long; 0 only exports (default: the whole schedule)",
    )
    parser.add_argument(
        "--samples", type=int, default=400_000, metavar="N", help="length of the schedule (default: 400000)"
    )
    parser.add_argument(
        "--rate",
        type=float,
        default=1e-3,
        metavar="R",
        help="peak learning rate of a program training (default: 0.001)",
    )
    parser.add_argument(
        "--reuse",
        type=float,
        default=1.0,
        metavar="R",
        help="how often a program training sees a rendered picture at most; more than 2 is learned by heart (default: 1)",
    )
    parser.add_argument("--seed", type=seed_number, default=1, help="other objects and weights (default: 1)")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="default: cpu")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes that render, at most 8 (default: 1)"
    )
    parser.add_argument(
        "--start",
        type=Path,
        metavar="FILE",
        help="begin from these weights, also of another grammar: what both know by name is kept",
    )
    parser.add_argument(
        "--network",
        choices=("program", "mask"),
        default="program",
        help="program: picture to asset; mask: which pixels of a whole picture are the object (default: program)",
    )
    parser.add_argument("--export", type=Path, metavar="FILE", help="write the weights (.safetensors)")
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw the learning curve (.png, matplotlib)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train, export, or both."""
    minutes = math.inf if args.minutes is None else args.minutes
    if not minutes >= 0:
        raise AssetError("must be 0 or more", where="--minutes")
    if args.samples < 1:
        raise AssetError("must be 1 or more", where="--samples")
    if not 0 < args.rate <= 0.1:
        raise AssetError("must be over 0 and at most 0.1", where="--rate")
    if not 1 <= args.reuse <= 10:
        raise AssetError("must be from 1 to 10", where="--reuse")
    if not 1 <= args.workers <= 8:
        raise AssetError("must be from 1 to 8", where="--workers")
    if args.network == "mask" and args.start is not None:
        raise AssetError(
            "only goes with --network program; a mask training is resumed from --output", where="--start"
        )
    prepare_process()
    import torch

    from backend.embedded.model.train import TrainConfig, Trainer, export_weights
    from backend.jobs.outputs import check_output_folder

    if args.device == "cuda" and not torch.cuda.is_available():
        raise AssetError("torch sees no CUDA device; use --device cpu", where="--device")
    folder = check_output_folder(args.output)
    if args.network == "mask":
        return _train_masks(folder, minutes, args)
    if minutes > 0:
        config = TrainConfig(
            samples=args.samples,
            rate=args.rate,
            reuse=args.reuse,
            seed=args.seed,
            device=args.device,
            workers=args.workers,
        )
        trainer = Trainer(folder, config, start=args.start)
        print(f"{trainer.seen} samples seen so far; checkpoints in {folder}", flush=True)
        trainer.run(minutes, report=lambda line: print(line, flush=True))
    if args.export is not None:
        check_output_folder(args.export.parent).mkdir(parents=True, exist_ok=True)
        metadata = export_weights(folder, args.export)
        print(f"weights after {metadata['samples']} samples -> {args.export}")
    if args.plot is not None:
        from backend.embedded.model.checkpoint import Checkpoint
        from backend.embedded.plots import plot_training

        found = Checkpoint(folder).load()
        if found is None:
            raise AssetError("holds no checkpoint; train first", where=str(folder))
        check_output_folder(args.plot.parent).mkdir(parents=True, exist_ok=True)
        print(f"learning curve -> {plot_training(found[1]['log'], args.plot)}")  # type: ignore[arg-type]
    return 0


def _train_masks(folder: Path, minutes: float, args: argparse.Namespace) -> int:
    """Train the segmentation network; it renders its pictures itself, so --workers has no meaning for it."""
    from backend.embedded.segment.train import SegmentConfig, SegmentTrainer, export_segment
    from backend.jobs.outputs import check_output_folder

    if minutes > 0:
        trainer = SegmentTrainer(
            folder, SegmentConfig(samples=args.samples, seed=args.seed, device=args.device)
        )
        print(f"{trainer.seen} samples seen so far; checkpoints in {folder}", flush=True)
        trainer.run(minutes, report=lambda line: print(line, flush=True))
    if args.export is not None:
        check_output_folder(args.export.parent).mkdir(parents=True, exist_ok=True)
        metadata = export_segment(folder, args.export)
        print(f"weights after {metadata['samples']} samples -> {args.export}")
    return 0
