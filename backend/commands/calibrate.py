# SPDX-License-Identifier: GPL-3.0-or-later
"""``calibrate``: learn how to judge the readings of a model, and how far to trust them."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from backend.runtime import prepare_process
from physx_blender.errors import AssetError

_DESCRIPTION = """\
Let the model read pictures of held-out objects and of things that are not of its world, and learn from how right it was which
evidence to go by. Writes the weights of the judgement and what was reached on pictures that were left out."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "calibrate",
        help="learn the confidence of the embedded model",
        description=_DESCRIPTION,
        epilog="example:\n  physx-blender calibrate --weights embedded.safetensors --output judgement.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--count", type=int, default=300, metavar="N", help="held-out objects, at least 20 (default: 300)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default: 1; 'evaluate' uses 0")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="weights of your own training")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="also write every reading (JSON lines)")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="judgement.json")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes, 1 to 64 (default: 1)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Gather, learn, write."""
    if args.count < 20:
        raise AssetError("must be 20 or more", where="--count")
    if not 1 <= args.workers <= 64:
        raise AssetError("must be from 1 to 64", where="--workers")
    prepare_process()
    from backend.embedded.calibrate import gather, learn, to_json
    from backend.embedded.pipeline import Generator
    from backend.jobs.outputs import check_output_folder, write_beside

    check_output_folder(args.output.parent).mkdir(parents=True, exist_ok=True)
    generator = Generator(args.weights)
    readings = gather(
        generator,
        args.count,
        args.seed,
        lambda done: print(f"\r{done} pictures", end="", flush=True),
        args.workers,
    )
    if args.keep is not None:
        lines = "".join(json.dumps(asdict(reading)) + "\n" for reading in readings)
        write_beside(args.keep, lines.encode())
    judgement, figures = learn(readings)
    print()
    print(json.dumps(figures, indent=1))
    text = json.dumps(to_json(judgement, figures, generator.sha256), indent=1) + "\n"
    write_beside(args.output, text.encode())
    print(f"judgement -> {args.output}")
    return 0
