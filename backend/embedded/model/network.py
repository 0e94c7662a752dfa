# SPDX-License-Identifier: GPL-3.0-or-later
"""Image-to-program transformer: a small convolutional encoder and a token decoder with cross-attention.

Attention is written as plain matrix products: on a CPU their backward pass is about twice as fast as the fused kernel's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..program.grammar import HEADER, MAX_TOKENS, grammar


@dataclass(frozen=True)
class NetworkConfig:
    """Sizes of the network; `image` pixels a side, `width` features a token."""

    image: int = 128
    width: int = 256
    heads: int = 4
    encoder_layers: int = 2
    decoder_layers: int = 4
    channels: tuple[int, int, int, int] = (32, 64, 128, 256)

    def to_dict(self) -> dict[str, object]:
        """Plain values, for a model card or a checkpoint."""
        return asdict(self)

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> NetworkConfig:
        """The inverse of `to_dict`, also after a way through JSON (which knows no tuples)."""
        plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return NetworkConfig(**plain)


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions around a shortcut, with group normalisation."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(8, channels), nn.GroupNorm(8, channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same shape."""
        h = self.conv1(functional.relu(self.norm1(x)))
        return x + self.conv2(functional.relu(self.norm2(h)))


class Attention(nn.Module):
    """Multi-head attention of queries (B, T, D) over a memory (B, S, D)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, self.head = heads, width // heads
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width, bias=False)
        self.value, self.out = nn.Linear(width, width), nn.Linear(width, width)

    def split(self, x: Tensor) -> Tensor:
        """(B, T, D) to (B, heads, T, head)."""
        b, t, _ = x.shape
        return x.view(b, t, self.heads, self.head).transpose(1, 2)

    def memory(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of a memory, to be kept while a sequence is decoded."""
        return self.split(self.key(x)), self.split(self.value(x))

    def forward(self, x: Tensor, keys: Tensor, values: Tensor, bias: Tensor | None = None) -> Tensor:
        """Attend; `bias` (T, S) is added to the scores."""
        b, t, d = x.shape
        q = self.split(self.query(x)) * self.head**-0.5
        scores = q @ keys.transpose(-1, -2)
        if bias is not None:
            scores = scores + bias.to(scores.dtype)
        mixed = torch.softmax(scores, dim=-1) @ values
        return self.out(mixed.transpose(1, 2).reshape(b, t, d))


class Mlp(nn.Sequential):
    """Two linear layers with a ReLU between."""

    def __init__(self, width: int) -> None:
        super().__init__(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width))


class EncoderLayer(nn.Module):
    """Self-attention over picture tokens."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention, self.mlp = Attention(width, heads), Mlp(width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, S, D) to the same shape."""
        y = self.norm1(x)
        x = x + self.attention(y, *self.attention.memory(y))
        return x + self.mlp(self.norm2(x))


class DecoderLayer(nn.Module):
    """Causal self-attention, attention to the picture, and a feed-forward step."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.own, self.picture, self.mlp = Attention(width, heads), Attention(width, heads), Mlp(width)

    def forward(self, x: Tensor, memory: Tensor, bias: Tensor) -> Tensor:
        """Whole sequences (B, T, D) over the picture's tokens (B, S, D); `bias` (T, T) hides what comes later."""
        y = self.norm1(x)
        x = x + self.own(y, *self.own.memory(y), bias)
        x = x + self.picture(self.norm2(x), *self.picture.memory(memory))
        return x + self.mlp(self.norm3(x))


