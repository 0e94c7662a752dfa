# SPDX-License-Identifier: GPL-3.0-or-later
"""Training loss: cross-entropy within each slot's tokens, softened along ordered bins."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ..program.grammar import HEADER, Grammar, grammar


@dataclass(frozen=True)
class LossConfig:
    """What counts, and how the targets are given.

    structure: weight of a choice (category, layout, component) beside that of an ordered number.  auxiliary, places: weights
    of the encoder's own heads beside the sequence.  soft: ordered numbers may miss by a bin.  misheard: share of the ordered
    numbers that are off by a bin or two when the decoder reads them.
    """

    structure: float = 2.0
    auxiliary: float = 0.3
    places: float = 0.2
    soft: bool = True
    misheard: float = 0.25


class SlotLoss:
    """Soft-target cross-entropy. A coordinate that misses by one bin is nearly right, a wrong category is wrong."""

    def __init__(self, device: torch.device | str = "cpu", config: LossConfig | None = None) -> None:
        self.config = config or LossConfig()
        g = grammar()
        self.allowed = torch.from_numpy(g.allowed()).to(device)
        self.spread = torch.from_numpy(g.spreads()).to(device)
        self.bins = self.allowed.sum(dim=1).to(device)
        self.first = g.first_number
        self.numbers = torch.arange(g.numbers, device=device)

    def targets(self, tokens: Tensor, slots: Tensor) -> tuple[Tensor, Tensor]:
        """Soft targets (N, numbers) of number tokens (N,), and which rows have a spread."""
        bin_ = tokens - self.first
        spread = self.spread[slots]
        off = (self.numbers[None] - bin_[:, None]).float()
        n = self.bins[slots][:, None].float()
        wrapped = torch.remainder(off + n / 2, n) - n / 2
        off = torch.where(spread[:, None] < 0, wrapped, off)
        weight = torch.exp(-0.5 * (off / spread.abs().clamp(min=1e-3)[:, None]) ** 2)
        weight = weight * (self.numbers[None] < n)
        return weight / weight.sum(dim=1, keepdim=True).clamp(min=1e-9), spread != 0

    def misheard(self, tokens: Tensor, slots: Tensor, generator: torch.Generator) -> Tensor:
        """Tokens (B, T) with some ordered numbers off by a bin or two, for the decoder to read.

        So that it looks at the picture again, as it must after numbers of its own, and cannot tell a sample by its digits.
        """
        off = (torch.randn(tokens.shape, generator=generator, device=tokens.device) * 1.5).round().long()
        off *= (
            torch.rand(tokens.shape, generator=generator, device=tokens.device) < self.config.misheard
        ) & (self.spread[slots] != 0)
        n = self.bins[slots]
        bin_ = tokens - self.first + off
        bin_ = torch.where(
            self.spread[slots] < 0, bin_ % n.clamp(min=1), torch.minimum(bin_.clamp(min=0), n - 1)
        )
        return torch.where(off != 0, bin_ + self.first, tokens)

    def __call__(self, logits: Tensor, tokens: Tensor, slots: Tensor) -> tuple[Tensor, Tensor]:
        """Mean loss a token, choices counting more, and mean hard negative log-likelihood; padding is left out."""
        keep = tokens != Grammar.PAD
        logits, tokens, slots = logits[keep].float(), tokens[keep], slots[keep]
        logits = logits.masked_fill(~self.allowed[slots], -1e4)
        logp = torch.log_softmax(logits, dim=1)
        hard = -logp.gather(1, tokens[:, None]).squeeze(1)
        soft, has_spread = self.targets(tokens, slots)
        spread_loss = -(soft * logp[:, self.first :]).sum(dim=1)
        weight = torch.where(has_spread, 1.0, self.config.structure)
        each = torch.where(has_spread, spread_loss, hard) if self.config.soft else hard
        loss = (each * weight).sum() / weight.sum()
        return loss, hard.mean().detach()

    def auxiliary(self, heads: list[Tensor], tokens: Tensor) -> Tensor:
        """Loss of the encoder's own heads for category and header."""
        g = grammar()
        total = functional.cross_entropy(heads[0].float(), tokens[:, 0] - g.first_category)
        for k in range(len(HEADER)):
            soft, _ = self.targets(tokens[:, 1 + k], torch.full_like(tokens[:, 0], 1 + k))
            logp = torch.log_softmax(heads[1 + k].float(), dim=1)
            total = total - (soft[:, : logp.shape[1]] * logp).sum(dim=1).mean()
        return total / (1 + len(HEADER))

    def places(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Loss of what the encoder says of every place: logits (B, S, kinds + 5), labels (B, G, G, 5) int8, G * G = S.

        The kind counts everywhere (the background, which the mask gives away, a tenth), the rest on the object.
        """
        labels = labels.flatten(1, 2).flatten(0, 1)
        logits = logits.flatten(0, 1).float()
        kind = labels[:, 0].long()
        kinds = logits.shape[1] - 4
        weight = torch.full((kinds,), 1.0, device=logits.device)
        weight[0] = 0.1
        on = (kind > 0).float()
        seen = on.sum().clamp(min=1.0)
        moves = functional.binary_cross_entropy_with_logits(
            logits[:, kinds], labels[:, 1].float(), weight=on, reduction="sum"
        )
        normal = ((logits[:, kinds + 1 :] - labels[:, 2:].float() / 127) ** 2).sum(1) * on
        return (
            functional.cross_entropy(logits[:, :kinds], kind, weight=weight) + (moves + normal.sum()) / seen
        )
