# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/embedded_model.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from backend.embedded.categories import CATEGORIES
from backend.embedded.program.build import to_asset
from backend.embedded.program.fields import Field
from backend.embedded.program.tables import category_table, component_table, describe, header_table
from backend.gate import gate_asset


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "embedded_model.md").read_text(encoding="utf-8")


def test_the_tables_are_current(page: str) -> None:
    for table in (header_table(), component_table(), category_table()):
        assert table in page, "paste the output of: python -m backend.embedded.program.tables"


def test_the_example_category_works(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"```python\n(.*?)```", page, re.S)
    assert found is not None
    names: dict[str, object] = {"__package__": "backend.embedded.categories"}
    exec(compile(found.group(1), "example", "exec"), names)
    category = names["CATEGORY"]
    monkeypatch.setitem(CATEGORIES, "hook", category)  # type: ignore[arg-type]
    for seed in range(3):
        program = CATEGORIES["hook"].sample(np.random.default_rng(seed))
        report = gate_asset(to_asset(program))
        assert report.ok, report.text()


def test_a_field_without_words_is_an_error() -> None:
    with pytest.raises(TypeError, match="no words"):
        describe(Field("odd"))
