# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension without a window: ``blender --command simready_props generate|import|export|check ...``.

Every command calls the operators that the panels call. Exit code: 0 done (and passed), 1 something failed or was
found wrong, 2 wrong use.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import bpy

from ..physx_blender.errors import AssetError
from ..physx_blender.formats.targets import MJCF_TARGETS, URDF_TARGETS
from . import extension
from .export_options import settings_of

COMMAND = "simready_props"
_EXAMPLES = """\
examples:
  blender --command simready_props generate nightstand.png --output nightstand.blend
  blender --command simready_props generate nightstand.png --output nightstand/      # all formats
  blender --command simready_props import robot.urdf --output robot.blend
  blender --command simready_props export scene.blend --output out/chest.urdf --for "ROS 2"
  blender --command simready_props check chest.urdf --physics
"""
_handles: list[Any] = []


def make_parser() -> argparse.ArgumentParser:
    """The parser with all commands."""
    parser = argparse.ArgumentParser(
        prog=f"blender --command {COMMAND}",
        description="Sim-ready assets without a window.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    generate = commands.add_parser("generate", help="make an asset of a picture (needs the backend)")
    generate.add_argument("picture", type=Path)
    generate.add_argument("--mask", type=Path, help="picture that is white where the object is")
    generate.add_argument("--seed", type=int, default=0)
    generate.add_argument("--name", default="")
    bring = commands.add_parser("import", help="read an asset of any format")
    bring.add_argument("source", type=Path, help=".urdf, .xml, asset.json, or a folder with one of them")
    export = commands.add_parser("export", help="write the assets of a .blend")
    export.add_argument("blend", type=Path)
    export.add_argument("--asset", default="", metavar="NAME", help="one of several; its armature's name")
    for command in (generate, bring, export):
        command.add_argument(
            "--output",
            type=Path,
            required=True,
            help=".blend, .xml, .urdf, .usda, or a folder for all formats",
        )
        command.add_argument(
            "--for",
            dest="simulator",
            default="",
            metavar="SIMULATOR",
            help=f"settings for it: {', '.join(dict.fromkeys((*MJCF_TARGETS, *URDF_TARGETS)))}",
        )
    check = commands.add_parser("check", help="find what would not work in a simulator")
    check.add_argument("source", type=Path, nargs="+", help="assets of any format, and .blend files")
    check.add_argument("--physics", action="store_true", help="also simulate it (needs the backend)")
    return parser


def main(arguments: list[str]) -> int:
    """Run one command line; returns the exit code."""
    try:
        asked = make_parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        if asked.command == "check":
            # all are checked, also after one that failed
            return max([_check(source, asked.physics) for source in asked.source])
        _options(asked.output, asked.simulator)  # wrong use is told before the work
        if asked.command == "generate":
            _empty()
            mask = str(asked.mask.resolve()) if asked.mask else ""
            bpy.ops.simready.generate(
                image=str(asked.picture.resolve()), mask=mask, seed=asked.seed, name=asked.name, wait=True
            )
        elif asked.command == "import":
            _open(asked.source)
        else:
            _open(asked.blend, asked.asset)
        _write(asked.output, asked.simulator)
    except (AssetError, RuntimeError) as error:
        print(f"{COMMAND}: {str(error).strip().removeprefix('Error: ')}", file=sys.stderr)
        return 1
    return 0


def _empty() -> None:
    """Nothing in the scene."""
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)


def _open(path: Path, asset: str = "") -> None:
    """Open a .blend and make its asset (`asset`, or the only one) active, or import anything else."""
    path = path.resolve()
    if not path.exists():
        raise AssetError("does not exist; check the path", where=str(path))
    if path.suffix.lower() != ".blend":
        _empty()
        bpy.ops.simready.import_asset(filepath=str(path))
        return
    bpy.ops.wm.open_mainfile(filepath=str(path), use_scripts=False)
    rigs = [o for o in bpy.context.scene.objects if o.type == "ARMATURE" and o.simready_asset.is_asset]
    named = [r for r in rigs if not asset or r.name == asset]
    if len(named) != 1:
        found = ", ".join(r.name for r in rigs) or "none"
        raise AssetError(f"name one asset with --asset (found: {found})", where=str(path))
    bpy.context.view_layer.objects.active = named[0]


def _options(output: Path, simulator: str) -> dict[str, Any]:
    """Settings of the export operator for the output's format."""
    if not simulator:
        return {}
    urdf = output.suffix.lower() == ".urdf"
    targets = URDF_TARGETS if urdf else MJCF_TARGETS
    if output.suffix.lower() not in (".urdf", ".xml", ".mjcf"):
        raise AssetError("--for goes with a .urdf or .xml as output", where=str(output))
    by_name = {name.casefold(): options for name, options in targets.items()}
    if simulator.casefold() not in by_name:
        raise AssetError(f"{simulator!r} is not one of {', '.join(targets)}", where=f"--for, {output.suffix}")
    return settings_of(by_name[simulator.casefold()], urdf=urdf)


def _write(output: Path, simulator: str) -> None:
    """Write the active asset, in the format that the name of the output says."""
    output = output.resolve()
    suffix = output.suffix.lower()
    settings = _options(output, simulator)
    if suffix == ".blend":
        output.parent.mkdir(parents=True, exist_ok=True)
        bpy.ops.wm.save_as_mainfile(filepath=str(output), copy=True)
    elif suffix == ".urdf":
        bpy.ops.simready.export_urdf(filepath=str(output), **settings)
    elif suffix in (".xml", ".mjcf"):
        bpy.ops.simready.export_mjcf(filepath=str(output), **settings)
    elif suffix in (".usda", ".usd"):
        bpy.ops.simready.export_usd(filepath=str(output))
    elif suffix:
        raise AssetError("must be .blend, .xml, .urdf, .usda, or a folder", where=f"output {output}")
    else:
        bpy.ops.simready.export_package(directory=str(output))
    print(output)


def _check(source: Path, physics: bool) -> int:
    """Check one asset and print what was found; 1 when it has errors or does not pass."""
    from .backend_session import session

    try:
        _open(source)
        session.last_good = True
        bpy.ops.simready.check(use_physics=physics, wait=True)
    except (AssetError, RuntimeError) as error:
        print(f"{source}: {str(error).strip().removeprefix('Error: ')}", file=sys.stderr)
        return 1
    findings = bpy.context.window_manager.simready.findings
    for item in findings:
        print(f"{source}: {item.severity.lower()}: {item.element}: {item.message} {item.advice}".rstrip())
    errors = sum(item.severity == "ERROR" for item in findings)
    print(f"{source}: {errors or 'no'} error{'' if errors == 1 else 's'}")
    return 1 if errors or not session.last_good else 0


def register() -> None:
    """Make the command known to Blender, under the id of the extension."""
    _handles.append(bpy.utils.register_cli_command(extension.ROOT_PACKAGE.rpartition(".")[2], main))


def unregister() -> None:
    """Undo `register`."""
    while _handles:
        bpy.utils.unregister_cli_command(_handles.pop())
