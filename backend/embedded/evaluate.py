# SPDX-License-Identifier: GPL-3.0-or-later
"""How good is the embedded model on objects of its own world that it has not been trained on?"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from physx_blender.model import Asset

from .infer.compare import Observation
from .infer.crop import Crop, crop_around, picture_of
from .infer.judge import lead_of
from .infer.propose import propose
from .infer.sight import see
from .measures import axis_error, azimuth_error, joint_f1
from .parallel import over_pictures
from .pipeline import Generator
from .program.build import to_asset
from .program.node import Program
from .world.picture import photograph
from .world.samples import read_samples
from .world.sampling import sample_program
from .world.strangers import sample_stranger

_HELD_OUT = 1_000_003  # training draws from generators seeded [seed, worker, count] with small numbers
_PICTURE = 256


STAGES = ("greedy", "chosen", "fitted")
"""The first proposal; the best of all proposals before fitting; the result."""


@dataclass(frozen=True)
class Reading:
    """How right the reading of a stage is: category, F1 of movable joints, errors of azimuth and of joint axes in radians
    (axis: None without joints of one kind), intersection over union of the silhouettes."""

    right: bool
    joints: float
    azimuth: float
    axis: float | None
    silhouette: float


@dataclass(frozen=True)
class Case:
    """What came out for one held-out object.

    stages: by name of the stage.  any_right: the category of any proposal is right.  confidence: said of the result, and
    correct: its category is right and its joint F1 at least two thirds.  seconds: by stage.
    """

    category: str
    predicted: str
    any_right: bool
    confidence: float
    correct: bool
    stages: dict[str, Reading]
    seconds: dict[str, float]


def held_out(seed: int, number: int) -> tuple[Program, Crop]:
    """The `number`-th held-out object and its picture as `generate` would crop it."""
    rng = np.random.default_rng([_HELD_OUT, seed, number])
    return _pictured(sample_program(rng), rng)


def stranger(seed: int, number: int) -> tuple[Program, Crop]:
    """Something that is not of the model's world, see `strangers`."""
    rng = np.random.default_rng([_HELD_OUT, seed, number])
    return _pictured(sample_stranger(rng), rng)


def _pictured(program: Program, rng: np.random.Generator) -> tuple[Program, Crop]:
    rgb, mask = photograph([program], rng, _PICTURE)
    pixels = (rgb[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
    cut_out = (mask[0, 0] * 255).round().to(torch.uint8).numpy()
    return program, crop_around(pixels, cut_out, 128)


def evaluate_one(
    generator: Generator, seed: int, number: int, given: tuple[Program, Crop] | None = None
) -> Case:
    """Run the stages of the generator on one held-out object."""
    truth, crop = given or held_out(seed, number)
    settings = generator.settings
    seconds: dict[str, float] = {}
    clock = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal clock
        now = time.perf_counter()
        seconds[stage] = now - clock
        clock = now

    sight = see(generator.network, picture_of(crop))
    proposals = propose(generator.network, sight, settings.samples, number)
    lap("propose")
    finalists = generator.compare(proposals, crop, sight)
    lap("compare")
    ranked = generator.refine(finalists, crop, sight, number, lambda stage, fraction, message: None, None)
    best = ranked[0]
    lap("fit")
    observation = Observation(crop, settings.fine)
    asset = to_asset(truth)
    readings = {
        stage: _reading(program, truth, asset, observation)
        for stage, program in zip(
            STAGES, (proposals[0].program, finalists[0].program, best.program), strict=True
        )
    }
    last = readings["fitted"]
    scores = [generator.judge.score(c.evidence) for c in ranked]
    lead = lead_of(scores, [c.program.category for c in ranked], 0)
    return Case(
        category=truth.category,
        predicted=best.program.category,
        any_right=any(p.program.category == truth.category for p in proposals),
        confidence=generator.judge.confidence(best.evidence, lead),
        correct=last.right and last.joints >= 2 / 3,
        stages=readings,
        seconds=seconds,
    )


def _reading(program: Program, truth: Program, asset: Asset, observation: Observation) -> Reading:
    mine = to_asset(program) if program.nodes else None
    return Reading(
        right=program.category == truth.category,
        joints=joint_f1(mine, asset) if mine is not None else 0.0,
        azimuth=azimuth_error(program, truth),
        axis=axis_error(mine, asset) if mine is not None else None,
        silhouette=observation.agreement([program])[0].silhouette,
    )


def _one(seed: int, given: Sequence[tuple[Program, Crop] | None], generator: Generator, number: int) -> Case:
    return evaluate_one(generator, seed, number, given[number])


def evaluate(
    generator: Generator,
    count: int,
    seed: int,
    progress: Callable[[int, Case], None] | None = None,
    folder: Path | None = None,
    workers: int = 1,
) -> dict[str, object]:
    """Evaluate on `count` held-out objects; a report of plain values for JSON.

    folder: samples that ``physx-blender world`` wrote are taken instead, cut out by their masks.  workers: processes.
    """
    given: list[tuple[Program, Crop] | None] = [None] * count
    if folder is not None:
        given = [(s.program, crop_around(s.rgb, s.mask, 128)) for s in islice(read_samples(folder), count)]
        count = len(given)
    cases = []
    work = partial(_one, seed, given)
    for number, case in enumerate(over_pictures(work, range(count), generator, workers)):
        cases.append(case)
        if progress is not None:
            progress(number + 1, case)
    return {
        "weights": generator.sha256,
        "count": count,
        "seed": seed,
        "proposals": generator.settings.samples,
        "summary": summary(cases),
        "by_category": {
            name: summary([c for c in cases if c.category == name])
            for name in sorted({c.category for c in cases})
        },
        "cases": [asdict(case) for case in cases],
    }


def summary(cases: Sequence[Case]) -> dict[str, float]:
    """Means over cases, by stage; medians of the angles, in degrees; Brier score of the confidence."""
    if not cases:
        raise ValueError("there are no cases to sum up")
    out = {"any_right": float(np.mean([case.any_right for case in cases]))}
    for stage in STAGES:
        readings = [case.stages[stage] for case in cases]
        for name in ("right", "joints", "silhouette"):
            out[f"{name}_{stage}"] = float(np.mean([float(getattr(r, name)) for r in readings]))
        for name in ("azimuth", "axis"):
            angles = [getattr(r, name) for r in readings if getattr(r, name) is not None]
            if angles:
                out[f"{name}_{stage}_degrees"] = math.degrees(float(np.median(angles)))
    out["silhouette_fitted_median"] = float(np.median([c.stages["fitted"].silhouette for c in cases]))
    out["brier"] = float(np.mean([(case.confidence - case.correct) ** 2 for case in cases]))
    for stage in cases[0].seconds:
        out[f"seconds_{stage}"] = float(np.mean([case.seconds[stage] for case in cases]))
    return out
