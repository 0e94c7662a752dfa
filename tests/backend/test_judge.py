# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging readings: what is learned from examples with a known rule, and files that are no judgement."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from backend.embedded.calibrate import PRIOR, Reading, learn, to_json
from backend.embedded.infer.judge import EVIDENCE, LEAD_LIMIT, Judgement, lead_of
from backend.embedded.program.build import to_asset
from backend.embedded.world.strangers import sample_stranger
from physx_blender.errors import AssetError


def readings(count: int) -> list[Reading]:
    """Pictures whose best reading is told by `edges` alone; the outline says nothing. Every fourth is a stranger."""
    rng = np.random.default_rng(0)
    out = []
    for number in range(count):
        known = number % 4 != 0
        for k in range(4):
            good = k == 0 and known
            edges = (0.8 if good else 0.4) + rng.normal(0, 0.04)
            outline = rng.uniform(0.85, 0.95) if known else rng.uniform(0.4, 0.7)
            evidence = (
                outline,
                rng.uniform(0.2, 0.8),
                edges,
                rng.uniform(-2, 0),
                rng.uniform(-1, 0),
                rng.uniform(-2, 0),
                rng.uniform(0.3, 0.6),
            )
            out.append(Reading(number, f"c{k}", evidence, 1.0 if good else 0.2, good, known))
    return out


def test_what_tells_good_from_bad_is_found() -> None:
    judgement, figures = learn(readings(80))
    weight = dict(zip(EVIDENCE, judgement.ranking, strict=True))
    gained = {name: weight[name] / prior for name, prior in zip(EVIDENCE, PRIOR, strict=True) if prior}
    assert gained["edges"] == max(gained.values()) > 1.2
    assert all(weight[name] == 0 for name, prior in zip(EVIDENCE, PRIOR, strict=True) if not prior)
    assert figures["right"] > 0.95  # on pictures that were left out
    assert figures["brier"] < 0.1
    assert figures["own_called_strange"] < 0.1
    assert figures["strangers_called_strange"] > 0.9


def test_a_judgement_comes_back_from_its_file(tmp_path: Path) -> None:
    judgement, figures = learn(readings(40))
    file = tmp_path / "judgement.json"
    file.write_text(json.dumps(to_json(judgement, figures, "0" * 64)))
    assert Judgement.load(file) == judgement


@pytest.mark.parametrize("text", ["{", "{}", '{"ranking": [1], "trust": [], "belongs": []}', "[]"])
def test_a_file_that_is_none_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "judgement.json"
    file.write_text(text)
    with pytest.raises(AssetError, match=r"judgement\.json.*is no judgement"):
        Judgement.load(file)


def test_the_shipped_judgement_trusts_a_better_outline_more() -> None:
    judge = Judgement.load()
    good, bad = (0.97, 0.8, 0.9, -0.3, -0.1, 0.0, 0.9), (0.7, 0.3, 0.2, -2.0, -1.5, -2.0, 0.2)
    assert judge.score(good) > judge.score(bad)
    assert judge.confidence(good, LEAD_LIMIT) > judge.confidence(bad, -0.1)
    assert judge.belonging(good, LEAD_LIMIT) > judge.belonging(bad, -0.1)


def test_the_lead_is_over_other_categories_only() -> None:
    assert lead_of([1.2, 1.1, 0.9], ["a", "a", "b"], 0) == pytest.approx(0.3)
    assert lead_of([1.2, 1.1, 0.9], ["a", "a", "b"], 2) == pytest.approx(-0.3)
    assert lead_of([1.2, 1.1], ["a", "a"], 0) == LEAD_LIMIT


def test_strangers_can_be_built_and_have_nothing_to_move() -> None:
    for seed in range(20):
        asset = to_asset(sample_stranger(np.random.default_rng(seed)))
        assert len(asset.parts) >= 3
        assert asset.joints == ()
