# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the structured description, tolerantly and honestly.

Both grammars are read: the one that the prompt prints ("(child)", "(parent)", "Params") and the one that the training
encoder writes ("Param", Python lists of strings), fields apart by ", " or by "| ", grid 32 or 64. A line that breaks the
format loses at most itself, and the report says which line, which field, and whether it was repaired or lost.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...errors import AssetError
from .description import Description, GroupText, Movement
from .group_line import read_group_line
from .part_line import read_part_line
from .quantity import LENGTH_UNITS, plain_unit, read_quantity
from .report import Report

MAX_TEXT = 2 * 1024 * 1024
MAX_ELEMENTS = 1000

_PART = re.compile(r"l[_ ]?(\d{1,6})\s*(?:\([^)]*\)\s*)?[:：]\s*(.*)\Z", re.IGNORECASE | re.DOTALL)
_GROUP = re.compile(r"group[_ ]?(\d{1,6})\s*(?:\([^)]*\)\s*)?[:：]\s*(.*)\Z", re.IGNORECASE | re.DOTALL)
_KEY = re.compile(
    r"(?:object\s+)?(name|category|dimensions?|size)\s*[:：]\s*(.*)\Z", re.IGNORECASE | re.DOTALL
)
_HEADER = re.compile(r"(?:parts?|group[_ ]?info(?:rmation)?|groups?)\s*[:：]?\s*\Z", re.IGNORECASE)
_INLINE = re.compile(r"(?<=\S)[\s;]+(?=(?:l_\d{1,6}|group_\d{1,6})\s*:)")
_GRID = re.compile(r"grid\s*=\s*(\d+)", re.IGNORECASE)
_DECORATION = re.compile(r"\A(?:[-*•>]\s+)+")


def parse_description(
    text: str, *, grid: int | None = None, report: Report | None = None
) -> tuple[Description, Report]:
    """Parse the text of ``basic_info.txt``.

    grid: 32 or 64; None takes the grid that the text names, else 64 for text with "| ", else 32.
    Raises AssetError only when nothing at all can be recovered (no part line) or the text is over the size limit.
    """
    report = report if report is not None else Report()
    if len(text) > MAX_TEXT:
        raise AssetError(
            f"has {len(text)} characters, over the limit of {MAX_TEXT}", where="structured description"
        )
    keys: dict[str, tuple[str, int]] = {}
    parts: dict[int, tuple[str, int]] = {}
    groups: dict[int, tuple[str, int]] = {}
    last: tuple[dict[int, tuple[str, int]], int] | None = None
    for number, line in _lines(text, report):
        key, part, group = _KEY.match(line), _PART.match(line), _GROUP.match(line)
        if part or group:
            match, table, word = (part, parts, "l") if part else (group, groups, "group")
            assert match is not None
            k = int(match[1])
            if k in table and _is_entry(word, match[2]) and not _is_entry(word, table[k][0]):
                report.loss(
                    "is defined twice; a later line has more fields and counts",
                    place=f"{word}_{k}",
                    line=table[k][1],
                )
                table[k] = (match[2].strip(), number)
                last = (table, k)
            elif k in table:
                report.loss("is defined twice; the first line counts", place=f"{word}_{k}", line=number)
                last = None
            elif len(table) >= MAX_ELEMENTS:
                report.loss(
                    f"is beyond the limit of {MAX_ELEMENTS} elements; dropped",
                    place=f"{word}_{k}",
                    line=number,
                )
                last = None
            else:
                table[k] = (match[2].strip(), number)
                last = (table, k)
        elif key:
            name = {"size": "dimension", "dimensions": "dimension"}.get(key[1].lower(), key[1].lower())
            if name in keys:
                report.loss("is given twice; the first line counts", field=name, line=number)
            else:
                keys[name] = (key[2].strip(), number)
            last = None
        elif _HEADER.match(line):
            last = None
        elif last is not None:
            table, k = last
            table[k] = (f"{table[k][0]} {line}", table[k][1])
            report.repair("is taken as the continuation of the line before", line=number)
        else:
            report.loss(f"{line[:60]!r} is no line of the format; dropped", line=number)
    if not parts:
        raise AssetError(
            "has no part line ('l_0: ...'); nothing can be built from it", where="structured description"
        )
    grid = grid if grid is not None else _grid(text, parts)
    part_texts = tuple(read_part_line(k, *parts[k], report) for k in sorted(parts))
    name, category = _key(keys, "name", report), _key(keys, "category", report)
    group_texts = tuple(read_group_line(k, *groups[k], grid, report) for k in sorted(groups))
    tree = _sound_tree(group_texts, set(parts), report)
    return Description(name or "object", category, _dimension(keys, report), part_texts, tree, grid), report


def _lines(text: str, report: Report) -> list[tuple[int, str]]:
    """(1-based number, text) of the lines that say something, without Markdown around them."""
    found: list[tuple[int, str]] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip().lstrip("\ufeff")
        if not line or line.startswith("```"):
            continue
        plain = _DECORATION.sub("", line).replace("**", "").strip().strip("`").strip()
        pieces = _entries(plain)
        if len(pieces) > 1:
            report.repair(f"holds {len(pieces)} entries; taken apart", line=number)
        found.extend((number, piece.strip()) for piece in pieces if piece.strip())
    return found


