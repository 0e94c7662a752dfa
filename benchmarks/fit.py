# SPDX-License-Identifier: GPL-3.0-or-later
"""Fitting by a sampler against fitting by gradients: on the same proposals, dials and objective, at equal numbers of renders.

The objective is that of `infer/fit.py`: it counts pixels and compares regions, so it is flat between its steps, and a program
is built outside of any graph. Gradients are therefore numerical, of the objective smoothed over the dials:

* `evolution`: the separable evolution strategy that the product uses;
* `spsa`: antithetic random directions (Spall 1992), half a population of pairs a step, and Adam on their mean;
* `differences`: central differences along every dial in turn, and Adam; few steps, for each costs two renders a dial.

Run from the checkout: ``.venv/bin/python benchmarks/fit.py [--count N] [--rounds R] [--weights FILE]``.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.embedded.evaluate import held_out
from backend.embedded.infer.compare import Observation
from backend.embedded.infer.crop import picture_of
from backend.embedded.infer.fit import fit, knobs, with_knobs
from backend.embedded.infer.propose import propose
from backend.embedded.infer.sight import see
from backend.embedded.measures import azimuth_error
from backend.embedded.pipeline import Generator
from backend.embedded.program.node import Program
from physx_blender.geometry.pose import Array

REACH = 0.35  # of a dial's spread: the half-width over which the objective is smoothed
RATE = 0.25  # Adam's step, in spreads
PULL = 0.002  # as the evolution strategy's: what distance from the proposal costs


class Objective:
    """The fit's score of a program as a function of its dials, in units of their spreads; remembers the best."""

    def __init__(self, program: Program, observation: Observation) -> None:
        self.program, self.observation = program, observation
        self.dials = knobs(program)
        nodes = program.walk()
        self.start = np.array([k.read(program, nodes) for k in self.dials])
        self.spread = np.array([k.spread for k in self.dials])
        self.best, self.value = program, -math.inf
        self.scores(np.zeros((1, len(self.dials))))

    def scores(self, points: Array) -> Array:
        """Scores (P,) at points (P, dials)."""
        built = [with_knobs(self.program, self.dials, row) for row in self.start + self.spread * points]
        found = np.array([a.total for a in self.observation.agreement(built)])
        values = found - PULL * (points**2).sum(axis=1) / math.sqrt(len(self.dials))
        first = int(np.argmax(values))
        if values[first] > self.value:
            self.best, self.value = built[first], float(values[first])
        return values


class Adam:
    """Ascent with Adam (Kingma and Ba 2015)."""

    def __init__(self, size: int) -> None:
        self.at, self.mean, self.square, self.steps = np.zeros(size), np.zeros(size), np.zeros(size), 0

    def step(self, gradient: Array) -> None:
        """Go uphill."""
        self.steps += 1
        self.mean = 0.8 * self.mean + 0.2 * gradient
        self.square = 0.95 * self.square + 0.05 * gradient**2
        mean, square = self.mean / (1 - 0.8**self.steps), self.square / (1 - 0.95**self.steps)
        self.at = self.at + RATE * mean / (np.sqrt(square) + 1e-8)


def spsa(program: Program, observation: Observation, renders: int, population: int, seed: int) -> Program:
    """The program after as many renders."""
    objective, rng = Objective(program, observation), np.random.default_rng(seed)
    adam, pairs = Adam(len(objective.dials)), population // 2
    for _ in range(renders // (2 * pairs)):
        ways = rng.choice((-1.0, 1.0), size=(pairs, len(adam.at)))
        scores = objective.scores(np.concatenate([adam.at + REACH * ways, adam.at - REACH * ways]))
        adam.step(((scores[:pairs] - scores[pairs:]) / (2 * REACH)) @ ways / pairs)
    objective.scores(adam.at[None])
    return objective.best


def differences(
    program: Program, observation: Observation, renders: int, population: int, seed: int
) -> Program:
    """The program after as many renders, or after one step where that already costs more."""
    objective = Objective(program, observation)
    adam, ways = Adam(len(objective.dials)), np.eye(len(objective.dials))
    for _ in range(max(renders // (2 * len(ways)), 1)):
        scores = objective.scores(np.concatenate([adam.at + REACH * ways, adam.at - REACH * ways]))
        adam.step((scores[: len(ways)] - scores[len(ways) :]) / (2 * REACH))
        objective.scores(adam.at[None])
    return objective.best


def evolution(
    program: Program, observation: Observation, renders: int, population: int, seed: int
) -> Program:
    """The program after as many renders."""
    rounds = renders // population
    return fit(program, observation, rounds=rounds, population=population, seed=seed).program


METHODS: dict[str, Callable[[Program, Observation, int, int, int], Program]] = {
    "evolution": evolution,
    "spsa": spsa,
    "differences": differences,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=24, help="held-out objects (default: 24)")
    parser.add_argument("--rounds", type=int, default=24, help="renders, in populations (default: 24)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weights", type=Path)
    options = parser.parse_args()
    generator = Generator(options.weights)
    s = generator.settings
    rows: dict[str, list[tuple[float, ...]]] = {"before": [], **{name: [] for name in METHODS}}
    dials = []
    for number in range(options.count):
        truth, crop = held_out(options.seed, number)
        sight = see(generator.network, picture_of(crop))
        proposals = propose(generator.network, sight, s.samples, number)
        first = generator.compare(proposals, crop, sight)[0].program
        dials.append(len(knobs(first)))
        coarse, fine = Observation(crop, s.coarse, sight), Observation(crop, s.fine, sight)
        for name in rows:
            clock = time.process_time()
            found = first
            if name in METHODS:
                found = METHODS[name](first, coarse, options.rounds * s.population, s.population, number)
            seconds = time.process_time() - clock
            after = fine.agreement([found])[0]
            rows[name].append((after.silhouette, after.total, azimuth_error(found, truth), seconds))
        print(f"{number + 1} of {options.count}", file=sys.stderr)
    print(
        f"{options.count} held-out objects, {options.rounds * s.population} renders each, {np.mean(dials):.0f} dials on average"
    )
    print(f"{'':<14}{'outline':>9}{'median':>9}{'score':>9}{'azimuth, degrees':>18}{'CPU seconds':>13}")
    for name, found in rows.items():
        t = np.array(found)
        print(
            f"{name:<14}{t[:, 0].mean():>9.3f}{np.median(t[:, 0]):>9.3f}{t[:, 1].mean():>9.3f}"
            f"{math.degrees(float(np.median(t[:, 2]))):>18.1f}{t[:, 3].mean():>13.2f}"
        )


if __name__ == "__main__":
    main()
