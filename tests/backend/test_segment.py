# SPDX-License-Identifier: GPL-3.0-or-later
"""Rooms, and the network that tells objects from them: pictures, masks, learning, checkpoints, weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from backend.embedded.segment.network import IMAGE, SegmentNetwork
from backend.embedded.segment.train import (
    RENDERED,
    SegmentConfig,
    SegmentTrainer,
    export_segment,
    intersection_over_union,
    mask_loss,
    varied,
)
from backend.embedded.segment.weights import load_segment, object_probability
from backend.embedded.world.rooms import CLUTTER, random_clutter, random_room, room_photograph
from backend.embedded.world.sampling import sample_program
from physx_blender.errors import AssetError

CONFIG = SegmentConfig(samples=2000, batch=4, warmup=16, ring=8, first=8, render=8, seed=5)


@pytest.fixture(scope="module")
def pictures() -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(11)
    programs = [
        sample_program(rng, name)
        for name in ("fan", "toaster", "door", "bottle", "table", "dial", "safe", "box")
    ]
    return room_photograph(programs, rng, 64)


def test_room_pictures_are_full_and_their_masks_are_one_object(
    pictures: tuple[torch.Tensor, torch.Tensor],
) -> None:
    rgb, mask = pictures
    assert rgb.shape == (8, 3, 64, 64)
    assert mask.shape == (8, 1, 64, 64)
    assert torch.isfinite(rgb).all()
    assert ((rgb >= 0) & (rgb <= 1)).all()
    filled = (rgb.amax(dim=1) > 0.01).float().mean(dim=(1, 2))
    assert float(filled.median()) > 0.97, "there is a background everywhere"
    share = mask.mean(dim=(1, 2, 3))
    assert ((share > 0.002) & (share < 0.9)).all()
    sides = []
    for one in mask[:, 0].numpy() > 0.5:
        rows, columns = np.nonzero(one.any(axis=1))[0], np.nonzero(one.any(axis=0))[0]
        sides.append(max(np.ptp(rows), np.ptp(columns)) + 1)
    assert min(sides) >= 0.12 * 64
    assert max(sides) - min(sides) > 8, "objects are of different sizes in their pictures"


def test_the_background_differs_from_the_object_and_from_picture_to_picture(
    pictures: tuple[torch.Tensor, torch.Tensor],
) -> None:
    rgb, mask = pictures
    outside = (rgb * (mask == 0)).sum(dim=(2, 3)) / (mask == 0).sum(dim=(2, 3))
    assert float(torch.cdist(outside, outside).amax()) > 0.3


def test_rooms_never_cut_the_object_or_its_clutter() -> None:
    rng = np.random.default_rng(2)
    for _ in range(60):
        program = sample_program(rng)
        low, high = np.array([-0.3, -0.2, 0.0]), np.array([0.3, 0.2, 0.7])
        corners = np.array([[x, y, z] for x in (-0.3, 0.3) for y in (-0.2, 0.2) for z in (0.0, 0.7)])
        room = random_room(rng, program, low, high)
        assert len(room) <= 3
        for plane in room:
            assert np.linalg.norm(plane.normal) == pytest.approx(1.0)
            beyond = corners @ plane.normal + plane.offset
            # an object in a wall may reach into it, but never lies behind it
            assert beyond.max() > 0
            if plane.normal[2] > 0.99:
                assert beyond.min() >= -1e-9, "nothing is below the floor"
        for thing in random_clutter(rng, program, low, high):
            assert thing.part == CLUTTER
            reach = np.linalg.norm(np.array(thing.placed.pose.position[:2]))
            lo, hi = thing.placed.shape.bounds()
            assert reach - np.linalg.norm((hi - lo)[:2]) / 2 >= np.hypot(0.3, 0.2) - 1e-9, (
                "clutter stands apart"
            )


def test_variations_move_picture_and_mask_together() -> None:
    rgb = torch.zeros(16, 3, 64, 64)
    mask = torch.zeros(16, 1, 64, 64)
    rgb[:, :, 20:44, 16:48], mask[:, :, 20:44, 16:48] = 0.9, 1.0
    moved, moved_mask = varied(rgb, mask, torch.Generator().manual_seed(0))
    assert moved.shape == (16, 3, 32, 32)
    bright = (moved.mean(dim=1, keepdim=True) > 0.3).float()
    assert float(intersection_over_union(bright, moved_mask).min()) > 0.75
    sizes = moved_mask.sum(dim=(1, 2, 3))
    assert float(sizes.max()) > 1.3 * float(sizes.min())
    again, _ = varied(rgb, mask, torch.Generator().manual_seed(0))
    assert torch.equal(moved, again)


def test_overlap_and_loss_know_right_from_wrong() -> None:
    a = torch.zeros(2, 1, 8, 8)
    a[:, :, :4] = 1
    b = torch.zeros_like(a)
    b[:, :, 2:6] = 1
    assert intersection_over_union(a, a).tolist() == [1.0, 1.0]
    assert intersection_over_union(a, b).tolist() == pytest.approx([1 / 3, 1 / 3])
    assert intersection_over_union(0 * a, 0 * a).tolist() == [1.0, 1.0]
    right, wrong = (a - 0.5) * 40, (0.5 - a) * 40
    assert float(mask_loss(right, a)) < 0.01 < 1.0 < float(mask_loss(wrong, a))


def _trained(folder: Path, pictures: tuple[torch.Tensor, torch.Tensor]) -> tuple[SegmentTrainer, list[float]]:
    trainer = SegmentTrainer(folder, CONFIG)
    grown = torch.nn.functional.interpolate(torch.cat(pictures, dim=1), size=(RENDERED, RENDERED))
    trainer.ring[:] = (grown * 255).round().to(torch.uint8).numpy()
    trainer.rendered = 8
    batch = torch.from_numpy(trainer.ring[:4].copy())
    losses = [trainer.step(batch, torch.Generator().manual_seed(k % 2))[0] for k in range(40)]
    return trainer, losses


def test_it_learns_resumes_exactly_and_its_weights_survive(
    tmp_path: Path, pictures: tuple[torch.Tensor, torch.Tensor]
) -> None:
    trainer, losses = _trained(tmp_path / "a", pictures)
    assert np.mean(losses[-4:]) < 0.7 * np.mean(losses[:4])
    trainer.save()
    resumed = SegmentTrainer(tmp_path / "a", CONFIG)
    assert (resumed.seen, resumed.rendered) == (trainer.seen, trainer.rendered)
    batch = torch.from_numpy(trainer.ring[4:8].copy())
    ends = [t.step(batch, torch.Generator().manual_seed(9)) for t in (trainer, resumed)]
    assert ends[0] == ends[1]
    for name, value in trainer.network.named_parameters():
        assert torch.equal(value, dict(resumed.network.named_parameters())[name]), name
        assert torch.equal(trainer.average[name], resumed.average[name]), name
    trainer.save()
    target = tmp_path / "mask.safetensors"
    assert export_segment(tmp_path / "a", target)["samples"] == str(trainer.seen)
    assert target.stat().st_size < 4_000_000
    loaded = load_segment(target)
    for name, value in loaded.named_parameters():
        assert torch.equal(value, trainer.average[name].to(torch.bfloat16).float()), name


def test_rendering_adds_pictures_that_follow_from_the_seed(tmp_path: Path) -> None:
    config = SegmentConfig(ring=4, render=2, seed=9)
    first, second = SegmentTrainer(tmp_path / "a", config), SegmentTrainer(tmp_path / "b", config)
    for trainer in (first, second):
        trainer.render()
        trainer.render()
    assert first.rendered == 4
    assert first.ring.any(axis=(1, 2, 3)).all()
    assert np.array_equal(first.ring, second.ring)
    assert not np.array_equal(first.ring[:2], first.ring[2:])


def test_the_network_is_small_and_answers_at_the_pictures_resolution() -> None:
    network = SegmentNetwork().eval()
    assert sum(p.numel() for p in network.parameters()) < 1_500_000
    with torch.inference_mode():
        assert network(torch.rand(2, 3, IMAGE, IMAGE)).shape == (2, 1, IMAGE, IMAGE)
    for shape in ((90, 160), (160, 90), (40, 40)):
        picture = np.random.default_rng(0).integers(0, 255, (*shape, 3), dtype=np.uint8)
        found = object_probability(picture, network)
        assert found.shape == shape
        assert found.dtype == np.float32
        assert 0 <= found.min() <= found.max() <= 1


def test_files_that_are_no_segmentation_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="missing"):
        load_segment(tmp_path / "none.safetensors")
    (tmp_path / "text.safetensors").write_bytes(b"not tensors")
    with pytest.raises(AssetError, match="not a readable safetensors file"):
        load_segment(tmp_path / "text.safetensors")
    save_file(
        {"stem.weight": torch.zeros(3)}, tmp_path / "other.safetensors", {"network": '{"kind": "mask"}'}
    )
    with pytest.raises(AssetError, match="no segmentation network"):
        load_segment(tmp_path / "other.safetensors")
