# SPDX-License-Identifier: GPL-3.0-or-later
"""One group line: members, type, parent and the parameters of the movement, in the words of either grammar."""

from __future__ import annotations

import math
import re

from ...geometry.pose import Vec3
from .description import GroupText, Movement
from .quantity import NUMBER, read_numbers
from .report import Report

_TYPE = re.compile(r"\btype\s*[:：]?\s*\(?\s*([A-Za-z]+)", re.IGNORECASE)
_PARENT = re.compile(r"group[_ ]?(\d{1,6})", re.IGNORECASE)
_PARAMS = re.compile(r"\bparam(?:eter)?s?\s*[:：]?", re.IGNORECASE)
_MEMBER = re.compile(r"\bl[_ ]?(\d{1,6})", re.IGNORECASE)
_LIST = rf"[\[(]?\s*(?P<values>{NUMBER.pattern}(?:\s*[,;\s]\s*{NUMBER.pattern})*)"
_PARAMETER = re.compile(rf"(?P<label>[A-Za-z][A-Za-z ]*)(?P<unit>\([^)\[]*\))?\s*[:=]?\s*{_LIST}")
_FAR = 10.0  # grids: a position beyond this is a slip of the pen, not a place


def read_group_line(k: int, text: str, line: int, grid: int, report: Report) -> GroupText:
    """The group of the text after ``group_<k>:``.  Members and parent are as written; `parser` makes them a tree."""
    place = f"group_{k}"
    type_match = _TYPE.search(text)
    params_match = _PARAMS.search(text)
    head_end = (
        min(m.start() for m in (type_match, params_match) if m) if type_match or params_match else len(text)
    )
    members = tuple(int(n) for n in _MEMBER.findall(text[:head_end]))
    if not members:
        report.loss("names no part", place=place, field="members", line=line)
    between = text[
        type_match.start() if type_match else head_end : params_match.start() if params_match else len(text)
    ]
    parent_match = _PARENT.search(between)
    parent = int(parent_match[1]) if parent_match else None
    params = (
        text[params_match.end() :] if params_match else text[type_match.end() if type_match else len(text) :]
    )
    values = _parameters(params, place, line, report)
    movement = _movement(k, type_match[1] if type_match else None, values, place, line, report)
    return _group(k, members, movement, parent, values, grid, place, line, report)


def _parameters(text: str, place: str, line: int, report: Report) -> dict[str, tuple[float, ...]]:
    """Parameters by meaning: axis, position, angles, slide_axis, travel, and "direction" when only that is said."""
    found: dict[str, tuple[float, ...]] = {}
    for match in _PARAMETER.finditer(text):
        words = set(match["label"].lower().split())
        numbers = tuple(read_numbers(match["values"]))
        key = ""
        if words & {"range", "limit", "limits"}:
            key = "travel" if words & {"slide", "translation", "prismatic"} else "angles"
        elif words & {"position", "origin", "pivot", "point", "location"}:
            key = "position"
        elif words & {"direction", "axis"}:
            key = "slide_axis" if "slide" in words else "axis" if "axis" in words else "direction"
        if not key:
            report.loss(
                f"{match[0].strip()[:60]!r} is no parameter of the format; dropped", place=place, line=line
            )
            continue
        if key == "angles" and "rad" in (match["unit"] or "").lower():
            report.repair("is given in radians", place=place, field="revolute range", line=line)
            numbers = tuple(math.degrees(n) for n in numbers)
        if key in found:
            report.loss("is given twice; the first counts", place=place, field=key, line=line)
        else:
            found[key] = numbers
    return found


def _movement(
    k: int, word: str | None, values: dict[str, tuple[float, ...]], place: str, line: int, report: Report
) -> Movement:
    if word is not None:
        try:
            return Movement(word.upper())
        except ValueError:
            pass
    if "travel" in values and ("angles" in values or "slide_axis" in values):
        guess = Movement.HINGE_SLIDE
    elif "travel" in values:
        guess = Movement.SLIDE
    elif "angles" in values:
        guess = Movement.HINGE
    elif "position" in values:
        guess = Movement.BALL
    else:
        guess = Movement.FIXED
    said = f"{word!r} is no type" if word is not None else "is missing"
    report.repair(f"{said}; {guess.value} follows from the parameters", place=place, field="type", line=line)
    return guess


