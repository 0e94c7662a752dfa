# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples of the procedural world as files: pictures with exact annotation, written in parallel and taken up again."""

from __future__ import annotations

import io
import multiprocessing
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from backend.runtime import prepare_process
from physx_blender import __version__
from physx_blender.errors import AssetError
from physx_blender.formats.files import move_into, write_files
from physx_blender.formats.json_text import format_json
from physx_blender.formats.package import write_package
from physx_blender.formats.physx_anything import mobility_files, write_result_folder
from physx_blender.geometry import Pose
from physx_blender.model import Asset, Camera, Provenance

from ..categories import CATEGORIES
from ..program.build import Build, settle_shift, to_asset
from ..program.node import Program
from .cycles import cycles_shots
from .framing import Framing
from .picture import Shots, cut_outs
from .rooms import room_shots
from .sampling import sample_program

SHOOT: dict[str, Callable[..., Shots]] = {"cut-out": cut_outs, "room": room_shots}
CYCLES = "cycles"
_CYCLES_AT_ONCE = 16  # pictures for one start of Blender


@dataclass(frozen=True)
class SampleKind:
    """What samples are like: seed, side of the pictures in pixels, and `pictures`: a key of `SHOOT` or `CYCLES`."""

    seed: int = 0
    size: int = 256
    pictures: str = "cut-out"

    def __post_init__(self) -> None:
        known = (*SHOOT, CYCLES)
        if self.pictures not in known:
            raise AssetError(
                f"knows no pictures {self.pictures!r}; choose from {', '.join(known)}", where="--pictures"
            )


def sample_name(category: str, number: int) -> str:
    """The folder of a sample."""
    return f"{category}_{number:05d}"


def sample_generator(seed: int, category: str, number: int) -> np.random.Generator:
    """The random numbers of a sample, which depend on nothing else."""
    return np.random.default_rng([seed, zlib.crc32(category.encode()), number])


def write_samples(
    categories: Sequence[str],
    count: int,
    folder: Path,
    kind: SampleKind | None = None,
    *,
    workers: int = 1,
    progress: Callable[[int, int, str], None] | None = None,
) -> int:
    """Write `count` samples of each category into ``folder/<category>_<number>/``; returns how many were new.

    Each holds image.png (cut out on black, or whole in a room, ray-cast or path-traced by Blender), mask.png, depth.npy
    (metres along the optical axis, float32, inf where nothing is), camera.json, asset/ (an asset package with the camera
    of the picture and the joints where the picture has them), physx_anything/ (structured text and voxels) and
    physx_mobility/ (JSON of that data set's layout, a mesh per part).  A sample depends on the seed, its category and
    its number alone, and is there whole or not at all: a run that was interrupted is taken up where it stopped, and the
    same seed gives the same bytes, however many workers write.
    """
    kind = kind or SampleKind()
    unknown = sorted(set(categories) - set(CATEGORIES))
    if unknown:
        raise AssetError(
            f"unknown category {unknown[0]!r}; known are {', '.join(sorted(CATEGORIES))}", where="--category"
        )
    todo = [(category, number) for category in categories for number in range(count)]
    missing = [job for job in todo if not (folder / sample_name(*job)).exists()]
    done = len(todo) - len(missing)
    for name in _written(missing, folder, kind, workers):
        done += 1
        if progress is not None:
            progress(done, len(todo), name)
    return len(missing)


def _written(jobs: Sequence[tuple[str, int]], folder: Path, kind: SampleKind, workers: int) -> Iterator[str]:
    """Write samples; their names as they are done."""
    size = _CYCLES_AT_ONCE if kind.pictures == CYCLES else 1
    chunks = [jobs[k : k + size] for k in range(0, len(jobs), size)]
    if workers <= 1 or len(chunks) <= 1:
        for chunk in chunks:
            yield from write_chunk(chunk, folder, kind)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(chunks)), context, _begin)
    try:
        for future in as_completed([pool.submit(write_chunk, chunk, folder, kind) for chunk in chunks]):
            yield from future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Settings of a worker: one thread each."""
    prepare_process()
    torch.set_num_threads(1)


def write_chunk(jobs: Sequence[tuple[str, int]], folder: Path, kind: SampleKind) -> list[str]:
    """Write some samples; returns their names."""
    rngs = [sample_generator(kind.seed, *job) for job in jobs]
    programs = [sample_program(rng, category) for rng, (category, _) in zip(rngs, jobs, strict=True)]
    with torch.inference_mode():
        if kind.pictures == CYCLES:
            shots = cycles_shots(programs, rngs, kind.size)
            singles = [shots.take(k) for k in range(len(jobs))]
        else:
            shoot = SHOOT[kind.pictures]
            singles = [shoot([p], rng, kind.size) for p, rng in zip(programs, rngs, strict=True)]
    return [
        _write_sample(sample_name(*job), folder, kind, program, one)
        for job, program, one in zip(jobs, programs, singles, strict=True)
    ]


def _write_sample(name: str, folder: Path, kind: SampleKind, program: Program, shots: Shots) -> str:
    """Write one sample; returns its name."""
    target = folder / name
    rgb = (shots.rgb[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
    mask = (shots.mask[0, 0] * 255).round().to(torch.uint8).numpy()
    beside = target.with_name(f".{name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        asset = annotated(program, shots.builds[0], name, shots.framings[0], kind)
        write_package(asset, beside / "asset")
        write_result_folder(asset, beside / "physx_anything")
        files = {
            "image.png": png_bytes(rgb),
            "mask.png": png_bytes(mask),
            "depth.npy": _npy(shots.depth[0].float().numpy()),
            "camera.json": format_json(camera_record(asset)).encode(),
        }
        for path, data in mobility_files(asset, name).items():
            files[f"physx_mobility/{path}"] = data
        write_files(beside, files)
        move_into(beside, target)
    except OSError as error:
        raise AssetError(f"cannot be written: {error.strerror or error}", where=str(target)) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return name


def annotated(program: Program, build: Build, name: str, framing: Framing, kind: SampleKind) -> Asset:
    """The asset with the camera that took its picture."""
    provenance = Provenance(generator="procedural", version=__version__, seed=kind.seed)
    asset = to_asset(program, name, provenance)
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = framing.rotation, framing.eye + settle_shift(build)
    cx, cy = framing.centre
    size = kind.size
    fov = 2 * float(np.arctan(size / 2 / framing.focal))
    shift = (0.5 - cx / size, cy / size - 0.5)
    return replace(asset, camera=Camera(Pose.from_matrix(matrix), fov, size, size, *shift))


def camera_record(asset: Asset) -> dict[str, object]:
    """Matrix and place of the asset's camera as plain values."""
    camera = asset.camera
    assert camera is not None
    f, longer = camera.focal_pixels, max(camera.width, camera.height)
    cx, cy = camera.width / 2 - camera.shift_x * longer, camera.height / 2 + camera.shift_y * longer
    return {
        "width": camera.width,
        "height": camera.height,
        "intrinsics": [[f, 0.0, cx], [0.0, f, cy], [0.0, 0.0, 1.0]],
        "camera_to_asset": camera.pose.matrix.tolist(),
        "convention": "the camera looks along its local -z with local y up; pixels count from the upper left corner",
    }


def _npy(values: npt.NDArray[np.float32]) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.ascontiguousarray(values, "<f4"), version=(1, 0), allow_pickle=False)
    return stream.getvalue()


def png_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """A PNG of pixels (H, W) or (H, W, 3)."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", compress_level=6)
    return stream.getvalue()
