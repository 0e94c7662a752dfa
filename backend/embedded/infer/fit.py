# SPDX-License-Identifier: GPL-3.0-or-later
"""Fitting a program's continuous values to the picture: camera, box, and where the nodes are.

A separable evolution strategy (CMA-ES with a diagonal covariance; Ros and Hansen 2008). One picture does not say
everything: values it says nothing of are held near the proposal by a prior, so that depth is not traded for a pixel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from physx_blender.geometry.pose import Array

from ..components import COMPONENTS
from ..program.fields import Field, Linear, Log
from ..program.node import Node, Program
from .compare import Agreement, Observation

_OPENING_SPREAD = 0.08
_UNSEEN = frozenset({"range", "travel", "inner"})  # a still picture says nothing of these


@dataclass(frozen=True)
class Knob:
    """One continuous value of a program and of its nodes (in the order of `Program.walk`).

    read, write: get and set it, in units where steps are sensible (angles, logarithms of sizes, shares).
    spread: how far it may reasonably be off (its prior's standard deviation).
    """

    read: Callable[[Program, list[Node]], float]
    write: Callable[[Program, list[Node], float], None]
    spread: float


def knobs(program: Program) -> list[Knob]:
    """Everything continuous in a program that one picture can say something of."""
    out = [
        _view_knob("azimuth", -10.0, 10.0, 0.10),
        _view_knob("elevation", -1.2, 1.5, 0.08),
        _view_knob("perspective", 0.02, 0.45, 0.05),
    ]
    out += [_box_knob(axis) for axis in range(3)]
    for index, node in enumerate(program.walk()):
        for field in COMPONENTS[node.kind].fields:
            knob = _node_knob(index, node, field)
            if knob is not None:
                out.append(knob)
    return out


def with_knobs(program: Program, dials: Sequence[Knob], values: Array) -> Program:
    """A copy of the program with its dials set to these values."""
    out = program.copy()
    nodes = out.walk()
    for knob, value in zip(dials, values, strict=True):
        knob.write(out, nodes, float(value))
    return out


def _view_knob(name: str, low: float, high: float, spread: float) -> Knob:
    def read(p: Program, nodes: list[Node]) -> float:
        return float(getattr(p.view, name))

    def write(p: Program, nodes: list[Node], value: float) -> None:
        setattr(p.view, name, min(max(value, low), high))

    return Knob(read, write, spread)


def _box_knob(axis: int) -> Knob:
    def read(p: Program, nodes: list[Node]) -> float:
        return math.log(max(p.box[axis], 1e-3))

    def write(p: Program, nodes: list[Node], value: float) -> None:
        box = list(p.box)
        box[axis] = math.exp(min(max(value, -4.5), 0.7))
        p.box = (box[0], box[1], box[2])

    return Knob(read, write, 0.10)


def _node_knob(index: int, node: Node, field: Field) -> Knob | None:
    name = field.name
    if isinstance(field, Log):

        def read_log(p: Program, nodes: list[Node]) -> float:
            return math.log(max(nodes[index].values[name], 1e-4))

        def write_log(p: Program, nodes: list[Node], value: float) -> None:
            nodes[index].values[name] = math.exp(min(max(value, -7.0), 1.0))

        return Knob(read_log, write_log, 0.15)
    if not isinstance(field, Linear) or name in _UNSEEN:
        return None
    if name == "open":
        spread = _OPENING_SPREAD if node.values["open"] > 0.02 else 0.0
    else:
        # what lies flush on an edge usually really does
        spread = 0.004 if node.values[name] in (0.0, 1.0) else 0.03
    if spread == 0.0:
        return None
    low, high = field.low, field.high

    def read(p: Program, nodes: list[Node]) -> float:
        return nodes[index].values[name]

    def write(p: Program, nodes: list[Node], value: float) -> None:
        nodes[index].values[name] = min(max(value, low), high)

    return Knob(read, write, spread)


@dataclass(frozen=True)
class Fit:
    """A fitted program and its agreement before and after."""

    program: Program
    before: Agreement
    after: Agreement


class Search:
    """The evolution strategy on one program: `ask` for candidates, `tell` how they agree.

    Several searches can so be led side by side, and their candidates be rendered together.
    """

    def __init__(self, program: Program, before: Agreement, population: int, seed: int) -> None:
        self._program, self._before = program, before
        self._dials = knobs(program)
        nodes = program.walk()
        self._start = np.array([k.read(program, nodes) for k in self._dials])
        self._spread = np.array([k.spread for k in self._dials])
        self._rng = np.random.default_rng(seed)
        self._population = population
        n = len(self._dials)
        self._mean = np.zeros(n)  # in units of the spreads
        self._step, self._c = 0.5, np.ones(n)
        self._path_s, self._path_c = np.zeros(n), np.zeros(n)
        mu = population // 2
        weights = np.log(mu + 0.5) - np.log(np.arange(1, mu + 1))
        self._weights = weights / weights.sum()
        self._effective = effective = 1 / (self._weights**2).sum()
        self._cs = (effective + 2) / (n + effective + 5)
        self._cc = 4 / (n + 4)
        self._c1 = 2 / ((n + 1.3) ** 2 + effective) * (n + 2) / 3
        cmu = 2 * (effective - 2 + 1 / effective) / ((n + 2) ** 2 + effective) * (n + 2) / 3
        self._cmu = min(1 - self._c1, cmu)
        self._expected = math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n))
        self._tried = np.zeros((0, n))
        self._candidates: list[Program] = []
        self._best, self._value, self._agreement = program, before.total, before

    @property
    def result(self) -> Fit:
        """The best so far; never one that scores lower than the program it began with."""
        return Fit(self._best, self._before, self._agreement)

    @property
    def value(self) -> float:
        """Score of the best so far, less what its distance from the proposal costs."""
        return self._value

    def ask(self) -> list[Program]:
        """Candidates to try next."""
        noise = self._rng.standard_normal((self._population, len(self._dials)))
        self._tried = self._mean + self._step * np.sqrt(self._c) * noise
        values = self._start + self._spread * self._tried
        self._candidates = [with_knobs(self._program, self._dials, row) for row in values]
        return self._candidates

    def tell(self, agreements: list[Agreement]) -> None:
        """How the candidates of the last `ask` agree, in their order."""
        tried, n = self._tried, len(self._dials)
        far = 0.002 * (tried**2).sum(axis=1) / math.sqrt(n)
        values = np.array([a.total for a in agreements]) - far
        order = np.argsort(-values, kind="stable")
        if values[order[0]] > self._value:
            self._best, self._value = self._candidates[order[0]], float(values[order[0]])
            self._agreement = agreements[order[0]]
        chosen = tried[order[: len(self._weights)]]
        old = self._mean
        self._mean = self._weights @ chosen
        shift = (self._mean - old) / self._step
        cs, cc = self._cs, self._cc
        self._path_s = (1 - cs) * self._path_s + math.sqrt(cs * (2 - cs) * self._effective) * shift / np.sqrt(
            self._c
        )
        self._path_c = (1 - cc) * self._path_c + math.sqrt(cc * (2 - cc) * self._effective) * shift
        spread_now = ((chosen - old) / self._step) ** 2
        self._c = (
            (1 - self._c1 - self._cmu) * self._c
            + self._c1 * self._path_c**2
            + self._cmu * (self._weights @ spread_now)
        )
        stretch = float(np.linalg.norm(self._path_s)) / self._expected - 1
        self._step *= math.exp(min(1.0, cs / (1 + cs) * stretch))


def search_together(
    searches: Sequence[Search],
    observation: Observation,
    rounds: int,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Lead searches side by side for some rounds; all candidates of a round are rendered at once."""
    for _ in range(rounds):
        if cancelled is not None and cancelled():
            return
        asked = [search.ask() for search in searches]
        agreements = observation.agreement([p for group in asked for p in group])
        at = 0
        for search, group in zip(searches, asked, strict=True):
            search.tell(agreements[at : at + len(group)])
            at += len(group)


def fit(
    program: Program,
    observation: Observation,
    *,
    rounds: int,
    population: int,
    seed: int,
    cancelled: Callable[[], bool] | None = None,
) -> Fit:
    """Improve a program; never returns one that scores lower than it was given."""
    search = Search(program, observation.agreement([program])[0], population, seed)
    search_together([search], observation, rounds, cancelled)
    return search.result
