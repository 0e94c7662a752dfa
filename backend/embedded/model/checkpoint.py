# SPDX-License-Identifier: GPL-3.0-or-later
"""Checkpoints of a training, and the weights that are taken out of them; shared by both networks."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from physx_blender.errors import AssetError

MASTER, AVERAGE = "m.", "a."
"""Prefixes of the parameters, and of their running average, among a checkpoint's tensors."""


class Checkpoint:
    """Model, averaged model and optimiser state as safetensors, counters as JSON; written beside, then renamed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tensors, self.state = folder / "checkpoint.safetensors", folder / "checkpoint.json"

    def save(self, tensors: Mapping[str, Tensor], state: Mapping[str, object]) -> None:
        """Replace the checkpoint."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.tensors.with_suffix(".new")
        save_file({k: v.detach().contiguous().cpu().clone() for k, v in tensors.items()}, beside)
        os.replace(beside, self.tensors)
        beside = self.state.with_suffix(".new")
        beside.write_text(json.dumps(state, indent=1))
        os.replace(beside, self.state)

    def load(self) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """The last checkpoint, or None."""
        if not self.tensors.exists() or not self.state.exists():
            return None
        return load_file(self.tensors), json.loads(self.state.read_text())

    def export(self, target: Path, describe: Callable[[dict[str, Any]], dict[str, str]]) -> dict[str, str]:
        """Write the averaged weights as bfloat16 safetensors with the metadata that `describe` makes of the state."""
        found = self.load()
        if found is None:
            raise AssetError("holds no checkpoint; train first", where=str(self.folder))
        tensors, state = found
        metadata = describe(state)
        weights = {
            k[len(AVERAGE) :]: v.to(torch.bfloat16) for k, v in tensors.items() if k.startswith(AVERAGE)
        }
        beside = target.with_suffix(".new")
        save_file(weights, beside, metadata)
        os.replace(beside, target)
        return metadata


def optimiser_tensors(optimiser: torch.optim.Optimizer, prefix: str) -> dict[str, Tensor]:
    """The state of an optimiser under ``<prefix><number of the parameter>.<name>``."""
    return {
        f"{prefix}{index}.{name}": torch.as_tensor(value)
        for index, values in optimiser.state_dict()["state"].items()
        for name, value in values.items()
    }


def restore_optimiser(optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor], prefix: str) -> None:
    """The inverse of `optimiser_tensors`."""
    groups = optimiser.state_dict()
    slots: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith(prefix):
            index, name = key[len(prefix) :].split(".", 1)
            slots.setdefault(int(index), {})[name] = value
    groups["state"] = slots
    optimiser.load_state_dict(groups)


def learning_rate(peak: float, seen: int, batch: int, warmup: int, samples: int) -> float:
    """Linear warm-up, then a cosine down to 2 per cent of the peak after `samples` samples."""
    if seen < warmup:
        return peak * (seen + batch) / warmup
    share = min((seen - warmup) / max(samples - warmup, 1), 1.0)
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))
