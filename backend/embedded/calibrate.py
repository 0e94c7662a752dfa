# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning to judge: which evidence tells good readings from bad ones, on objects the model has not been trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
from scipy.optimize import minimize

from physx_blender.geometry.pose import Array

from .evaluate import held_out, stranger
from .infer.consensus import Gist
from .infer.crop import picture_of
from .infer.judge import EVIDENCE, Judgement, lead_of
from .infer.propose import propose
from .infer.sight import see
from .parallel import over_pictures
from .pipeline import Generator
from .program.build import collect
from .program.node import Program

RIGHT = 2 / 3
"""A reading is right when its category is, and its joint F1 is at least this."""
PRIOR = (1.0, 0.4, 0.45, 0.0, 0.35, 0.0, 0.0)
"""Proportions of the evidence's weights for ranking, where nothing has been learned yet; what has none is not used for it.

That is what the shortlist was chosen by already: on 190 held-out objects it only did harm when counted twice.
"""
HOLD = 0.03
_FOLDS = 5


@dataclass(frozen=True)
class Reading:
    """One fitted reading of picture `number`: its evidence, whether it is the first choice, and how good it is (0..1)."""

    number: int
    category: str
    evidence: tuple[float, ...]
    quality: float
    right: bool
    known: bool


def gather(
    generator: Generator,
    count: int,
    seed: int,
    progress: Callable[[int], None] | None = None,
    workers: int = 1,
) -> list[Reading]:
    """Readings of `count` held-out objects and of a third as many strangers; `workers` processes share them."""
    out: list[Reading] = []
    total = count + count // 3
    found = over_pictures(partial(readings_of, count, seed), range(total), generator, workers)
    for done, readings in enumerate(found, start=1):
        out += readings
        if progress is not None:
            progress(done)
    return out


def readings_of(count: int, seed: int, generator: Generator, number: int) -> list[Reading]:
    """The fitted readings of one picture: of a held-out object, from `count` on of a stranger."""
    known = number < count
    truth, crop = held_out(seed, number) if known else stranger(seed, number)
    sight = see(generator.network, picture_of(crop))
    proposals = propose(generator.network, sight, generator.settings.samples, number)
    finalists = generator.compare(proposals, crop, sight)
    out = []
    for c in generator.refine(finalists, crop, sight, number, lambda *_: None, None):
        quality, right = _quality(c.program, truth) if known else (0.0, False)
        out.append(Reading(number, c.program.category, c.evidence, quality, right, known))
    return out


def _quality(program: Program, truth: Program) -> tuple[float, bool]:
    made, true = Gist.of(program.category, collect(program)), Gist.of(truth.category, collect(truth))
    named = program.category == truth.category
    return made.likeness(true), named and made.joints.f1(true.joints) >= RIGHT


def learn(readings: Sequence[Reading]) -> tuple[Judgement, dict[str, object]]:
    """Weights for ranking (pairs of readings of one picture) and for trust (the first choices), and how good they are.

    The figures are of pictures that were left out when the weights they are judged with were learned (five folds).
    """
    numbers = sorted({r.number for r in readings})
    fold = {n: k % _FOLDS for k, n in enumerate(numbers)}
    left_out = []
    for k in range(_FOLDS):
        kept = [r for r in readings if fold[r.number] != k]
        ranking = _ranking(kept)
        trust, belongs = _trust(kept, ranking)
        judge = Judgement(ranking, trust, belongs)
        left_out += [(judge, group) for group in _groups(readings) if fold[group[0].number] == k]
    ranking = _ranking(readings)
    trust, belongs = _trust(readings, ranking)
    return Judgement(ranking, trust, belongs), _figures(left_out)


def _groups(readings: Sequence[Reading]) -> list[list[Reading]]:
    groups: dict[int, list[Reading]] = {}
    for reading in readings:
        groups.setdefault(reading.number, []).append(reading)
    return list(groups.values())


