# SPDX-License-Identifier: GPL-3.0-or-later
"""Text -> asset, given the asset that the text was written from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from ...errors import AssetError
from ...model import Asset, Joint, Link, Part
from .elements import Names, joint_from, link_from, part_from
from .lines import Lines
from .plain import Plain, describe_asset, describe_joint, describe_link, describe_part

MAX_TEXT = 16 * 1024 * 1024
_KINDS = ("link", "part", "joint")
_E = TypeVar("_E", Link, Part, Joint)


def read_description(text: str, asset: Asset) -> Asset:
    """The asset that `text` describes: `asset` with everything that the text says differently.

    A value that stands in the text as `write_description` writes it for `asset` keeps its exact value. Elements that
    the text lacks are gone, tables with a new head are new elements. Changed materials are no longer estimated; a part
    whose shapes changed loses colliders of its own. Raises AssetError that names the line.
    """
    if len(text) > MAX_TEXT:
        raise AssetError("is over 16 MB; it is no description of an asset", where="text")
    lines = Lines(text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AssetError(
            f"{_reason(error)}; see that quotes and brackets are closed and that every line is `word = value`",
            where=lines.place_of_toml_error(str(error)),
        ) from None
    except RecursionError:
        raise AssetError("has brackets nested too deep; remove some", where="text") from None
    return _Reader(asset, data, lines).asset()


def _reason(error: Exception) -> str:
    return re.sub(r" \(at .*\)$", "", str(error)).rstrip(".").lower()


class _Reader:
    def __init__(self, asset: Asset, data: Mapping[str, Any], lines: Lines) -> None:
        self.base, self.data, self.lines = asset, data, lines

    def asset(self) -> Asset:
        before = describe_asset(self.base)
        head = {k: v for k, v in self.data.items() if k not in _KINDS}
        for word, value in head.items():
            where = self.lines.place((), word)
            if word not in before:
                raise AssetError(
                    f"{word!r} is no word of a description; the words here are {', '.join(before)}",
                    where=where,
                )
            if type(value) is not type(before[word]):
                kind = "true or false" if isinstance(before[word], bool) else "text in quotes"
                raise AssetError(f"{word} must be {kind}", where=where)
        tables = {kind: self._tables(kind) for kind in _KINDS}
        names = Names(
            {key: str(table.get("name", key)) for key, table in tables["link"].items()},
            {key: str(table.get("name", key)) for key, table in tables["joint"].items()},
        )
        links = self._elements("link", tables, self.base.links, describe_link, names, link_from)
        parts = self._elements("part", tables, self.base.parts, describe_part, names, part_from)
        joints = self._elements("joint", tables, self.base.joints, describe_joint, names, joint_from)
        try:
            return replace(self.base, **head, links=links, parts=parts, joints=joints)
        except AssetError as error:
            raise AssetError(str(error), where=self._place_of(error)) from None

    def _tables(self, kind: str) -> dict[str, Plain]:
        tables = self.data.get(kind, {})
        if not isinstance(tables, dict):
            raise AssetError(
                f'{kind} must be tables such as [{kind}."door"]', where=self.lines.place((), kind)
            )
        for key, table in tables.items():
            if not isinstance(table, dict):
                raise AssetError(
                    f'{key!r} must be a table of its own: [{kind}."{key}"]',
                    where=self.lines.place((kind,), key),
                )
        return tables

    def _elements(
        self,
        kind: str,
        tables: dict[str, dict[str, Plain]],
        items: tuple[_E, ...],
        describe: Callable[[_E], Plain],
        names: Names,
        make: Callable[[Plain, _E | None, Plain, Names, Callable[[str], str]], _E],
    ) -> tuple[_E, ...]:
        known = {item.name: item for item in items}
        found = []
        for key, table in tables[kind].items():
            old = known.get(key)
            where = partial(self.lines.place, (kind, key))
            try:
                found.append(make(table, old, describe(old) if old is not None else {}, names, where))
            except AssetError as error:
                if self.lines.names_line(error):
                    raise
                raise AssetError(str(error), where=self.lines.place((kind, key), "")) from None
        return tuple(found)

    def _place_of(self, error: AssetError) -> str:
        """Line of the element that the asset as a whole objects to."""
        match = re.match(r"(link|part|joint) '(.*?)'", error.where or "")
        if match:
            for key, table in self.data.get(match[1], {}).items():
                if match[2] in (key, table.get("name")):
                    return self.lines.place((match[1], key), "")
        return "text"
