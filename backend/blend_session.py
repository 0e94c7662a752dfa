# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside Blender, started by `backend.blend`: read an asset package, build its scene, save it.

python blend_session.py -- PACKAGE TARGET
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def run(package: Path, target: Path) -> None:
    """Build and save."""
    import bpy

    from physx_blender.formats.package import read_package
    from physx_blender.scene import asset_to_scene, register

    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    register()
    asset_to_scene(read_package(package), bpy.context)
    bpy.context.preferences.filepaths.save_version = 0
    bpy.ops.wm.save_as_mainfile(filepath=str(target), compress=True, check_existing=False)


def main() -> int:
    """Run with the two arguments behind ``--``; one line says what went wrong."""
    # The extension is used from where it lies, under its plain name; nothing else of this Blender has loaded it.
    sys.path[:] = [str(_HERE.parent), *(p for p in sys.path if Path(p or ".").resolve() != _HERE)]
    package, target = sys.argv[sys.argv.index("--") + 1 :][:2]
    from physx_blender.errors import AssetError

    try:
        run(Path(package), Path(target))
    except (AssetError, RuntimeError) as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    try:
        status = main()
    except Exception:  # noqa: BLE001 - whatever it was, the process has to end here
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # bpy 4.5 may hang in its own clean-up
