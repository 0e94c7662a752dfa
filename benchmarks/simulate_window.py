# SPDX-License-Identifier: GPL-3.0-or-later
"""How fluently an asset plays in a real window: redraws a second, and simulated time against the clock.

Run from the checkout: ``.venv/bin/python benchmarks/simulate_window.py --blender PATH [--parts 10] [--json]``.

The asset is pulled about while it plays, with everything moving. "bare" is what the same viewport manages with one bone moved
from a timer and nothing simulated: no player can be quicker than that on the same screen. "processor" is what Blender's
main thread, and all of its threads, compute for a redraw; a graphics card takes the share of a renderer in software. "look" is
the player's own.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.in_window import choose_blender, in_window
from benchmarks.sample_assets import chest
from physx_blender.formats.package import write_package


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=6.0, help="how long to measure each")
    parser.add_argument("--json", action="store_true")
    options = choose_blender(parser)
    with in_window("simulate_window_session.py") as session:
        write_package(chest(options.parts), session.folder / "chest")
        order = {
            "package": str(session.folder / "chest" / "asset.json"),
            "backend_python": sys.executable,
            "seconds": options.seconds,
        }
        report = session.run(order)
    if options.json:
        print(json.dumps(report, indent=1))
        return
    print(f"{report['parts']} parts, {report['blender']}, {report['renderer']}")
    for row, figures in report["figures"].items():
        print(f"  {row}")
        for name, value in figures.items():
            print(f"    {name:<44} {value:8.2f}")


if __name__ == "__main__":
    main()
