# SPDX-License-Identifier: GPL-3.0-or-later
"""Training with resumable checkpoints; the same code on a CPU (bf16 through AMX where there is) and a GPU."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from physx_blender.errors import AssetError

from ..program.grammar import Grammar, grammar
from ..world.spoil import blanked, spoil
from .checkpoint import AVERAGE, MASTER, Checkpoint, learning_rate, optimiser_tensors, restore_optimiser
from .loss import LossConfig, SlotLoss
from .network import Network, NetworkConfig
from .pool import START, Pool, start_workers
from .transplant import transplant

_TOLD = ("loss", "nll", "aux", "places")


@dataclass(frozen=True)
class TrainConfig:
    """How to train.

    samples: length of the learning-rate schedule.  reuse: how often each rendered sample is seen.  pool: samples kept.
    spoiled: pictures are spoiled anew each time they are seen (see `world.spoil`).
    """

    samples: int = 400_000
    batch: int = 96
    micro: int = 32
    rate: float = 1.0e-3
    warmup: int = 4_000
    decay: float = 0.05
    average: float = 0.998
    pool: int = 12_000
    reuse: float = 1.0
    workers: int = 1
    seed: int = 1
    device: str = "cpu"
    spoiled: bool = True
    loss: LossConfig = field(default_factory=LossConfig)


class Trainer:
    """One network, its average, its optimisers and its data."""

    def __init__(
        self,
        folder: Path,
        config: TrainConfig,
        network: NetworkConfig | None = None,
        *,
        start: Path | None = None,
    ) -> None:
        """Go on with the training in `folder`, or begin one there: anew, or from the weights `start`."""
        self.folder, self.config = folder, config
        torch.manual_seed(config.seed)
        self.device = torch.device(config.device)
        # the network computes in bfloat16; the optimisers work on float32 masters of its parameters
        self.network = Network(network).to(self.device)
        self.before = 0
        if start is not None:
            came = transplant(start, self.network)
            self.before = came.samples
        self.masters = {k: v.detach().clone().requires_grad_() for k, v in self.network.named_parameters()}
        self.average = {k: v.detach().clone() for k, v in self.masters.items()}
        self.network = self.network.to(dtype=torch.bfloat16)
        if self.device.type == "cpu":
            self.network = self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        matrices = [p for n, p in self.masters.items() if p.ndim == 2 and _is_matrix(n)]
        others = [p for n, p in self.masters.items() if not (p.ndim == 2 and _is_matrix(n))]
        # Muon (orthogonalised momentum) for the matrices, AdamW for the rest
        self.optimisers: list[torch.optim.Optimizer] = [
            torch.optim.Muon(
                matrices, lr=config.rate, weight_decay=config.decay, adjust_lr_fn="match_rms_adamw"
            ),
            torch.optim.AdamW(others, lr=config.rate, weight_decay=0.0, betas=(0.9, 0.98)),
        ]
        self.loss = SlotLoss(self.device, config.loss)
        self.seen = 0
        self.log: list[dict[str, float]] = []
        self.checkpoint = Checkpoint(folder)
        self._resume()

    def _resume(self) -> None:
        found = self.checkpoint.load()
        if found is None:
            return
        tensors, state = found
        if state["grammar"] != _grammar_names():
            raise AssetError(
                "was begun with other categories or components; export its weights and begin anew from them with --start",
                where=str(self.folder),
            )
        with torch.no_grad():
            for name, master in self.masters.items():
                master.copy_(tensors[f"{MASTER}{name}"])
        self._publish()
        self.average = {k: tensors[f"{AVERAGE}{k}"].to(self.device) for k in self.masters}
        for number, optimiser in enumerate(self.optimisers):
            restore_optimiser(optimiser, tensors, f"o{number}.")
        self.seen = int(state["seen"])
        self.before = int(state.get("before", 0))
        self.log = state["log"]

    def _publish(self) -> None:
        """Copy the masters into the network."""
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                parameter.copy_(self.masters[name])

    def save(self) -> None:
        """Write a checkpoint."""
        tensors: dict[str, Tensor] = {f"{MASTER}{k}": v for k, v in self.masters.items()}
        tensors |= {f"{AVERAGE}{k}": v for k, v in self.average.items()}
        for number, optimiser in enumerate(self.optimisers):
            tensors |= optimiser_tensors(optimiser, f"o{number}.")
        state = {
            "seen": self.seen,
            "before": self.before,
            "grammar": _grammar_names(),
            "config": asdict(self.config),
            "network": self.network.config.to_dict(),
            "log": self.log,
        }
        self.checkpoint.save(tensors, state)

    def rate(self) -> float:
        """Learning rate now."""
        c = self.config
        return learning_rate(c.rate, self.seen, c.batch, c.warmup, c.samples)

    def step(
        self, pictures: Tensor, tokens: Tensor, slots: Tensor, labels: Tensor, generator: torch.Generator
    ) -> dict[str, float]:
        """One optimiser step on a batch, in micro-batches of similar length."""
        c = self.config
        lengths = (tokens != Grammar.PAD).sum(dim=1)
        order = torch.argsort(lengths)
        total = int(lengths.sum())
        self.network.train()
        sums = dict.fromkeys(_TOLD, 0.0)
        for part in order.split(c.micro):
            longest = int(lengths[part].max())
            t, s = tokens[part, :longest].long(), slots[part, :longest].long()
            picture = pictures[part].float() / 255
            rgb, mask = picture[:, :3], picture[:, 3:]
            picture = spoil(rgb, mask, generator) if c.spoiled else blanked(rgb, mask)
            picture = picture.to(torch.bfloat16)
            if self.device.type == "cpu":
                picture = picture.contiguous(memory_format=torch.channels_last)
            logits, heads, dense = self.network(picture, self.loss.misheard(t, s, generator), s)
            loss, hard = self.loss(logits, t, s)
            aux = self.loss.auxiliary(heads, t)
            places = self.loss.places(dense, labels[part])
            share = float(lengths[part].sum()) / total
            (share * (loss + c.loss.auxiliary * aux + c.loss.places * places)).backward()
            for name, value in zip(_TOLD, (loss, hard, aux, places), strict=True):
                sums[name] += share * float(value.detach())
        for name, parameter in self.network.named_parameters():
            assert parameter.grad is not None
            self.masters[name].grad = parameter.grad.float()
            parameter.grad = None
        torch.nn.utils.clip_grad_norm_(self.masters.values(), 1.0)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = self.rate()
            optimiser.step()
        self._publish()
        self.seen += len(tokens)
        keep = min(c.average, 1 - 1 / (1 + self.seen / c.batch / 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), list(self.masters.values()), 1 - keep)
        return sums

    def run(self, minutes: float, report: Callable[[str], None] = print) -> None:
        """Train for some minutes or to the end of the schedule; checkpoints every few minutes and at the end."""
        c = self.config
        folder = self.folder / "pool"
        if not (folder / "count.npy").exists():
            Pool(folder, c.pool, self.network.config.image, create=True)
        pool = Pool(folder)
        workers = start_workers(folder, c.workers, c.seed, "cpu", 1.0 / c.reuse)
        rng = np.random.default_rng([c.seed, self.seen])
        generator = torch.Generator(self.device).manual_seed(c.seed + self.seen)
        started = saved = told = time.time()
        counted, sums = 0, dict.fromkeys(_TOLD, 0.0)
        try:
            while pool.written < min(START, c.pool // 2):
                _check(workers)
                time.sleep(0.5)
            while time.time() - started < 60 * minutes and self.seen < c.samples:
                rows = np.sort(rng.choice(pool.rows(c.workers), c.batch, replace=False))
                for name, value in self.step(*pool.batch(rows, self.device), generator).items():
                    sums[name] += value
                counted += 1
                pool.used = self.seen
                if time.time() - told > 30:
                    speed = counted * c.batch / (time.time() - told)
                    row = (
                        {"seen": float(self.seen)}
                        | {k: v / counted for k, v in sums.items()}
                        | {"per_second": speed}
                    )
                    self.log.append(row)
                    report(
                        f"{self.seen:>8} samples  loss {row['loss']:.3f}  nll {row['nll']:.3f}  aux {row['aux']:.3f}  "
                        f"places {row['places']:.3f}  "
                        f"{speed:.0f}/s  rendered {pool.written}  rate {self.rate():.2e}"
                    )
                    told, counted, sums = time.time(), 0, dict.fromkeys(sums, 0.0)
                    _check(workers)
                if time.time() - saved > 240:
                    self.save()
                    saved = time.time()
        finally:
            self.save()
            for worker in workers:
                worker.terminate()


def _check(workers: Sequence[BaseProcess]) -> None:
    """Raise if a process that renders has died; the samples there are would be learned by heart."""
    for number, worker in enumerate(workers):
        if not worker.is_alive():
            raise AssetError(
                f"ended by itself with status {worker.exitcode}; its message is above",
                where=f"render process {number}",
            )


def _is_matrix(name: str) -> bool:
    """Hidden matrices; not embeddings, places or output heads."""
    return not any(
        word in name for word in ("token", "slot", "before", "place", "head.", "auxiliary", "dense")
    )


def _grammar_names() -> dict[str, list[str]]:
    """Names of the present grammar, as they are kept with weights."""
    g = grammar()
    return {
        "categories": list(g.categories),
        "kinds": list(g.kinds),
        "slots": [slot.name for slot in g.slots],
    }


def export_weights(folder: Path, target: Path) -> dict[str, str]:
    """Write the averaged weights as bfloat16 safetensors with the grammar they belong to; returns the metadata."""

    def describe(state: dict[str, Any]) -> dict[str, str]:
        return {
            "network": json.dumps(state["network"]),
            **{key: json.dumps(value) for key, value in state["grammar"].items()},
            "samples": str(int(state["seen"]) + int(state.get("before", 0))),
            "config": json.dumps(state["config"]),
        }

    return Checkpoint(folder).export(target, describe)
