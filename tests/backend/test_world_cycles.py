# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples by Cycles in a real Blender, and samples read again for an evaluation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.blend import find_blender
from backend.embedded.program.grammar import encode
from backend.embedded.world.cycles import cycles_shots, make_job
from backend.embedded.world.dataset import SampleKind, sample_generator, write_samples
from backend.embedded.world.samples import read_samples
from backend.embedded.world.sampling import sample_program
from physx_blender.errors import AssetError


def test_jobs_are_scaled_to_one_and_follow_from_the_seed() -> None:
    for category in ("dial", "refrigerator"):
        program = sample_program(np.random.default_rng(4), category)
        job = make_job(program, np.random.default_rng(1), 64)
        points = np.concatenate([v for v, _ in job.meshes])
        # the bodies, not their boxes, are measured: a round one is a little smaller than its box
        assert 0.6 < np.ptp(points, axis=0).max() <= 1.0 + 1e-6
        assert job.record == make_job(program, np.random.default_rng(1), 64).record
        assert job.record != make_job(program, np.random.default_rng(2), 64).record
        eye = np.array(job.record["camera"])[:3, 3]
        for plane in job.record["planes"]:
            assert eye @ np.array(plane["normal"]) + plane["offset"] > 0, "no plane hides the object"


def test_cycles_sees_what_the_ray_caster_says_is_there() -> None:
    try:
        find_blender()
    except AssetError:
        pytest.skip("no Blender on this machine")
    rng = np.random.default_rng([3, 1])
    program = sample_program(rng, "toaster")
    program.view.elevation, program.view.azimuth = 0.4, 0.4
    shots = cycles_shots([program], [rng], 64)
    assert shots.rgb.shape == (1, 3, 64, 64)
    rgb, mask = shots.rgb[0].numpy(), shots.mask[0, 0].numpy()
    assert 0.02 < rgb.mean() < 0.98
    inside, outside = rgb[:, mask > 0.99], rgb[:, mask < 0.01]
    assert inside.shape[1] > 40
    assert np.abs(inside.mean(axis=1) - outside.mean(axis=1)).max() > 0.02


def test_samples_are_read_as_they_were_drawn(tmp_path: Path) -> None:
    write_samples(["fan", "dial"], 1, tmp_path, SampleKind(8, 48, "room"))
    found = {s.name: s for s in read_samples(tmp_path)}
    assert sorted(found) == ["dial_00000", "fan_00000"]
    for name, sample in found.items():
        category = name.partition("_")[0]
        drawn = sample_program(sample_generator(8, category, 0), category)
        assert encode(sample.program)[0].tolist() == encode(drawn)[0].tolist()
        assert sample.rgb.shape == (48, 48, 3)
        assert sample.mask.shape == (48, 48)
        assert (sample.mask > 127).any()
    with pytest.raises(AssetError, match="holds no samples"):
        list(read_samples(tmp_path / "fan_00000"))
