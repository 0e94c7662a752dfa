# SPDX-License-Identifier: GPL-3.0-or-later
"""The procedural world: what every category draws is a valid, physically possible object."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.embedded.categories import CATEGORIES
from backend.embedded.program.build import placed_bounds, to_asset
from backend.embedded.program.grammar import MAX_NODES, encode
from backend.embedded.world.compose import compose
from backend.embedded.world.sampling import sample_program
from backend.gate import gate_asset, run_gate
from physx_blender.formats.mjcf import write_mjcf
from physx_blender.model import JointKind
from physx_blender.model.inertia import link_mass_properties

QUICK_SEEDS = range(100, 105)
URDF_TOO = 2  # of the quick ones: the mechanics are the same, and the format has tests of its own
THOROUGH_SEEDS = range(200)


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
def test_objects_pass_the_physics_gate(category: str, tmp_path: Path) -> None:
    """All stages on all five as MJCF, on two of them as URDF as well."""
    _pass_the_gate(category, QUICK_SEEDS[:URDF_TOO])
    for seed in QUICK_SEEDS[URDF_TOO:]:
        asset = to_asset(sample_program(np.random.default_rng(seed), category))
        report = run_gate(write_mjcf(asset, tmp_path / str(seed)), fixed_base=asset.fixed_base)
        assert report.ok, f"{category}, seed {seed}: {report.text()}"


def test_components_on_unfamiliar_bodies_are_one_piece_more_and_keep_clear() -> None:
    changed = []
    for name in sorted(CATEGORIES):
        for seed in range(2):
            rng = np.random.default_rng(seed)
            before = CATEGORIES[name].sample(rng)
            after = compose(before, rng)
            assert len(after.walk()) - len(before.walk()) == (0 if after is before else 1)
            assert len(to_asset(after).links) >= len(to_asset(before).links)
            if after is not before:
                changed.append(name)
    assert (
        len(changed) >= len(CATEGORIES) // 2
    )  # about a third of all objects have a body with room on a face
    assert not set(changed) & {"pliers", "eyeglasses", "usb_stick"}  # too small, or without a body


def test_hollow_bodies_weigh_what_such_things_weigh() -> None:
    """Ranges of shop and makers' figures, kg: a refrigerator, a toilet with its cistern, an empty kettle, a globe."""
    ranges = {
        "refrigerator": (15, 160),
        "toilet": (15, 50),
        "kettle": (0.4, 3.5),
        "globe": (0.05, 5),
        "oven": (8, 90),
    }
    for name, (least, most) in ranges.items():
        for seed in range(4):
            asset = to_asset(CATEGORIES[name].sample(np.random.default_rng(seed)))
            mass = sum(link_mass_properties(asset, link.name).mass for link in asset.links)
            assert least <= mass <= most, f"{name}, seed {seed}: {mass:.2f} kg"


def test_a_safe_with_a_stray_control_passes_the_gate() -> None:
    rng = np.random.default_rng(3)
    program = compose(CATEGORIES["safe"].sample(rng), rng)
    report = gate_asset(to_asset(program))
    assert report.ok, report.text()


@pytest.mark.slow
@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_two_hundred_of_each_category_pass_the_physics_gate(
    category: str, request: pytest.FixtureRequest
) -> None:
    if "slow" not in (request.config.getoption("markexpr") or ""):
        pytest.skip("takes an hour and more for all: run it with -m slow, and -k for some")
    _pass_the_gate(category, THOROUGH_SEEDS)


def _pass_the_gate(category: str, seeds: range) -> None:
    for seed in seeds:
        report = gate_asset(to_asset(sample_program(np.random.default_rng(seed), category)))
        assert report.ok, f"{category}, seed {seed}: {report.text()}"
