# SPDX-License-Identifier: GPL-3.0-or-later
"""The first half of the demo, inside Blender: install the extension, and do with its operators what an artist would.

    .venv-blender-4.5/bin/python tools/demo_session.py ORDER

ORDER is the JSON file that tools/demo.py wrote; what was made goes to the folder it names.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

SECONDS: dict[str, float] = {}


@contextmanager
def stage(title: str) -> Iterator[None]:
    """Announce a stage and remember how long it took."""
    print(title, flush=True)
    start = time.perf_counter()
    yield
    SECONDS[title] = time.perf_counter() - start


class StepError(Exception):
    """A step did not do what it should; the message says which."""


def finished(result: set[str], what: str) -> None:
    """An operator that cancels has said why in a report, which Blender prints."""
    if result != {"FINISHED"}:
        raise StepError(f"{what} did not finish: {', '.join(result)}")


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Generate, save, export; what tools/demo.py wants to know of it."""
    output = Path(order["output"])
    with stage("install the extension"):
        finished(
            bpy.ops.extensions.package_install_files(
                filepath=order["archive"], repo="user_default", enable_on_install=True
            ),
            "installing the extension",
        )
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    bpy.context.preferences.addons[order["module"]].preferences.backend_python = order["backend_python"]

    with stage("generate"):
        finished(
            bpy.ops.simready.generate(
                image=order["image"], name=order["name"], seed=order["seed"], wait=True
            ),
            "generating",
        )
    rigs = [o for o in bpy.context.scene.objects if o.type == "ARMATURE" and o.simready_asset.is_asset]
    if len(rigs) != 1:
        raise StepError(f"generating left {len(rigs)} assets in the scene instead of one")

    with stage("export"):
        finished(bpy.ops.simready.export_package(directory=str(output)), "exporting")
    exported = sorted(p.name for p in output.iterdir() if p.suffix in (".xml", ".urdf"))
    name = Path(exported[0]).stem
    with stage("save"):
        finished(bpy.ops.wm.save_as_mainfile(filepath=str(output / f"{name}.blend"), compress=True), "saving")
    bpy.ops.simready.backend_stop()
    return {"name": name, "exported": exported, "seconds": SECONDS}


def main() -> int:
    """Run and report."""
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    try:
        session = run(order)
    except (
        StepError,
        RuntimeError,
    ) as error:  # bpy turns the error report of an operator into a RuntimeError
        print(f"error: {error}", flush=True)
        return 1
    Path(order["session"]).write_text(json.dumps(session), encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        status = main()
    except Exception:  # noqa: BLE001 - whatever it was, the process has to end here
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Without Blender's own clean-up: bpy 4.5 hangs in it while an operator of an extension is registered. The backend
    # ends by itself when its parent is gone.
    os._exit(status)
