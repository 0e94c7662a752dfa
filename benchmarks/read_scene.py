# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading an asset of many parts from the scene: the first time, unchanged, and after one part has changed.

Run from the checkout in an environment with Blender's module:
``.venv-blender-5.2/bin/python benchmarks/read_scene.py [--parts 200] [--json]``. Processor time in milliseconds.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import tell
from benchmarks.sample_assets import cupboard
from physx_blender import scene
from physx_blender.scene.scene_to_asset import forget_readings


def milliseconds(rig: bpy.types.Object) -> float:
    """Processor time of one reading; Blender's own evaluation is done before."""
    depsgraph = bpy.context.evaluated_depsgraph_get()
    start = time.process_time()
    scene.scene_to_asset(rig, depsgraph)
    return 1000.0 * (time.process_time() - start)


def change(rig: bpy.types.Object, number: int) -> None:
    """Move a vertex of one part."""
    parts = [o for o in rig.children_recursive if o.type == "MESH"]
    mesh = parts[number % len(parts)].data
    mesh.vertices[0].co.x += 0.001
    mesh.update()


def measure(parts: int, rounds: int) -> dict[str, float]:
    """Medians over the rounds."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene.register()
    rig = scene.asset_to_scene(cupboard(parts), bpy.context)
    first, again, one = [], [], []
    for number in range(rounds):
        forget_readings()
        first.append(milliseconds(rig))
        again.append(milliseconds(rig))
        change(rig, 7 * number)
        one.append(milliseconds(rig))
    scene.unregister()  # Blender 4.5 may hang at its end otherwise
    found = {"first": first, "unchanged": again, "one part changed": one}
    times = {f"{name} ms": statistics.median(values) for name, values in found.items()}
    ratio = times["first ms"] / times["one part changed ms"]
    return {"parts": parts, **times, "first / one part changed": ratio}


if __name__ == "__main__":
    tell(measure, __doc__, rounds=5)
