# SPDX-License-Identifier: GPL-3.0-or-later
"""How often a joint is guessed right from the geometry of its two links.

Objects of the procedural world are drawn, each joint is hidden, and `guess_joint` sees only the links' meshes at rest and
the kind. Right: the axis within 5 degrees (either way round), and for a hinge the line within 5 % of the moving link's
diagonal of where it is. Top 3: one of the first three guesses is right.

Run from the checkout: ``.venv/bin/python benchmarks/joint_guess.py [--count N] [--category NAME] [--misses] [--json]``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.embedded.categories import CATEGORIES
from backend.embedded.program.build import to_asset
from backend.embedded.world.sampling import sample_program
from physx_blender.geometry import TriangleMesh
from physx_blender.geometry.joint_guess import JointGuess, guess_joint
from physx_blender.model import Asset, Joint, JointKind

DEGREES = 5.0
SHARE = 0.05


def link_meshes(asset: Asset, link: str) -> tuple[TriangleMesh, ...]:
    """One mesh per part of a link, at rest."""
    return tuple(
        TriangleMesh.join([s.shape.mesh().transformed(s.pose) for s in part.shapes])
        for part in asset.parts
        if part.link == link and part.shapes
    )


def errors(guess: JointGuess, joint: Joint, size: float) -> tuple[float, float]:
    """Degrees between the axes, and distance between the lines as a share of `size` (0 for a slide)."""
    cosine = abs(float(np.dot(guess.axis, joint.axis)))
    degrees = float(np.degrees(np.arccos(min(cosine, 1.0))))
    if joint.kind is JointKind.SLIDE:
        return degrees, 0.0
    shift = np.array(guess.anchor) - np.array(joint.anchor)
    axis = np.array(joint.axis)
    return degrees, float(np.linalg.norm(shift - (shift @ axis) * axis)) / size


def measure(count: int, categories: list[str], misses: bool) -> dict[str, dict[str, float]]:
    """Shares of right guesses by the joint's name without its number, by category, and over all."""
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    for category in categories:
        for seed in range(count):
            asset = to_asset(sample_program(np.random.default_rng(1000 + seed), category))
            seen: set[tuple[str, str]] = set()
            for joint in asset.joints:
                stem = re.sub(r"[_ ]*\d*( joint)?$", "", joint.name)
                # a keypad has a hundred equal buttons; one of them says it all
                if joint.kind not in (JointKind.HINGE, JointKind.SLIDE) or (stem, joint.parent) in seen:
                    continue
                seen.add((stem, joint.parent))
                child, parent = link_meshes(asset, joint.child), link_meshes(asset, joint.parent)
                if not child or not parent:
                    continue
                start = time.perf_counter()
                guesses = guess_joint(child, parent, joint.kind)
                seconds = time.perf_counter() - start
                points = np.concatenate([m.vertices for m in child])
                size = float(np.linalg.norm(np.ptp(points, axis=0)))
                found = [errors(g, joint, size) for g in guesses]
                right = [d <= DEGREES and s <= SHARE for d, s in found]
                row = {
                    "axis top 1": float(found[0][0] <= DEGREES),
                    "line top 1": float(right[0]),
                    "line top 3": float(any(right[:3])),
                    "opens right": float(np.dot(guesses[0].axis, joint.axis) > 0.0) if right[0] else np.nan,
                    "seconds": seconds,
                }
                for key in (f"{joint.kind.value}: {stem}", f"category: {category}", joint.kind.value, "all"):
                    rows[key].append(row)
                if misses and not right[0]:
                    place = [
                        f"{d:.0f} deg {s:.2f} {g.why} {g.score:.1f}"
                        for (d, s), g in zip(found, guesses, strict=True)
                    ]
                    print(category, seed, joint.name, right.index(True) if any(right) else "-", place[:4])
    return {
        key: {
            "joints": float(len(found)),
            **{
                name: float(np.nanmean([r[name] for r in found]))
                if not all(np.isnan(r[name]) for r in found)
                else float("nan")
                for name in found[0]
            },
        }
        for key, found in sorted(rows.items())
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=6, help="objects per category (default: 6)")
    parser.add_argument("--category", action="append", help="only this one; may be given again")
    parser.add_argument("--misses", action="store_true", help="name every joint whose first guess is wrong")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.count, options.category or sorted(CATEGORIES), options.misses)
    if options.json:
        print(json.dumps(found, indent=1))
        return
    names = list(next(iter(found.values())))
    print(f"{'':<28}" + "".join(f"{name:>13}" for name in names))
    for key, row in found.items():
        cells = (
            f"{row[n]:>13.0f}"
            if n == "joints"
            else f"{row[n]:>13.2f}"
            if n == "seconds"
            else f"{100 * row[n]:>11.0f} %"
            for n in names
        )
        print(f"{key:<28}" + "".join(cells))


if __name__ == "__main__":
    main()
