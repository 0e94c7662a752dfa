# SPDX-License-Identifier: GPL-3.0-or-later
"""Absolute size: one known dimension makes the object as large as it is, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.cli import main
from backend.embedded.infer.scale import AXES, KnownDimension, extents, resized, size_note
from backend.embedded.world.sampling import sample_program
from physx_blender.errors import AssetError


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("category", ["storage_furniture", "kettle", "laptop"])
def test_a_known_dimension_is_met_and_proportions_stay(axis: str, category: str) -> None:
    program = sample_program(np.random.default_rng(4), category)
    before = extents(program)
    now = resized(program, KnownDimension(axis, 0.731))
    after = extents(now)
    assert after[AXES.index(axis)] == pytest.approx(0.731, rel=2e-3)
    assert np.divide(after, before) == pytest.approx(np.full(3, after[0] / before[0]), rel=0.02)
    assert [n.values for n in now.walk()] == [n.values for n in program.walk()]


def test_the_note_says_what_is_likely_and_what_was_given() -> None:
    program = sample_program(np.random.default_rng(1), "laptop")
    longest = max(extents(program))
    text = size_note(program, np.log(2.0), None)
    assert f"likely {longest / 2:.2g} to {longest * 2:.2g} m" in text
    assert "from the width that was given" in size_note(program, 0.1, KnownDimension("width", 0.3))


def test_impossible_dimensions_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AssetError, match=r"height: must be from 0\.001 to 100 m, got -1"):
        KnownDimension("height", -1)
    picture = tmp_path / "x.png"
    picture.write_bytes(b"")
    arguments = ["generate", str(picture), "--output", str(tmp_path / "o"), "--width", "1", "--height", "2"]
    assert main(arguments) == 1
    assert "--height: one dimension says the size; leave --width out" in capsys.readouterr().err
