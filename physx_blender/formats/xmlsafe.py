# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading XML that a stranger may have written: no DTD, no entities, bounded size, depth and count."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ..errors import AssetError

MAX_XML_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 400
MAX_ELEMENTS = 500_000


@dataclass
class Node:
    """One element: tag, attributes, child elements in order, and where it stands in which file."""

    tag: str
    attributes: dict[str, str]
    file: Path
    line: int
    children: list[Node] = field(default_factory=list)

    @property
    def where(self) -> str:
        """File, line and element, for messages."""
        name = self.attributes.get("name")
        return f"{self.file.name}, line {self.line}, <{self.tag}{f' name={name!r}' if name else ''}>"

    def error(self, message: str) -> AssetError:
        """An error that says where this element is."""
        return AssetError(message, where=self.where)

    def find(self, tag: str) -> Node | None:
        """First child of this tag."""
        return next((c for c in self.children if c.tag == tag), None)

    def all(self, *tags: str) -> Iterator[Node]:
        """Children of these tags, in order."""
        return (c for c in self.children if c.tag in tags)

    def get(self, key: str) -> str | None:
        """Attribute as text, or None."""
        return self.attributes.get(key)

    def require(self, key: str) -> str:
        """Attribute as text; an error when it is missing."""
        value = self.attributes.get(key)
        if value is None or not value.strip():
            raise self.error(f"has no attribute {key!r}; add it")
        return value

    def numbers(
        self, key: str, count: int | None = None, default: tuple[float, ...] | None = None
    ) -> tuple[float, ...] | None:
        """Attribute as finite numbers split at white space (exactly `count` when given), or `default` when absent."""
        text = self.attributes.get(key)
        if text is None:
            return default
        try:
            values = tuple(float(t) for t in text.split())
        except ValueError:
            raise self.error(f"attribute {key}={text[:60]!r} must be numbers") from None
        if not all(math.isfinite(v) for v in values):
            raise self.error(f"attribute {key}={text[:60]!r} has a number that is not finite")
        if count is not None and len(values) != count:
            raise self.error(f"attribute {key}={text[:60]!r} must be {count} number{'s' * (count != 1)}")
        return values

    def vector(self, key: str, default: tuple[float, float, float]) -> tuple[float, float, float]:
        """Attribute as three numbers, or `default` when absent."""
        values = self.numbers(key, 3)
        return default if values is None else (values[0], values[1], values[2])

    def number(self, key: str, default: float = 0.0) -> float:
        """Attribute as one number, or `default` when absent."""
        values = self.numbers(key, 1)
        return default if values is None else values[0]

    def flag(self, key: str, default: bool) -> bool:
        """Attribute as ``true`` or ``false``, or `default` when absent."""
        text = self.attributes.get(key)
        if text is None:
            return default
        if text not in ("true", "false"):
            raise self.error(f"attribute {key}={text[:60]!r} must be true or false")
        return text == "true"


def parse_xml(path: Path) -> Node:
    """Parse the file at `path` and return its root element.

    Raises AssetError for anything but well-formed XML without a document type, within the limits of this module.
    """
    try:
        if not path.is_file():
            raise AssetError("is not a file; check the path", where=str(path))
        size = path.stat().st_size
        if size > MAX_XML_BYTES:
            raise AssetError(
                f"has {size} bytes, over the limit of {MAX_XML_BYTES}; this is no model file", where=str(path)
            )
        data = path.read_bytes()
    except OSError as error:
        raise AssetError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
    return parse_xml_bytes(data, path)


def parse_xml_bytes(data: bytes, path: Path) -> Node:
    """Parse `data`; `path` names it in messages."""
    if len(data) > MAX_XML_BYTES:
        raise AssetError(f"has {len(data)} bytes, over the limit of {MAX_XML_BYTES}", where=path.name)
    # XML that only says ASCII but is a stray encoding is reported by expat itself.
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    stack: list[Node] = []
    roots: list[Node] = []
    count = 0

    def refuse(*_: object) -> None:
        raise AssetError(
            f"line {parser.CurrentLineNumber}: has a document type or entity declaration; remove it "
            "(models need none, and it can hide an attack)",
            where=path.name,
        )

    def refuse_external(*_: object) -> int:
        refuse()
        return 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS:
            raise AssetError(f"has more than {MAX_ELEMENTS} elements; split the model", where=path.name)
        if len(stack) >= MAX_DEPTH:
            raise AssetError(
                f"line {parser.CurrentLineNumber}: elements are nested deeper than {MAX_DEPTH}",
                where=path.name,
            )
        node = Node(tag, attributes, path, parser.CurrentLineNumber)
        (stack[-1].children if stack else roots).append(node)
        stack.append(node)

    def end(_: str) -> None:
        stack.pop()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse_external
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise AssetError(
            f"is not well-formed XML: {error}; correct or re-export it", where=path.name
        ) from None
    except (ValueError, LookupError) as error:
        if isinstance(error, AssetError):
            raise
        raise AssetError(f"cannot be decoded as XML text: {error}", where=path.name) from None
    return roots[0]
