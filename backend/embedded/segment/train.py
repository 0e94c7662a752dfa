# SPDX-License-Identifier: GPL-3.0-or-later
"""Training of the segmentation network on pictures of random rooms, which are rendered in between by the same thread.

Pictures lie in a ring on disk; each is used a few times, turned, cut and recoloured anew each time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..model.checkpoint import (
    AVERAGE,
    MASTER,
    Checkpoint,
    learning_rate,
    optimiser_tensors,
    restore_optimiser,
)
from ..world.rooms import room_photograph
from ..world.sampling import sample_program
from ..world.spoil import exchanged
from .network import IMAGE, SegmentNetwork

RENDERED = 2 * IMAGE  # pixels a side in the ring: cuts out of it are still sharp


@dataclass(frozen=True)
class SegmentConfig:
    """How to train.

    samples: length of the learning-rate schedule.  ring: pictures kept.  first: pictures rendered before learning
    begins.  reuse: how often each picture is used.
    """

    samples: int = 120_000
    batch: int = 16
    rate: float = 2.0e-3
    warmup: int = 2_000
    decay: float = 0.02
    average: float = 0.99
    ring: int = 10_000
    first: int = 800
    reuse: float = 16.0
    render: int = 32
    seed: int = 1
    device: str = "cpu"


def varied(rgb: Tensor, mask: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Pictures (B, 3, S, S) and masks (B, 1, S, S) mirrored, cut or shrunk, halved in size, and recoloured."""
    n = len(rgb)

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return torch.rand(n, *shape, generator=generator) * (high - low) + low

    zoom = torch.exp(uniform(-0.35, 0.35))
    stretch = torch.exp(uniform(-0.12, 0.12))
    flip = 1.0 - 2.0 * (torch.rand(n, generator=generator) < 0.5).float()
    room = (1.0 / zoom - 1.0).abs() + 0.1
    grid = torch.zeros(n, 2, 3)
    grid[:, 0, 0], grid[:, 1, 1] = flip * stretch / zoom, 1.0 / (zoom * stretch)
    grid[:, :, 2] = uniform(-1.0, 1.0, 2) * room[:, None] * 0.5
    sampling = functional.affine_grid(grid, list(rgb.shape), align_corners=False)
    both = functional.grid_sample(
        torch.cat([rgb, mask], dim=1), sampling, mode="bilinear", padding_mode="border", align_corners=False
    )
    both = functional.avg_pool2d(both, 2)
    rgb, mask = both[:, :3], both[:, 3:]
    rgb = exchanged(rgb, 0.4, generator)
    rgb = rgb.clamp(1e-3, 1) ** uniform(0.7, 1.4, 1, 1, 1) * uniform(0.85, 1.15, 3, 1, 1)
    noise = torch.randn(rgb.shape, generator=generator) * uniform(0.0, 0.025, 1, 1, 1)
    return (rgb + noise).clamp(0, 1), mask


def mask_loss(logits: Tensor, mask: Tensor) -> Tensor:
    """Cross-entropy and the Dice loss (Milletari et al. 2016), which weighs small objects like large ones."""
    entropy = functional.binary_cross_entropy_with_logits(logits, mask)
    p = torch.sigmoid(logits)
    overlap = 2 * (p * mask).sum(dim=(1, 2, 3)) + 1.0
    dice = 1 - overlap / (p.sum(dim=(1, 2, 3)) + mask.sum(dim=(1, 2, 3)) + 1.0)
    return entropy + 0.5 * dice.mean()


def intersection_over_union(a: Tensor, b: Tensor) -> Tensor:
    """IoU (B,) of masks (B, 1, H, W) at the threshold 0.5; 1 where both are empty."""
    x, y = a > 0.5, b > 0.5
    union = (x | y).sum(dim=(1, 2, 3))
    return torch.where(union > 0, (x & y).sum(dim=(1, 2, 3)) / union.clamp(min=1), torch.ones(len(x)))


