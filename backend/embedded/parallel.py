# SPDX-License-Identifier: GPL-3.0-or-later
"""The same generator in several processes, for measuring on many pictures."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

from .pipeline import Generator

T = TypeVar("T")
_GENERATOR: list[Generator] = []  # of a worker process: loaded once, used for all its pictures


def _load(weights: Path | None) -> None:
    import torch

    from backend.runtime import prepare_process

    prepare_process()
    torch.set_num_threads(1)
    _GENERATOR.append(Generator(weights))


def _call(work: Callable[[Generator, int], T], number: int) -> T:
    return work(_GENERATOR[0], number)


def over_pictures(
    work: Callable[[Generator, int], T], numbers: Sequence[int], generator: Generator, workers: int
) -> Iterator[T]:
    """`work(generator, number)` for each number, in their order; in this process, or shared by `workers` others.

    work: a function of a module (or a partial of one): it is sent to the processes, which load the generator's weights.
    """
    if workers <= 1:
        yield from (work(generator, number) for number in numbers)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_load, initargs=(generator.path,)) as pool:
        for future in [pool.submit(_call, work, number) for number in numbers]:
            yield future.result()
