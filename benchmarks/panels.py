# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the panels of the sidebar take to draw with an asset of 200 parts, in a real window.

Run from the checkout: ``.venv/bin/python benchmarks/panels.py --blender PATH [--parts 200] [--json]``.

All panels are open, the asset was generated (two proposals), checked and measured, and one of its parts is active. Times are
of the processor, of each panel's own `draw` and of the lists in it; the median of the redraws is told, and the longest.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.preview import thumbnail_png
from benchmarks.in_window import choose_blender, in_window
from benchmarks.sample_assets import chest
from physx_blender.formats.package import write_package
from physx_blender.geometry import Pose
from physx_blender.model import Camera


def result(folder: Path, parts: int) -> None:
    """A result of the backend with two proposals of so many parts each."""
    asset = replace(
        chest(parts), camera=Camera(Pose((0.0, -60.0, 20.0), (0.7, 0.7, 0.0, 0.0)), 0.6, 400, 300)
    )
    asset = replace(asset, parts=tuple(replace(p, confidence=0.3) for p in asset.parts))
    thumbnail = thumbnail_png(chest(10))
    for place in (folder, folder / "alternatives" / "1"):
        write_package(asset, place)
        (place / "thumbnail.png").write_bytes(thumbnail)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = choose_blender(parser)
    picture = Path(__file__).resolve().parent.parent / "examples" / "nightstand.png"
    with in_window("panels_session.py") as session:
        result(session.folder / "result", options.parts)
        report = session.run({"result": str(session.folder / "result"), "picture": str(picture)})
    if options.json:
        print(json.dumps(report, indent=1))
        return
    print(f"{report['parts']} parts, {report['blender']}; ms of the processor: median, longest")
    for name, (middle, longest) in sorted(report["milliseconds"].items(), key=lambda i: -i[1][0]):
        print(f"  {name:<40} {middle:8.3f} {longest:8.3f}")


if __name__ == "__main__":
    main()
