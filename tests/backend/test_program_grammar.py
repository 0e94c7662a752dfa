# SPDX-License-Identifier: GPL-3.0-or-later
"""The grammar: programs to tokens and back, slots by the automaton, and whatever the grammar allows is buildable."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from backend.embedded.categories import CATEGORIES
from backend.embedded.components import COMPONENTS
from backend.embedded.model.weights import SHIPPED
from backend.embedded.program.build import MAX_SHAPES, to_asset
from backend.embedded.program.fields import Angle, Choice, Count, Field, Linear, Log
from backend.embedded.program.grammar import (
    HEADER,
    MAX_DEPTH,
    MAX_NODES,
    Automaton,
    Grammar,
    decode,
    encode,
    grammar,
    tokens_to_slots,
)
from backend.embedded.program.node import Node, Program
from backend.embedded.world.sampling import sample_program
from physx_blender.model.inertia import link_mass_properties

LONGEST = 160
FIELDS = tuple(
    dict.fromkeys([*HEADER, *(field for component in COMPONENTS.values() for field in component.fields)])
)


def _half_a_bin(field: Field, value: float) -> float:
    """How far decoding may lie from `value` (which is in range): half the distance between bins there."""
    k = field.encode(value)
    steps = [
        abs(a - b) for a, b in pairwise(field.decode(j) for j in range(max(k - 1, 0), min(k + 2, field.bins)))
    ]
    return max(steps) / 2 + 1e-9


def _same_tree(before: list[Node], after: list[Node]) -> None:
    """Same kinds, same bins, same children; siblings may be in another order."""

    def key(node: Node) -> tuple[object, ...]:
        bins = tuple(f.encode(node.values[f.name]) for f in COMPONENTS[node.kind].fields)
        children = tuple(sorted((key(c) for c in node.children), key=repr))
        return node.kind, bins, children if COMPONENTS[node.kind].hosts else ()

    assert sorted(map(key, before), key=repr) == sorted(map(key, after), key=repr)


def random_walk(data: np.random.Generator) -> list[int]:
    """A token sequence as free as the grammar allows, cut off at the length that inference stops at."""
    g = grammar()
    automaton, tokens = Automaton(), []
    stop = data.uniform(0.05, 0.35)
    while not automaton.done and len(tokens) < LONGEST:
        allowed = g.slots[automaton.slot].tokens
        roll = data.random()
        if automaton.must_end or (g.slots[automaton.slot].name == "next" and roll < stop):
            token = Grammar.END
        elif roll < 0.55:  # the ends of a range are where things degenerate
            token = allowed[0] if roll < 0.45 else allowed[-1]
        else:
            token = int(data.choice(allowed))
        tokens.append(token)
        automaton.push(token)
    return tokens


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.name)
def test_every_bin_is_its_own_value(field: Field) -> None:
    assert [field.encode(field.decode(k)) for k in range(field.bins)] == list(range(field.bins))


@pytest.mark.parametrize(
    "field", [f for f in FIELDS if isinstance(f, Linear | Log | Count)], ids=lambda f: f.name
)
def test_values_beyond_a_field_go_to_its_ends(field: Linear | Log | Count) -> None:
    assert field.encode(field.low - 1) == 0
    assert field.encode(field.high + 1) == field.bins - 1


def test_angles_wrap() -> None:
    field = Angle("azimuth", 72)
    assert field.encode(math.pi) == field.encode(-math.pi)
    assert field.encode(3.0 + 2 * math.pi) == field.encode(3.0)


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_samples_survive_encoding(category: str) -> None:
    for seed in range(6):
        program = sample_program(np.random.default_rng(seed), category)
        tokens, slots = encode(program)
        assert tokens_to_slots(tokens.tolist()) == slots.tolist()
        copy = decode(tokens)
        assert copy.category == category
        view = (copy.view.azimuth, copy.view.elevation, copy.view.perspective)
        was = (program.view.azimuth, program.view.elevation, program.view.perspective)
        for field, a, b in zip(
            HEADER, (*was, program.size, *program.box), (*view, copy.size, *copy.box), strict=True
        ):
            off = abs(a - b)
            if isinstance(field, Angle):
                off = min(off, 2 * math.pi - off)
            elif isinstance(field, Linear | Log):
                off = abs(min(max(a, field.low), field.high) - b)
            assert off <= _half_a_bin(field, a) * 1.05, field.name
        _same_tree(program.nodes, copy.nodes)
        assert encode(copy)[0].tolist() == tokens.tolist()


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_samples_use_only_tokens_that_their_slots_allow(category: str) -> None:
    allowed = grammar().allowed()
    tokens, slots = encode(sample_program(np.random.default_rng(11), category))
    assert allowed[slots, tokens].all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_whatever_the_grammar_allows_is_an_asset(seed: int) -> None:
    tokens = random_walk(np.random.default_rng(seed))
    program = decode(tokens)
    nodes = program.walk()
    assert len(nodes) <= MAX_NODES
    assert _depth(program.nodes) <= MAX_DEPTH + 1
    again = decode(encode(program)[0])
    _same_tree(program.nodes, again.nodes)
    if not nodes:
        return
    asset = to_asset(program)  # an asset validates itself: names, tree of joints, limits, shapes
    assert len(asset.joints) == len(asset.links) - 1
    moving = {joint.child for joint in asset.joints}
    for name in moving:
        mass = link_mass_properties(asset, name)
        assert math.isfinite(mass.mass)
        assert mass.mass > 0
    low = min(float(_lowest(placed)) for part in asset.parts for placed in part.shapes)
    assert low == pytest.approx(0.0, abs=1e-9 + 1e-6 * program.size)


def _lowest(placed: object) -> float:
    from backend.embedded.program.build import placed_bounds

    return float(placed_bounds(placed)[0][2])  # type: ignore[arg-type]


def _depth(nodes: list[Node]) -> int:
    return 1 + max((_depth(n.children) for n in nodes), default=0) if nodes else 0


def test_grids_on_grids_do_not_run_away() -> None:
    g = grammar()
    start = encode(sample_program(np.random.default_rng(0), "box"))[0][: 1 + len(HEADER)]
    plate = [g.first_kind + g.kinds.index("plate")]
    for field in COMPONENTS["plate"].fields:
        plate.append(g.first_number + (field.bins - 1 if isinstance(field, Count) else field.bins // 2))
    tokens = [*start.tolist(), *(plate * MAX_DEPTH), *([Grammar.END] * (MAX_DEPTH + 1))]
    assert _completes(tokens)
    asset = to_asset(decode(tokens))
    assert sum(len(part.shapes) for part in asset.parts) <= MAX_SHAPES + 144


def _completes(tokens: list[int]) -> bool:
    automaton = Automaton()
    for token in tokens:
        automaton.push(token)
    return automaton.done


def test_a_broken_off_sequence_is_closed_where_it_stands() -> None:
    program = sample_program(np.random.default_rng(5), "storage_furniture")
    tokens = encode(program)[0].tolist()
    for length in range(1 + len(HEADER), len(tokens)):
        shorter = decode(tokens[:length])
        assert len(shorter.walk()) <= len(program.walk())
    assert isinstance(shorter, Program)


def test_the_automaton_stops_what_is_too_deep_or_too_much() -> None:
    g = grammar()
    deep, wide = Automaton(), Automaton()
    for automaton in (deep, wide):
        for slot in range(1 + len(HEADER)):
            automaton.push(g.slots[slot].tokens[0])
    host = next(k for k in g.kinds if COMPONENTS[k].hosts)
    for _ in range(MAX_DEPTH):
        assert not deep.must_end
        _push_node(deep, host)
    assert deep.must_end
    leaf = next(k for k in g.kinds if not COMPONENTS[k].hosts)
    for _ in range(MAX_NODES):
        assert not wide.must_end
        _push_node(wide, leaf)
    assert wide.must_end


def _push_node(automaton: Automaton, kind: str) -> None:
    g = grammar()
    automaton.push(g.first_kind + g.kinds.index(kind))
    for field in COMPONENTS[kind].fields:
        automaton.push(g.slots[g.slot_index[f"{kind}.{field.name}"]].tokens[0])


def test_the_vocabulary_is_the_one_the_weights_were_trained_with() -> None:
    """Weights name their words; who adds one trains on (``train --start``) and ships the weights with it."""
    g = grammar()
    with safe_open(SHIPPED, framework="pt") as file:
        metadata = file.metadata()
    assert json.loads(metadata["categories"]) == list(g.categories)
    assert json.loads(metadata["kinds"]) == list(g.kinds)
    assert json.loads(metadata["slots"]) == [slot.name for slot in g.slots]
    assert len({slot.name for slot in g.slots}) == len(g.slots)
    assert all(isinstance(f, Choice | Count | Linear | Log | Angle) for f in FIELDS)