class SegmentTrainer:
    """The network, its average, its optimiser and its ring of pictures."""

    def __init__(self, folder: Path, config: SegmentConfig) -> None:
        self.folder, self.config = folder, config
        torch.manual_seed(config.seed)
        self.network = SegmentNetwork().to(config.device)
        self.network = self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = {k: v.detach().clone() for k, v in self.network.named_parameters()}
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=config.rate, weight_decay=config.decay, betas=(0.9, 0.98)
        )
        self.seen, self.rendered = 0, 0
        self.log: list[dict[str, float]] = []
        self.checkpoint = Checkpoint(folder)
        self._resume()
        ring = folder / "ring.npy"
        if not ring.exists():
            folder.mkdir(parents=True, exist_ok=True)
            np.lib.format.open_memmap(ring, "w+", np.uint8, (config.ring, 4, RENDERED, RENDERED)).flush()
            self.rendered = 0
        self.ring = np.load(ring, mmap_mode="r+", allow_pickle=False)

    def _resume(self) -> None:
        found = self.checkpoint.load()
        if found is None:
            return
        tensors, state = found
        self.network.load_state_dict(
            {k[len(MASTER) :]: v for k, v in tensors.items() if k.startswith(MASTER)}
        )
        # in the network's order: the average is updated as a list
        self.average = {k: tensors[f"{AVERAGE}{k}"].to(self.config.device) for k in self.average}
        restore_optimiser(self.optimiser, tensors, "o.")
        self.seen, self.rendered = int(state["seen"]), int(state["rendered"])
        self.log = state["log"]

    def save(self) -> None:
        """Write a checkpoint."""
        tensors: dict[str, Tensor] = {f"{MASTER}{k}": v for k, v in self.network.named_parameters()}
        tensors |= {f"{AVERAGE}{k}": v for k, v in self.average.items()}
        tensors |= optimiser_tensors(self.optimiser, "o.")
        self.ring.flush()
        state = {"seen": self.seen, "rendered": self.rendered, "config": asdict(self.config), "log": self.log}
        self.checkpoint.save(tensors, state)

    def rate(self) -> float:
        """Learning rate now."""
        c = self.config
        return learning_rate(c.rate, self.seen, c.batch, c.warmup, c.samples)

    def render(self) -> None:
        """Add some pictures to the ring; which ones follows from the seed and from how many there were."""
        c = self.config
        rng = np.random.default_rng([c.seed, 7, self.rendered])
        programs = [sample_program(rng) for _ in range(c.render)]
        rgb, mask = room_photograph(programs, rng, RENDERED, samples=1)
        packed = (torch.cat([rgb, mask], dim=1) * 255).round().to(torch.uint8).numpy()
        rows = (self.rendered + np.arange(c.render)) % len(self.ring)
        self.ring[rows] = packed
        self.rendered += c.render

    def step(self, pictures: Tensor, generator: torch.Generator) -> tuple[float, float]:
        """One optimiser step on rendered pictures (B, 4, S, S) uint8; loss and mean IoU of the batch."""
        c = self.config
        values = pictures.float() / 255
        rgb, mask = varied(values[:, :3], values[:, 3:], generator)
        rgb = rgb.to(c.device).contiguous(memory_format=torch.channels_last)
        mask = mask.to(c.device)
        self.network.train()
        with torch.autocast(torch.device(c.device).type, dtype=torch.bfloat16):
            logits = self.network(rgb)
        logits = logits.float()
        loss = mask_loss(logits, mask)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        self.optimiser.step()
        self.seen += len(pictures)
        keep = min(c.average, 1 - 1 / (1 + self.seen / c.batch / 10))
        with torch.no_grad():
            parameters = [p.detach() for p in self.network.parameters()]
            torch._foreach_lerp_(list(self.average.values()), parameters, 1 - keep)
        overlap = intersection_over_union(torch.sigmoid(logits.detach()).cpu(), mask.cpu())
        return float(loss.detach()), float(overlap.mean())

    def run(self, minutes: float, report: Callable[[str], None] = print) -> None:
        """Train for some minutes or to the end of the schedule; checkpoints every few minutes and at the end."""
        c = self.config
        started = saved = told = time.time()
        count, losses, overlaps = 0, 0.0, 0.0
        rng = np.random.default_rng([c.seed, 8, self.seen])
        generator = torch.Generator().manual_seed(c.seed + self.seen)
        try:
            while time.time() - started < 60 * minutes and self.seen < c.samples:
                if self.rendered < min(c.first, c.ring) + self.seen / c.reuse:
                    self.render()
                    continue
                rows = np.sort(rng.choice(min(self.rendered, len(self.ring)), c.batch, replace=False))
                loss, overlap = self.step(torch.from_numpy(self.ring[rows]), generator)
                count, losses, overlaps = count + 1, losses + loss, overlaps + overlap
                now = time.time()
                if now - told > 30:
                    row = {
                        "seen": float(self.seen),
                        "loss": losses / count,
                        "iou": overlaps / count,
                        "per_second": count * c.batch / (now - told),
                    }
                    self.log.append(row)
                    report(
                        f"{self.seen:>8} samples  loss {row['loss']:.3f}  IoU {row['iou']:.3f}  "
                        f"{row['per_second']:.0f}/s  rendered {self.rendered}  rate {self.rate():.2e}"
                    )
                    told, count, losses, overlaps = now, 0, 0.0, 0.0
                if now - saved > 180:
                    self.save()
                    saved = now
        finally:
            self.save()


def export_segment(folder: Path, target: Path) -> dict[str, str]:
    """Write the averaged weights as bfloat16 safetensors; returns the metadata."""

    def describe(state: dict[str, Any]) -> dict[str, str]:
        return {
            "network": json.dumps({"kind": "mask", "image": IMAGE}),
            "samples": str(state["seen"]),
            "rendered": str(state["rendered"]),
            "config": json.dumps(state["config"]),
        }

    return Checkpoint(folder).export(target, describe)
