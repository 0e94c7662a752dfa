#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything a checkout can do, from the standard library alone.

python3 build.py demo [IMAGE] [--output DIR]    a picture goes in; .blend, MJCF and URDF come out
python3 build.py test                           lint, types, and every test on every Blender that fits
python3 build.py package                        dist/<id>-<version>.zip, reproducible and validated
python3 build.py lint                           ruff and mypy alone
python3 build.py setup                          only make the environments
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "build.py needs Python 3.11 or newer, and this is Python {}.{}: run it with python3.11 or python3.13.".format(
            *sys.version_info[:2]
        )
    )

import argparse
from pathlib import Path

sys.dont_write_bytecode = True  # a checkout stays as git made it

from tools import checks, demo, environments, extension_zip
from tools.console import BuildError, fail, say

ROOT = Path(__file__).resolve().parent


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line, as a namespace with `command` and the options of that command."""
    parser = argparse.ArgumentParser(
        prog="build.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    torch = argparse.ArgumentParser(add_help=False)
    torch.add_argument(
        "--torch-index",
        metavar="URL",
        help=f"a package index that has CPU builds of torch (or set {environments.TORCH_INDEX_VARIABLE})",
    )
    torch.add_argument(
        "--cuda",
        action="store_true",
        help="let CUDA packages in (several GB, useful only with an NVIDIA GPU)",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo_parser = commands.add_parser(
        "demo", parents=[torch], help="a picture goes in; a rigged scene, an MJCF and a URDF come out"
    )
    demo_parser.add_argument(
        "image", nargs="?", type=Path, metavar="IMAGE", help="default: the first picture of examples/"
    )
    demo_parser.add_argument("--output", type=Path, metavar="DIR", help="default: out/<name of the image>")
    demo_parser.add_argument("--seed", type=int, default=0, help="default: 0")

    test_parser = commands.add_parser("test", parents=[torch], help="lint, types and all tests")
    test_parser.add_argument(
        "--only",
        choices=checks.STEPS,
        action="append",
        help="run only this step (may be given more than once)",
    )
    test_parser.add_argument(
        "--blender",
        metavar="PATH",
        help="a Blender with a window (or what behaves as one) for the scripted sessions of tests/ui",
    )
    commands.add_parser("package", help="make and validate the installable extension")
    commands.add_parser("lint", parents=[torch], help="ruff check, ruff format --check, mypy")
    commands.add_parser("setup", parents=[torch], help="make the environments and nothing else")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when all went well."""
    options = parse_arguments(arguments)
    source = environments.TorchSource.from_options(
        index=getattr(options, "torch_index", None), cuda=getattr(options, "cuda", False)
    )
    try:
        if options.command == "demo":
            return demo.run(ROOT, options.image, options.output, options.seed, source)
        if options.command == "test":
            return checks.run(ROOT, source, only=options.only, blender=options.blender)
        if options.command == "lint":
            return checks.run(ROOT, source, only=list(checks.LINT_STEPS))
        if options.command == "package":
            path = extension_zip.build(ROOT, ROOT / "dist")
            extension_zip.validate(path, environments.ensure_any_blender(ROOT))
            say(f"made {path.relative_to(ROOT)} ({path.stat().st_size / 1e6:.1f} MB), validated")
            return 0
        environments.ensure_backend(ROOT, "dev", source)
        environments.ensure_blenders(ROOT)
        say("environments are ready")
        return 0
    except BuildError as error:
        fail(str(error))
        return 1
    except KeyboardInterrupt:
        fail("interrupted")
        return 130


if __name__ == "__main__":
    sys.exit(main())
