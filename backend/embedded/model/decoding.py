# SPDX-License-Identifier: GPL-3.0-or-later
"""The decoder one token at a time, for many sequences at once, with what it has already computed kept."""

from __future__ import annotations

import torch
from torch import Tensor

from .network import Attention, DecoderLayer, Network


class Decoder:
    """Sequences in groups of equal size; all of a group read from one memory (groups, S, D).

    Keys and values are kept as (sequences * heads, steps, features): a slice of that is multiplied without being copied.
    """

    def __init__(self, network: Network, memory: Tensor, each: int, longest: int) -> None:
        self.network, self.groups, self.each = network, len(memory), each
        self.layers: list[DecoderLayer] = list(network.layers)  # type: ignore[arg-type]
        count, heads = self.groups * each, network.config.heads
        width = network.config.width // heads
        shape = (count * heads, longest, width)
        self.seen = [tuple(t.flatten(0, 1) for t in layer.picture.memory(memory)) for layer in self.layers]
        self.kept = [(memory.new_empty(shape), memory.new_empty(shape)) for _ in self.layers]
        self.done = 0

    def step(self, tokens: Tensor, slots: Tensor) -> Tensor:
        """Logits (N, V) after tokens (N, 1); slots (N, 2): that of the token, and the next one to be filled."""
        x = self.network.inputs(tokens, slots, self.done)[:, 0].to(self.kept[0][0].dtype)
        self.done += 1
        for layer, (keys, values), seen in zip(self.layers, self.kept, self.seen, strict=True):
            y = layer.norm1(x)
            rows = (len(keys), 1, keys.shape[2])
            keys[:, self.done - 1 : self.done] = layer.own.key(y).view(rows)
            values[:, self.done - 1 : self.done] = layer.own.value(y).view(rows)
            x = x + _attend(layer.own, y.view(len(y), 1, -1), keys[:, : self.done], values[:, : self.done])
            shared = layer.norm2(x).view(self.groups, self.each, -1)
            x = x + _attend(layer.picture, shared, *seen)
            x = x + layer.mlp(layer.norm3(x))
        logits: Tensor = self.network.head(self.network.norm(x))
        return logits

    def keep(self, rows: Tensor) -> None:
        """Go on with these sequences (as many of each group, group by group) only."""
        heads = self.network.config.heads
        self.each = len(rows) // self.groups
        at = (rows[:, None] * heads + torch.arange(heads, device=rows.device)).flatten()
        for layer, (keys, values) in enumerate(self.kept):
            kept = []
            for old in (keys, values):
                new = old.new_empty((len(at), *old.shape[1:]))
                new[:, : self.done] = old[at, : self.done]
                kept.append(new)
            self.kept[layer] = (kept[0], kept[1])


def _attend(attention: Attention, x: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Queries of x (G, E, D) over keys and values (G * heads, S, features) of their group; (G * E, D)."""
    groups, each, width = x.shape
    q = attention.query(x) * attention.head**-0.5
    if each == 1:
        q = q.view(groups * attention.heads, 1, attention.head)
    else:
        q = q.view(groups, each, attention.heads, attention.head).transpose(1, 2).flatten(0, 1)
    mixed = torch.bmm(torch.softmax(torch.bmm(q, keys.transpose(1, 2)), dim=-1), values)
    if each > 1:
        mixed = mixed.view(groups, attention.heads, each, attention.head).transpose(1, 2)
    out: Tensor = attention.out(mixed.reshape(groups * each, width))
    return out
