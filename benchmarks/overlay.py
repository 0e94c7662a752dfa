# SPDX-License-Identifier: GPL-3.0-or-later
"""What the overlay of all joints costs a redraw, in a real window.

Run from the checkout: ``.venv/bin/python benchmarks/overlay.py --blender PATH [--joints 100] [--json]``.
Times are those of the draw callbacks themselves (of the processor, and by the clock), and of them with the graphics card, or
the software in its place, made to finish;
the best of some is told, which a busy machine disturbs least. The ratio is that of whole redraws of the viewport with the
overlay on to those with it off.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.in_window import choose_blender, in_window
from physx_blender.formats.package import write_package
from physx_blender.geometry import Box, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part


def wall_of_drawers(count: int) -> Asset:
    """A wall with `count` joints, half of them drawers and half of them flaps."""
    oak = Material("oak", 700.0)
    parts, links, joints = (
        [Part("wall", "wall", (PlacedShape(Box((4.4, 0.02, 4.4))),), oak)],
        [Link("wall")],
        [],
    )
    for k in range(count):
        x, z = 0.4 * (k % 10) - 1.8, 0.4 * (k // 10) - 1.8
        name = f"{'drawer' if k % 2 else 'flap'} {k}"
        parts.append(Part(name, name, (PlacedShape(Box((0.3, 0.2, 0.3)), Pose((x, -0.12, z))),), oak))
        links.append(Link(name))
        kind = JointKind.SLIDE if k % 2 else JointKind.HINGE
        limits = {"travel_limits": (0.0, 0.2)} if k % 2 else {"angle_limits": (0.0, 1.5)}
        axis, anchor = ((0, -1, 0), (x, -0.22, z)) if k % 2 else ((0, 0, -1), (x - 0.15, -0.22, z))
        joints.append(Joint(f"{name} joint", kind, "wall", name, axis, anchor, **limits))
    return Asset("wall", tuple(parts), tuple(links), tuple(joints), fixed_base=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--joints", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    options = choose_blender(parser)
    with in_window("overlay_session.py") as session:
        write_package(wall_of_drawers(options.joints), session.folder / "wall")
        report = session.run({"package": str(session.folder / "wall" / "asset.json")})
    if options.json:
        print(json.dumps(report, indent=1))
        return
    print(f"{report['joints']} joints, {report['blender']}, {report['renderer']}")
    for name, milliseconds in report["milliseconds"].items():
        print(f"  {name:<44} {milliseconds:8.3f} ms")
    print(f"  {'a redraw with the overlay / without it':<44} {report['ratio']:8.3f}")


if __name__ == "__main__":
    main()
