# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the world by Cycles, in a Blender process of its own: path-traced rooms, another renderer than the model
learns from. They measure how far it is from its training pictures to others.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from backend.blend import find_blender
from backend.render import SceneItem, pack, render
from backend.render.pack import linear_colour
from physx_blender.errors import AssetError
from physx_blender.geometry import Box, Pose
from physx_blender.geometry.pose import Array

from ..program.node import Program
from .finishes import METALS, WOODS, is_clear
from .framing import Framing
from .lens import captured
from .picture import Shots, cameras
from .rooms import Plane, random_colour, random_room, room_framing
from .scene import corners, scene

SAMPLES = 12
_SECONDS = 120.0  # for starting Blender, and for each picture, at most
_SESSION = Path(__file__).resolve().with_name("cycles_session.py")
_VIEWS = ("Standard", "AgX", "Filmic")


@dataclass(frozen=True)
class Job:
    """A scene for Blender: its record, and vertices (N, 3) and faces (M, 3) of each body."""

    record: dict[str, Any]
    meshes: list[tuple[Array, npt.NDArray[np.int64]]]
    framing: Framing


def _look(rng: np.random.Generator, colour: Sequence[float], material: str, glass: bool) -> dict[str, Any]:
    """Colour, gloss and texture of a surface, in Blender's words."""
    name = material.lower()
    metal = any(word in name for word in METALS) and max(colour) - min(colour) < 0.2 and rng.random() < 0.7
    texture = ""
    if any(word in name for word in WOODS) and rng.random() < 0.7:
        texture = "waves"
    elif rng.random() < 0.25:
        texture = str(rng.choice(["noise", "cells", "checks"]))
    linear = linear_colour(np.asarray(colour, float))
    return {
        "colour": [float(c) for c in linear],
        "second": [float(c) for c in linear * rng.uniform(0.35, 1.0, 3 if texture == "checks" else 1)],
        "gloss": float(rng.uniform(0.3, 0.9) if metal else rng.uniform(0.1, 0.8)),
        "metal": float(metal),
        "glass": glass,
        "texture": texture,
        "scale": float(rng.uniform(2.0, 12.0)),
        "smooth": False,
    }


def make_job(program: Program, rng: np.random.Generator, size: int, threads: int = 1) -> Job:
    """A program in a random room under area lights; everything is scaled so that the object's longest side is 1."""
    build, items = scene(program)
    points = corners(items)
    low, high = points.min(axis=0), points.max(axis=0)
    unit = float((high - low).max())
    framing = room_framing(rng, program, points, size)
    looks: dict[str, dict[str, Any]] = {}
    bodies, meshes = [], []
    for item in items:
        part = build.parts[item.part]
        if part.name not in looks:
            looks[part.name] = _look(rng, part.colour[:3], part.material.name, is_clear(part))
        mesh = item.placed.mesh()
        bodies.append(looks[part.name] | {"smooth": not isinstance(item.placed.shape, Box)})
        meshes.append((_moved(item, mesh.vertices) / unit, mesh.faces.astype(np.int64)))
    middle = (low + high) / 2 / unit
    # Cycles meets its planes exactly: a floor through the object's foot would fight with it
    room = random_room(rng, program, low - 1e-3 * unit, high)
    # the ray-caster sees planes from their inner side alone, Cycles from both
    inner = [p for p in room if float(p.normal @ framing.eye) + p.offset > 0]
    planes = [_plane(rng, p, unit) for p in inner]
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = framing.rotation, framing.eye / unit
    record = {
        "bodies": bodies,
        "planes": planes,
        "lights": [_light(rng, program, middle, k) for k in range(int(rng.integers(1, 4)))],
        "sky": {
            "horizon": rng.uniform(0.3, 1.0, 3).tolist(),
            "zenith": rng.uniform(0.3, 1.0, 3).tolist(),
            "strength": float(rng.uniform(0.15, 0.9)),
        },
        "camera": matrix.tolist(),
        "focal": framing.focal / size,
        "shift": [0.5 - framing.centre[0] / size, framing.centre[1] / size - 0.5],
        "size": size,
        "samples": SAMPLES,
        "threads": threads,
        "seed": int(rng.integers(1 << 30)),
        "view": str(rng.choice(_VIEWS)),
        "exposure": float(rng.normal(0.0, 0.4)),
    }
    return Job(record, meshes, framing)


