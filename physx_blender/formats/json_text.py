# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON as we read and write it: strict when reading, tidy and the same bytes every time when writing."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

import numpy as np

from ..errors import AssetError

MAX_DEPTH = 40
MAX_INTEGER_DIGITS = 40
_LINE = 110
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def parse_json(data: bytes, where: str) -> Any:
    """Parse UTF-8 JSON; NaN, infinity, duplicate keys and deep nesting are refused with an `AssetError`."""
    _check_depth(data, where)

    def constant(text: str) -> NoReturn:
        raise AssetError(f"holds {text}, which is not a usable number", where=where)

    def real(text: str) -> float:
        value = float(text)
        if not math.isfinite(value):
            raise AssetError(f"holds the number {text[:40]}, which is too large", where=where)
        return value

    def whole(text: str) -> int:
        if len(text) > MAX_INTEGER_DIGITS:
            raise AssetError(f"holds a whole number of {len(text)} digits, which is too large", where=where)
        return int(text)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise AssetError(f"has the key {key[:40]!r} twice; remove one", where=where)
            found[key] = value
        return found

    try:
        text = data.decode("utf-8")
        return json.loads(
            text, parse_constant=constant, parse_float=real, parse_int=whole, object_pairs_hook=unique
        )
    except UnicodeDecodeError as error:
        raise AssetError(f"is not UTF-8 text (byte {error.start}); it is damaged", where=where) from None
    except json.JSONDecodeError as error:
        raise AssetError(
            f"is not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}", where=where
        ) from None


def _check_depth(data: bytes, where: str) -> None:
    """Refuse deep nesting before the recursive parser sees it."""
    bare = np.frombuffer(_STRING.sub(b"", data), dtype=np.uint8)
    opened = np.isin(bare, list(b"[{")).astype(np.int64)
    closed = np.isin(bare, list(b"]}")).astype(np.int64)
    depth = int(np.max(np.cumsum(opened - closed), initial=0))
    if depth > MAX_DEPTH:
        raise AssetError(f"is nested {depth} deep, over the limit of {MAX_DEPTH}", where=where)


def format_json(value: Any) -> str:
    """Readable JSON, two spaces deep; a list or object that fits on a line stays on it."""
    return _format(value, 0) + "\n"


def _format(value: Any, indent: int) -> str:
    flat = _scalar(value)
    if indent == 0 and isinstance(value, dict):
        flat = ""  # the outermost object always spreads
    if flat and len(flat) + indent <= _LINE:
        return flat
    if not isinstance(value, (dict, list)):
        return flat
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        lines = [f"{_scalar(k)}: {_format(v, indent + 2)}" for k, v in value.items()]
        return "{\n" + ",\n".join(pad + line for line in lines) + "\n" + " " * indent + "}"
    lines = [_format(v, indent + 2) for v in value]
    return "[\n" + ",\n".join(pad + line for line in lines) + "\n" + " " * indent + "]"


def _scalar(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can carry
        text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    return text
