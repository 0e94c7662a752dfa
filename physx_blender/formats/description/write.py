# SPDX-License-Identifier: GPL-3.0-or-later
"""Asset -> text."""

from __future__ import annotations

import json
from typing import Any

from ...model import Asset
from .plain import Plain, describe_asset, describe_joint, describe_link, describe_part

_HEAD = """\
# What this asset is, in words and numbers: change them, then use Rebuild from Text.
# Metres, kilograms, degrees; z is up, the front faces -y; everything is told at rest (all joints closed).
# Delete a table to delete the element. To rename an element change its `name`, not the head of its table.
# material: a name from the table of materials brings all its values; write density, friction ... to set your own.
# Meshes, textures and colliders stay what they are.
"""
_COMMENTS = {
    "link": "# Rigid bodies; the first is the base.",
    "part": "# Pieces of one material, each on a link. touch_rank: 1 = touched most .. 10.",
    "joint": "# What moves against what. angle, travel: from, to; left out = no limit.",
}


def write_description(asset: Asset) -> str:
    """The asset as text; `read_description` of it with the same asset gives that asset again, exactly."""
    lines = [_HEAD, *_entries(describe_asset(asset))]
    for kind, items in (
        ("link", [describe_link(x) for x in asset.links]),
        ("part", [describe_part(x) for x in asset.parts]),
        ("joint", [describe_joint(x) for x in asset.joints]),
    ):
        if items:
            lines += ["", _COMMENTS[kind]]
        for item in items:
            lines += ["", f"[{kind}.{_text(item['name'])}]", *_entries(item)]
    return "\n".join(lines) + "\n"


def _entries(data: Plain) -> list[str]:
    return [f"{word} = {_value(value)}" for word, value in data.items()]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        inner = [_value(v) for v in value]
        if any(isinstance(v, dict) for v in value):
            # one shape a line; only the list may go over lines, a table in braces may not
            return "[\n" + "".join(f"    {v},\n" for v in inner) + "]"
        return "[" + ", ".join(inner) + "]"
    return repr(value)


def _text(text: str) -> str:
    # a basic string of TOML escapes like JSON, but for DEL, which it wants escaped as well
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
