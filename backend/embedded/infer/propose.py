# SPDX-License-Identifier: GPL-3.0-or-later
"""Sampling programs from the network, all at once, under the grammar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..model.decoding import Decoder
from ..model.network import Network
from ..program.fields import Choice, Count, Log
from ..program.grammar import MAX_TOKENS, Automaton, Grammar, decode, grammar
from ..program.node import Program
from .sight import LOOKS, Sight

# numbers are drawn close to their most likely bin, structure as the model believes it
STRUCTURE_TEMPERATURE = 0.9
NUMBER_TEMPERATURE = 0.35
LONGEST = 176
# a few draws that run on and on are rarely any good: they are left where they are once most others have ended
_ENOUGH = 0.85
_PATIENCE = 1.1
_LEAVE = 0.75  # of the sequences are left: those that have ended are worth leaving behind


@dataclass(frozen=True)
class Proposal:
    """A program, its tokens, and the model's mean log-probability a token of structure (category, kinds, choices).

    size_spread: standard deviation of the logarithm of the object's size, as the model believes it.
    """

    program: Program
    tokens: tuple[int, ...]
    log_probability: float
    category_probability: float
    size_spread: float = 0.0


def temperatures(device: torch.device) -> Tensor:
    """(slots,) temperature of each slot."""
    out = []
    for slot in grammar().slots:
        structural = (
            slot.field is None or isinstance(slot.field, Choice | Count) or slot.name == "header.azimuth"
        )
        out.append(STRUCTURE_TEMPERATURE if structural else NUMBER_TEMPERATURE)
    return torch.tensor(out, device=device)


@torch.inference_mode()
def propose(network: Network, sight: Sight, count: int, seed: int) -> list[Proposal]:
    """Draw `count` programs for one picture, as many from each of its looks; the first is greedy.

    Keys and values are kept from step to step. Sequences that have ended are left behind.
    """
    g = grammar()
    device = sight.memory.device
    each = -(-count // LOOKS)
    count = each * LOOKS
    decoder = Decoder(network, sight.memory, each, LONGEST)
    generator = torch.Generator(device).manual_seed(seed)
    temperature = temperatures(device)
    allowed: Tensor = network.allowed  # type: ignore[assignment]
    automata = [Automaton() for _ in range(count)]
    rows = list(range(count))  # the sequences that the decoder still works on
    tokens = torch.zeros(count, 1, dtype=torch.long, device=device)
    before = torch.zeros(count, dtype=torch.long, device=device)
    sequences: list[list[int]] = [[] for _ in range(count)]
    likelihood, counted, first = np.zeros(count), np.zeros(count), np.zeros(count)
    ended = last = 0  # how many sequences have ended, and the step at which the last of them did
    size_slot, spread = g.slot_index["header.size"], np.zeros(count)
    idle = g.slot_index["next"]
    for step in range(min(LONGEST, MAX_TOKENS)):
        here = [automata[k] for k in rows]
        slots_now = torch.tensor([idle if a.done else a.slot for a in here], device=device)
        logits = decoder.step(tokens, torch.stack([before, slots_now], dim=1))
        logits = logits.float().masked_fill(~allowed[slots_now], -torch.inf)
        plain = torch.log_softmax(logits, dim=1)
        if int(slots_now[0]) == size_slot:  # a field of the header: all sequences are at it together
            spread = _spread(plain, size_slot)
        heat = torch.softmax(logits / temperature[slots_now][:, None], dim=1)
        drawn = torch.multinomial(heat, 1, generator=generator)[:, 0]
        if rows[0] == 0:
            drawn[0] = logits[0].argmax()
        picked = plain.gather(1, drawn[:, None])[:, 0].cpu().numpy()
        structural = (temperature[slots_now] == STRUCTURE_TEMPERATURE).cpu().numpy()
        chosen = drawn.tolist()
        for at, (k, automaton) in enumerate(zip(rows, here, strict=True)):
            if automaton.done:
                continue
            if automaton.must_end:
                chosen[at] = Grammar.END
            if step == 0:
                first[k] = float(np.exp(picked[at]))
            if structural[at]:
                likelihood[k] += picked[at]
                counted[k] += 1
            sequences[k].append(chosen[at])
            automaton.push(chosen[at])
        now = sum(a.done for a in automata)
        if now > ended:
            ended, last = now, step
        if ended == count or (ended >= _ENOUGH * count and step > _PATIENCE * last):
            break
        tokens = torch.tensor(chosen, device=device)[:, None]
        before = slots_now
        going = _unfinished([automaton.done for automaton in here], decoder.each)
        if len(going) <= _LEAVE * len(rows):
            index = torch.tensor(going, device=device)
            decoder.keep(index)
            tokens, before, rows = tokens[index], before[index], [rows[at] for at in going]
    out, known = [], set()
    for k, sequence in enumerate(sequences):
        if tuple(sequence) in known or not (automata[k].done or ended < _ENOUGH * count):
            continue
        known.add(tuple(sequence))
        out.append(
            Proposal(
                decode(sequence),
                tuple(sequence),
                float(likelihood[k] / max(counted[k], 1)),
                float(first[k]),
                float(spread[k]),
            )
        )
    return out


def _unfinished(done: Sequence[bool], each: int) -> list[int]:
    """Places, in groups of `each`, of as few sequences as hold all that have not ended, as many of each group."""
    groups = [range(start, start + each) for start in range(0, len(done), each)]
    most = max(sum(not done[k] for k in group) for group in groups)
    return [k for group in groups for k in sorted(sorted(group, key=lambda k: done[k])[:most])]


def _spread(logp: Tensor, slot: int) -> npt.NDArray[np.float64]:
    """Standard deviation (B,) of the logarithm of a logarithmic field under log-probabilities (B, V)."""
    g = grammar()
    field = g.slots[slot].field
    assert isinstance(field, Log)
    values = np.log([field.decode(k) for k in range(field.bins)])
    p = logp[:, g.first_number : g.first_number + field.bins].exp().double().cpu().numpy()
    mean = p @ values
    return np.asarray(np.sqrt(np.maximum(p @ values**2 - mean**2, 0.0)))
