# SPDX-License-Identifier: GPL-3.0-or-later
"""One part line: name, rank, material, density, Young's modulus, Poisson's ratio, description.

Names, materials and descriptions may hold the separator themselves, so the line is not counted off from the left: the run
of physical numbers in its middle is found first, the rank between name and material next, and what is left is text.
"""

from __future__ import annotations

import re

from .description import PartText
from .quantity import DENSITY_UNITS, PRESSURE_UNITS, Quantity, read_quantity
from .report import Report

MAX_TEXT = 2000
_BARE_KG = 30.0  # nothing is denser than 23 g/cm^3, so a larger bare number is in kg/m^3
_NOTHING = {"n/a", "na", "none", "unknown", "-", "", "null"}
_LABEL = re.compile(
    r"\A(?:affordance\s*)?(?:rank|density|young'?s?\s*modulus|poisson'?s?\s*ratio|material|name)\s*[:=]\s*",
    re.IGNORECASE,
)
_RANK = re.compile(r"\A(\d+(?:\.\d+)?)\s*(?:/\s*10)?\Z")


def read_part_line(k: int, text: str, line: int, report: Report) -> PartText:
    """The part of the text after ``l_<k>:``; what is missing or unusable is None, and told to the report."""
    # Bars that come only after fields apart by commas are text.
    separator = "|" if text.count("|") >= 3 and text.split("|")[0].count(",") < 3 else ","
    fields = [_LABEL.sub("", f.strip()) for f in text.split(separator)]
    place = f"l_{k}"
    start, stop = _physics(fields)
    head = fields[:start]
    rank_at = _rank_index(head)
    if rank_at is None:
        name, material = head[:1], head[1:]
        report.loss("is missing", place=place, field="affordance rank", line=line)
        rank = None
    else:
        name, material = head[:rank_at], head[rank_at + 1 :]
        rank = _rank(head[rank_at], place, line, report)
    if start == stop and rank_at is not None and len(material) > 1:
        # No physical number to tell where the material ends: its name is one field, the rest is description.
        material, tail = material[:1], material[1:] + fields[stop:]
    elif start == stop and rank_at is None and len(material) > 1:
        material, tail = material[:1], material[1:] + fields[stop:]
    else:
        tail = fields[stop:]
    for words, what in ((name, "name"), (material, "material")):
        if len(words) > 1:
            report.repair(
                f"holds {separator!r}: {_join(words, separator)!r}", place=place, field=what, line=line
            )
    density, modulus, ratio = _constants(fields[start:stop], place, line, report)
    material_name = _join(material, separator)
    if not material_name:
        report.loss("is missing", place=place, field="material", line=line)
    full_name = _join(name, separator)
    if not full_name:
        report.repair(f"is missing; {place!r} is taken", place=place, field="name", line=line)
        full_name = place
    description = _join(tail, separator)
    if len(description) > MAX_TEXT:
        report.loss(
            f"has {len(description)} characters; cut to {MAX_TEXT}",
            place=place,
            field="description",
            line=line,
        )
    return PartText(
        k,
        full_name[:MAX_TEXT],
        rank,
        material_name[:MAX_TEXT],
        density,
        modulus,
        ratio,
        description[:MAX_TEXT],
    )


def _join(fields: list[str], separator: str) -> str:
    return ((", " if separator == "," else " | ").join(f.strip() for f in fields)).strip(" ,|")


def _physics(fields: list[str]) -> tuple[int, int]:
    """Range of the fields that are density, Young's modulus and Poisson's ratio: the first and longest run of quantities.

    The rank is a lone number between two texts, and a field with a unit of density or pressure is never a rank.
    """
    usable = [_is_constant(f) for f in fields]
    best = (0, 0)
    i = 0
    while i < len(fields):
        if not usable[i]:
            i += 1
            continue
        j = i
        while j < len(fields) and usable[j] and j - i < 4:
            j += 1
        # Without a material the rank stands right before the constants; it is not one of them.
        if i >= 1 and j - i == 4 and _rank_index(fields[: i + 1]) == i:
            i += 1
        j = min(j, i + 3)
        with_unit = any(_unit_kind(f) for f in fields[i:j])
        lone_rank = j - i == 1 and not with_unit
        if not lone_rank and (j - i > best[1] - best[0]):
            best = (i, j)
        i = j
    if best == (0, 0):
        # No physics: the text after the rank is material and description.
        return len(fields), len(fields)
    return best


