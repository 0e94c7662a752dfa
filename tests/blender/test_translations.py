# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the extension shows has a Japanese entry, and Blender uses it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.blender.zoo import Load

FOLDERS = ("ui", "operators", "physx_blender/scene")
SHOWN_BY = {"wrapped": 1, "poll_message_set": 0, "report": 1, "iface_": 0}
"""Functions that show a text, and the place of the text among their arguments."""


def subclasses(kind: type) -> Iterator[type]:
    for cls in kind.__subclasses__():
        yield cls
        yield from subclasses(cls)


def registered_texts(bpy: Any, package: str) -> Iterator[tuple[str, str]]:
    """Labels and tooltips of all registered classes: (text, where)."""
    kinds = ("Operator", "Panel", "Menu", "PropertyGroup", "AddonPreferences", "FileHandler")
    for cls in {c for kind in kinds for c in subclasses(getattr(bpy.types, kind))}:
        if not cls.__module__.startswith(package) or not getattr(cls, "is_registered", True):
            continue
        where = f"{cls.__module__.removeprefix(package)[1:]}.{cls.__name__}"
        rna = cls.bl_rna
        if issubclass(cls, bpy.types.Operator):
            if not hasattr(cls, "bl_idname"):  # what several operators have in common
                continue
            # what the user sees of an operator is not its Python class
            group, name = cls.bl_idname.split(".")
            rna = getattr(getattr(bpy.ops, group), name).get_rna_type()
        if issubclass(cls, (bpy.types.Operator, bpy.types.Panel, bpy.types.Menu, bpy.types.FileHandler)):
            yield getattr(cls, "bl_label", ""), where
        if issubclass(cls, bpy.types.Operator):
            yield rna.description, where
        for name in vars(cls).get("__annotations__", {}) | inherited(cls):
            prop = rna.properties.get(name)
            if prop is None or prop.is_hidden or prop.name in ("", name):  # without a name it is never drawn
                continue
            yield prop.name, f"{where}.{name}"
            if prop.description == bpy.types.PropertyGroup.bl_rna.properties["name"].description:
                continue  # Blender's own text for the names of all things
            yield prop.description, f"{where}.{name}"
            if prop.type == "ENUM":
                for item in prop.enum_items_static:
                    yield item.name, f"{where}.{name}"
                    yield item.description, f"{where}.{name}"


def inherited(cls: type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for base in cls.__mro__[1:]:
        if base.__module__.startswith("bl_ext."):
            found |= vars(base).get("__annotations__", {})
    return found


def source_texts(root: Path) -> Iterator[tuple[str, str]]:
    """Constant texts that the code puts on screen: (text, where)."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if "presets" in path.parts or "translations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                where = f"{path.relative_to(root)}:{node.lineno}"
                untranslated = any(
                    k.arg == "translate" and isinstance(k.value, ast.Constant) for k in node.keywords
                )
                for keyword in node.keywords:
                    if keyword.arg in ("text", "heading") and not untranslated:
                        yield from ((t, where) for t in constants(keyword.value))
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                place = SHOWN_BY.get(name)
                if place is not None and len(node.args) > place:
                    yield from ((t, where) for t in constants(node.args[place]))


def constants(node: ast.expr) -> list[str]:
    """Texts that an expression can be, as far as they stand there."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return constants(node.body) + constants(node.orelse)
    return []


def is_text(text: str) -> bool:
    return sum(c.isalpha() for c in text) > 1


def test_every_text_has_a_japanese_entry(bpy: Any, from_extension: Load) -> None:
    package = from_extension("").__name__
    root = Path(from_extension("").__file__).parent
    table = from_extension("ui.translations.japanese").JAPANESE
    shown = [*registered_texts(bpy, package), *source_texts(root)]
    shown += [
        (text, "ui/preferences.py STATES")
        for s in from_extension("ui.preferences").STATES.values()
        for text in (s[0], s[2])
    ]
    shown += [(from_extension("ui.panels.generate").RECOGNISES, "ui/panels/generate.py RECOGNISES")]
    shown += [
        (t, "operators/backend_setup.py") for t in from_extension("operators.backend_setup").DOWNLOAD_TEXT
    ]
    assert len(shown) > 200, "the search finds too little to mean anything"
    missing = {text: where for text, where in shown if is_text(text) and text not in table}
    assert not missing, "\n".join(
        f"{where}: {text!r}" for text, where in sorted(missing.items(), key=lambda m: m[1])
    )


def test_no_entry_is_left_empty_or_english(from_extension: Load) -> None:
    table = from_extension("ui.translations.japanese").JAPANESE
    names = from_extension("ui.translations.japanese").PROPER_NAMES
    for text, said in table.items():
        assert said.strip(), text
        assert (said == text) == (text in names), text
        if text not in names:
            assert any(ord(c) > 0x3000 for c in said), f"{text!r} is not translated: {said!r}"


def test_blender_speaks_japanese(bpy: Any, from_extension: Load) -> None:
    if "ja_JP" not in bpy.app.translations.locales:
        pytest.skip("this Blender has no languages")
    view = bpy.context.preferences.view
    before = view.language
    try:
        view.language = "ja_JP"
        view.use_translate_interface = True
        table = from_extension("ui.translations.japanese").JAPANESE
        look_up = bpy.app.translations.pgettext_iface
        assert (
            look_up("Look Through the Reference Camera", "Operator")
            == table["Look Through the Reference Camera"]
        )
        assert look_up("Picture Opacity") == table["Picture Opacity"]
    finally:
        view.language = before


def test_lines_break_in_japanese_as_well(from_extension: Load) -> None:
    lines_of = from_extension("ui.preferences").lines_of
    assert lines_of("one two three", 8) == ["one two", "three"]
    text = "画像から物体を作る。"
    assert lines_of(text, 8) == ["画像から", "物体を作", "る。"]
    assert "".join(lines_of(text, 6)) == text
    assert all(not line.startswith("。") for width in range(4, 24) for line in lines_of(text, width))