def _entries(line: str) -> list[str]:
    """The line taken apart where another entry plainly begins in its middle: a part with its fields, a group with a type."""
    pieces: list[str] = []
    for piece in _INLINE.split(line):
        if pieces and not _is_entry(piece.split("_")[0], piece):
            pieces[-1] += " " + piece
        else:
            pieces.append(piece)
    return pieces


def _is_entry(word: str, text: str) -> bool:
    """Whether the text has what a part ("l") or a group must have, several fields or a type."""
    return max(text.count(","), text.count("|")) >= 3 if word == "l" else "type" in text.lower()


def _grid(text: str, parts: dict[int, tuple[str, int]]) -> int:
    named = _GRID.search(text)
    if named and named[1] in ("32", "64"):
        return int(named[1])
    barred = sum(1 for line, _ in parts.values() if line.count("|") >= 3)
    return 64 if 2 * barred > len(parts) else 32


def _key(keys: dict[str, tuple[str, int]], name: str, report: Report) -> str:
    if name not in keys or not keys[name][0]:
        report.loss("is missing", field=name)
        return ""
    return keys[name][0][:200]


def _dimension(keys: dict[str, tuple[str, int]], report: Report) -> tuple[float, ...]:
    """Length, width, height in centimetres; () when nothing usable is given."""
    if "dimension" not in keys:
        report.loss("is missing", field="dimension")
        return ()
    text, line = keys["dimension"]
    values: list[float] = []
    units: list[str] = []
    for piece in re.split(r"[*×xX,]|\bby\b", re.sub(r"\b[LWH]\s*[:=]", "", text)):
        quantity = read_quantity(
            re.sub(r"\((?:l|w|h|length|width|height|depth)\)", "", piece, flags=re.IGNORECASE)
        )
        if quantity is None or quantity.value <= 0.0:
            if piece.strip():
                report.loss(f"{piece.strip()[:40]!r} is no length; dropped", field="dimension", line=line)
            continue
        if quantity.ranged:
            report.repair(f"{piece.strip()!r} is a range; its middle is taken", field="dimension", line=line)
        values.append(quantity.value)
        units.append(plain_unit(quantity.unit))
    given = [u for u in units if u]
    factor = LENGTH_UNITS.get(given[-1], 0.0) if given else 1.0
    if factor == 0.0:
        report.loss(f"unit {given[-1]!r} is not known; centimetres are taken", field="dimension", line=line)
        factor = 1.0
    elif given and factor != 1.0:
        report.repair(f"is given in {given[-1]}; turned into centimetres", field="dimension", line=line)
    if len(values) != 3:
        report.repair(f"has {len(values)} usable numbers instead of 3", field="dimension", line=line)
    return tuple(v * factor for v in values[:3])


def _sound_tree(groups: tuple[GroupText, ...], parts: set[int], report: Report) -> tuple[GroupText, ...]:
    """Groups that share out every part once and hang together as a tree whose root is the first group."""
    if not groups:
        report.repair("there is no group line; all parts are one rigid body", field="group_info")
        return (GroupText(0, tuple(sorted(parts))),)
    if groups[0].id != 0:
        report.repair(
            "there is no group_0; it is made, and holds the parts that no group names", place="group_0"
        )
        groups = (GroupText(0, ()), *groups)
    owner: dict[int, int] = {}
    sound: list[GroupText] = []
    ids = {g.id for g in groups}
    for group in groups:
        place = f"group_{group.id}"
        kept: list[int] = []
        for k in dict.fromkeys(group.parts):
            if k not in parts:
                report.loss(f"names l_{k}, which has no line; dropped", place=place, field="members")
            elif k in owner:
                report.loss(
                    f"names l_{k}, which group_{owner[k]} already holds; dropped",
                    place=place,
                    field="members",
                )
            else:
                owner[k] = group.id
                kept.append(k)
        parent = group.parent
        if group.id == 0:
            if group.movement is not Movement.FIXED or parent is not None:
                report.repair(
                    "is the base and cannot move; its type is taken as E", place=place, field="type"
                )
            group = GroupText(0, tuple(kept))
        else:
            if parent is not None and (parent not in ids or parent == group.id):
                report.repair(
                    f"is relative to group_{parent}, which cannot be; group_0 is taken",
                    place=place,
                    field="parent",
                )
                parent = 0
            group = replace(group, parts=tuple(kept), parent=0 if parent is None else parent)
        sound.append(group)
    missing = sorted(parts - set(owner))
    if missing:
        names = ", ".join(f"l_{k}" for k in missing)
        report.repair(f"{names} in no group; put into group_0", place="group_0", field="members")
        sound[0] = replace(sound[0], parts=(*sound[0].parts, *missing))
    return _without_circles(sound, report)


def _without_circles(groups: list[GroupText], report: Report) -> tuple[GroupText, ...]:
    parent = {g.id: g.parent for g in groups}
    result: list[GroupText] = []
    for group in groups:
        seen = {group.id}
        at = parent[group.id]
        while at is not None and at not in seen:
            seen.add(at)
            at = parent[at]
        if at == group.id:
            report.repair(
                "the parents go round in a circle; group_0 is taken",
                place=f"group_{group.id}",
                field="parent",
            )
            parent[group.id] = 0
            group = replace(group, parent=0)
        result.append(group)
    return tuple(result)
