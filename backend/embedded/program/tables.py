# SPDX-License-Identifier: GPL-3.0-or-later
"""The grammar in tables, for docs/embedded_model.md; print them with ``python -m backend.embedded.program.tables``."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from ..categories import CATEGORIES
from ..components import COMPONENTS
from .fields import FACES, MATERIALS, Angle, Choice, Count, Field, Linear, Log
from .grammar import HEADER


def _value(number: float) -> str:
    return f"{number:.3g}"


def describe(field: Field) -> str:
    """A field in words: its name, what it may be, and in how many steps."""
    if isinstance(field, Choice):
        shared = {FACES: "a face", MATERIALS: "a material"}.get(field.words)
        return f"{field.name}: {shared or ' / '.join(field.words)}"
    if isinstance(field, Count):
        return f"{field.name}: {field.low} to {field.high}"
    if isinstance(field, Angle):
        return f"{field.name}: circle in {field.steps}"
    if isinstance(field, Linear | Log):
        how = " (log)" if isinstance(field, Log) else ""
        return f"{field.name}: {_value(field.low)} to {_value(field.high)} in {field.steps}{how}"
    raise TypeError(f"no words for a {type(field).__name__}")


def _short(fields: Iterable[Field]) -> str:
    """Fields in one cell; coordinates and thicknesses, which most have, by their names alone."""
    plain: list[Field] = []
    others: list[Field] = []
    for field in fields:
        common = isinstance(field, Log) or (isinstance(field, Linear) and field.low == -0.25)
        (plain if common else others).append(field)
    words = [", ".join(field.name for field in plain)] if plain else []
    return "; ".join([*words, *(describe(field) for field in others)])


def component_table() -> str:
    """Markdown: every kind of node, what it is, whether it hosts others, and its attributes."""
    rows = ["| kind | what it is | hosts | attributes |", "|---|---|---|---|"]
    for kind in sorted(COMPONENTS):
        component = COMPONENTS[kind]
        text = (inspect.getdoc(component) or "").split("\n\n")[0].replace("\n", " ").rstrip(".")
        rows.append(
            f"| `{kind}` | {text} | {'yes' if component.hosts else ''} | {_short(component.fields)} |"
        )
    return "\n".join(rows)


def category_table() -> str:
    """Markdown: every category, in words, and whether it is fastened to wall or floor."""
    rows = ["| category | what it is | fastened |", "|---|---|---|"]
    for name in sorted(CATEGORIES):
        category = CATEGORIES[name]
        rows.append(f"| `{name}` | {category.description} | {'yes' if category.fixed_base else ''} |")
    return "\n".join(rows)


def header_table() -> str:
    """Markdown: what every program begins with."""
    rows = ["| field | values |", "|---|---|"]
    rows += [f"| `{field.name}` | {describe(field).removeprefix(field.name + ': ')} |" for field in HEADER]
    return "\n".join(rows)


if __name__ == "__main__":
    print("\n\n".join([header_table(), component_table(), category_table()]))
