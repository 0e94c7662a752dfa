# SPDX-License-Identifier: GPL-3.0-or-later
"""``check``: the rules and the physics gate, for people or, with ``--json``, for machines."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from physx_blender.errors import AssetError
from physx_blender.protocol import Progress

from .console import ProgressLine

_DESCRIPTION = """\
Check asset packages, MJCF and URDF files: geometry, masses, joints, and in MuJoCo whether the object stands, whether
anything overlaps, and whether every joint moves through its whole range. Exits with 1 if something fails."""

_EXAMPLES = """\
examples:
  physx-blender check cabinet
  physx-blender check cabinet/cabinet.xml cabinet/cabinet.urdf --json
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "check",
        help="check an asset package, an MJCF or a URDF",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="asset package folder, .xml or .urdf"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    base = parser.add_mutually_exclusive_group()
    base.add_argument(
        "--fixed-base", dest="fixed_base", action="store_true", default=None, help="fastened to the world"
    )
    base.add_argument("--free-base", dest="fixed_base", action="store_false", help="stands by itself")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check every path; one that cannot be read counts as failed and does not stop the others."""
    from backend.checking import check_path

    reports: list[dict[str, Any]] = []
    passed = True
    for path in args.paths:
        line = ProgressLine(path.name, quiet=args.json or not sys.stderr.isatty())

        def show(stage: str, fraction: float, message: str, line: ProgressLine = line) -> None:
            line.show(Progress(stage, fraction, message))

        try:
            report = check_path(path, fixed_base=args.fixed_base, progress=show)
        except AssetError as error:
            line.close()
            passed = False
            reports.append({"source": str(path), "passed": False, "error": str(error)})
            if not args.json:
                print(f"{path}: FAILED\n  error: {error}")
            continue
        line.close()
        passed = passed and report.passed
        reports.append(report.to_json())
        if not args.json:
            print(report.text())
    if args.json:
        print(json.dumps({"passed": passed, "reports": reports}, indent=2, allow_nan=False))
    return 0 if passed else 1
