# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading JSON that somebody else wrote: the right type, finite, within bounds, or one sentence that says which is not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, TypeVar

from .errors import AssetError

MAX_INTEGER = 2**63 - 1
_E = TypeVar("_E", bound=Enum)


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """The value, if it is a JSON object."""
    if not isinstance(value, Mapping):
        raise AssetError(f"must be a JSON object, got {type(value).__name__}", where=where)
    return value


def items(data: Mapping[str, Any], key: str, where: str, *, most: int) -> Sequence[Any]:
    """The list under `key`, of at most `most` values; an empty one when it is missing."""
    value = data.get(key, [])
    if not isinstance(value, list) or len(value) > most:
        raise AssetError(f"needs a list {key!r} of at most {most} values", where=where)
    return value


def text(
    data: Mapping[str, Any], key: str, where: str, *, default: str | None = None, longest: int = 100_000
) -> str:
    """The text under `key`."""
    value = data.get(key, default)
    if not isinstance(value, str):
        raise AssetError(f"needs the text {key!r}, got {value!r:.80}", where=where)
    if len(value) > longest:
        raise AssetError(f"{key!r} is longer than {longest} characters", where=where)
    return value


def flag(data: Mapping[str, Any], key: str, where: str, *, default: bool = False) -> bool:
    """The truth value under `key`."""
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise AssetError(f"{key!r} must be true or false; got {value!r:.80}", where=where)
    return value


def integer(
    data: Mapping[str, Any],
    key: str,
    where: str,
    *,
    default: int | None = None,
    low: int = 0,
    high: int = MAX_INTEGER,
) -> int:
    """The whole number under `key`."""
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise AssetError(f"needs a whole number {key!r} from {low} to {high}, got {value!r:.80}", where=where)
    return value


def real(data: Mapping[str, Any], key: str, where: str, *, default: float = 0.0) -> float:
    """The finite number under `key`."""
    value = data.get(key, default)
    if not _is_real(value):
        raise AssetError(f"needs a finite number {key!r}, got {value!r:.80}", where=where)
    return float(value)


def reals(data: Mapping[str, Any], key: str, where: str, count: int | None = None) -> tuple[float, ...]:
    """The finite numbers under `key`; exactly `count` when given."""
    value = data.get(key)
    if (
        not isinstance(value, (list, tuple))
        or (count is not None and len(value) != count)
        or not all(map(_is_real, value))
    ):
        wanted = "finite numbers" if count is None else f"{count} finite numbers"
        raise AssetError(f"needs {wanted} {key!r}, got {value!r:.80}", where=where)
    return tuple(float(v) for v in value)


def _is_real(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and isinstance(value, (int, float)) and math.isfinite(value)
    except OverflowError:  # a whole number beyond any double
        return False


def enum_value(kind: type[_E], data: Mapping[str, Any], key: str, where: str) -> _E:
    """The member of `kind` whose value stands under `key`."""
    value = data.get(key)
    for member in kind:
        if member.value == value:
            return member
    names = ", ".join(str(m.value) for m in kind)
    raise AssetError(f"{key!r} must be one of {names}; got {value!r:.80}", where=where)
