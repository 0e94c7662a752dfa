# SPDX-License-Identifier: GPL-3.0-or-later
"""Frozen dataclasses of the model to and from plain JSON values, driven by their type hints.

A new field of a model class, or a new shape, is written and read without a change here. Numbers go through `repr`, so
every float comes back bit for bit. A field that is None is left out; a missing field takes the default of its class.
Meshes and textures are too big for JSON: a `BlobStore` keeps them in files and the JSON names the file.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from enum import Enum
from functools import cache
from typing import Any, Protocol, TypeVar

from ..errors import AssetError
from ..geometry import SHAPE_KINDS, Shape, TriangleMesh
from ..model import Texture

T = TypeVar("T")


class BlobStore(Protocol):
    """Where meshes and textures live beside the JSON."""

    def put_mesh(self, mesh: TriangleMesh, owner: str) -> str:
        """Keep the mesh and return the name of its file; `owner` is a word for the file name."""

    def get_mesh(self, file: str, where: str) -> TriangleMesh:
        """The mesh of this file."""

    def put_texture(self, texture: Texture) -> str:
        """Keep the encoded image and return the name of its file."""

    def get_texture(self, name: str, file: str, where: str) -> Texture:
        """The texture of this name and file."""


class NoBlobs:
    """A store for JSON that stands alone: meshes and textures are refused."""

    def put_mesh(self, mesh: TriangleMesh, owner: str) -> str:
        """Refuse."""
        raise AssetError("a mesh needs a file; write an asset package instead", where=owner)

    def get_mesh(self, file: str, where: str) -> TriangleMesh:
        """Refuse."""
        raise AssetError(f"names the mesh file {file!r}, but there are no files here", where=where)

    def put_texture(self, texture: Texture) -> str:
        """Refuse."""
        raise AssetError(
            "a texture needs a file; write an asset package instead", where=f"texture {texture.name!r}"
        )

    def get_texture(self, name: str, file: str, where: str) -> Texture:
        """Refuse."""
        raise AssetError(f"names the texture file {file!r}, but there are no files here", where=where)


def shape_to_dict(shape: Shape, store: BlobStore | None = None, owner: str = "shape") -> dict[str, Any]:
    """JSON object of a shape: its kind and its fields."""
    return typing.cast(dict[str, Any], to_json(shape, Shape, store or NoBlobs(), owner))


def shape_from_dict(data: dict[str, Any], store: BlobStore | None = None, where: str = "shape") -> Shape:
    """The shape of a JSON object; anything wrong is an `AssetError` that names the place."""
    return typing.cast(Shape, _read(data, Shape, store or NoBlobs(), where))


@cache
def _fields(cls: Any) -> tuple[tuple[str, Any, bool], ...]:
    """(name, type, has a default) of every field that the constructor takes."""
    hints = typing.get_type_hints(cls)
    missing = dataclasses.MISSING
    return tuple(
        (f.name, hints[f.name], f.default is not missing or f.default_factory is not missing)
        for f in dataclasses.fields(cls)
        if f.init
    )


@cache
def _is_tuple(hint: Any) -> bool:
    return typing.get_origin(hint) is tuple


@cache
def _optional(hint: Any) -> tuple[Any, bool]:
    """The type without None, and whether None was allowed."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        inner = [a for a in typing.get_args(hint) if a is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"a field of type {hint} cannot be written")
        return inner[0], True
    return hint, False


def to_json(value: Any, hint: Any, store: BlobStore, owner: str) -> Any:
    """Plain JSON value of `value`, which is of the type `hint`."""
    hint, _ = _optional(hint)
    if value is None:
        return None
    if _is_tuple(hint):
        kinds = _item_types(hint, len(value))
        return [to_json(v, k, store, owner) for v, k in zip(value, kinds, strict=True)]
    if hint is float:
        return float(value)
    if hint in (int, str, bool):
        return value
    if issubclass(hint, Enum):
        return value.value
    if hint is TriangleMesh:
        return {"file": store.put_mesh(value, owner)}
    if hint is Texture:
        return {"name": value.name, "file": store.put_texture(value)}
    owner = getattr(value, "name", owner)
    data: dict[str, Any] = {"kind": value.kind} if hint is Shape else {}
    for name, field_hint, _ in _fields(_class_of(value)):
        item = to_json(getattr(value, name), field_hint, store, owner)
        if item is not None:
            data[name] = item
    return data


