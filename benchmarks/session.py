# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole session with an asset of 200 parts in real Blender, measured step by step.

Run from the checkout: ``.venv/bin/python benchmarks/session.py [--parts 200] [--blender 4.5 5.2] [--json]``.

The extension is built and installed, an asset package is imported, checked, posed, exported as MJCF, URDF and USD, and 250
frames are simulated through the backend and baked. Blender is its Python module, without a window; what the overlay costs
a redraw is measured by ``benchmarks/overlay.py``. Seconds; "file read" is the first of them again without Blender. Each
figure is also told as soon as it is there. "processor" is the time that Blender itself computed, which other work on the
machine changes less. "longest stretch" is how long an operator, used in a window, lets the window wait at a time
(see `stretches.py`); everything but "cut a concave mesh" is with caches as empty as after opening a file.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sample_assets import chest
from physx_blender.formats.convert import load_asset
from physx_blender.formats.package import write_package
from tools import extension_zip

ROOT = Path(__file__).resolve().parent.parent
INSIDE = Path(__file__).resolve().parent / "session_in_blender.py"


def measure(version: str, parts: int) -> dict[str, float]:
    """The figures of one Blender."""
    python = ROOT / f".venv-blender-{version}" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        raise SystemExit(f"{python} does not exist; run `python3 build.py setup` first")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = folder / "chest"
        write_package(chest(parts), package)
        start = time.perf_counter()
        load_asset(package)
        read = time.perf_counter() - start
        order = {
            "extension": str(extension_zip.build(ROOT, folder / "dist")),
            "version": version,
            "package": str(package / "asset.json"),
            "folder": name,
            "result": str(folder / "result.json"),
        }
        (folder / "order.json").write_text(json.dumps(order))
        environment = os.environ | {
            "BLENDER_USER_RESOURCES": str(folder / "user"),
            "SIMREADY_BACKEND_PYTHON": sys.executable,
        }
        subprocess.run(
            [str(python), str(INSIDE), str(folder / "order.json")],
            env=environment,
            stdout=subprocess.DEVNULL,
            timeout=1800,
            check=False,
        )
        if not (folder / "result.json").exists():
            raise SystemExit(f"Blender {version} ended early")
        return {"file read": read} | json.loads((folder / "result.json").read_text())


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", type=int, default=200)
    parser.add_argument("--blender", nargs="+", default=["4.5", "5.2"], metavar="VERSION")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = {version: measure(version, asked.parts) for version in asked.blender}
    if asked.json:
        print(json.dumps(rows, indent=2))
        return
    print(f"{'':50s}" + "".join(f"{version:>10s}" for version in rows))
    for key in next(iter(rows.values())):
        print(f"{key:50s}" + "".join(f"{row.get(key, float('nan')):10.3f}" for row in rows.values()))


if __name__ == "__main__":
    main()
