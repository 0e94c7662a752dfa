# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of materials, and finding one by what people call it."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import AssetError
from .material import Material

TABLE = Path(__file__).with_name("materials.json")
GENERIC = ("metal", "plastic", "wood", "ceramic", "fabric", "rubber", "glass")
MAX_TEXT = 200


@dataclass(frozen=True)
class MaterialRow:
    """A row of the table: the material, its other names, and where each value comes from."""

    material: Material
    aliases: tuple[str, ...]
    source: str


def _row(entry: dict[str, Any], number: int) -> MaterialRow:
    try:
        material = Material(
            name=entry["name"],
            density=entry["density"],
            youngs_modulus=entry["youngs_modulus"],
            poissons_ratio=entry["poissons_ratio"],
            friction=entry["friction"],
            restitution=entry["restitution"],
        )
        return MaterialRow(material, tuple(entry["aliases"]), str(entry["source"]))
    except (KeyError, TypeError) as error:
        raise AssetError(f"row {number} is incomplete: {error}", where=TABLE.name) from error


def _load() -> dict[str, MaterialRow]:
    rows = [
        _row(entry, k) for k, entry in enumerate(json.loads(TABLE.read_text(encoding="utf-8"))["materials"])
    ]
    table = {row.material.name: row for row in rows}
    if len(table) != len(rows):
        raise AssetError("two rows have the same name", where=TABLE.name)
    return table


ROWS: MappingProxyType[str, MaterialRow] = MappingProxyType(_load())
"""Rows by the material's name."""

MATERIALS: dict[str, Material] = {name: row.material for name, row in ROWS.items()}
"""Materials by name; their values are priors (`estimated`)."""


def _words(text: str) -> tuple[str, ...]:
    """Lower-case words, without a plural s."""
    found = re.findall(r"[a-z0-9]+", text.lower())
    return tuple(
        w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith(("ss", "us")) else w for w in found
    )


@cache
def _labels() -> tuple[tuple[tuple[str, ...], str], ...]:
    """The words of every name and alias, with the name they stand for."""
    return tuple((_words(label), name) for name, row in ROWS.items() for label in (name, *row.aliases))


def match_material(text: str) -> Material | None:
    """The material that a description names, or None.

    The name or alias with the most words in the text wins ("stainless steel" over "steel"); a particular material wins
    over a family ("oak wood" is oak), then the first one mentioned.  Small misspellings are forgiven.
    """
    words = tuple(_spelled(w) for w in _words(text[:MAX_TEXT]))
    best: tuple[tuple[int, bool, int], str] | None = None
    for label, name in _labels():
        at = next((k for k in range(len(words) - len(label) + 1) if words[k : k + len(label)] == label), None)
        if at is not None:
            rank = (len(label), name not in GENERIC, -at)
            if best is None or rank > best[0]:
                best = (rank, name)
    return None if best is None else MATERIALS[best[1]]


def _spelled(word: str) -> str:
    """A word of the table in place of one that is a letter or so away from it."""
    known = _vocabulary()
    if word in known or len(word) < 5:
        return word
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.85)), word)


@cache
def _vocabulary() -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for label, _ in _labels() for word in label if len(word) > 3))


def find_material(text: str) -> Material:
    """The material that a description such as "oak wood" or "ABS plastic" names; AssetError when none is near."""
    found = match_material(text)
    if found is None:
        raise AssetError(
            f"{text[:MAX_TEXT]!r} names no known material; use a name from the table ({', '.join(GENERIC)}, ...) "
            "or give the density yourself",
            where="material",
        )
    return found
