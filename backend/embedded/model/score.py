# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a network predicts held-out samples: the figures of a learning curve, without proposing or fitting anything."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..program.grammar import Grammar
from ..world.spoil import blanked
from .loss import SlotLoss
from .network import Network
from .pool import Pool, render_into

HELD_OUT = 1_000_007
"""Seeds the generator of held-out samples; trainings draw from generators seeded with small numbers."""
_BATCH = 32


@dataclass(frozen=True)
class Score:
    """nll: nats a token.  structure: nats an object for its category, kinds, counts and choices together.

    category: share whose most likely first token is the right one.  places: loss of what is seen at every place.
    """

    nll: float
    structure: float
    category: float
    places: float


def held_out_pool(folder: Path, count: int, image: int, categories: Sequence[str] | None = None) -> Pool:
    """`count` samples that no training has seen, always the same ones, as they are rendered."""
    pool = Pool(folder, count, image, create=True)
    rng = np.random.default_rng([HELD_OUT, image])
    while pool.written < count:
        render_into(pool, rng, categories=categories)
    return pool


@torch.inference_mode()
def score(network: Network, pool: Pool) -> Score:
    """Teacher-forced figures over all samples of a pool."""
    loss = SlotLoss(next(network.parameters()).device)
    dtype = next(network.parameters()).dtype
    nll = structure = places = 0.0
    right = tokens_seen = 0
    network.eval()
    for rows in np.array_split(pool.rows(1), -(-len(pool) // _BATCH)):
        pictures, tokens, slots, labels = pool.batch(rows, loss.allowed.device)
        longest = int((tokens != Grammar.PAD).sum(dim=1).max())
        tokens, slots = tokens[:, :longest], slots[:, :longest]
        pictures = pictures.float() / 255
        logits, _, dense = network(blanked(pictures[:, :3], pictures[:, 3:]).to(dtype), tokens, slots)
        logits = logits.float().masked_fill(~loss.allowed[slots], -1e4)
        cost = -torch.log_softmax(logits, dim=2).gather(2, tokens[..., None])[..., 0]
        cost = cost * (tokens != Grammar.PAD)
        nll += float(cost.sum())
        structure += float((cost * (loss.spread[slots] == 0)).sum())
        tokens_seen += int((tokens != Grammar.PAD).sum())
        right += int((logits[:, 0].argmax(dim=1) == tokens[:, 0]).sum())
        places += float(loss.places(dense, labels)) * len(rows)
    return Score(nll / tokens_seen, structure / len(pool), right / len(pool), places / len(pool))


def score_held_out(network: Network, count: int) -> Score:
    """`score` on `count` held-out samples, rendered for this."""
    with tempfile.TemporaryDirectory() as folder:
        return score(network, held_out_pool(Path(folder) / "pool", count, network.config.image))
