# SPDX-License-Identifier: GPL-3.0-or-later
"""The procedural world: what every category draws is a valid, physically possible object."""

from __future__ import annotations

import numpy as np
import pytest

from backend.embedded.categories import CATEGORIES
from backend.embedded.program.build import placed_bounds, to_asset
from backend.embedded.program.grammar import MAX_NODES, encode
from backend.embedded.world.compose import compose
from backend.embedded.world.sampling import sample_program
from backend.gate import gate_asset
from physx_blender.model import JointKind

QUICK_SEEDS = (100, 101)
THOROUGH_SEEDS = range(20)


def test_there_are_enough_categories_and_each_moves() -> None:
    assert len(CATEGORIES) >= 12
    for name, category in CATEGORIES.items():
        assert name == category.name
        assert category.description
        kinds = {
            joint.kind
            for seed in range(4)
            for joint in to_asset(sample_program(np.random.default_rng(seed), name)).joints
        }
        assert kinds & {JointKind.HINGE, JointKind.SLIDE, JointKind.CYLINDRICAL}, name


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_the_same_seed_draws_the_same_object(category: str) -> None:
    first, second, other = (sample_program(np.random.default_rng(seed), category) for seed in (7, 7, 8))
    assert first == second
    assert first != other
    assert to_asset(first) == to_asset(second)


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_objects_have_sane_sizes_and_stand_on_the_floor(category: str) -> None:
    for seed in range(5):
        program = sample_program(np.random.default_rng(seed), category)
        asset = to_asset(program)
        assert 0.01 <= program.size <= 3.0
        assert max(program.box) == pytest.approx(1.0)
        assert len(program.walk()) <= MAX_NODES
        assert len(encode(program)[0]) == len(encode(program)[1])
        bounds = [placed_bounds(placed) for part in asset.parts for placed in part.shapes]
        low = np.min([b[0] for b in bounds], axis=0)
        high = np.max([b[1] for b in bounds], axis=0)
        assert low[2] == pytest.approx(0.0, abs=1e-6)
        assert low[:2] + high[:2] == pytest.approx([0.0, 0.0], abs=1e-6)


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_objects_pass_the_physics_gate(category: str) -> None:
    _pass_the_gate(category, QUICK_SEEDS)


def test_components_on_unfamiliar_bodies_are_one_piece_more_and_keep_clear() -> None:
    changed = set()
    for name in sorted(CATEGORIES):
        for seed in range(2):
            rng = np.random.default_rng(seed)
            before = CATEGORIES[name].sample(rng)
            after = compose(before, rng)
            assert len(after.walk()) - len(before.walk()) == (0 if after is before else 1)
            assert len(to_asset(after).links) >= len(to_asset(before).links)
            if after is not before:
                changed.add(name)
    assert len(changed) >= 6
    assert not changed & {"pliers", "eyeglasses", "usb_stick"}  # too small, or without a body


def test_a_safe_with_a_stray_control_passes_the_gate() -> None:
    rng = np.random.default_rng(3)
    program = compose(CATEGORIES["safe"].sample(rng), rng)
    report = gate_asset(to_asset(program))
    assert report.ok, report.text()


@pytest.mark.slow
def test_twenty_of_each_category_pass_the_physics_gate(request: pytest.FixtureRequest) -> None:
    if "slow" not in (request.config.getoption("markexpr") or ""):
        pytest.skip("takes minutes: run it with -m slow")
    for category in sorted(CATEGORIES):
        _pass_the_gate(category, THOROUGH_SEEDS)


def _pass_the_gate(category: str, seeds: range | tuple[int, ...]) -> None:
    for seed in seeds:
        report = gate_asset(to_asset(sample_program(np.random.default_rng(seed), category)))
        assert report.ok, f"{category}, seed {seed}: {report.text()}"
