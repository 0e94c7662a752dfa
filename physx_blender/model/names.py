# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of parts, links and joints: unique within their kind, safe in XML, in file names and in Blender."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import AssetError

MAX_NAME_LENGTH = 60  # Blender cuts names at 63 bytes
_ALLOWED = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .\-]*\Z")


def check_name(name: object, where: str) -> str:
    """Return `name` if it may name an element: letters, digits, space and ``_ . -``, not longer than 60."""
    if (
        not isinstance(name, str)
        or not _ALLOWED.match(name)
        or len(name) > MAX_NAME_LENGTH
        or name != name.strip()
    ):
        raise AssetError(
            f"name {name!r} must be 1 to {MAX_NAME_LENGTH} letters, digits, spaces, '_', '.' or '-', "
            "and start with a letter, a digit or '_'",
            where=where,
        )
    return name


def clean_name(text: str, taken: Iterable[str] = (), fallback: str = "part") -> str:
    """Make an allowed name from any text, different from all in `taken`."""
    name = re.sub(r"[^A-Za-z0-9_ .\-]+", "_", text).strip(" .-")[:MAX_NAME_LENGTH].strip() or fallback
    used = set(taken)
    if name not in used:
        return name
    stem = name[: MAX_NAME_LENGTH - 5]
    for k in range(2, len(used) + 3):
        if f"{stem}_{k}" not in used:
            return f"{stem}_{k}"
    raise AssertionError("unreachable: more numbers than names were tried")
