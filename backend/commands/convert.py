# SPDX-License-Identifier: GPL-3.0-or-later
"""``convert``: from a PhysX-Anything result, an MJCF, a URDF or an asset package to all of ours."""

from __future__ import annotations

import argparse
from pathlib import Path

from backend.runtime import prepare_process

from .console import ProgressLine
from .generate import summary

_DESCRIPTION = """\
Read SOURCE (a PhysX-Anything result folder, an MJCF, a URDF or an asset package) and write asset.json, one MJCF, one
URDF, meshes/, textures/ and preview.png into DIR. What had to be repaired or could not be kept is listed."""

_EXAMPLES = """\
examples:
  physx-blender convert robot.urdf --output robot
  physx-blender convert robot.xml --output robot --actuators --ros-package robot_description
  physx-blender convert test_demo/cabinet --output cabinet      # a result of PhysX-Anything
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "convert",
        help="convert an MJCF, a URDF, a PhysX-Anything result or an asset package",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", type=Path, metavar="SOURCE", help="file or folder to read")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder for the result")
    parser.add_argument(
        "--actuators", action="store_true", help="add a position servo to every hinge and slide of the MJCF"
    )
    parser.add_argument(
        "--ros-package",
        metavar="NAME",
        help="let the URDF name its files as package://NAME/... (default: paths relative to it)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Convert."""
    from backend.jobs.context import JobContext
    from backend.jobs.convert import convert
    from backend.jobs.outputs import check_output_folder

    prepare_process()
    line = ProgressLine(quiet=args.quiet)
    try:
        result = convert(
            args.source,
            check_output_folder(args.output.resolve()),  # typed by the user, so .. is meant
            JobContext(line.show),
            actuators=args.actuators,
            urdf_package=args.ros_package,
        )
    finally:
        line.close()
    print(summary(result))
    return 0