class Encoder(nn.Module):
    """Picture (B, 4, H, W) to tokens at a sixteenth (global, attended) and an eighth of the resolution."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        c1, c2, c3, c4 = config.channels
        self.stem = nn.Sequential(
            nn.Conv2d(4, c1, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(c1, c2, 3, stride=2, padding=1),
            ResidualBlock(c2),
        )
        self.middle = nn.Sequential(
            nn.Conv2d(c2, c3, 3, stride=2, padding=1), ResidualBlock(c3), ResidualBlock(c3)
        )
        self.deep = nn.Sequential(
            nn.Conv2d(c3, c4, 3, stride=2, padding=1), ResidualBlock(c4), ResidualBlock(c4)
        )
        self.to_coarse, self.to_fine = nn.Linear(c4, config.width), nn.Linear(c3, config.width)
        coarse, fine = (config.image // 16) ** 2, (config.image // 8) ** 2
        self.coarse_place = nn.Parameter(torch.randn(coarse, config.width) * 0.02)
        self.fine_place = nn.Parameter(torch.randn(fine, config.width) * 0.02)
        self.layers = nn.ModuleList(
            EncoderLayer(config.width, config.heads) for _ in range(config.encoder_layers)
        )
        self.norm = nn.LayerNorm(config.width)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Memory tokens (B, S, D) and a pooled summary (B, D)."""
        middle = self.middle(self.stem(picture))
        deep = self.deep(middle)
        coarse = self.to_coarse(deep.flatten(2).transpose(1, 2)) + self.coarse_place
        for layer in self.layers:
            coarse = layer(coarse)
        b, n, d = coarse.shape
        side = int(n**0.5)
        grown = coarse.transpose(1, 2).reshape(b, d, side, side)
        grown = functional.interpolate(grown, scale_factor=2.0, mode="nearest").flatten(2).transpose(1, 2)
        fine = self.to_fine(middle.flatten(2).transpose(1, 2)) + self.fine_place + grown
        return self.norm(fine), self.norm(coarse).mean(dim=1)


class Network(nn.Module):
    """The whole model. Slots (see the grammar) tell the decoder what it has to fill next."""

    allowed: Tensor
    causal: Tensor

    def __init__(self, config: NetworkConfig | None = None) -> None:
        super().__init__()
        self.config = config or NetworkConfig()
        g = grammar()
        d = self.config.width
        self.encoder = Encoder(self.config)
        self.token = nn.Embedding(g.vocabulary, d)
        self.slot = nn.Embedding(len(g.slots), d)
        self.before = nn.Embedding(len(g.slots), d)
        self.place = nn.Embedding(MAX_TOKENS, d)
        for table in (self.token, self.slot, self.before, self.place):
            nn.init.normal_(table.weight, std=0.02)
        self.layers = nn.ModuleList(
            DecoderLayer(d, self.config.heads) for _ in range(self.config.decoder_layers)
        )
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, g.vocabulary)
        # auxiliary heads read the picture alone, so that the encoder learns to see before the decoder learns to talk
        self.auxiliary = nn.ModuleList(
            [nn.Linear(d, len(g.categories)), *(nn.Linear(d, f.bins) for f in HEADER)]
        )
        # and at every place: which kind of component is there, does it move, which way does it face
        self.dense = nn.Linear(d, 1 + len(g.kinds) + 4)
        self.register_buffer("allowed", torch.from_numpy(g.allowed()), persistent=False)
        bias = torch.full((MAX_TOKENS, MAX_TOKENS), float("-inf")).triu(1)
        self.register_buffer("causal", bias, persistent=False)

    def inputs(self, tokens: Tensor, slots: Tensor, start: int = 0) -> Tensor:
        """Decoder inputs (B, T, D): the token before each place, what it filled, what comes next, and the place.

        tokens: (B, T) the tokens before each place (a PAD first).  slots: (B, T + 1) the slots of those and of the next.
        """
        places = torch.arange(start, start + tokens.shape[1], device=tokens.device)
        return self.token(tokens) + self.before(slots[:, :-1]) + self.slot(slots[:, 1:]) + self.place(places)

    def forward(self, picture: Tensor, tokens: Tensor, slots: Tensor) -> tuple[Tensor, list[Tensor], Tensor]:
        """Teacher forcing: logits (B, T, V) for tokens (B, T) with slots (B, T), the auxiliary logits of the whole
        picture, and those of its places (B, S, kinds + 5): background and kinds, moves, normal."""
        memory, summary = self.encoder(picture)
        previous = torch.cat([torch.zeros_like(tokens[:, :1]), tokens[:, :-1]], dim=1)
        padded = torch.cat([torch.zeros_like(slots[:, :1]), slots], dim=1)
        x = self.inputs(previous, padded)
        bias = self.causal[: x.shape[1], : x.shape[1]]
        for layer in self.layers:
            x = layer(x, memory, bias)
        return self.head(self.norm(x)), [head(summary) for head in self.auxiliary], self.dense(memory)