def _ranking(readings: Sequence[Reading]) -> tuple[float, ...]:
    """Logistic regression on differences of evidence, weighted by the difference in quality.

    The outline's weight is 1: only proportions matter. No weight is negative, and all are held near PRIOR: on objects of
    its own world the model may be believed more than on those of others, and of those there are no examples.
    """
    rows, weights = [], []
    for group in _groups(readings):
        for a in group:
            for b in group:
                if a.quality > b.quality + 0.1:
                    rows.append(np.subtract(a.evidence, b.evidence))
                    weights.append((a.quality - b.quality) / len(group))
    used = np.flatnonzero(PRIOR)
    prior = np.array(PRIOR)[used]
    if not rows:
        return PRIOR
    x, w = np.array(rows)[:, used], np.array(weights)

    def loss(v: Array) -> float:
        held = float(((v[1:] / v[0] / prior[1:] - 1.0) ** 2).sum())
        return float((w * np.logaddexp(0, -(x @ v))).sum() / w.sum()) + HOLD * held

    bounds = [(0.5, None), *((0.0, None) for _ in used[1:])]
    found = minimize(loss, 5.0 * prior, bounds=bounds).x
    out = np.zeros(len(PRIOR))
    out[used] = found / found[0]
    return tuple(float(v) for v in out.round(4))


def _first(group: Sequence[Reading], ranking: Sequence[float]) -> tuple[Reading, float]:
    scores = [float(np.dot(ranking, r.evidence)) for r in group]
    k = int(np.argmax(scores))
    return group[k], lead_of(scores, [r.category for r in group], k)


def _trust(
    readings: Sequence[Reading], ranking: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    chosen = [_first(group, ranking) for group in _groups(readings)]
    rows = np.array([[1.0, *r.evidence, lead] for r, lead in chosen])
    right = np.array([float(r.right) for r, _ in chosen])
    known = np.array([float(r.known) for r, _ in chosen])
    own = known > 0
    return _logistic(rows[own], right[own]), _logistic(rows, known)


def _logistic(x: Array, y: Array) -> tuple[float, ...]:
    """Ridge logistic regression; the penalty is on standardised weights, not on the bias.

    No weight is negative: evidence for a reading cannot speak against it, whatever a few hundred pictures say.
    """
    mean, spread = x[:, 1:].mean(axis=0), x[:, 1:].std(axis=0) + 1e-6
    z = np.concatenate([x[:, :1], (x[:, 1:] - mean) / spread], axis=1)
    sign = 2 * y - 1

    def loss(v: Array) -> float:
        return float(np.logaddexp(0, -sign * (z @ v)).mean() + 1e-2 * (v[1:] ** 2).sum())

    bounds = [(None, None), *((0.0, None) for _ in range(z.shape[1] - 1))]
    v = minimize(loss, np.zeros(z.shape[1]), bounds=bounds).x
    weights = v[1:] / spread
    return (round(float(v[0] - weights @ mean), 4), *(round(float(w), 4) for w in weights))


def _figures(left_out: Sequence[tuple[Judgement, list[Reading]]]) -> dict[str, object]:
    """What was reached on pictures that were left out, with a reliability table of the confidence."""
    firsts = []
    for judge, group in left_out:
        reading, lead = _first(group, judge.ranking)
        firsts.append(
            (
                reading,
                judge.confidence(reading.evidence, lead),
                judge.belonging(reading.evidence, lead),
                group,
            )
        )
    own = [f for f in firsts if f[0].known]
    said = np.array([f[1] for f in own])
    right = np.array([float(f[0].right) for f in own])
    table = []
    for low, high in ((0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.01)):
        here = (said >= low) & (said < high)
        if here.any():
            table.append(
                {"said": float(said[here].mean()), "was": float(right[here].mean()), "of": int(here.sum())}
            )
    return {
        "pictures": len(own),
        "quality_first": float(np.mean([f[0].quality for f in own])),
        "quality_best": float(np.mean([max(r.quality for r in f[3]) for f in own])),
        "right": float(right.mean()),
        "brier": float(((said - right) ** 2).mean()),
        "reliability": table,
        "own_called_strange": float(np.mean([f[2] < 0.5 for f in own])),
        "strangers_called_strange": float(np.mean([f[2] < 0.5 for f in firsts if not f[0].known])),
    }


def to_json(judgement: Judgement, figures: dict[str, object], weights: str) -> dict[str, object]:
    """What is written for `Judgement.load`, with where it comes from."""
    return {**asdict(judgement), "evidence": EVIDENCE, "weights": weights, "measured": figures}
