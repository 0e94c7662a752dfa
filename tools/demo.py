# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole path on one picture, with the parts a user has: backend, Blender, installed extension, physics gate."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from . import environments, extension_zip
from .console import BuildError, run_filtered, say

DEFAULT_IMAGE = Path("examples") / "laptop.png"
_MARK = "asset.json"
"""A folder that has it was written by us, and may be written anew."""
_BLENDER_TIMEOUT = 480.0
_REPORT_TIMEOUT = 240.0
# What Blender says of itself on the way; it tells the reader of a demo nothing.
_BLENDER_CHATTER = ("Info: Saved", "Info: Total files", "Blender quit", "Writing: ", "Saved: ", "TBBmalloc")


def _asset_name(image: Path) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", image.stem).strip("_").lower() or "asset"


def run(
    root: Path, image: Path | None, output: Path | None, seed: int, source: environments.TorchSource
) -> int:
    """Generate from `image` into `output`; 0 when both exported files pass the physics gate, else 1."""
    started = time.monotonic()
    picture = (image or root / DEFAULT_IMAGE).resolve()
    if not picture.is_file():
        raise BuildError(f"{picture} is not a file; name a picture of one object, or none for an example.")
    name = _asset_name(picture)
    target = (output or root / "out" / name).resolve()
    if target.exists() and not target.is_dir():
        raise BuildError(f"{target} is a file; name a folder with --output.")
    if target.is_dir() and any(target.iterdir()) and not (target / _MARK).is_file():
        raise BuildError(f"{target} holds other files; name a new or empty folder with --output.")

    python = environments.ensure_backend(root, "backend", source)
    blender = environments.ensure_any_blender(root)
    prepared = time.monotonic()

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=target.parent) as folder:
        work = Path(folder)
        made, aside = work / "made", work / "aside"
        made.mkdir()
        aside.mkdir()
        order = {
            "archive": str(extension_zip.build(root, aside)),
            "module": f"bl_ext.user_default.{extension_zip.read_manifest(root)['id']}",
            "backend_python": str(python),
            "image": str(picture),
            "name": name,
            "seed": seed,
            "output": str(made),
            "session": str(aside / "session.json"),
            "report": str(aside / "report.json"),
        }
        order_file = aside / "order.json"
        order_file.write_text(json.dumps(order), encoding="utf-8")

        say(f"picture: {picture}")
        variables = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BLENDER_"))
        }
        variables |= {
            "BLENDER_USER_RESOURCES": str(aside / "blender"),
            "PYTHONUNBUFFERED": "1",
            "OMP_WAIT_POLICY": "PASSIVE",
        }
        _part(
            "Blender",
            [blender, "-B", root / "tools" / "demo_session.py", order_file],
            root,
            variables,
            _BLENDER_TIMEOUT,
        )
        _part(
            "the physics gate",
            [python, "-B", root / "tools" / "demo_report.py", order_file],
            root,
            variables,
            _REPORT_TIMEOUT,
        )
        session = json.loads((aside / "session.json").read_text(encoding="utf-8"))
        report = json.loads((aside / "report.json").read_text(encoding="utf-8"))
        _publish(made, target)

    timings = {"environments": prepared - started, **session["seconds"], **report["seconds"]}
    _summary(target, session["name"], report, timings, time.monotonic() - started)
    return 0 if all(gate["passed"] for gate in report["gates"]) else 1


def _part(
    what: str, command: list[str | Path], root: Path, variables: dict[str, str], timeout: float
) -> None:
    status = run_filtered(command, cwd=root, hide=_BLENDER_CHATTER, environment=variables, timeout=timeout)
    if status != 0:
        reason = f"took longer than {timeout:.0f} s" if status == 124 else f"ended with status {status}"
        raise BuildError(f"{what} {reason}; the lines above say why. Nothing was written.")


def _publish(made: Path, target: Path) -> None:
    """Put what was made in the place of what an earlier run left."""
    if target.exists():
        shutil.rmtree(target)
    made.rename(target)


def _summary(
    target: Path,
    name: str,
    report: dict[str, Any],
    timings: dict[str, float],
    seconds: float,
) -> None:
    print()
    size = " x ".join(f"{100 * extent:.0f}" for extent in report["size"])
    sure = "" if report["confidence"] is None else f", confidence {report['confidence']:.0%}"
    print(f"  {name}: {report['category'] or 'asset'}, {size} cm, {report['mass']:.2f} kg{sure}")
    for note in report["notes"]:
        print(f"  note: {note}")
    print(f"\n  {'part':<24}{'link':<20}{'material':<20}{'mass':>9}")
    for part in report["parts"]:
        print(f"  {part['name']:<24}{part['link']:<20}{part['material']:<20}{part['mass']:>9.3f} kg")
    print(f"\n  {'joint':<24}{'kind':<14}{'moves':<20}{'range':>20}")
    for joint in report["joints"]:
        print(f"  {joint['name']:<24}{joint['kind']:<14}{joint['child']:<20}{joint['range']:>20}")
    print()
    for gate in report["gates"]:
        print(f"  physics gate on {gate['file']}: {'passed' if gate['passed'] else 'FAILED'}")
        for line in gate["failures"]:
            print(f"    {line}")
    print()
    print("  " + ", ".join(f"{stage} {value:.1f} s" for stage, value in timings.items() if value >= 0.05))
    print(f"  all in {seconds:.1f} s; written to {target}:")
    for item in sorted(target.iterdir()):
        print(f"    {item.name}{'/' if item.is_dir() else ''}")
    print(flush=True)
