# SPDX-License-Identifier: GPL-3.0-or-later
"""The grammar: which token may follow which, and programs to tokens and back.

Sequence: CATEGORY azimuth elevation perspective size width depth height, then nodes, then END. A node is its kind's
token, its attributes in order, and, when its kind may host others, its children followed by END.

Every position of a sequence belongs to a *slot* (a header field, "which node next", or an attribute of a kind). The slot
follows from the tokens before it, so the network is told the slot it has to fill and never has to learn the syntax.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from ..categories import CATEGORIES
from ..components import COMPONENTS
from .fields import Angle, Field, Linear, Log
from .node import Node, Program, View

MAX_NODES = 40
MAX_DEPTH = 4
MAX_TOKENS = 320

HEADER: tuple[Field, ...] = (
    Angle("azimuth", 72),
    Linear("elevation", -0.6, 1.5, 43),
    Linear("perspective", 0.0, 0.45, 10),
    Log("size", 0.02, 3.0, 64),
    Log("width", 0.02, 1.0, 64),
    Log("depth", 0.02, 1.0, 64),
    Log("height", 0.02, 1.0, 64),
)


@dataclass(frozen=True)
class Slot:
    """A place in a sequence: the tokens it takes (start .. start + size, or a list) and how targets are spread."""

    name: str
    tokens: tuple[int, ...]
    field: Field | None = None


@dataclass(frozen=True)
class Grammar:
    """Vocabulary and slots, fixed by the sets of categories and components (both in alphabetical order)."""

    categories: tuple[str, ...]
    kinds: tuple[str, ...]
    numbers: int
    slots: tuple[Slot, ...]
    slot_index: dict[str, int]

    PAD = 0
    END = 1

    @property
    def first_category(self) -> int:
        """Token of the first category."""
        return 2

    @property
    def first_kind(self) -> int:
        """Token of the first kind of node."""
        return 2 + len(self.categories)

    @property
    def first_number(self) -> int:
        """Token of bin 0."""
        return self.first_kind + len(self.kinds)

    @property
    def vocabulary(self) -> int:
        """Number of tokens."""
        return self.first_number + self.numbers

    def allowed(self) -> npt.NDArray[np.bool_]:
        """(slots, vocabulary): which tokens a slot takes."""
        out = np.zeros((len(self.slots), self.vocabulary), bool)
        for k, slot in enumerate(self.slots):
            out[k, list(slot.tokens)] = True
        return out

    def spreads(self) -> npt.NDArray[np.float32]:
        """(slots,): standard deviation of the training target in bins; negative for a circular field."""
        out = np.zeros(len(self.slots), np.float32)
        for k, slot in enumerate(self.slots):
            if slot.field is not None:
                out[k] = -slot.field.spread if isinstance(slot.field, Angle) else slot.field.spread
        return out


@cache
def grammar() -> Grammar:
    """The grammar of this version."""
    categories = tuple(sorted(CATEGORIES))
    kinds = tuple(sorted(COMPONENTS))
    fields = [*HEADER, *(f for k in kinds for f in COMPONENTS[k].fields)]
    numbers = max(f.bins for f in fields)
    first_category, first_kind = 2, 2 + len(categories)
    first_number = first_kind + len(kinds)

    def bins(field: Field) -> tuple[int, ...]:
        return tuple(range(first_number, first_number + field.bins))

    slots = [Slot("category", tuple(range(first_category, first_kind)))]
    slots += [Slot(f"header.{f.name}", bins(f), f) for f in HEADER]
    slots.append(Slot("next", (Grammar.END, *range(first_kind, first_number))))
    for kind in kinds:
        slots += [Slot(f"{kind}.{f.name}", bins(f), f) for f in COMPONENTS[kind].fields]
    return Grammar(categories, kinds, numbers, tuple(slots), {s.name: k for k, s in enumerate(slots)})


class Automaton:
    """Reads tokens one by one and always knows the slot of the next one; `done` after the last END."""

    def __init__(self) -> None:
        self._g = grammar()
        self._header = 0
        self._pending: list[int] = []
        self._open = 0  # hosts that still take children
        self._nodes = 0
        self.done = False

    @property
    def slot(self) -> int:
        """Slot of the next token."""
        if self._header <= len(HEADER):
            return self._header
        if self._pending:
            return self._pending[0]
        return self._g.slot_index["next"]

    @property
    def must_end(self) -> bool:
        """The next token has to be END (limits on nodes and depth)."""
        return self.slot == self._g.slot_index["next"] and (
            self._nodes >= MAX_NODES or self._open >= MAX_DEPTH
        )

    def push(self, token: int) -> None:
        """Take the next token."""
        g = self._g
        if self._header <= len(HEADER):
            self._header += 1
        elif self._pending:
            self._pending.pop(0)
        elif token == Grammar.END:
            if self._open:
                self._open -= 1
            else:
                self.done = True
        else:
            kind = g.kinds[token - g.first_kind]
            self._nodes += 1
            self._pending = [g.slot_index[f"{kind}.{f.name}"] for f in COMPONENTS[kind].fields]
            if COMPONENTS[kind].hosts:
                self._open += 1


def encode(program: Program) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    """Tokens (T,) of a program and the slot (T,) of each."""
    g = grammar()
    tokens: list[int] = [g.first_category + g.categories.index(program.category)]
    v = program.view
    header = (v.azimuth, v.elevation, v.perspective, program.size, *program.box)
    slots = [0]
    for k, (field, value) in enumerate(zip(HEADER, header, strict=True)):
        tokens.append(g.first_number + field.encode(value))
        slots.append(k + 1)
    following = g.slot_index["next"]

    def put(node: Node) -> None:
        tokens.append(g.first_kind + g.kinds.index(node.kind))
        slots.append(following)
        component = COMPONENTS[node.kind]
        for field in component.fields:
            tokens.append(g.first_number + field.encode(node.values[field.name]))
            slots.append(g.slot_index[f"{node.kind}.{field.name}"])
        if component.hosts:
            for child in ordered(node.children):
                put(child)
            tokens.append(Grammar.END)
            slots.append(following)

    for node in ordered(program.nodes):
        put(node)
    tokens.append(Grammar.END)
    slots.append(following)
    return np.array(tokens, np.int16), np.array(slots, np.int16)


def decode(tokens: npt.NDArray[np.integer] | list[int]) -> Program:
    """The program of a token sequence; a sequence that breaks off is closed where it stands."""
    g = grammar()
    stream = [int(t) for t in tokens]
    category = g.categories[stream[0] - g.first_category]
    values = [f.decode(stream[1 + k] - g.first_number) for k, f in enumerate(HEADER)]
    at = 1 + len(HEADER)

    def nodes(depth: int) -> list[Node]:
        nonlocal at
        out: list[Node] = []
        while at < len(stream) and stream[at] not in (Grammar.END, Grammar.PAD):
            kind = g.kinds[stream[at] - g.first_kind]
            component = COMPONENTS[kind]
            at += 1
            if at + len(component.fields) > len(stream):
                at = len(stream)
                break
            attributes = {}
            for field in component.fields:
                attributes[field.name] = field.decode(stream[at] - g.first_number)
                at += 1
            node = Node(kind, attributes)
            out.append(node)
            if component.hosts:
                node.children = nodes(depth + 1)
        at += 1
        return out

    view = View(_wrapped(values[0]), values[1], values[2])
    return Program(category, values[3], (values[4], values[5], values[6]), nodes(0), view)


def _wrapped(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi


def ordered(nodes: list[Node]) -> list[Node]:
    """Siblings in the order the grammar wants: bodies, then by kind; within a kind by face, from the top, from the left."""

    def key(node: Node) -> tuple[int, ...]:
        # in bins, so that a program and its decoded copy are ordered alike
        kind = _RANK.get(node.kind, 50)
        b = {f.name: f.encode(node.values[f.name]) for f in COMPONENTS[node.kind].fields}
        if "u0" in b:
            return (kind, b["face"], -(b["v0"] + b["v1"]), b["u0"] + b["u1"])
        if "x0" in b:
            volume = (b["x1"] - b["x0"]) * (b["y1"] - b["y0"]) * (b["z1"] - b["z0"])
            return (kind, -volume, -(b["z0"] + b["z1"]), b["x0"] + b["x1"])
        return (kind,)

    return sorted(nodes, key=key)


_RANK = {
    k: i
    for i, k in enumerate(("carcass", "turned", "block", "border", "plate", "post", "ring", "pipe", "strut"))
}


def tokens_to_slots(tokens: list[int]) -> list[int]:
    """Slot of every token of a sequence, by the automaton (the same as `encode` gives)."""
    automaton, out = Automaton(), []
    for token in tokens:
        out.append(automaton.slot)
        automaton.push(token)
    return out
