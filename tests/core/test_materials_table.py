# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of materials and the search in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from physx_blender.errors import AssetError
from physx_blender.model.materials import GENERIC, MATERIALS, ROWS, find_material, match_material


def test_the_table_is_large_and_every_row_names_its_source() -> None:
    assert len(MATERIALS) >= 60
    for name, row in ROWS.items():
        assert row.material is MATERIALS[name]
        assert len(row.source) > 10, name
        assert row.material.estimated


def test_values_are_physical() -> None:
    for m in MATERIALS.values():
        assert 10 <= m.density <= 20_000, m
        assert 1e4 <= m.youngs_modulus <= 7e11, m
        assert 0.0 <= m.poissons_ratio < 0.5, m
        assert 0.0 < m.friction <= 1.2, m
        assert 0.0 < m.restitution < 0.9, m


def test_the_order_of_well_known_materials() -> None:
    order = [
        "balsa",
        "pine",
        "oak",
        "nylon",
        "glass",
        "aluminium",
        "titanium",
        "steel",
        "copper",
        "lead",
        "gold",
    ]
    for attribute, names in (
        ("density", order),
        (
            "youngs_modulus",
            ["silicone", "polypropylene", "ABS", "oak", "aluminium", "copper", "steel", "tungsten carbide"],
        ),
        ("friction", ["ice", "PTFE", "acetal", "steel", "rubber"]),
    ):
        values = [getattr(MATERIALS[n], attribute) for n in names]
        assert values == sorted(values), attribute
    # handbook values within a few per cent
    for name, density in (
        ("copper", 8960),
        ("aluminium", 2700),
        ("steel", 7850),
        ("gold", 19320),
        ("ice", 917),
    ):
        assert MATERIALS[name].density == pytest.approx(density, rel=0.01)


def test_no_label_stands_for_two_materials() -> None:
    seen: dict[str, str] = {}
    for name, row in ROWS.items():
        for label in (name, *row.aliases):
            assert seen.setdefault(label.lower(), name) == name, label


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("oak wood", "oak"),
        ("ABS plastic", "ABS"),
        ("stainless steel", "stainless steel"),
        ("Stainless Steel (brushed)", "stainless steel"),
        ("Metal", "metal"),
        ("plastics", "plastic"),
        ("brushed aluminum handle", "aluminium"),
        ("wood with steel feet", "steel"),
        ("plastic and wood", "plastic"),
        ("cast iron", "cast iron"),
        ("iron", "wrought iron"),
        ("tempered glass", "tempered glass"),
        ("heat-resistant glass", "borosilicate glass"),
        ("memory foam", "polyurethane foam"),
        ("stainles steel", "stainless steel"),
        ("alumnium", "aluminium"),
        ("PROCELAIN", "porcelain"),
        ("medium density fiberboard", "MDF"),
        ("3D printed plastic", "PLA"),
    ],
)
def test_descriptions_find_their_material(text: str, name: str) -> None:
    assert find_material(text).name == name


def test_every_name_and_alias_finds_its_own_row() -> None:
    for name, row in ROWS.items():
        for label in (name, *row.aliases):
            assert find_material(label).name == name, label


def test_families_are_in_the_table() -> None:
    assert set(GENERIC) <= set(MATERIALS)


@pytest.mark.parametrize("text", ["", "xyzzy", "???", "colour", "paint"])
def test_unknown_text_is_not_guessed(text: str) -> None:
    assert match_material(text) is None
    with pytest.raises(AssetError, match="names no known material"):
        find_material(text)


@given(st.text(max_size=400))
def test_any_text_is_survived(text: str) -> None:
    found = match_material(text)
    assert found is None or found.name in MATERIALS
