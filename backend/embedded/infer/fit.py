# SPDX-License-Identifier: GPL-3.0-or-later
"""Fitting a program's continuous values to the picture: camera, box, and where the nodes are.

A separable evolution strategy (CMA-ES with a diagonal covariance; Ros and Hansen 2008). One picture does not say
everything: values it says nothing of are held near the proposal by a prior, so that depth is not traded for a pixel.
"""

from __future__ import annotations

import math
from collections.abc import Callable
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
    dials = knobs(program)
    nodes = program.walk()
    start = np.array([k.read(program, nodes) for k in dials])
    spread = np.array([k.spread for k in dials])
    rng = np.random.default_rng(seed)
    n = len(dials)
    mean = np.zeros(n)  # in units of the spreads
    step, c = 0.5, np.ones(n)
    path_s, path_c = np.zeros(n), np.zeros(n)
    mu = population // 2
    weights = np.log(mu + 0.5) - np.log(np.arange(1, mu + 1))
    weights = weights / weights.sum()
    effective = 1 / (weights**2).sum()
    cs = (effective + 2) / (n + effective + 5)
    cc = 4 / (n + 4)
    c1 = 2 / ((n + 1.3) ** 2 + effective) * (n + 2) / 3
    cmu = min(1 - c1, 2 * (effective - 2 + 1 / effective) / ((n + 2) ** 2 + effective) * (n + 2) / 3)
    damping = 1 + cs
    expected = math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n))

    def build(z: Array) -> Program:
        candidate = program.copy()
        own = candidate.walk()
        for knob, value in zip(dials, start + spread * z, strict=True):
            knob.write(candidate, own, float(value))
        return candidate

    before = observation.agreement([program])[0]
    best, best_value, best_agreement = program, before.total, before
    for _ in range(rounds):
        if cancelled is not None and cancelled():
            break
        noise = rng.standard_normal((population, n))
        tried = mean + step * np.sqrt(c) * noise
        candidates = [build(z) for z in tried]
        agreements = observation.agreement(candidates)
        values = np.array([a.total for a in agreements]) - 0.002 * (tried**2).sum(axis=1) / math.sqrt(n)
        order = np.argsort(-values)
        if values[order[0]] > best_value:
            best, best_value = candidates[order[0]], float(values[order[0]])
            best_agreement = agreements[order[0]]
        chosen = tried[order[:mu]]
        old = mean
        mean = weights @ chosen
        shift = (mean - old) / step
        path_s = (1 - cs) * path_s + math.sqrt(cs * (2 - cs) * effective) * shift / np.sqrt(c)
        path_c = (1 - cc) * path_c + math.sqrt(cc * (2 - cc) * effective) * shift
        spread_now = ((chosen - old) / step) ** 2
        c = (1 - c1 - cmu) * c + c1 * path_c**2 + cmu * (weights @ spread_now)
        step = step * math.exp(min(1.0, (cs / damping) * (float(np.linalg.norm(path_s)) / expected - 1)))
    return Fit(best, before, best_agreement)
