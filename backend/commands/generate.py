# SPDX-License-Identifier: GPL-3.0-or-later
"""``generate``: from pictures to simulation-ready assets."""

from __future__ import annotations

import argparse
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.runtime import prepare_process
from physx_blender.errors import AssetError
from physx_blender.protocol import MAX_SEED

from .console import ProgressLine

if TYPE_CHECKING:
    from backend.embedded.infer.scale import KnownDimension
    from backend.embedded.pipeline import Generator

_DESCRIPTION = """\
Make an articulated, physical asset of the object in a picture: asset.json (the asset package), one MJCF (.xml),
one URDF (.urdf), meshes/, textures/ and preview.png. One picture writes into DIR, several into DIR/<stem>/.
The same picture, seed and version give the same bytes."""

_EXAMPLES = """\
examples:
  physx-blender generate cabinet.jpg --output cabinet
  physx-blender generate lamp.jpg --mask lamp_mask.png --output lamp --blend
  physx-blender generate chair.png --output chair --height 0.92
  physx-blender generate a.png b.png c.png --output assets --seed 3
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "generate",
        help="make an asset of the object in a picture",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "images", nargs="+", type=Path, metavar="IMAGE", help="JPEG, PNG or WebP; transparency is the mask"
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder for the result")
    parser.add_argument(
        "--mask", type=Path, metavar="FILE", help="image of the same size, white where the object is"
    )
    parser.add_argument(
        "--seed", type=seed_number, default=0, metavar="N", help="another seed, another proposal (default: 0)"
    )
    for axis in ("width", "depth", "height"):
        parser.add_argument(
            f"--{axis}", type=float, metavar="METRES", help=f"the object's real {axis}, if you know it"
        )
    parser.add_argument(
        "--blend", action="store_true", help="also write the rigged .blend (needs the bpy module)"
    )
    parser.add_argument(
        "--weights", type=Path, metavar="FILE", help="weights of your own training (.safetensors)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def seed_number(text: str) -> int:
    """A seed from the command line."""
    try:
        seed = int(text)
    except ValueError:
        seed = -1
    if not 0 <= seed <= MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {MAX_SEED}")
    return seed


def run(args: argparse.Namespace) -> int:
    """Generate from every image; one that fails does not keep the others from being made."""
    prepare_process()
    images: list[Path] = args.images
    if args.mask is not None and len(images) > 1:
        raise AssetError("belongs to one image; give one image, or images with transparency", where="--mask")
    known = known_dimension(args)
    if known is not None and len(images) > 1:
        raise AssetError("belongs to one image; give one image", where=f"--{known.axis}")
    folders = result_folders(images, args.output)
    failed = 0
    for image, folder in zip(images, folders, strict=True):
        line = ProgressLine(image.name if len(images) > 1 else "", quiet=args.quiet)
        try:
            result = _generate(image, folder, args, known, line)
        except AssetError as error:
            line.close()
            print(f"physx-blender: {error}", file=sys.stderr)
            failed += 1
            continue
        line.close()
        print(summary(result))
    if failed and len(images) > 1:
        print(f"{failed} of {len(images)} images failed", file=sys.stderr)
    return 1 if failed else 0


def result_folders(images: list[Path], output: Path) -> list[Path]:
    """One folder per image: `output` itself for one, ``output/<stem>`` for several, which then must differ."""
    if len(images) == 1:
        return [output]
    seen: dict[str, Path] = {}
    for image in images:
        key = image.stem.casefold()  # on some systems A and a are the same folder
        if key in seen:
            raise AssetError(
                f"would write into the same folder as {seen[key]}; rename one, or generate it alone",
                where=str(image),
            )
        seen[key] = image
    return [output / image.stem for image in images]


def known_dimension(args: argparse.Namespace) -> KnownDimension | None:
    """The dimension that was given, if any; two would say different sizes."""
    given = [(axis, getattr(args, axis)) for axis in ("width", "depth", "height")]
    given = [(axis, metres) for axis, metres in given if metres is not None]
    if not given:
        return None
    if len(given) > 1:
        raise AssetError(f"one dimension says the size; leave --{given[0][0]} out", where=f"--{given[1][0]}")
    from backend.embedded.infer.scale import KnownDimension

    return KnownDimension(*given[0])


def _generate(
    image: Path,
    folder: Path,
    args: argparse.Namespace,
    known: KnownDimension | None,
    line: ProgressLine,
) -> dict[str, Any]:
    from backend.images import load_image
    from backend.jobs.context import JobContext
    from backend.jobs.generate import generate
    from backend.jobs.outputs import check_output_folder

    folder = check_output_folder(folder.resolve())  # typed by the user, so .. is meant
    context = JobContext(line.show)
    reference = load_image(image, args.mask)
    result = generate(
        reference, folder, lambda: _generator(args.weights), context, seed=args.seed, known=known
    )
    if args.blend:
        from backend.blend import write_blend

        context.progress("Building the Blender scene", 0.97)
        blend = write_blend(folder, folder / f"{result['name']}.blend")
        result["files"].append(blend.name)
    return result


@cache
def _generator(weights: Path | None) -> Generator:
    from backend.embedded.pipeline import Generator

    return Generator(weights)


def summary(result: dict[str, Any]) -> str:
    """A few lines on what was made."""
    from physx_blender.model.provenance import LOW_CONFIDENCE

    joints = ", ".join(f"{name} ({kind})" for name, kind in result["joints"].items()) or "none"
    lines = [
        f"{result['name']} -> {result['folder']}",
        f"  parts: {len(result['parts'])} ({', '.join(result['parts'])})",
        f"  joints: {joints}",
        f"  mass: {result['mass']:.3g} kg, {result['timings']['total']:.1f} s",
    ]
    if result["category"]:
        lines[0] = f"{result['name']} ({result['category']}) -> {result['folder']}"
    if result["confidence"] is not None:
        low = "  LOW: look at preview.png before you use it" if result["confidence"] < LOW_CONFIDENCE else ""
        lines.append(f"  confidence: {result['confidence']:.0%}{low}")
    lines.extend(f"  note: {note}" for note in result["notes"])
    return "\n".join(lines)
