# SPDX-License-Identifier: GPL-3.0-or-later
"""``evaluate``: measure the embedded model on held-out objects of its own world."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

from backend.runtime import prepare_process
from physx_blender.errors import AssetError
from physx_blender.protocol import Progress

from .console import ProgressLine
from .generate import seed_number

if TYPE_CHECKING:
    from backend.embedded.evaluate import Case

_DESCRIPTION = """\
Measure the embedded model on objects of the procedural world that no training has seen: category, movable joints (kind,
axis within 15 degrees, place within a tenth of the diagonal), azimuth, silhouette, and seconds per stage. Real photographs
are harder than these pictures."""

_EXAMPLES = """\
examples:
  physx-blender evaluate --count 100
  physx-blender evaluate --count 20 --weights embedded.safetensors --json report.json
"""

_WORDS = {
    "greedy_right": "category, first proposal",
    "any_right": "category, in any proposal",
    "fitted_right": "category, result",
    "joints_greedy": "movable-joint F1, first proposal",
    "joints_fitted": "movable-joint F1, result",
    "silhouette_greedy": "silhouette IoU, first proposal",
    "silhouette_best": "silhouette IoU, best proposal",
    "silhouette_fitted": "silhouette IoU, result",
    "azimuth_greedy_degrees": "median azimuth error, first proposal (degrees)",
    "azimuth_fitted_degrees": "median azimuth error, result (degrees)",
    "seconds_propose": "seconds to propose",
    "seconds_compare": "seconds to compare",
    "seconds_fit": "seconds to fit",
}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure the embedded model",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=50, metavar="N", help="how many objects (default: 50)")
    parser.add_argument("--seed", type=seed_number, default=0, help="other objects (default: 0)")
    parser.add_argument(
        "--weights", type=Path, metavar="FILE", help="weights of your own training (.safetensors)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Evaluate and print the means."""
    if args.count < 1:
        raise AssetError("must be 1 or more", where="--count")
    prepare_process()
    from backend.embedded.evaluate import evaluate
    from backend.embedded.pipeline import Generator
    from backend.jobs.outputs import check_output_folder, write_beside

    if args.json is not None:
        check_output_folder(args.json.parent).mkdir(parents=True, exist_ok=True)
    line = ProgressLine(quiet=args.quiet)

    def show(done: int, case: Case) -> None:
        message = f"{done} of {args.count}: {case.category} read as {case.predicted}"
        line.show(Progress("Evaluating", done / args.count, message))

    try:
        report = evaluate(Generator(args.weights), args.count, args.seed, show)
    finally:
        line.close()
    if args.json is not None:
        write_beside(args.json, (json.dumps(report, indent=1, allow_nan=False) + "\n").encode())
    print(f"{args.count} held-out objects, weights {str(report['weights'])[:12]}")
    for name, value in cast("dict[str, float]", report["summary"]).items():
        print(f"  {_WORDS[name]:<50} {value:8.3f}")
    return 0
