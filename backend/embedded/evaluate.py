# SPDX-License-Identifier: GPL-3.0-or-later
"""How good is the embedded model on objects of its own world that it has not been trained on?"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from physx_blender.geometry.pose import Array
from physx_blender.model import Asset, Joint, JointKind

from .infer.compare import Observation
from .infer.crop import Crop, crop_around, picture_of
from .infer.propose import propose
from .infer.sight import see
from .pipeline import Generator
from .program.build import placed_bounds, to_asset
from .program.node import Program
from .world.picture import photograph
from .world.sampling import sample_program
from .world.strangers import sample_stranger

AXIS_TOLERANCE = math.radians(15)
ANCHOR_TOLERANCE = 0.1
_HELD_OUT = 1_000_003  # training draws from generators seeded [seed, worker, count] with small numbers
_PICTURE = 256


@dataclass(frozen=True)
class Case:
    """What came out for one held-out object.

    greedy_right, any_right, fitted_right: the category of the greedy proposal, of any proposal, of the final one.
    joints_greedy, joints_fitted: F1 of the movable joints.  azimuth_greedy, azimuth_fitted: error in radians.
    silhouette_greedy, silhouette_best, silhouette_fitted: intersection over union; `best` is the best proposal.
    seconds: by stage.
    """

    category: str
    predicted: str
    greedy_right: bool
    any_right: bool
    fitted_right: bool
    joints_greedy: float
    joints_fitted: float
    azimuth_greedy: float
    azimuth_fitted: float
    silhouette_greedy: float
    silhouette_best: float
    silhouette_fitted: float
    seconds: dict[str, float]


def extent(asset: Asset) -> tuple[Array, Array]:
    """Bounds (3,), (3,) at rest, metres."""
    boxes = [placed_bounds(placed) for part in asset.parts for placed in part.shapes]
    return np.min([b[0] for b in boxes], axis=0), np.max([b[1] for b in boxes], axis=0)


def joint_f1(predicted: Asset, truth: Asset) -> float:
    """F1 of the movable joints, matched one to one (Hungarian) so that most agree.

    Two joints agree if they are of one kind, their axes (as lines) are within 15 degrees, and their places within a
    tenth of the diagonal; a picture tells no scale, so both assets are brought to the same diagonal. The place of a
    hinge is its axis (the distance is taken across it), that of a slide is its anchor. No joints on both sides is 1.
    """
    a, b = _movable(predicted), _movable(truth)
    if not a and not b:
        return 1.0
    if not a or not b:
        return 0.0
    places = [_places(predicted, a), _places(truth, b)]
    good = np.array(
        [[_agree(p, q, places[0][i], places[1][k]) for k, q in enumerate(b)] for i, p in enumerate(a)],
        float,
    )
    rows, columns = linear_sum_assignment(-good)
    return 2 * float(good[rows, columns].sum()) / (len(a) + len(b))


def _movable(asset: Asset) -> list[Joint]:
    return [joint for joint in asset.joints if joint.kind is not JointKind.FIXED]


def _places(asset: Asset, joints: Sequence[Joint]) -> Array:
    """Anchors (N, 3) about the middle of the asset, in its diagonals."""
    low, high = extent(asset)
    diagonal = float(np.linalg.norm(high - low))
    return (np.array([joint.anchor for joint in joints]) - (low + high) / 2) / diagonal


def _agree(p: Joint, q: Joint, place_p: Array, place_q: Array) -> bool:
    if p.kind is not q.kind:
        return False
    u, v = np.array(p.axis), np.array(q.axis)
    if abs(float(u @ v)) < math.cos(AXIS_TOLERANCE):
        return False
    off = place_p - place_q
    if q.kind is not JointKind.SLIDE:
        off = off - (off @ v) * v
    return float(np.linalg.norm(off)) <= ANCHOR_TOLERANCE


def azimuth_error(predicted: Program, truth: Program) -> float:
    """Angle between the two azimuths, 0 .. pi."""
    off = predicted.view.azimuth - truth.view.azimuth
    return abs((off + math.pi) % (2 * math.pi) - math.pi)


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


def evaluate_one(generator: Generator, seed: int, number: int) -> Case:
    """Run the stages of the generator on one held-out object."""
    truth, crop = held_out(seed, number)
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
    best = generator.refine(finalists, crop, sight, number, lambda stage, fraction, message: None, None)[0]
    lap("fit")
    observation = Observation(crop, settings.fine)
    outlines = [a.silhouette for a in observation.agreement([p.program for p in proposals])]
    asset, greedy = to_asset(truth), proposals[0].program
    return Case(
        category=truth.category,
        predicted=best.program.category,
        greedy_right=greedy.category == truth.category,
        any_right=any(p.program.category == truth.category for p in proposals),
        fitted_right=best.program.category == truth.category,
        joints_greedy=joint_f1(to_asset(greedy), asset) if greedy.nodes else 0.0,
        joints_fitted=joint_f1(to_asset(best.program), asset),
        azimuth_greedy=azimuth_error(greedy, truth),
        azimuth_fitted=azimuth_error(best.program, truth),
        silhouette_greedy=outlines[0],
        silhouette_best=max(outlines),
        silhouette_fitted=best.agreement.silhouette,
        seconds=seconds,
    )


def evaluate(
    generator: Generator, count: int, seed: int, progress: Callable[[int, Case], None] | None = None
) -> dict[str, object]:
    """Evaluate on `count` held-out objects; a report of plain values for JSON."""
    cases = []
    for number in range(count):
        case = evaluate_one(generator, seed, number)
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
    """Means over cases; medians of the azimuth errors, in degrees."""
    if not cases:
        raise ValueError("there are no cases to sum up")

    def mean(name: str) -> float:
        return float(np.mean([float(getattr(case, name)) for case in cases]))

    names = (
        "greedy_right",
        "any_right",
        "fitted_right",
        "joints_greedy",
        "joints_fitted",
        "silhouette_greedy",
        "silhouette_best",
        "silhouette_fitted",
    )
    out = {name: mean(name) for name in names}
    for name in ("azimuth_greedy", "azimuth_fitted"):
        out[f"{name}_degrees"] = math.degrees(float(np.median([getattr(case, name) for case in cases])))
    for stage in cases[0].seconds:
        out[f"seconds_{stage}"] = float(np.mean([case.seconds[stage] for case in cases]))
    return out
