# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool of rendered samples on disk, filled by worker processes and read by the trainer at the same time.

The pool is a ring: new samples take the place of the oldest. A sample may be seen more than once, each time spoiled anew,
where rendering cannot keep up; but what is seen three times is partly learned by heart.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from ..program.grammar import encode
from ..program.node import Program
from ..world.labels import CHANNELS

MAX_LENGTH = 176
MAX_WORKERS = 8
START = 1_500  # samples rendered before training begins


class Pool:
    """Memory-mapped arrays: pictures (N, 4, S, S) uint8, tokens and slots (N, MAX_LENGTH) int16, labels (N, G, G, 5) int8
    of G = S / 8 places a side.

    counts: int64; samples written by each of at most MAX_WORKERS workers, then samples the trainer has used.
    """

    def __init__(self, folder: Path, size: int = 0, image: int = 128, *, create: bool = False) -> None:
        self.folder = folder
        if create:
            folder.mkdir(parents=True, exist_ok=True)
            shapes = {
                "pictures": (size, 4, image, image),
                "tokens": (size, MAX_LENGTH),
                "slots": (size, MAX_LENGTH),
                "labels": (size, image // 8, image // 8, CHANNELS),
            }
            kinds = {"pictures": np.uint8, "labels": np.int8}
            for name, shape in shapes.items():
                dtype = kinds.get(name, np.int16)
                np.lib.format.open_memmap(folder / f"{name}.npy", "w+", dtype, shape).flush()
            np.lib.format.open_memmap(folder / "count.npy", "w+", np.int64, (MAX_WORKERS + 1,)).flush()
        self.pictures = np.load(folder / "pictures.npy", mmap_mode="r+", allow_pickle=False)
        self.tokens = np.load(folder / "tokens.npy", mmap_mode="r+", allow_pickle=False)
        self.slots = np.load(folder / "slots.npy", mmap_mode="r+", allow_pickle=False)
        self.labels = np.load(folder / "labels.npy", mmap_mode="r+", allow_pickle=False)
        self.counts = np.load(folder / "count.npy", mmap_mode="r+", allow_pickle=False)

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def written(self) -> int:
        """Samples written so far by all workers (more than fit: the oldest are gone)."""
        return int(self.counts[:MAX_WORKERS].sum())

    @property
    def used(self) -> int:
        """Samples the trainer has used so far; kept by the trainer, read by the workers."""
        return int(self.counts[MAX_WORKERS])

    @used.setter
    def used(self, samples: int) -> None:
        self.counts[MAX_WORKERS] = samples

    def write(
        self,
        worker: int,
        workers: int,
        pictures: npt.NDArray[np.uint8],
        labels: npt.NDArray[np.int8],
        programs: list[Program],
    ) -> None:
        """Put samples into the worker's share of the ring."""
        share = len(self) // workers
        at = int(self.counts[worker])
        for k, program in enumerate(programs):
            tokens, slots = encode(program)
            if len(tokens) > MAX_LENGTH:
                continue
            row = worker * share + at % share
            self.pictures[row], self.labels[row] = pictures[k], labels[k]
            self.tokens[row], self.slots[row] = 0, 0
            self.tokens[row, : len(tokens)] = tokens
            self.slots[row, : len(slots)] = slots
            at += 1
        self.counts[worker] = at

    def batch(
        self, rows: npt.NDArray[np.int64], device: torch.device | str = "cpu"
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Pictures, tokens, slots and labels of rows."""
        return (
            torch.from_numpy(self.pictures[rows]).to(device),
            torch.from_numpy(self.tokens[rows].astype(np.int64)).to(device),
            torch.from_numpy(self.slots[rows].astype(np.int64)).to(device),
            torch.from_numpy(self.labels[rows]).to(device),
        )

    def rows(self, workers: int) -> npt.NDArray[np.int64]:
        """Rows that hold samples."""
        share = len(self) // workers
        return np.concatenate(
            [w * share + np.arange(min(int(self.counts[w]), share)) for w in range(workers)]
        )


def fill(folder: str, worker: int, workers: int, seed: int, device: str, ahead: float) -> None:
    """Body of a worker process: render batches for ever, at most `ahead` samples per sample the trainer has used."""
    from backend.runtime import prepare_process

    prepare_process()
    torch.set_num_threads(1)
    if hasattr(os, "nice"):
        os.nice(2)
    pool = Pool(Path(folder))
    rng = np.random.default_rng([seed, worker, int(pool.counts[worker])])
    parent = os.getppid()
    while os.getppid() == parent:
        if pool.written > START + ahead * pool.used:
            time.sleep(0.2)
            continue
        render_into(pool, rng, worker, workers, device)


def render_into(
    pool: Pool,
    rng: np.random.Generator,
    worker: int = 0,
    workers: int = 1,
    device: str = "cpu",
    categories: Sequence[str] | None = None,
) -> None:
    """Draw some objects, of these categories only or of all, render them, and write them into the pool."""
    from ..world.picture import labelled_photograph
    from ..world.sampling import sample_program

    programs = [sample_program(rng, str(rng.choice(categories)) if categories else None) for _ in range(64)]
    rgb, mask, places = labelled_photograph(programs, rng, pool.pictures.shape[-1], device)
    packed = (torch.cat([rgb, mask], dim=1) * 255).round().to(torch.uint8).cpu().numpy()
    pool.write(worker, workers, packed, places.numpy(), programs)


def start_workers(
    folder: Path, workers: int, seed: int, device: str, ahead: float
) -> list[multiprocessing.process.BaseProcess]:
    """Start worker processes that end with this one."""
    context = multiprocessing.get_context("spawn")
    processes: list[multiprocessing.process.BaseProcess] = []
    for worker in range(workers):
        process = context.Process(
            target=fill, args=(str(folder), worker, workers, seed, device, ahead), daemon=True
        )
        process.start()
        processes.append(process)
    return processes