def _group(
    k: int, members: tuple[int, ...], movement: Movement, parent: int | None, values: dict[str, tuple[float, ...]],
    grid: int, place: str, line: int, report: Report,
) -> GroupText:  # fmt: skip
    direction = values.pop("direction", None)
    if direction is not None:
        # "direction" alone is the slide's in type B and the axis in type C.
        values.setdefault("slide_axis" if movement is Movement.SLIDE else "axis", direction)
    if movement is Movement.SLIDE and "slide_axis" not in values and "axis" in values:
        values["slide_axis"] = values.pop("axis")
    if movement in (Movement.SLIDE, Movement.HINGE):
        other, wanted = ("angles", "travel") if movement is Movement.SLIDE else ("travel", "angles")
        if wanted not in values and other in values:
            report.repair(f"is named after another movement; taken as that of type {movement.value}",
                          place=place, field="range", line=line)  # fmt: skip
            values[wanted] = values.pop(other)
    needed = {
        Movement.SLIDE: ("slide_axis", "travel"),
        Movement.HINGE: ("axis", "position", "angles"),
        Movement.BALL: ("position",),
        Movement.HINGE_SLIDE: ("axis", "position", "angles", "slide_axis", "travel"),
    }.get(movement, ())
    read: dict[str, tuple[float, ...] | None] = {}
    for key in needed:
        size = 2 if key in ("angles", "travel") else 3
        value = values.get(key)
        field = _FIELD[key]
        if value is None:
            report.loss("is missing", place=place, field=field, line=line)
        elif len(value) < size:
            report.loss(f"has {len(value)} of {size} numbers; dropped", place=place, field=field, line=line)
            value = None
        elif len(value) > size:
            report.repair(
                f"has {len(value)} numbers; the first {size} are taken", place=place, field=field, line=line
            )
            value = value[:size]
        read[key] = _plausible(key, value, grid, place, field, line, report)
    return GroupText(
        k, members, movement, parent,
        axis=_three(read.get("axis")), position=_three(read.get("position")), angles=_two(read.get("angles")),
        slide_axis=_three(read.get("slide_axis")), travel=_two(read.get("travel")),
    )  # fmt: skip


_FIELD = {
    "axis": "axis direction", "position": "axis position", "angles": "revolute range",
    "slide_axis": "slide direction", "travel": "slide range",
}  # fmt: skip


def _plausible(
    key: str, value: tuple[float, ...] | None, grid: int, place: str, field: str, line: int, report: Report
) -> tuple[float, ...] | None:
    if value is None:
        return None
    if key in ("axis", "slide_axis"):
        if math.hypot(*value) < 1e-6 or math.hypot(*value) > 1e6:
            report.loss(f"{value} gives no direction; dropped", place=place, field=field, line=line)
            return None
    elif key in ("angles", "travel"):
        if value[0] > value[1]:
            report.repair(f"runs backwards: {value}; turned round", place=place, field=field, line=line)
            value = (value[1], value[0])
        most = 36_000.0 if key == "angles" else _FAR * grid
        if max(abs(v) for v in value) > most:
            report.loss(f"{value} is beyond all measure; dropped", place=place, field=field, line=line)
            return None
    elif max(abs(v) for v in value) > _FAR * grid:
        report.loss(f"{value} is far off the grid; dropped", place=place, field=field, line=line)
        return None
    return value


def _three(value: tuple[float, ...] | None) -> Vec3 | None:
    return None if value is None else (value[0], value[1], value[2])


def _two(value: tuple[float, ...] | None) -> tuple[float, float] | None:
    return None if value is None else (value[0], value[1])
