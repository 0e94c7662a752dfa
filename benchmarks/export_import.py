# SPDX-License-Identifier: GPL-3.0-or-later
"""Export and import, per part, and as ratios to MuJoCo's and yourdfpy's own loading of the same files.

Run from the checkout: ``OMP_NUM_THREADS=1 .venv/bin/python benchmarks/export_import.py [--json]``.
Ratios are theirs / ours: above 1 our reader is faster. MuJoCo also builds hulls and a simulation model, and yourdfpy a
scene, so the ratio says what a user waits for, not who is the better programmer.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import mujoco
import yourdfpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sample_assets import chest
from physx_blender.formats.convert import load_asset, write_outputs
from physx_blender.formats.mjcf import read_mjcf, write_mjcf
from physx_blender.formats.urdf import read_urdf, write_urdf

SIZES = (10, 50, 200)


def best(work: Callable[[], object], seconds: float = 0.5) -> float:
    """Shortest time of one call, in seconds, over about this long."""
    shortest, end = float("inf"), time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        work()
        now = time.perf_counter()
        shortest = min(shortest, now - start)
        if now > end:
            return shortest


def measure() -> list[dict[str, float]]:
    """One row per number of parts."""
    rows = []
    for count in SIZES:
        asset = chest(count)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            mjcf, urdf = write_mjcf(asset, folder), write_urdf(asset, folder)
            whole = write_outputs(asset, folder / "whole").folder
            ours_mjcf, ours_urdf = best(lambda p=mjcf: read_mjcf(p)), best(lambda p=urdf: read_urdf(p))
            theirs_mjcf = best(lambda p=mjcf: mujoco.MjModel.from_xml_path(str(p)))
            theirs_urdf = best(lambda p=urdf: yourdfpy.URDF.load(str(p)))
            rows.append(
                {
                    "parts": count,
                    "write_mjcf_ms_per_part": best(lambda a=asset, f=folder: write_mjcf(a, f)) / count * 1e3,
                    "write_urdf_ms_per_part": best(lambda a=asset, f=folder: write_urdf(a, f)) / count * 1e3,
                    "write_all_ms_per_part": best(lambda a=asset, f=whole: write_outputs(a, f)) / count * 1e3,
                    "read_mjcf_ms_per_part": ours_mjcf / count * 1e3,
                    "read_urdf_ms_per_part": ours_urdf / count * 1e3,
                    "read_package_ms_per_part": best(lambda f=whole: load_asset(f)) / count * 1e3,
                    "mujoco_over_read_mjcf": theirs_mjcf / ours_mjcf,
                    "yourdfpy_over_read_urdf": theirs_urdf / ours_urdf,
                }
            )
    return rows


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    rows = measure()
    if parser.parse_args().json:
        print(json.dumps(rows, indent=2))
        return
    for key in rows[0]:
        print(f"{key:28s}" + "".join(f"{row[key]:10.2f}" for row in rows))


if __name__ == "__main__":
    main()
