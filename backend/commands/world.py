# SPDX-License-Identifier: GPL-3.0-or-later
"""``world``: samples of the procedural world as a dataset, or a sheet that shows what it knows."""

from __future__ import annotations

import argparse
from pathlib import Path

from backend.runtime import prepare_process
from physx_blender.errors import AssetError
from physx_blender.protocol import Progress

from .console import ProgressLine
from .generate import seed_number

_DESCRIPTION = """\
Write objects of the procedural world that the embedded model learns from: per sample a picture, its mask, depth
and camera, the asset package with the joint positions of the picture, PhysX-Anything text with voxels, and JSON of
PhysX-Mobility's layout. A run that was interrupted is taken up where it stopped; the same seed gives the same bytes,
however many workers write. Or draw a sheet with every category."""

_EXAMPLES = """\
examples:
  physx-blender world --count 100 --output dataset
  physx-blender world --category door window --count 5 --output dataset --seed 7
  physx-blender world --count 1000 --output dataset --pictures room --workers 8
  physx-blender world --sheet world.png
  physx-blender world --sheet rooms.png --pictures room
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "world",
        help="write samples of the procedural world",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--category", nargs="+", default=[], metavar="NAME", help="which categories (default: all)"
    )
    parser.add_argument(
        "--count", type=int, default=1, metavar="N", help="samples of each category (default: 1)"
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder for the samples")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="draw every category into this PNG")
    parser.add_argument(
        "--size", type=int, default=256, metavar="PIXELS", help="side of the pictures (default: 256)"
    )
    parser.add_argument("--seed", type=seed_number, default=0, help="other objects (default: 0)")
    parser.add_argument(
        "--pictures",
        choices=("cut-out", "room", "cycles"),
        help="cut out on black, in a random room, or in a room rendered by Blender's Cycles, which takes a second or more "
        "(default: cut-out; a sheet is plainly lit unless cut-out or room is given)",
    )
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes that write (default: 1)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write samples, a sheet, or both."""
    if args.output is None and args.sheet is None:
        raise AssetError("nothing to do; give --output, --sheet, or both", where="world")
    if args.count < 1:
        raise AssetError("must be 1 or more", where="--count")
    if not 16 <= args.size <= 2048:
        raise AssetError("must be from 16 to 2048 pixels", where="--size")
    if not 1 <= args.workers <= 256:
        raise AssetError("must be from 1 to 256", where="--workers")
    prepare_process()
    from backend.embedded.categories import CATEGORIES
    from backend.embedded.world.dataset import SHOOT, SampleKind, write_samples
    from backend.embedded.world.sheet import contact_sheet
    from backend.jobs.outputs import check_output_folder, write_beside

    if args.sheet is not None:
        check_output_folder(args.sheet.parent).mkdir(parents=True, exist_ok=True)
        write_beside(args.sheet, contact_sheet(args.seed, shoot=SHOOT.get(args.pictures)))
        print(f"{len(CATEGORIES)} categories -> {args.sheet}")
    if args.output is not None:
        folder = check_output_folder(args.output)
        line = ProgressLine(quiet=args.quiet)

        def show(done: int, total: int, name: str) -> None:
            line.show(Progress("Writing samples", done / total, f"{name} ({done} of {total})"))

        categories = list(dict.fromkeys(args.category)) or sorted(CATEGORIES)
        try:
            kind = SampleKind(args.seed, args.size, args.pictures or "cut-out")
            new = write_samples(categories, args.count, folder, kind, workers=args.workers, progress=show)
        finally:
            line.close()
        total = args.count * len(categories)
        print(f"{new} samples written, {total - new} were there -> {folder}")
    return 0
