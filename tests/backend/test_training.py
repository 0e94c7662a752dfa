# SPDX-License-Identifier: GPL-3.0-or-later
"""Training of the image-to-program transformer: it learns, resumes where it was, and its weights know their grammar."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from backend.cli import main
from backend.embedded.model.loss import LossConfig, SlotLoss
from backend.embedded.model.network import Network, NetworkConfig
from backend.embedded.model.pool import MAX_LENGTH, Pool
from backend.embedded.model.score import held_out_pool, score
from backend.embedded.model.train import TrainConfig, Trainer, export_weights
from backend.embedded.model.weights import load_weights
from backend.embedded.program.grammar import HEADER, Grammar, encode, grammar
from backend.embedded.world.picture import labelled_photograph
from backend.embedded.world.sampling import sample_program
from physx_blender.errors import AssetError

IMAGE = 32
SMALL = NetworkConfig(
    image=IMAGE, width=32, heads=2, encoder_layers=1, decoder_layers=1, channels=(8, 8, 16, 16)
)
CONFIG = TrainConfig(samples=4000, batch=16, micro=8, rate=3e-3, warmup=64, pool=64, seed=3)
Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    """32 samples of three categories, rendered for this test."""
    pool = Pool(tmp_path_factory.mktemp("pool"), 32, IMAGE, create=True)
    rng = np.random.default_rng(0)
    programs = [sample_program(rng, name) for name in ("fan", "laptop", "door", "fan") for _ in range(8)]
    rgb, mask, labels = labelled_photograph(programs, rng, IMAGE)
    pictures = (torch.cat([rgb, mask], dim=1) * 255).round().to(torch.uint8).numpy()
    pool.write(0, 1, pictures, labels.numpy(), programs)
    return pool


def batch_of(pool: Pool, rows: list[int]) -> Batch:
    return pool.batch(np.array(rows))


@pytest.fixture(scope="module")
def trained(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float]]:
    """A folder with the checkpoint of a short training on one batch, and the loss of every step."""
    folder = tmp_path_factory.mktemp("train")
    trainer = Trainer(folder, CONFIG, SMALL)
    batch = batch_of(pool, list(range(CONFIG.batch)))
    generator = torch.Generator().manual_seed(0)
    losses = [trainer.step(*batch, generator)["loss"] for _ in range(30)]
    trainer.save()
    return folder, losses


def test_the_pool_holds_what_was_written(pool: Pool) -> None:
    assert pool.written == 32
    assert pool.rows(1).tolist() == list(range(32))
    program = sample_program(np.random.default_rng(0), "fan")
    tokens, slots = encode(program)
    assert pool.tokens[0, : len(tokens)].tolist() == tokens.tolist()
    assert pool.slots[0, : len(slots)].tolist() == slots.tolist()
    assert not pool.tokens[0, len(tokens) :].any()
    assert pool.pictures[0, 3].max() == 255


def test_the_pool_is_a_ring_and_leaves_out_what_is_too_long(tmp_path: Path) -> None:
    pool = Pool(tmp_path / "ring", 8, 16, create=True)
    short = sample_program(np.random.default_rng(1), "fan")
    long = short.copy()
    long.nodes = [node.copy() for _ in range(20) for node in short.nodes]
    assert len(encode(long)[0]) > MAX_LENGTH
    for value in range(3):
        pictures = np.full((3, 4, 16, 16), value + 1, np.uint8)
        labels = np.zeros((3, 2, 2, 5), np.int8)
        pool.write(1, 2, pictures, labels, [short, long, short])  # the second of two workers has rows 4 to 7
    assert pool.written == 6
    assert not pool.pictures[:4].any()
    assert pool.pictures[4:, 0, 0, 0].tolist() == [3, 3, 2, 2]
    assert pool.rows(2).tolist() == [4, 5, 6, 7]


def test_the_loss_of_a_batch_falls(trained: tuple[Path, list[float]]) -> None:
    _, losses = trained
    assert np.isfinite(losses).all()
    assert np.mean(losses[-3:]) < 0.75 * losses[0]


def test_the_loss_of_perfect_logits_is_near_zero_and_of_wrong_ones_is_not() -> None:
    tokens, slots = encode(sample_program(np.random.default_rng(0), "fan"))
    t, s = torch.from_numpy(tokens.astype(np.int64))[None], torch.from_numpy(slots.astype(np.int64))[None]
    perfect = torch.nn.functional.one_hot(t, grammar().vocabulary).float() * 60
    _, hard = SlotLoss()(perfect, t, s)
    assert float(hard) < 1e-4
    even, even_hard = SlotLoss()(torch.zeros_like(perfect), t, s)
    sizes = torch.tensor([len(grammar().slots[int(k)].tokens) for k in slots]).float()
    assert float(even_hard) == pytest.approx(float(sizes.log().mean()), rel=1e-4)
    assert float(even) > 1.0


def test_choices_count_as_often_as_they_are_told_to() -> None:
    tokens, slots = encode(sample_program(np.random.default_rng(0), "fan"))
    t, s = torch.from_numpy(tokens.astype(np.int64))[None], torch.from_numpy(slots.astype(np.int64))[None]
    choice = SlotLoss().spread[s] == 0
    assert 0 < int(choice.sum()) < t.numel()
    right = torch.nn.functional.one_hot(t, grammar().vocabulary).float() * 60
    guessed = right.masked_fill(choice[..., None], 0.0)  # sure of every number, of no choice
    cost = {w: float(SlotLoss(config=LossConfig(structure=w, soft=False))(guessed, t, s)[0]) for w in (1, 4)}
    share = {w: w * int(choice.sum()) / (w * int(choice.sum()) + int((~choice).sum())) for w in (1, 4)}
    assert cost[4] / cost[1] == pytest.approx(share[4] / share[1], rel=1e-4)


def test_numbers_are_misheard_as_often_as_they_are_told_to() -> None:
    tokens, slots = encode(sample_program(np.random.default_rng(0), "laptop"))
    t, s = torch.from_numpy(tokens.astype(np.int64))[None], torch.from_numpy(slots.astype(np.int64))[None]
    never, always = (SlotLoss(config=LossConfig(misheard=share)) for share in (0.0, 1.0))
    assert torch.equal(never.misheard(t, s, torch.Generator().manual_seed(0)), t)
    heard = always.misheard(t, s, torch.Generator().manual_seed(0))
    changed = heard != t
    assert changed.any()
    assert (always.spread[s][changed] != 0).all()  # never a category or a kind
    assert always.allowed[s[changed], heard[changed]].all()


def test_held_out_samples_are_always_the_same_and_a_trained_network_predicts_them_better(
    pool: Pool, trained: tuple[Path, list[float]], tmp_path: Path
) -> None:
    first, again = (held_out_pool(tmp_path / name, 64, IMAGE, ["fan"]) for name in ("one", "two"))
    assert np.array_equal(first.tokens, again.tokens)
    assert np.array_equal(first.pictures, again.pictures)
    new, learned = score(Network(SMALL), pool), Trainer(trained[0], CONFIG, SMALL)
    found = score(learned.network, pool)
    assert found.nll < new.nll
    assert found.structure < new.structure
    assert 0 <= found.category <= 1


def test_a_near_miss_costs_less_than_a_far_one_and_angles_wrap() -> None:
    g, loss = grammar(), SlotLoss()
    slot = torch.tensor([[1]])  # azimuth, a circle of 72
    bins = HEADER[0].bins
    target = torch.tensor([[g.first_number]])

    def cost(bin_: int) -> float:
        logits = torch.zeros(1, 1, g.vocabulary)
        logits[0, 0, g.first_number + bin_ % bins] = 8.0
        return float(loss(logits, target, slot)[0])

    assert cost(0) < cost(1) < cost(3) < cost(20)
    assert cost(-1) == pytest.approx(cost(1), rel=1e-4)


def test_later_tokens_do_not_reach_back(pool: Pool) -> None:
    torch.manual_seed(0)
    network = Network(SMALL).eval()
    pictures, tokens, slots, _ = batch_of(pool, [0])
    length = int((tokens != Grammar.PAD).sum())
    tokens, slots = tokens[:, :length], slots[:, :length]
    with torch.inference_mode():
        picture = pictures.float() / 255
        before, _, _ = network(picture, tokens, slots)
        changed = tokens.clone()
        changed[0, length // 2 :] = g_first = grammar().first_number
        after, _, _ = network(picture, changed, slots)
    assert g_first > 0
    half = length // 2
    assert torch.allclose(before[:, : half + 1], after[:, : half + 1], atol=1e-5)
    assert not torch.allclose(before[:, half + 1 :], after[:, half + 1 :], atol=1e-5)


def test_training_goes_on_where_it_was(pool: Pool, trained: tuple[Path, list[float]]) -> None:
    folder, _ = trained
    batch = batch_of(pool, list(range(16, 32)))
    steps = []
    for _ in range(2):
        trainer = Trainer(folder, CONFIG, SMALL)  # resumes
        assert trainer.seen == 30 * CONFIG.batch
        sums = trainer.step(*batch, torch.Generator().manual_seed(5))
        steps.append((sums, {k: v.detach().clone() for k, v in trainer.masters.items()}))
    assert steps[0][0] == steps[1][0]
    assert all(torch.equal(steps[0][1][k], steps[1][1][k]) for k in steps[0][1])


def test_a_resumed_step_equals_the_step_without_a_break(pool: Pool, tmp_path: Path) -> None:
    first, second = (batch_of(pool, list(range(a, a + 16))) for a in (0, 16))
    whole = Trainer(tmp_path / "whole", CONFIG, SMALL)
    broken = Trainer(tmp_path / "broken", CONFIG, SMALL)
    for trainer in (whole, broken):
        for seed in range(3):
            trainer.step(*first, torch.Generator().manual_seed(seed))
    broken.save()
    resumed = Trainer(tmp_path / "broken", CONFIG, SMALL)
    ends = [t.step(*second, torch.Generator().manual_seed(9)) for t in (whole, resumed)]
    assert ends[0] == ends[1]
    for name, master in whole.masters.items():
        assert torch.equal(master, resumed.masters[name]), name
        assert torch.equal(whole.average[name], resumed.average[name]), name


def test_weights_survive_export_and_loading(trained: tuple[Path, list[float]], tmp_path: Path) -> None:
    folder, _ = trained
    target = tmp_path / "weights.safetensors"
    export_weights(folder, target)
    loaded = load_weights(target)
    assert loaded.samples == 30 * CONFIG.batch
    assert loaded.network.config == SMALL
    assert not loaded.network.training
    trainer = Trainer(folder, CONFIG, SMALL)
    for name, parameter in loaded.network.named_parameters():
        assert torch.equal(parameter, trainer.average[name].to(torch.bfloat16).float()), name
    assert [p.name for p in tmp_path.iterdir()] == [target.name]


def _with_metadata(source: Path, target: Path, **changes: str) -> Path:
    with safe_open(source, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        metadata = dict(file.metadata())
    save_file(tensors, target, metadata | changes)
    return target


def test_weights_of_another_grammar_are_refused(trained: tuple[Path, list[float]], tmp_path: Path) -> None:
    export_weights(trained[0], tmp_path / "good.safetensors")
    slots = [slot.name for slot in grammar().slots]
    for changes in (
        {"slots": json.dumps(slots[:-1])},
        {"categories": json.dumps([*grammar().categories, "rocket"])},
        {"kinds": "not json"},
    ):
        other = _with_metadata(tmp_path / "good.safetensors", tmp_path / "other.safetensors", **changes)
        with pytest.raises(AssetError, match="another version of the grammar"):
            load_weights(other)


def test_files_that_are_no_weights_are_refused(trained: tuple[Path, list[float]], tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="missing"):
        load_weights(tmp_path / "none.safetensors")
    (tmp_path / "text.safetensors").write_bytes(b"this is not a file of tensors")
    with pytest.raises(AssetError, match="not a readable safetensors file"):
        load_weights(tmp_path / "text.safetensors")
    export_weights(trained[0], tmp_path / "good.safetensors")
    whole = (tmp_path / "good.safetensors").read_bytes()
    (tmp_path / "cut.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(AssetError, match="not a readable safetensors file"):
        load_weights(tmp_path / "cut.safetensors")


def test_exporting_needs_a_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="no checkpoint"):
        export_weights(tmp_path, tmp_path / "weights.safetensors")


def test_a_training_renders_learns_and_leaves_a_checkpoint(tmp_path: Path) -> None:
    config = TrainConfig(samples=96, batch=16, micro=16, rate=3e-3, warmup=32, pool=128, workers=1, seed=4)
    Trainer(tmp_path, config, SMALL).run(5.0, report=lambda line: None)
    trainer = Trainer(tmp_path, config, SMALL)
    assert trainer.seen == 96
    assert Pool(tmp_path / "pool").written >= 64
    # the schedule is over: going on changes nothing
    before = {k: v.detach().clone() for k, v in trainer.masters.items()}
    trainer.run(5.0, report=lambda line: None)
    assert all(torch.equal(before[k], trainer.masters[k]) for k in before)


def test_the_command_exports_weights(trained: tuple[Path, list[float]], tmp_path: Path) -> None:
    target = tmp_path / "new" / "weights.safetensors"
    assert main(["train", "--output", str(trained[0]), "--minutes", "0", "--export", str(target)]) == 0
    assert load_weights(target).samples == 30 * CONFIG.batch
    assert main(["train", "--output", str(tmp_path), "--minutes", "0", "--export", str(target)]) == 1
    assert main(["train", "--output", str(tmp_path), "--minutes", "-1"]) == 1
    assert main(["train", "--output", str(tmp_path), "--minutes", "0", "--reuse", "0.5"]) == 1
