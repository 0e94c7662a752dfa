# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the ray-caster is, on one core, and how it compares with trimesh's rays (Embree where installed).

    OMP_NUM_THREADS=1 python benchmarks/render.py

Prints images per second for the uses of the ray-caster, and the ratio to trimesh for first hits in the same scenes.
(MuJoCo's renderer and Blender's on the same scenes: benchmarks/renderers.py.)
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import trimesh

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.render import CameraBatch, LightBatch, SceneItem, pack, render
from physx_blender.geometry import (
    Box,
    Cylinder,
    Ellipsoid,
    HollowBox,
    PlacedShape,
    Pose,
    Revolution,
    Shape,
    Tube,
)

SCENES = 64
CUP = ((0.0, 0.0), (0.1, 0.0), (0.12, 0.1), (0.1, 0.2), (0.09, 0.2), (0.1, 0.1), (0.08, 0.02), (0.0, 0.02))
HANDLE = ((-0.05, 0.0, 0.0), (-0.05, -0.03, 0.0), (0.05, -0.03, 0.0), (0.05, 0.0, 0.0))


def chest(rng: np.random.Generator) -> list[SceneItem]:
    """A chest of four drawers with handles, feet, a ball and a cup: 18 shapes, 49 primitives."""
    w, d, h = rng.uniform(0.4, 1.0, 3)
    items: list[SceneItem] = []

    def put(shape: Shape, x: float, y: float, z: float, part: int) -> None:
        r, g, b = rng.uniform(0.0, 1.0, 3)
        items.append(SceneItem(PlacedShape(shape, Pose((x, y, z))), None, (r, g, b), part, 0.4))

    put(HollowBox((w, d, h), 0.02, ("-y",)), 0.0, 0.0, h / 2, 0)
    for k in range(4):
        z = h * (k + 0.5) / 4
        put(Box((w * 0.9, 0.02, h * 0.22)), 0.0, -d / 2 - 0.01, z, k + 1)
        put(HollowBox((w * 0.85, d * 0.9, h * 0.2), 0.01, ("+z",)), 0.0, 0.0, z, k + 1)
        put(Tube(HANDLE, 0.006), 0.0, -d / 2 - 0.02, z, k + 1)
    for x in (-1, 1):
        for y in (-1, 1):
            put(Cylinder(0.02, 0.1), x * w * 0.45, y * d * 0.45, -0.05, 0)
    put(Ellipsoid((0.05, 0.05, 0.05)), 0.0, 0.0, h + 0.05, 5)
    put(Revolution(CUP), 0.1, 0.0, h, 6)
    return items


def best(call: Callable[[], object], rounds: int = 4) -> float:
    """Seconds of the fastest of some calls, after one to warm up."""
    call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def cameras(rng: np.random.Generator, size: int) -> CameraBatch:
    """Views from the front and above."""
    azimuth, elevation = rng.uniform(-0.8, 0.8, SCENES), rng.uniform(0.2, 0.7, SCENES)
    flat = np.cos(elevation)
    eye = np.stack([np.sin(azimuth) * flat, -np.cos(azimuth) * flat, np.sin(elevation)], 1) * 2.6
    return CameraBatch.looking_at(eye + np.array([0.0, 0.0, 0.4]), [0.0, 0.0, 0.35], size * 1.5, (size, size))


def trimesh_seconds(scene: list[SceneItem], camera: CameraBatch, k: int, size: int) -> tuple[float, float]:
    """Seconds for the first hits of one image with trimesh: tracing alone, and with the mesh and its tree made anew."""
    pixel = (np.arange(size) + 0.5 - size / 2) / float(camera.focal[k])
    y, x = np.meshgrid(-pixel, pixel, indexing="ij")
    local = np.stack([x, y, -np.ones_like(x)], axis=-1).reshape(-1, 3)
    directions = local @ camera.rotation[k].numpy().T
    origins = np.tile(camera.eye[k].numpy(), (len(local), 1))

    def build() -> trimesh.Trimesh:
        parts = [item.placed.mesh() for item in scene]
        return trimesh.util.concatenate([trimesh.Trimesh(m.vertices, m.faces, process=False) for m in parts])

    mesh = build()
    tracing = best(lambda: mesh.ray.intersects_first(origins, directions), rounds=2)
    return tracing, best(lambda: build().ray.intersects_first(origins, directions), rounds=2)


def main() -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    scenes = [chest(rng) for _ in range(SCENES)]
    seconds = best(lambda: pack(scenes))
    batch = pack(scenes)
    print(f"pack: {1e3 * seconds / SCENES:.2f} ms a scene of {len(batch.scene) / SCENES:.0f} primitives")
    plain = LightBatch.studio(SCENES, shadow=False)
    table: tuple[tuple[str, int, tuple[str, ...], LightBatch | None, int], ...] = (
        ("colour with shadow", 128, ("rgb", "mask"), None, 1),
        ("colour without shadow", 128, ("rgb", "mask"), plain, 1),
        ("colour with shadow, 2 x 2 samples", 128, ("rgb", "mask"), None, 2),
        ("depth and part", 128, ("depth", "part"), None, 1),
        ("silhouette", 128, ("mask",), None, 1),
        ("silhouette", 64, ("mask",), None, 1),
    )
    for what, size, want, lights, samples in table:
        view = cameras(rng, size)
        seconds = best(lambda: render(batch, view, (size, size), lights, want, samples=samples))  # noqa: B023
        print(f"{what}, {size} px: {SCENES / seconds:.0f} images/s")
    view = cameras(rng, 128)
    mine = best(lambda: render(batch, view, (128, 128), want=("depth", "part"))) / SCENES
    fresh = best(lambda: render(pack(scenes), view, (128, 128), want=("depth", "part"))) / SCENES
    tracing, whole = np.mean([trimesh_seconds(scenes[k], view, k, 128) for k in range(4)], axis=0)
    print(f"depth and part, 128 px: {tracing / mine:.1f} times as fast as trimesh {trimesh.__version__}")
    print(f"the same, scene new in every image: {whole / fresh:.1f} times as fast")


if __name__ == "__main__":
    main()
