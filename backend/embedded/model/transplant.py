# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights of one grammar put into a network of another: what both know by name is kept, what is new is learned.

A new category or component changes the numbers of all tokens after it, but not what the others mean. So a training need
not begin anew: rows of tables are moved by the names of their categories, kinds and slots.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from physx_blender.errors import AssetError

from ..program.grammar import Grammar, grammar
from .network import Network

_BY_TOKEN = frozenset({"token.weight", "head.weight", "head.bias"})
_BY_SLOT = frozenset({"slot.weight", "before.weight"})
_BY_CATEGORY = frozenset({"auxiliary.0.weight", "auxiliary.0.bias"})
_BY_KIND = frozenset({"dense.weight", "dense.bias"})


@dataclass(frozen=True)
class Transplant:
    """What came over: names of tensors taken whole or by rows, those left as they were, and samples seen before."""

    taken: tuple[str, ...]
    left: tuple[str, ...]
    samples: int


@torch.no_grad()
def transplant(path: Path, network: Network) -> Transplant:
    """Copy what fits from the weights at `path` into `network`; raises AssetError if the file is not such weights."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors: dict[str, Tensor] = {k: file.get_tensor(k).float() for k in file.keys()}  # noqa: SIM118
        categories, kinds = json.loads(metadata["categories"]), json.loads(metadata["kinds"])
        slots = json.loads(metadata["slots"])
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise AssetError(
            f"is not weights of an embedded model ({error}); give a file that 'physx-blender train --export' wrote",
            where=str(path),
        ) from None
    g = grammar()
    rows = {
        **dict.fromkeys(_BY_TOKEN, _tokens(categories, kinds, g)),
        **dict.fromkeys(_BY_SLOT, _same(slots, [s.name for s in g.slots])),
        **dict.fromkeys(_BY_CATEGORY, _same(categories, g.categories)),
        **dict.fromkeys(_BY_KIND, _dense(kinds, g)),
    }
    taken, left = [], []
    for name, own in network.state_dict().items():
        old = tensors.get(name)
        if old is None or old.shape[1:] != own.shape[1:]:
            left.append(name)
        elif name in rows:
            pairs = [(a, b) for a, b in rows[name] if a < len(old) and b < len(own)]
            source, target = torch.tensor([a for a, _ in pairs]), torch.tensor([b for _, b in pairs])
            own[target] = old[source].to(own.dtype)
            taken.append(name)
        elif old.shape == own.shape:
            own.copy_(old)
            taken.append(name)
        else:
            left.append(name)
    return Transplant(tuple(taken), tuple(left), int(metadata.get("samples", "0")))


def _same(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of places of what both name."""
    return [(old.index(name), k) for k, name in enumerate(new) if name in old]


def _tokens(categories: Sequence[str], kinds: Sequence[str], g: Grammar) -> list[tuple[int, int]]:
    first_kind = 2 + len(categories)
    first_number = first_kind + len(kinds)
    pairs = [(Grammar.PAD, Grammar.PAD), (Grammar.END, Grammar.END)]
    pairs += [(2 + a, 2 + b) for a, b in _same(categories, g.categories)]
    pairs += [(first_kind + a, g.first_kind + b) for a, b in _same(kinds, g.kinds)]
    return pairs + [(first_number + k, g.first_number + k) for k in range(g.numbers)]


def _dense(kinds: Sequence[str], g: Grammar) -> list[tuple[int, int]]:
    """Rows of the head that names the kind at every place: background, kinds, then what no grammar changes."""
    pairs = [(0, 0), *((1 + a, 1 + b) for a, b in _same(kinds, g.kinds))]
    return pairs + [(1 + len(kinds) + k, 1 + len(g.kinds) + k) for k in range(4)]