def _is_constant(field: str) -> bool:
    return read_quantity(field) is not None or (field.lower() in _NOTHING and field != "")


def _unit_kind(field: str) -> str:
    quantity = read_quantity(field)
    if quantity is None:
        return ""
    if quantity.unit in DENSITY_UNITS:
        return "density"
    return "modulus" if quantity.unit in PRESSURE_UNITS else ""


def _rank_index(head: list[str]) -> int | None:
    for i in range(1, len(head)):
        if _RANK.match(head[i]):
            return i
    return None


def _rank(field: str, place: str, line: int, report: Report) -> int:
    match = _RANK.match(field)
    assert match is not None
    value = float(match[1][:12])
    rank = min(10, max(1, int(value + 0.5)))
    if rank != value or "/" in field:
        report.repair(f"{field!r} is taken as {rank}", place=place, field="affordance rank", line=line)
    return rank


def _constants(
    fields: list[str], place: str, line: int, report: Report
) -> tuple[float | None, float | None, float | None]:
    """Density (kg/m^3), Young's modulus (Pa) and Poisson's ratio of the run of numbers."""
    found: dict[str, str] = {}
    bare: list[str] = []
    for field in fields:
        kind = _unit_kind(field)
        if kind and kind not in found:
            found[kind] = field
        else:
            bare.append(field)
    names = [n for n in ("density", "modulus", "ratio") if n not in found]
    if len(bare) < len(names) and bare:
        # One of the numbers is missing; a value that only a Poisson's ratio can have in last place tells which.
        last = read_quantity(bare[-1])
        if "ratio" in names and last is not None and -1.0 < last.value <= 0.5:
            found["ratio"] = bare.pop()
            names.remove("ratio")
    found.update(zip(names, bare, strict=False))
    values = {
        kind: _value(kind, found.get(kind), place, line, report) for kind in ("density", "modulus", "ratio")
    }
    return values["density"], values["modulus"], values["ratio"]


_WORD = {"density": "density", "modulus": "Young's modulus", "ratio": "Poisson's ratio"}
_RANGE = {"density": (0.0, 30_000.0), "modulus": (0.0, 2.0e12), "ratio": (-1.0, 0.5)}


def _value(kind: str, field: str | None, place: str, line: int, report: Report) -> float | None:
    """SI value of one physical field, or None when it is missing or impossible."""
    what = _WORD[kind]
    quantity = read_quantity(field) if field is not None else None
    if field is None or quantity is None:
        report.loss("is missing; the table of materials gives it", place=place, field=what, line=line)
        return None
    if quantity.ranged:
        report.repair(f"{field!r} is a range; its middle is taken", place=place, field=what, line=line)
    value = quantity.value * _factor(kind, quantity, field, place, line, report)
    low, high = _RANGE[kind]
    if not low < value <= high:
        report.loss(
            f"{field!r} is impossible; the table of materials gives it", place=place, field=what, line=line
        )
        return None
    return value


def _factor(kind: str, quantity: Quantity, field: str, place: str, line: int, report: Report) -> float:
    if kind == "ratio":
        return 1.0
    units, usual = (DENSITY_UNITS, "g/cm3") if kind == "density" else (PRESSURE_UNITS, "gpa")
    if not quantity.unit:
        if kind == "density" and quantity.value > _BARE_KG:
            report.repair(f"{field!r} can only be kg/m^3", place=place, field="density", line=line)
            return 1.0
        return units[usual]
    if quantity.unit not in units:
        report.repair(
            f"unit of {field!r} is not known; {usual} is taken", place=place, field=_WORD[kind], line=line
        )
        return units[usual]
    if quantity.unit != usual:
        report.repair(f"{field!r} is converted from its unit", place=place, field=_WORD[kind], line=line)
    return units[quantity.unit]
