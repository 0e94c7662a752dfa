# SPDX-License-Identifier: GPL-3.0-or-later
"""Mass properties: ours against trimesh, in one process, as ratios (above 1 = ours is faster).

Run from the checkout: ``.venv/bin/python benchmarks/mass_properties.py [--json]``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import trimesh

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from physx_blender.geometry import Box, Cylinder, HollowBox, Mesh, Revolution, Shape, Tube
from physx_blender.geometry.mesh_integrals import solid_moments

SHAPES: dict[str, Shape] = {
    "rounded box": Box((0.1, 0.2, 0.3), 0.02),
    "frustum": Cylinder(0.1, 0.3, 0.05),
    "drawer": HollowBox((0.4, 0.5, 0.2), 0.012, ("+z",)),
    "bent pipe": Tube(((0, 0, 0), (0, 0, 0.2), (0.3, 0.1, 0.3), (0.3, 0.4, 0.3)), 0.02, 0.015),
    "pot": Revolution(((0, 0), (0.064, 0), (0.064, 0.1), (0.06, 0.1), (0.06, 0.004), (0, 0.004))),
}
DETAILS = (32, 128, 512)


def best(work: Callable[[], object], seconds: float = 0.2) -> float:
    """Shortest time of one call, in seconds, over about this long."""
    shortest, end = float("inf"), time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        work()
        now = time.perf_counter()
        shortest = min(shortest, now - start)
        if now > end:
            return shortest


def theirs(vertices: np.ndarray, faces: np.ndarray) -> tuple[float, np.ndarray]:
    """Volume and inertia by trimesh, without its cache."""
    mesh = trimesh.Trimesh(vertices, faces, process=False)
    return float(mesh.volume), np.asarray(mesh.moment_inertia)


def measure() -> list[dict[str, object]]:
    """One row per shape and detail of its mesh."""
    rows: list[dict[str, object]] = []
    for name, shape in SHAPES.items():
        exact = shape.volume_properties()
        closed = best(shape.volume_properties)
        for detail in DETAILS:
            mesh = shape.mesh(detail)
            vertices, faces = np.array(mesh.vertices), np.array(mesh.faces)
            other = best(lambda v=vertices, f=faces: theirs(v, f))
            integral = best(lambda m=mesh: solid_moments(m).properties())
            checked = best(lambda m=mesh: Mesh(m).volume_properties())
            volume, _ = theirs(vertices, faces)
            rows.append(
                {
                    "shape": name,
                    "faces": len(faces),
                    "trimesh_s": other,
                    "ratio_closed_form": other / closed,
                    "ratio_mesh_integral": other / integral,
                    "ratio_mesh_with_checks": other / checked,
                    "volume_error_of_the_mesh": abs(volume / exact.mass - 1.0),
                }
            )
    return rows


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="for machines")
    rows = measure()
    if parser.parse_args().json:
        print(json.dumps(rows, indent=2))
        return 0
    print(
        f"{'shape':12} {'faces':>7} {'trimesh':>9} {'closed form':>12} {'integral':>9} {'checked':>8} {'mesh error':>11}"
    )
    for r in rows:
        print(
            f"{r['shape']:12} {r['faces']:7} {r['trimesh_s'] * 1e3:7.2f}ms {r['ratio_closed_form']:11.1f}x "
            f"{r['ratio_mesh_integral']:8.1f}x {r['ratio_mesh_with_checks']:7.1f}x {r['volume_error_of_the_mesh']:11.1e}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
