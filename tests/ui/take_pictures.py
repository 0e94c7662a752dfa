# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the pictures of the manual that show what the model makes, anew: after new weights, or a new layout of panels.

Run from the checkout: ``.venv/bin/python -m tests.ui.take_pictures --blender PATH [--picture FILE]``. They go to docs/images.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PIL import Image

from benchmarks.in_window import choose_blender, in_window

ROOT = Path(__file__).resolve().parent.parent.parent
COLOURS = 256


def cut(picture: Path, box: list[int], target: Path) -> None:
    """Cut the viewport out of a picture of the screen, small enough for a repository."""
    whole = Image.open(picture).convert("RGB")
    small = whole.crop(tuple(box)).quantize(COLOURS, dither=Image.Dither.NONE, kmeans=2)
    small.save(target, optimize=True)


def main() -> None:
    """Take them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picture", type=Path, default=ROOT / "examples" / "laptop.png")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "images")
    options = choose_blender(parser)
    with in_window(str(Path(__file__).with_name("pictures_session.py"))) as session:
        order = {"picture": str(options.picture.resolve()), "backend_python": sys.executable}
        report = session.run(order, simulate_events=True)
        for name, box in report["boxes"].items():
            cut(session.folder / "run" / "out" / f"{name}.png", box, options.output / f"{name}.png")
    for name in ("escape", "generated", "proposals", "sure", "moving"):
        print(f"{name}: {report.get(name)}")


if __name__ == "__main__":
    main()
