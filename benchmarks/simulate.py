# SPDX-License-Identifier: GPL-3.0-or-later
"""Playing and baking: a real backend on loopback, an asset of 10 parts, and a stack of blocks beside it.

Run from the checkout: ``.venv/bin/python benchmarks/simulate.py [--seconds N] [--json]``.

played: as a window plays it, by the thread of the client, 60 steps a second at most; states and simulated seconds per
second. flat out: the same steps with no rest between them. bake: 250 frames at 24 a second, positions in hand.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sample_assets import WOOD, chest
from physx_blender.client import BackendClient, BackendProcess, SimulationClient, SimulationFeed
from physx_blender.geometry import Box, PlacedShape, Pose
from physx_blender.model import Asset, Link, Part
from physx_blender.simulation import SimulationScene, StepRequest, asset_body

ROOT = Path(__file__).resolve().parent.parent
PARTS = 10
BLOCKS = 10
FRAMES = 250


def block() -> Asset:
    """A wooden cube of 10 cm."""
    part = Part("block", "base", (PlacedShape(Box((0.1, 0.1, 0.1)), Pose((0.0, 0.0, 0.05))),), WOOD)
    return Asset("block", (part,), (Link("base"),), ())


def scenes() -> dict[str, SimulationScene]:
    """The asset alone, and with a stack of blocks that rest on each other."""
    alone = asset_body(chest(PARTS), Pose())
    stack = [asset_body(block(), Pose((1.0, 0.0, 0.1 * k))) for k in range(BLOCKS)]
    return {"asset": SimulationScene((alone,)), "asset and stack": SimulationScene((alone, *stack))}


def played(client: BackendClient, scene: bytes, seconds: float) -> dict[str, float]:
    """As a window does it."""
    feed = SimulationFeed(lambda: SimulationClient(client, scene))
    try:
        begun = time.perf_counter()
        while (first := feed.take()) is None:
            time.sleep(0.001)
            if feed.error is not None:
                raise feed.error
        started = time.perf_counter()
        states, last = 0, first
        while time.perf_counter() - started < seconds:
            reply = feed.take()
            if reply is not None:
                states, last = states + 1, reply
            time.sleep(0.002)
        spent = time.perf_counter() - started
        return {
            "begin_s": started - begun,
            "played_states_per_s": states / spent,
            "played_real_time_factor": (last.time - first.time) / spent,
        }
    finally:
        feed.stop()


def flat_out(client: BackendClient, scene: bytes, seconds: float) -> dict[str, float]:
    """Steps of 1/60 s without a rest, then a bake."""
    simulation = SimulationClient(client, scene)
    try:
        waits, works = [], []
        begun = time.perf_counter()
        while time.perf_counter() - begun < seconds:
            start = time.perf_counter()
            reply = simulation.step(StepRequest(1.0 / 60.0))
            waits.append(time.perf_counter() - start)
            works.append(reply.work)
        spent = time.perf_counter() - begun
        start, got = time.perf_counter(), 0
        while got < FRAMES:
            got += len(simulation.step(StepRequest(frames=min(10, FRAMES - got))).samples)
        return {
            "flat_out_states_per_s": len(waits) / spent,
            "flat_out_real_time_factor": len(waits) / 60.0 / spent,
            "step_median_ms": sorted(waits)[len(waits) // 2] * 1e3,
            "step_work_median_ms": sorted(works)[len(works) // 2] * 1e3,
            "bake_250_frames_s": time.perf_counter() - start,
        }
    finally:
        simulation.close()


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to measure each")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "backend.log"
        with BackendProcess(Path(sys.executable), ROOT / "backend" / "__main__.py", log) as backend:
            client = backend.wait_ready()
            for name, scene in scenes().items():
                packed = scene.to_bytes()
                rows[name] = played(client, packed, options.seconds) | flat_out(
                    client, packed, options.seconds
                )
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    print(f"{'':28s}" + "".join(f"{name:>18s}" for name in rows))
    for key in next(iter(rows.values())):
        print(f"{key:28s}" + "".join(f"{row[key]:18.2f}" for row in rows.values()))


if __name__ == "__main__":
    main()
