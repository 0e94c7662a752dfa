# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing XML that a person likes to read: indented, commented, numbers without noise."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

Value = str | float | int | bool | Iterable[float] | None


def number_text(value: float) -> str:
    """Shortest text of 12 significant digits; noise below 1e-15 and minus zero become 0."""
    if abs(value) < 1e-15:
        return "0"
    return f"{value:.12g}"


def _value_text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        return number_text(float(value))
    assert value is not None
    numbers = [float(v) for v in value]
    # In a vector, what is 1e-13 of the largest number is rounding noise.
    floor = 1e-13 * max((abs(v) for v in numbers), default=0.0)
    return " ".join(number_text(0.0 if abs(v) < floor else v) for v in numbers)


def escape(text: str) -> str:
    """Text as the inside of a double-quoted attribute."""
    for sign, entity in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ('"', "&quot;"),
        ("\n", " "),
        ("\r", " "),
        ("\t", " "),
    ):
        text = text.replace(sign, entity)
    # control characters have no place in XML 1.0
    return "".join(c for c in text if c >= " ")


class XmlWriter:
    """Collects lines; ``with writer.inside(tag, ...)`` nests."""

    def __init__(self) -> None:
        self._lines: list[str] = ['<?xml version="1.0" encoding="utf-8"?>']
        self._depth = 0

    def _open(self, tag: str, attributes: dict[str, Value]) -> str:
        texts = (
            f' {key.rstrip("_")}="{escape(_value_text(value))}"'
            for key, value in attributes.items()
            if value is not None
        )
        return f"<{tag}{''.join(texts)}"

    def _line(self, text: str) -> None:
        self._lines.append("  " * self._depth + text if text else "")

    def leaf(self, tag: str, **attributes: Value) -> None:
        """An element without children; a trailing underscore of a name is dropped (`class_`)."""
        self._line(self._open(tag, attributes) + "/>")

    def comment(self, text: str) -> None:
        """A comment line; characters that would end the comment are softened."""
        clean = "".join(c if c >= " " else " " for c in text)
        while "--" in clean:
            clean = clean.replace("--", "- -")
        self._line(f"<!-- {clean.rstrip('-').strip()} -->")

    def blank(self) -> None:
        """An empty line."""
        self._line("")

    def inside(self, tag: str, **attributes: Value) -> _Inside:
        """Context manager for an element with children."""
        return _Inside(self, tag, self._open(tag, attributes))

    def text(self) -> str:
        """The document."""
        return "\n".join(self._lines) + "\n"


class _Inside:
    def __init__(self, writer: XmlWriter, tag: str, opening: str) -> None:
        self._writer, self._tag, self._opening = writer, tag, opening

    def __enter__(self) -> None:
        self._writer._line(self._opening + ">")
        self._writer._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer._depth -= 1
        self._writer._line(f"</{self._tag}>")
