# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped weights: where they are, what they belong to, and loading them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from physx_blender.errors import AssetError

from ..program.grammar import grammar
from .network import Network, NetworkConfig

SHIPPED = Path(__file__).resolve().parents[1] / "weights" / "embedded.safetensors"


@dataclass(frozen=True)
class Weights:
    """A loaded network with the SHA-256 of its file and the number of samples it has seen."""

    network: Network
    sha256: str
    samples: int


def load_weights(path: Path | None = None, device: str = "cpu") -> Weights:
    """Load a network for inference (float32); the file must belong to this version's grammar."""
    path = path or SHIPPED
    if not path.is_file():
        raise AssetError(
            "the weights of the embedded model are missing; reinstall the extension", where=str(path)
        )
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 - not a dict
    except (SafetensorError, OSError) as error:
        raise AssetError(
            f"is not a readable safetensors file ({error}); give a file that 'physx-blender train --export' wrote",
            where=str(path),
        ) from None
    g = grammar()
    try:
        same = (
            tuple(json.loads(metadata["categories"])) == g.categories
            and tuple(json.loads(metadata["kinds"])) == g.kinds
            and json.loads(metadata["slots"]) == [s.name for s in g.slots]
        )
        sizes = json.loads(metadata["network"])
    except (KeyError, ValueError):
        same, sizes = False, {}
    if not same:
        raise AssetError(
            "was trained for another version of the grammar; retrain, or use the shipped weights",
            where=str(path),
        )
    config = NetworkConfig.from_dict(sizes)
    network = Network(config)
    missing = network.load_state_dict(tensors, strict=False)
    if missing.missing_keys or missing.unexpected_keys:
        raise AssetError("lacks tensors of the network; export it again", where=str(path))
    network.to(torch.device(device)).eval()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Weights(network, digest, int(metadata.get("samples", "0")))
