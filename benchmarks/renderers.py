# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the same objects by our ray-caster, by MuJoCo's renderer and by Blender's Cycles.

    OMP_NUM_THREADS=1 python benchmarks/renderers.py --count 32 --cycles 8

MuJoCo's renderer needs the packages pyopengl, glfw and absl-py, and an OpenGL without a window (MUJOCO_GL=egl or osmesa;
where there is no graphics card, Debian's libosmesa6 or libegl1 with libgl1-mesa-dri draws in software). Cycles needs Blender (see
backend/blend.py); what is missing is said and left out. Seconds are of CPU time, of this process and its children, so
that a busy machine changes them little; one thread each.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.embedded.program.build import to_asset
from backend.embedded.program.node import Program
from backend.embedded.world.cycles import cycles_shots
from backend.embedded.world.framing import frame
from backend.embedded.world.picture import cameras, cut_outs
from backend.embedded.world.rooms import room_shots
from backend.embedded.world.sampling import sample_program
from backend.embedded.world.scene import corners, scene
from backend.render import pack, render
from physx_blender.errors import AssetError
from physx_blender.formats.mjcf import write_mjcf


def cpu(call: Callable[[], object]) -> float:
    """Seconds of CPU time that a call takes, children included."""

    def now() -> float:
        return sum(os.times()[:4])

    start = now()
    call()
    return now() - start


def plain(programs: list[Program], size: int) -> None:
    """Studio light, hard edges: what comparing and fitting use."""
    items = [scene(p)[1] for p in programs]
    framings = [frame(p.view, corners(i), size) for p, i in zip(programs, items, strict=True)]
    render(pack(items), cameras(framings), (size, size), want=("rgb", "mask"))


def mujoco_seconds(programs: list[Program], size: int) -> tuple[float, float]:
    """Seconds for loading the exported MJCF files, and for rendering them (shadows on, one view each)."""
    import mujoco

    loading = drawing = 0.0
    with tempfile.TemporaryDirectory() as name:
        for k, program in enumerate(programs):
            folder = Path(name) / str(k)
            write_mjcf(to_asset(program, f"object {k}"), folder, scene=True)
            path = str(next(folder.glob("*.xml")))
            found: list[mujoco.MjModel] = []
            loading += cpu(lambda path=path, found=found: found.append(mujoco.MjModel.from_xml_path(path)))  # type: ignore[misc]
            data = mujoco.MjData(found[0])
            mujoco.mj_forward(found[0], data)
            with mujoco.Renderer(found[0], size, size) as renderer:

                def draw(renderer: mujoco.Renderer = renderer, data: mujoco.MjData = data) -> None:
                    renderer.update_scene(data)
                    renderer.render()

                draw()  # the first picture uploads the meshes
                drawing += cpu(draw)
    return loading, drawing


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=32)
    parser.add_argument("--cycles", type=int, default=8, help="pictures by Cycles; 0 leaves it out")
    parser.add_argument("--size", type=int, default=128)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    programs = [sample_program(rng) for _ in range(args.count)]
    ours: tuple[tuple[str, Callable[[], object]], ...] = (
        ("ray-caster, studio light", lambda: plain(programs, args.size)),
        ("ray-caster, photograph, cut out", lambda: cut_outs(programs, rng, args.size)),
        ("ray-caster, photograph in a room", lambda: room_shots(programs, rng, args.size)),
    )
    for what, call in ours:
        call()
        best = min(cpu(call) for _ in range(3)) / args.count
        print(f"{what:<34} {1e3 * best:8.1f} ms  {1 / best:8.1f} pictures/s")
    try:
        loading, drawing = (s / args.count for s in mujoco_seconds(programs, args.size))
        print(f"{'MuJoCo, loaded model':<34} {1e3 * drawing:8.1f} ms  {1 / drawing:8.1f} pictures/s")
        print(f"{'MuJoCo, a new model a picture':<34} {1e3 * (loading + drawing):8.1f} ms")
    except Exception as error:  # noqa: BLE001 - whatever its OpenGL says is the finding
        print(f"{'MuJoCo':<34} not to be had here: {str(error).splitlines()[0]}")
    if args.cycles:
        few = programs[: args.cycles]
        generators = [np.random.default_rng([1, k]) for k in range(len(few))]
        try:
            seconds = cpu(lambda: cycles_shots(few, generators, args.size)) / len(few)
            print(
                f"{'Cycles, 12 samples and denoising':<34} {1e3 * seconds:8.1f} ms  {1 / seconds:8.1f} pictures/s"
            )
        except AssetError as error:
            print(f"{'Cycles':<34} not to be had here: {error}")


if __name__ == "__main__":
    main()
