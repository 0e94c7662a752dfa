# SPDX-License-Identifier: GPL-3.0-or-later
"""Our keys take none from Blender's default keymap."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tests.blender.zoo import Load

ROOT = Path(__file__).resolve().parent.parent.parent


def default_keymaps(bpy: Any) -> Any:
    """Blender's own keymap as data; background Blender registers none, but its source is there."""
    path = Path(bpy.utils.system_resource("SCRIPTS")) / "presets/keyconfig/keymap_data/blender_default.py"
    scope: dict[str, Any] = {"__name__": "blender_default"}
    exec(compile(path.read_text("utf-8"), str(path), "exec"), scope)
    return scope["generate_keymaps"](scope["Params"](select_mouse="LEFT", use_mouse_emulate_3_button=False))


class Recorder:
    """A keyconfig that notes what is added to it, for Blender without a window."""

    def __init__(self) -> None:
        self.items: list[tuple[str, str, str, str, dict[str, bool]]] = []
        self.keymaps = self
        self.keymap_items = self
        self.name = ""

    def new(self, *args: Any, **options: Any) -> Any:
        if "name" in options:
            self.name = options["name"]
            return self
        self.items.append((self.name, args[0], args[1], args[2], options))
        return object()


def test_keys_collide_with_nothing(bpy: Any, from_extension: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    keymap = from_extension("ui.keymap")
    recorder = Recorder()
    manager = type("Manager", (), {"keyconfigs": type("Configs", (), {"addon": recorder})})
    fake = type("Fake", (), {"context": type("Context", (), {"window_manager": manager})})
    monkeypatch.setattr(keymap, "bpy", fake)
    monkeypatch.setattr(keymap, "_items", [])
    keymap.register()
    assert recorder.items
    defaults = {name: content["items"] for name, _, content in default_keymaps(bpy)}
    for name, operator, key, value, options in recorder.items:
        assert operator.startswith("simready.")
        assert name in defaults
        # Screen and Window come after every editor's own keymap and would be hidden behind ours
        for where in (name, "3D View", "Screen Editing"):
            for other, press, _ in defaults.get(where, []):
                same = (press["type"], press["value"]) == (key, value) and not any(
                    press.get(m) for m in ("shift", "ctrl", "alt", "oskey", "any")
                )
                assert not same or options, f"{operator} takes {key} in {where} from {other}"


def test_all_keys_are_in_the_one_file(from_extension: Load) -> None:
    root = Path(from_extension("").__file__).parent
    for path in root.rglob("*.py"):
        if "keymap_items.new" in path.read_text("utf-8"):
            assert path.relative_to(root).as_posix() == "ui/keymap.py", path
            ast.parse(path.read_text("utf-8"))
