# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line. Each subcommand is a module with `add_parser` and `run`; this file only finds and runs them."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from physx_blender import __version__
from physx_blender.errors import AssetError
from physx_blender.protocol import ExitCode

COMMANDS = (
    "backend.commands.generate",
    "backend.commands.convert",
    "backend.commands.check",
    "backend.commands.world",
    "backend.commands.train",
    "backend.commands.evaluate",
    "backend.commands.calibrate",
    "backend.commands.serve",
    "backend.commands.worker",
    "backend.commands.simulation",
)
"""Modules of the subcommands, in the order of the help. Adding one here is all it takes."""

FAILED = 1

_EXAMPLES = """\
examples:
  physx-blender generate cabinet.jpg --output cabinet
  physx-blender generate photos/*.png --output assets        # assets/<stem>/ for each
  physx-blender convert robot.urdf --output robot
  physx-blender check cabinet --json
  physx-blender COMMAND --help
"""


def make_parser() -> argparse.ArgumentParser:
    """The parser with all subcommands."""
    parser = argparse.ArgumentParser(
        prog="physx-blender",
        description="A picture goes in; a rigged Blender scene, an MJCF and a URDF that behave come out.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"physx-blender {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(name).add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 fine, 1 something failed, 2 wrong use."""
    args = make_parser().parse_args(argv)
    try:
        code = int(args.run(args))
        sys.stdout.flush()  # here, where a reader that has gone is expected, and not at Python's exit
        return code
    except AssetError as error:
        print(f"physx-blender: {error}", file=sys.stderr)
        return FAILED
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("backend", "physx_blender"):
            raise
        print(
            f"physx-blender: the Python package {error.name!r} is missing; run 'python3 build.py setup'",
            file=sys.stderr,
        )
        return ExitCode.MISSING_DEPENDENCY
    except KeyboardInterrupt:
        print("physx-blender: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # whoever read our output (head, less) has seen enough; keep Python from complaining at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
