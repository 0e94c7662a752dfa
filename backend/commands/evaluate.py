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
axis within 15 degrees, place within a tenth of the diagonal), view, silhouette, confidence, and what each stage adds.
Real photographs are harder than these pictures."""

_EXAMPLES = """\
examples:
  physx-blender evaluate --count 100
  physx-blender world --count 2 --output cycles --pictures cycles --seed 900001
  physx-blender evaluate --pictures cycles
  physx-blender evaluate --count 20 --weights embedded.safetensors --json report.json
"""

_STAGES = {"greedy": "first proposal", "chosen": "best proposal", "fitted": "result"}
_FIGURES = {
    "right": "category",
    "joints": "movable-joint F1",
    "silhouette": "silhouette IoU",
    "azimuth": "median azimuth error (degrees)",
    "axis": "median joint axis error (degrees)",
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
    parser.add_argument(
        "--pictures",
        type=Path,
        metavar="DIR",
        help="samples that 'world --pictures cycles' (or room) has written, instead of the usual pictures",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured")
    parser.add_argument(
        "--plots",
        type=Path,
        metavar="DIR",
        help="draw confusion, categories, stages and reliability (matplotlib)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes, 1 to 64 (default: 1)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Evaluate and print the means."""
    if args.count < 1:
        raise AssetError("must be 1 or more", where="--count")
    if not 1 <= args.workers <= 64:
        raise AssetError("must be from 1 to 64", where="--workers")
    prepare_process()
    from backend.embedded.evaluate import evaluate
    from backend.embedded.pipeline import Generator
    from backend.jobs.outputs import check_output_folder, write_beside

    if args.json is not None:
        check_output_folder(args.json.parent).mkdir(parents=True, exist_ok=True)
    if args.plots is not None:
        from backend.embedded.plots import need_matplotlib

        need_matplotlib()
        args.plots = check_output_folder(args.plots)
    line = ProgressLine(quiet=args.quiet)

    def show(done: int, case: Case) -> None:
        message = f"{done} of {args.count}: {case.category} read as {case.predicted}"
        line.show(Progress("Evaluating", done / args.count, message))

    try:
        report = evaluate(Generator(args.weights), args.count, args.seed, show, args.pictures, args.workers)
    finally:
        line.close()
    if args.json is not None:
        write_beside(args.json, (json.dumps(report, indent=1, allow_nan=False) + "\n").encode())
    print(f"{report['count']} held-out objects, weights {str(report['weights'])[:12]}")
    print(table(cast("dict[str, float]", report["summary"])))
    if args.plots is not None:
        from backend.embedded.plots import plot_evaluation

        for path in plot_evaluation(report, args.plots):
            print(f"plot -> {path}")
    return 0


def table(summary: dict[str, float]) -> str:
    """What each stage adds, and what remains to be said."""
    lines = [f"{'':<36}" + "".join(f"{words:>16}" for words in _STAGES.values())]
    for name, words in _FIGURES.items():
        unit = "_degrees" if name in ("azimuth", "axis") else ""
        values = (summary.get(f"{name}_{stage}{unit}") for stage in _STAGES)
        cells = "".join(f"{'-' if v is None else format(v, '.3f'):>16}" for v in values)
        lines.append(f"  {words:<34}{cells}")
    lines.append(f"  right category in any proposal    {summary['any_right']:.3f}")
    lines.append(f"  median silhouette IoU of results  {summary['silhouette_fitted_median']:.3f}")
    lines.append(f"  Brier score of the confidence     {summary['brier']:.3f}")
    seconds = ((k.removeprefix("seconds_"), v) for k, v in summary.items() if k.startswith("seconds_"))
    lines.append("  seconds: " + ", ".join(f"{stage} {value:.2f}" for stage, value in seconds))
    return "\n".join(lines)
