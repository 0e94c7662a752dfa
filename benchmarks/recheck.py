# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of an asset of many parts: all of it, and again after one part has changed, as a ratio.

Run from the checkout: ``.venv/bin/python benchmarks/recheck.py [--parts 200] [--json]``. The asset is made anew before
every run, as when the scene has been read again: nothing is recognised by its object, only by its content.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from physx_blender.checks import Memo, check_asset
from physx_blender.geometry import Box, Cylinder, HollowBox, Mesh, PlacedShape, Pose, Shape, TriangleMesh
from physx_blender.model import Asset, Joint, Link, Material, Part


def shape(number: int, size: float) -> Shape:
    """Boxes, trays, cylinders and meshes of some hundred triangles, in turn."""
    if number % 4 == 0:
        return Box((0.08, 0.08, size))
    if number % 4 == 1:
        return HollowBox((0.08, 0.08, size), 0.004, ("+z",))
    if number % 4 == 2:
        return Cylinder(0.04, size)
    mesh = Cylinder(0.04, size).mesh(128)
    return Mesh(TriangleMesh(np.array(mesh.vertices), np.array(mesh.faces)))


def cupboard(parts: int, changed: float = 0.08) -> Asset:
    """A wall of drawers side by side; `changed` is the height (m) of the one in the middle."""
    across = int(np.ceil(np.sqrt(parts)))
    pine = Material("pine", 500.0, estimated=False)
    made, joints = [], []
    for k in range(parts):
        at = Pose((0.1 * (k % across - across / 2), 0.0, 0.1 * (k // across) + 0.05))
        size = changed if k == parts // 2 else 0.08
        made.append(Part(f"part {k}", f"link {k}", (PlacedShape(shape(k, size), at),), pine))
        if k:
            kind = "hinge" if k % 2 else "slide"
            limits = {"angle_limits": (0.0, 1.5)} if k % 2 else {"travel_limits": (0.0, 0.06)}
            joints.append(Joint(f"joint {k}", kind, "link 0", f"link {k}", (0, -1, 0), at.position, **limits))
    return Asset("cupboard", tuple(made), tuple(Link(f"link {k}") for k in range(parts)), tuple(joints))


def seconds(asset: Asset, memo: Memo) -> float:
    """Time of one check."""
    start = time.perf_counter()
    check_asset(asset, memo)
    return time.perf_counter() - start


def measure(parts: int, rounds: int) -> dict[str, float]:
    """Medians over the rounds, and how many results were worked out."""
    full, again, one = [], [], []
    worked = {"full": 0, "one part": 0}
    for k in range(rounds):
        memo = Memo()
        full.append(seconds(cupboard(parts), memo))
        worked["full"] = memo.worked
        again.append(seconds(cupboard(parts), memo))
        one.append(seconds(cupboard(parts, 0.07 + 0.0001 * k), memo))
        worked["one part"] = memo.worked
    times = [statistics.median(t) for t in (full, one, again)]
    return {
        "parts": parts,
        "full ms": 1000 * times[0],
        "one part ms": 1000 * times[1],
        "unchanged ms": 1000 * times[2],
        "full / one part": times[0] / times[1],
        "full / unchanged": times[0] / times[2],
        "results worked out, full": worked["full"],
        "results worked out, one part": worked["one part"],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(arguments.parts, arguments.rounds)
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:30} {value:10.4g}")


if __name__ == "__main__":
    main()
