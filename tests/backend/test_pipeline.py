# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded generator with its shipped weights, on a picture of an object of our own world."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from backend.embedded.infer.crop import crop_around, picture_of
from backend.embedded.infer.propose import propose
from backend.embedded.infer.sight import LOOKS, looks, see
from backend.embedded.model.weights import load_weights
from backend.embedded.pipeline import Generated, Generator, Settings
from backend.embedded.program.grammar import encode, tokens_to_slots
from backend.embedded.world.framing import frame
from backend.embedded.world.picture import cameras
from backend.embedded.world.sampling import sample_program
from backend.embedded.world.scene import corners, scene
from backend.gate import gate_asset
from backend.render import CameraBatch, LightBatch, pack, render, scene_of
from physx_blender.errors import AssetError
from physx_blender.formats.convert import write_outputs

WIDTH, HEIGHT = 260, 200
FEW = Settings(samples=8, heats=((2, 4),), last_rounds=4, population=8)


@pytest.fixture(scope="module")
def photo() -> tuple[np.ndarray, np.ndarray]:
    """A laptop, half right of the middle: rgb (H, W, 3) and mask (H, W) uint8."""
    program = sample_program(np.random.default_rng(21), "laptop")
    program.view.azimuth, program.view.elevation = 0.4, 0.35
    _, items = scene(program)
    framing = frame(program.view, corners(items), WIDTH, (120.0, 30.0, 240.0, 150.0))
    with torch.inference_mode():
        out = render(
            pack([items], "cpu"),
            cameras([framing]),
            (HEIGHT, WIDTH),
            LightBatch.studio(1),
            want=("rgb", "mask"),
        )
    rgb = (out["rgb"][0].clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    return rgb, (out["mask"][0] * 255).round().to(torch.uint8).numpy()


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(settings=FEW)


@pytest.fixture(scope="module")
def generated(generator: Generator, photo: tuple[np.ndarray, np.ndarray]) -> Generated:
    return generator.generate(*photo, seed=1, name="thing", image_sha256="0" * 64, alternatives=1)


def test_the_result_is_possible_and_says_where_it_comes_from(
    generated: Generated, generator: Generator
) -> None:
    asset = generated.asset
    assert asset.name == "thing"
    assert asset.provenance is not None
    assert asset.provenance.weights == generator.sha256
    assert asset.provenance.seed == 1
    assert asset.provenance.confidence == generated.confidence
    assert 0.0 <= generated.confidence <= 1.0
    assert len(generated.alternatives) == 1
    assert set(generated.timings) >= {"propose", "compare", "fit"}
    report = gate_asset(asset)
    assert report.ok, report.text()


def test_the_camera_lays_the_asset_over_the_picture(
    generated: Generated, photo: tuple[np.ndarray, np.ndarray]
) -> None:
    asset = generated.asset
    assert asset.camera is not None
    assert (asset.camera.width, asset.camera.height) == (WIDTH, HEIGHT)
    items = scene_of(asset, asset.current_positions())
    camera = CameraBatch.of(asset.camera, (HEIGHT, WIDTH))
    with torch.inference_mode():
        mask = render(pack([items], "cpu"), camera, (HEIGHT, WIDTH), LightBatch.studio(1), want=("mask",))[
            "mask"
        ]
    drawn, seen = mask[0].numpy() > 0.5, photo[1] > 127
    overlap = (drawn & seen).sum() / (drawn | seen).sum()
    assert overlap == pytest.approx(generated.agreement.silhouette, abs=0.06)
    assert overlap > 0.5


def test_the_same_seed_gives_the_same_bytes(
    generated: Generated, photo: tuple[np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    again = Generator(settings=FEW).generate(
        *photo, seed=1, name="thing", image_sha256="0" * 64, alternatives=1
    )
    for folder, asset in (("first", generated.asset), ("second", again.asset)):
        write_outputs(asset, tmp_path / folder)
    files = sorted(p.relative_to(tmp_path / "first") for p in (tmp_path / "first").rglob("*") if p.is_file())
    assert {p.suffix for p in files} >= {".json", ".xml", ".urdf"}
    for file in files:
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes(), file


def test_progress_goes_forward_through_the_stages(
    generator: Generator, photo: tuple[np.ndarray, np.ndarray]
) -> None:
    told: list[tuple[str, float]] = []
    generator.generate(
        *photo,
        seed=2,
        name="thing",
        image_sha256="0" * 64,
        progress=lambda stage, fraction, message: told.append((stage, fraction)),
        cancelled=lambda: False,
    )
    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert len({stage for stage, _ in told}) >= 4


def test_proposals_obey_the_grammar_and_the_first_is_greedy(photo: tuple[np.ndarray, np.ndarray]) -> None:
    network = load_weights().network
    crop = crop_around(*photo, network.config.image)
    sight = see(network, picture_of(crop))
    first, other = (propose(network, sight, 4, seed) for seed in (0, 1))
    assert first[0].tokens == other[0].tokens
    assert [p.tokens for p in first] == [p.tokens for p in propose(network, sight, 4, 0)]
    for proposal in first:
        assert tokens_to_slots(list(proposal.tokens))
        assert proposal.log_probability <= 0.0
        assert 0.0 <= proposal.category_probability <= 1.0
        assert proposal.program.category
        assert len(encode(proposal.program)[0]) <= len(proposal.tokens) + 1


def test_what_is_drawn_one_by_one_is_what_teacher_forcing_sees(photo: tuple[np.ndarray, np.ndarray]) -> None:
    """Decoding with kept keys and values must give the same choices as the pass that training uses."""
    network = load_weights().network
    crop = crop_around(*photo, network.config.image)
    picture = picture_of(crop)
    greedy = list(propose(network, see(network, picture), 1, 0)[0].tokens)
    tokens, slots = torch.tensor(greedy)[None], torch.tensor(tokens_to_slots(greedy))[None]
    with torch.inference_mode():
        logits, _, _ = network(picture[None], tokens, slots)
    allowed = network.allowed[slots[0]]
    assert logits[0].masked_fill(~allowed, -torch.inf).argmax(dim=1).tolist() == greedy


def test_what_is_seen_is_a_distribution_at_every_place(photo: tuple[np.ndarray, np.ndarray]) -> None:
    network = load_weights().network
    picture = picture_of(crop_around(*photo, network.config.image))
    shown = looks(picture)
    assert shown.shape == (LOOKS, *picture.shape)
    assert torch.equal(shown[0], picture)
    assert shown[2, 3].sum() < picture[3].sum()  # smaller in its frame
    sight = see(network, picture)
    assert sight.kinds.exp().sum(dim=-1) == pytest.approx(1.0, abs=1e-4)
    assert ((sight.moves >= 0) & (sight.moves <= 1)).all()
    # there is nothing in the corners, and something in the middle
    nothing = sight.kinds[..., 0].exp()
    assert nothing[0, 0] > 0.5 > nothing[8, 8]


def test_an_empty_cut_out_is_refused(generator: Generator) -> None:
    with pytest.raises(AssetError, match="cut-out"):
        generator.generate(
            np.zeros((64, 64, 3), np.uint8),
            np.zeros((64, 64), np.uint8),
            seed=0,
            name="none",
            image_sha256="0" * 64,
        )