def _moved(item: SceneItem, vertices: Array) -> Array:
    if item.motion is None:
        return vertices
    m = item.motion.matrix if isinstance(item.motion, Pose) else np.asarray(item.motion)
    return vertices @ m[:3, :3].T + m[:3, 3]


def _plane(rng: np.random.Generator, plane: Plane, unit: float) -> dict[str, Any]:
    look = _look(rng, plane.colour.tolist(), "", glass=False)
    look["texture"] = str(rng.choice(["", "", "noise", "bricks", "checks", "waves"]))
    look["second"] = linear_colour(random_colour(rng)).tolist() if rng.random() < 0.3 else look["second"]
    look["scale"] = float(rng.uniform(0.5, 5.0))
    return {
        "normal": plane.normal.tolist(),
        "offset": plane.offset / unit,
        "look": look | {"gloss": plane.gloss},
    }


def _light(rng: np.random.Generator, program: Program, aim: Array, number: int) -> dict[str, Any]:
    azimuth, height = program.view.azimuth + rng.normal(0, 0.9), rng.uniform(0.3, 1.4)
    distance = rng.uniform(1.8, 4.5)
    way = np.array(
        [math.sin(azimuth) * math.cos(height), -math.cos(azimuth) * math.cos(height), math.sin(height)]
    )
    return {
        "place": (aim + distance * way).tolist(),
        "aim": aim.tolist(),
        "watts": float(distance**2 * rng.uniform(4.0, 22.0) * (1.0 if number == 0 else 0.4)),
        "size": float(np.exp(rng.uniform(math.log(0.15), math.log(2.5)))),
        "colour": np.clip(1 + rng.normal(0, 0.06, 3), 0.5, 1.2).tolist(),
    }


def cycles_shots(programs: Sequence[Program], rngs: Sequence[np.random.Generator], size: int = 192) -> Shots:
    """Whole pictures of programs' objects in random rooms, path-traced; one generator for each program.

    Masks and depth are the ray-caster's, with the same cameras. Raises `AssetError` where Blender is not to be had.
    """
    jobs = [make_job(p, rng, size) for p, rng in zip(programs, rngs, strict=True)]
    with tempfile.TemporaryDirectory(prefix="simready-cycles-") as name:
        folder = Path(name)
        for k, job in enumerate(jobs):
            (folder / f"{k:05d}.json").write_text(json.dumps(job.record))
            arrays: dict[str, Any] = {f"v{i}": v for i, (v, _) in enumerate(job.meshes)}
            arrays |= {f"f{i}": f for i, (_, f) in enumerate(job.meshes)}
            np.savez(folder / f"{k:05d}.npz", **arrays)
        _run_blender(folder, len(jobs))
        pictures = []
        for k in range(len(jobs)):
            with Image.open(folder / f"{k:05d}.png") as picture:
                pictures.append(np.asarray(picture.convert("RGB"), np.float32) / 255)
    rgb = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2)
    rgb = torch.cat([captured(one[None], rng, size / 128) for one, rng in zip(rgb, rngs, strict=True)])
    scenes = [scene(p) for p in programs]
    framings = [job.framing for job in jobs]
    seen = render(
        pack([items for _, items in scenes]),
        cameras(framings),
        (size, size),
        want=("mask", "depth"),
        samples=2,
    )
    return Shots(
        rgb, seen["mask"][:, None], seen["depth"], framings, [b for b, _ in scenes], [i for _, i in scenes]
    )


def _run_blender(folder: Path, count: int) -> None:
    """Render the jobs of a folder in a Blender process."""
    command = [*find_blender("cycles"), str(_SESSION), "--", str(folder)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "BLENDER_"))}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS * (1 + count),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise AssetError(
            f"Blender did not render {count} pictures in time and was ended", where="cycles"
        ) from None
    except OSError as error:
        raise AssetError(f"Blender cannot be started ({error})", where="cycles") from None
    if done.returncode != 0 or len(list(folder.glob("*.png"))) != count:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        last = lines[-1].strip() if lines else f"code {done.returncode}"
        raise AssetError(f"Blender could not render: {last[:400]}", where="cycles")
