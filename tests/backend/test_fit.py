# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing a program with a picture, and fitting it: the "photograph" is rendered from a program that is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backend.embedded.infer.compare import Observation, best_first
from backend.embedded.infer.crop import MARGIN, Crop, crop_around, with_panes
from backend.embedded.infer.edges import borders, nearness, seen_edges
from backend.embedded.infer.fit import fit, knobs
from backend.embedded.infer.segment import estimate_mask
from backend.embedded.program.node import Program
from backend.embedded.world.framing import frame
from backend.embedded.world.picture import cameras
from backend.embedded.world.sampling import sample_program
from backend.embedded.world.scene import corners, scene
from backend.render import LightBatch, pack, render
from physx_blender.errors import AssetError

SIDE = 128
CASES = (("storage_furniture", 3), ("laptop", 5))


def photograph_of(program: Program, light: LightBatch | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Picture (H, W, 3) and mask (H, W) uint8, with room around the object."""
    _, items = scene(program)
    framing = frame(program.view, corners(items), SIDE, (20.0, 14.0, SIDE - 20.0, SIDE - 14.0))
    light = light or LightBatch.studio(1)
    with torch.inference_mode():
        out = render(pack([items], "cpu"), cameras([framing]), (SIDE, SIDE), light, want=("rgb", "mask"))
    rgb = (out["rgb"][0].clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    return rgb, (out["mask"][0] * 255).round().to(torch.uint8).numpy()


def crop_of(program: Program) -> Crop:
    return crop_around(*photograph_of(program), SIDE)


def perturbed(program: Program) -> Program:
    """The same structure, a little off in view, proportions and places."""
    off = program.copy()
    rng = np.random.default_rng(0)
    off.view.azimuth += 0.16
    off.view.elevation -= 0.1
    off.box = tuple(b * f for b, f in zip(off.box, (1.12, 0.9, 1.0), strict=True))  # type: ignore[assignment]
    for node in off.walk():
        for name in ("u0", "u1", "v0", "v1"):
            if name in node.values:
                node.values[name] += float(rng.normal(0, 0.01))
    return off


@pytest.mark.parametrize(("category", "seed"), CASES)
def test_the_right_program_agrees_best(category: str, seed: int) -> None:
    truth = sample_program(np.random.default_rng(seed), category)
    observation = Observation(crop_of(truth), 64)
    other = sample_program(np.random.default_rng(seed + 1), "fan")
    right, off, wrong = observation.agreement([truth, perturbed(truth), other])
    assert right.silhouette > 0.93
    assert right.total > off.total > wrong.total
    assert best_first([wrong.total, right.total, off.total]) == [1, 2, 0]


def test_edges_of_the_picture_speak_for_the_reading_that_has_them() -> None:
    truth = sample_program(np.random.default_rng(40), "storage_furniture")
    other = truth.copy()
    (drawers,) = [n for n in other.walk() if n.kind == "drawer"]
    assert drawers.values["rows"] == 3
    drawers.values["rows"] = 1
    observation = Observation(crop_of(truth), 96)
    right, wrong = observation.agreement([truth, other])
    assert right.edges > wrong.edges + 0.2
    assert 0.8 < right.edges <= 1.0


def test_edges_are_found_within_the_outline_and_borders_by_how_near_they_are() -> None:
    rgb = torch.full((64, 64, 3), 0.2)
    rgb[:, 32:] = 0.7  # an edge between columns 31 and 32
    inside = torch.zeros(64, 64, dtype=torch.bool)
    inside[8:56, 8:56] = True
    weights = seen_edges(rgb, inside)
    assert float(weights.sum()) == pytest.approx(1.0)
    assert float(weights[:, 30:34].sum()) > 0.99
    assert not weights[~inside].any()
    assert not seen_edges(rgb, torch.zeros_like(inside)).any()
    part = torch.zeros(3, 64, 64, dtype=torch.int64)
    for k, column in enumerate((32, 34, 48)):
        part[k, :, column:] = 1
    normal = torch.zeros(3, 64, 64, 3)
    normal[..., 2] = 1.0
    near = nearness(borders(inside.expand(3, -1, -1), part, normal))
    on, beside, far = (near * weights).flatten(1).sum(1).tolist()
    assert on > 0.75 > beside > 0.1
    assert far < 0.01
    assert float(near.max()) == pytest.approx(1.0)


def glazed(program: Program, size: int) -> np.ndarray:
    """Where a program's render shows a pane of glass, for the same crop as `crop_of`."""
    build, items = scene(program)
    framing = frame(program.view, corners(items), SIDE, (20.0, 14.0, SIDE - 20.0, SIDE - 14.0))
    part = render(pack([items], "cpu"), cameras([framing]), (size, size), want=("part",))["part"][0].numpy()
    clear = [k for k, p in enumerate(build.parts) if p.material.name == "glass"]
    return np.isin(part, clear)


def test_a_pane_may_be_cut_out_as_object_or_as_a_hole() -> None:
    truth = sample_program(np.random.default_rng(1), "window")
    rgb, mask = photograph_of(truth)
    panes = glazed(truth, SIDE)
    assert panes.sum() > 500
    whole, holes = (
        Observation(crop_around(rgb, m, SIDE), 64).agreement([truth])[0].silhouette
        for m in (mask, np.where(panes, 0, mask).astype(np.uint8))
    )
    assert whole > 0.93
    assert holes > 0.9


def test_what_is_half_transparent_within_the_object_is_a_pane_but_a_shadow_beside_it_is_none() -> None:
    mask = np.zeros((60, 60), np.uint8)
    mask[10:40, 10:40] = 255
    mask[15:25, 15:35] = 90  # a pane
    mask[30:35, 15:35] = 0  # an opening
    mask[40:50, 10:45] = 90  # a shadow on the floor
    found = with_panes(mask)
    assert (found[15:25, 15:35] == 255).all()
    assert np.array_equal(found[30:], mask[30:])
    assert np.array_equal(with_panes(found), found)


@pytest.mark.parametrize(("category", "seed"), CASES)
def test_fitting_raises_the_agreement(category: str, seed: int) -> None:
    truth = sample_program(np.random.default_rng(seed), category)
    start = perturbed(truth)
    observation = Observation(crop_of(truth), 64)
    first = fit(start, observation, rounds=15, population=12, seed=1)
    assert first.before == observation.agreement([start])[0]
    assert first.after.total > first.before.total + 0.02
    assert first.after.silhouette > first.before.silhouette + 0.02
    assert first.after == observation.agreement([first.program])[0]
    again = fit(start, observation, rounds=15, population=12, seed=1)
    assert again.program == first.program


def test_fitting_never_makes_it_worse_and_can_be_cancelled() -> None:
    truth = sample_program(np.random.default_rng(3), "storage_furniture")
    observation = Observation(crop_of(truth), 48)
    result = fit(truth, observation, rounds=2, population=6, seed=0)
    assert result.after.total >= result.before.total
    stopped = fit(perturbed(truth), observation, rounds=1000, population=6, seed=0, cancelled=lambda: True)
    assert stopped.before == stopped.after


def test_knobs_write_what_they_read() -> None:
    program = sample_program(np.random.default_rng(2), "washing_machine")
    for number, knob in enumerate(knobs(program)):
        assert knob.spread > 0
        copy = program.copy()
        own, value = copy.walk(), knob.read(program, program.walk())
        knob.write(copy, own, value)
        assert knob.read(copy, own) == pytest.approx(value, abs=1e-9), number
        knob.write(copy, own, value - 0.5 * knob.spread)
        assert program == sample_program(np.random.default_rng(2), "washing_machine")


def test_a_crop_centres_the_object_and_remembers_where_it_was() -> None:
    rgb = np.full((200, 300, 3), 90, np.uint8)
    mask = np.zeros((200, 300), np.uint8)
    mask[150:190, 220:300] = 255  # touches the edge of the picture
    crop = crop_around(rgb, mask, 64)
    assert crop.side == pytest.approx(80 / (1 - 2 * MARGIN))
    assert (crop.left + crop.side / 2, crop.top + crop.side / 2) == pytest.approx((260, 170))
    assert crop.box[2] - crop.box[0] == pytest.approx(64 * (1 - 2 * MARGIN))
    assert crop.box[3] - crop.box[1] == pytest.approx(32 * (1 - 2 * MARGIN))
    assert crop.mask[32, 32] == pytest.approx(1.0)
    assert crop.rgb[32, 32] == pytest.approx([90 / 255] * 3, abs=1e-3)
    assert not crop.mask[2].any()
    assert not crop.rgb[2].any()


def test_an_empty_mask_is_refused() -> None:
    with pytest.raises(AssetError, match="shows \\(almost\\) nothing"):
        crop_around(np.zeros((50, 50, 3), np.uint8), np.zeros((50, 50), np.uint8), 64)


def test_an_object_is_found_on_a_plain_background() -> None:
    truth = sample_program(np.random.default_rng(3), "storage_furniture")
    rgb, mask = photograph_of(truth)
    picture = np.where(mask[..., None] > 127, rgb, np.array([196, 205, 190], np.uint8))
    found = estimate_mask(picture) > 127
    wanted = mask > 127
    assert (found & wanted).sum() / (found | wanted).sum() > 0.9


def test_no_object_is_found_where_there_is_none() -> None:
    with pytest.raises(AssetError, match="cut-out"):
        estimate_mask(np.full((120, 120, 3), 128, np.uint8))
