# SPDX-License-Identifier: GPL-3.0-or-later
"""Which line of the text says what, for messages: the parser of the standard library does not keep it."""

from __future__ import annotations

import re
import tomllib

from ...errors import AssetError

_HEAD = re.compile(r"\s*\[(?!\[)(.+)\]\s*(?:#.*)?$")
_WORD = re.compile(r"\s*([A-Za-z_]+)\s*=")


class Lines:
    """Places of tables and words, by the head of the table as a tuple of keys."""

    def __init__(self, text: str) -> None:
        self._places: dict[tuple[tuple[str, ...], str], int] = {}
        table: tuple[str, ...] = ()
        self._count = text.count("\n") + 1
        for number, line in enumerate(text.splitlines(), 1):
            head = _HEAD.match(line)
            keys = _keys(head[1]) if head else None
            if keys is not None:
                table = keys
                self._places.setdefault((table, ""), number)
            elif word := _WORD.match(line):
                self._places.setdefault((table, word[1]), number)

    def place(self, table: tuple[str, ...], word: str) -> str:
        """``line 12``: where the table says the word; else its head; else just "text"."""
        number = self._places.get((table, word)) or self._places.get((table, ""))
        name = f", {table[0]} {table[-1]!r}" if len(table) > 1 else ""
        return f"line {number}{name}" if number else f"text{name}"

    def place_of_toml_error(self, message: str) -> str:
        """Line in a message of the TOML parser."""
        match = re.search(r"at line (\d+)", message)
        return f"line {match[1]}" if match else f"line {self._count}"

    @staticmethod
    def names_line(error: AssetError) -> bool:
        """Whether the error already says its line."""
        return (error.where or "").startswith(("line ", "text"))


def _keys(head: str) -> tuple[str, ...] | None:
    """``part."left door"`` as keys; None when it is no head at all."""
    try:
        at = tomllib.loads(f"[{head}]")
    except tomllib.TOMLDecodeError:
        return None
    keys = []
    while isinstance(at, dict) and len(at) == 1:
        key, at = next(iter(at.items()))
        keys.append(key)
    return tuple(keys)