def _class_of(value: Any) -> Any:
    return type(value)


def _item_types(hint: Any, count: int) -> tuple[Any, ...]:
    args = typing.get_args(hint)
    if len(args) == 2 and args[1] is Ellipsis:
        return (args[0],) * count
    return args


def from_json(data: Any, hint: type[T], store: BlobStore, where: str) -> T:
    """A value of the type `hint` from a JSON value; raises AssetError that names `where`."""
    return typing.cast(T, _read(data, hint, store, where))


def _read(data: Any, hint: Any, store: BlobStore, where: str) -> Any:
    hint, optional = _optional(hint)
    if data is None and optional:
        return None
    if _is_tuple(hint):
        if not isinstance(data, list):
            raise AssetError(f"must be a list, got {_show(data)}", where=where)
        kinds = _item_types(hint, len(data))
        if len(kinds) != len(data):
            raise AssetError(f"must be a list of {len(kinds)}, got {len(data)}", where=where)
        return tuple(
            _read(v, k, store, f"{where}[{i}]") for i, (v, k) in enumerate(zip(data, kinds, strict=True))
        )
    if hint is float:
        return _read_float(data, where)
    if hint in (int, str, bool):
        if not isinstance(data, hint) or (hint is int and isinstance(data, bool)):
            kind = {int: "a whole number", str: "text", bool: "true or false"}[hint]
            raise AssetError(f"must be {kind}, got {_show(data)}", where=where)
        return data
    if issubclass(hint, Enum):
        try:
            return hint(data)
        except ValueError:
            known = ", ".join(str(member.value) for member in hint)
            raise AssetError(f"must be one of {known}, got {_show(data)}", where=where) from None
    if not isinstance(data, dict):
        raise AssetError(f"must be an object in braces, got {_show(data)}", where=where)
    if hint is TriangleMesh:
        (file,) = _texts(data, ("file",), where)
        return store.get_mesh(file, where)
    if hint is Texture:
        name, file = _texts(data, ("name", "file"), where)
        return store.get_texture(name, file, where)
    return _read_object(data, hint, store, where)


def _read_object(data: dict[str, Any], cls: Any, store: BlobStore, where: str) -> Any:
    given = dict(data)
    if cls is Shape:
        kind = given.pop("kind", None)
        if not isinstance(kind, str) or kind not in SHAPE_KINDS:
            raise AssetError(
                f"kind must be one of {', '.join(sorted(SHAPE_KINDS))}, got {_show(kind)}", where=where
            )
        cls = SHAPE_KINDS[kind]
    values: dict[str, Any] = {}
    for name, hint, has_default in _fields(cls):
        if name in given:
            values[name] = _read(given.pop(name), hint, store, f"{where}.{name}")
        elif not has_default:
            raise AssetError(f"lacks {name!r}; add it", where=where)
    if given:
        raise AssetError(
            f"has the unknown entry {_show(sorted(given)[0])}; remove or correct it", where=where
        )
    try:
        return cls(**values)
    except AssetError as error:
        raise AssetError(str(error), where=where) from error


def _read_float(data: Any, where: str) -> float:
    if isinstance(data, bool) or not isinstance(data, (int, float)):
        raise AssetError(f"must be a number, got {_show(data)}", where=where)
    try:
        value = float(data)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise AssetError("is a number too large to use", where=where)
    return value


def _texts(data: dict[str, Any], names: tuple[str, ...], where: str) -> tuple[str, ...]:
    if set(data) != set(names) or not all(isinstance(v, str) for v in data.values()):
        raise AssetError(f"must have the texts {' and '.join(names)} and nothing else", where=where)
    return tuple(data[n] for n in names)


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
