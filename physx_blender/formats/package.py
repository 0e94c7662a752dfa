# SPDX-License-Identifier: GPL-3.0-or-later
"""The asset package: a folder that holds one asset exactly.

``asset.json`` says everything but the bulk, which lies in ``meshes/`` (see `mesh_binary`) and ``textures/`` (the encoded
images as they are). Files of bulk are named after their content, so two packages may be written into one folder in turn
and a reader never meets a mixture: ``asset.json`` is replaced last, in one step. See docs/formats/asset_package.md.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path
from typing import Any

from ..errors import AssetError
from ..geometry import TriangleMesh
from ..model import Asset, Texture
from ..model.texture import MAX_TEXTURE_BYTES
from .json_text import format_json, parse_json
from .mesh_binary import MAX_MESH_BYTES, mesh_from_bytes, mesh_to_bytes
from .shapes_json import from_json, to_json

FILE_NAME = "asset.json"
FORMAT = "physx-blender asset package"
SCHEMA_VERSION = 1
MAX_JSON_BYTES = 64 * 1024 * 1024
MAX_PACKAGE_BYTES = 2 * 1024 * 1024 * 1024

_BULK_PATH = re.compile(r"(?:meshes|textures)/[A-Za-z0-9_][A-Za-z0-9_.\-]{0,120}\Z")
_OURS = re.compile(
    r"(?:meshes/[a-z0-9_]{1,40}-[0-9a-f]{16}\.mesh|textures/[a-z0-9_]{1,40}-[0-9a-f]{16}\.(?:png|jpg))\Z"
)


def write_package(asset: Asset, folder: Path) -> Path:
    """Write the package into `folder` (made if missing) and return the path of its ``asset.json``.

    The same asset gives the same bytes. Other files in the folder stay; bulk files of a package that stood here before
    and are no longer named are removed.
    """
    folder = Path(folder)
    files = package_files(asset)
    text = files.pop(FILE_NAME)
    before = _named_files(folder / FILE_NAME)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in sorted({file.split("/")[0] for file in files}):
            if (folder / name).is_symlink():
                raise AssetError("is a link to another place; remove the link", where=str(folder / name))
            (folder / name).mkdir(exist_ok=True)
        for file in sorted(files):
            _replace(folder / file, files[file])
        _replace(folder / FILE_NAME, text)
        for file in sorted(before - set(files)):
            if not (folder / file).parent.is_symlink():
                (folder / file).unlink(missing_ok=True)
    except OSError as error:
        raise AssetError(f"cannot be written: {error.strerror or error}", where=str(folder)) from error
    return folder / FILE_NAME


def package_files(asset: Asset) -> dict[str, bytes]:
    """The files of the asset's package, by their path inside the folder, without writing anything."""
    store = _WritingStore()
    data = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "units": "metres, kilograms, seconds, radians; z up, front towards -y, standing on z = 0; quaternions w, x, y, z",
        "asset": to_json(asset, Asset, store, asset.name),
    }
    text = format_json(data).encode("utf-8")
    if len(text) > MAX_JSON_BYTES or len(text) + store.size > MAX_PACKAGE_BYTES:
        raise AssetError(
            "is too big for an asset package; decimate its meshes", where=f"asset {asset.name!r}"
        )
    return {**store.files, FILE_NAME: text}


def read_package(folder: Path) -> Asset:
    """Read the package in `folder` (or the one whose ``asset.json`` is given).

    Raises AssetError, and nothing else, for whatever is wrong with the content.
    """
    folder = Path(folder)
    if folder.name == FILE_NAME and not folder.is_dir():
        folder = folder.parent
    where = str(folder / FILE_NAME)
    data = parse_json(_read_file(folder / FILE_NAME, MAX_JSON_BYTES), where)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise AssetError(f'is not an asset package: it lacks "format": "{FORMAT}"', where=where)
    version = data.get("schema_version")
    if isinstance(version, bool) or version != SCHEMA_VERSION or not isinstance(version, int):
        raise AssetError(
            f"has schema version {str(version)[:20]}, and this program reads only version {SCHEMA_VERSION}; "
            "update the extension",
            where=where,
        )
    unknown = set(data) - {"format", "schema_version", "units", "asset"}
    if unknown or "asset" not in data:
        problem = f"has the unknown entry {sorted(unknown)[0][:40]!r}" if unknown else "lacks 'asset'"
        raise AssetError(f"{problem}; it is damaged or not ours", where=where)
    try:
        return from_json(data["asset"], Asset, _ReadingStore(folder), "asset")
    except AssetError as error:
        raise AssetError(str(error), where=where) from error


class _WritingStore:
    """Gathers the bulk files of a package in memory, each content once."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    @property
    def size(self) -> int:
        return sum(len(data) for data in self.files.values())

    def put_mesh(self, mesh: TriangleMesh, owner: str) -> str:
        return self._put("meshes", owner, ".mesh", mesh_to_bytes(mesh))

    def put_texture(self, texture: Texture) -> str:
        return self._put("textures", texture.name, texture.suffix, texture.data)

    def get_mesh(self, file: str, where: str) -> TriangleMesh:
        return mesh_from_bytes(self.files[file], where)

    def get_texture(self, name: str, file: str, where: str) -> Texture:
        return Texture(name, self.files[file])

    def _put(self, folder: str, word: str, suffix: str, data: bytes) -> str:
        # Lower case, because some file systems cannot tell "Door" from "door".
        stem = re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_")[:40].strip("_") or "x"
        file = f"{folder}/{stem}-{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
        self.files[file] = data
        return file


class _ReadingStore:
    """Reads bulk files from inside one folder only, within the size limits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.size = 0
        self.meshes: dict[str, TriangleMesh] = {}
        self.bytes: dict[str, bytes] = {}

    def put_mesh(self, mesh: TriangleMesh, owner: str) -> str:
        raise NotImplementedError("a store for reading")

    def put_texture(self, texture: Texture) -> str:
        raise NotImplementedError("a store for reading")

    def get_mesh(self, file: str, where: str) -> TriangleMesh:
        if file not in self.meshes:
            self.meshes[file] = mesh_from_bytes(self._read(file, MAX_MESH_BYTES, where), f"{where}: {file}")
        return self.meshes[file]

    def get_texture(self, name: str, file: str, where: str) -> Texture:
        if file not in self.bytes:
            self.bytes[file] = self._read(file, MAX_TEXTURE_BYTES, where)
        try:
            return Texture(name, self.bytes[file])
        except AssetError as error:
            raise AssetError(str(error), where=f"{where}: {file}") from error

    def _read(self, file: str, limit: int, where: str) -> bytes:
        if not _BULK_PATH.match(file) or ".." in file:
            raise AssetError(
                f"names {file[:80]!r}; only files in meshes/ and textures/ are read", where=where
            )
        if (self.folder / file).parent.is_symlink():
            raise AssetError(
                f"{file.split('/')[0]}/ is a link to another place and is not followed", where=where
            )
        data = _read_file(self.folder / file, limit)
        self.size += len(data)
        if self.size > MAX_PACKAGE_BYTES:
            raise AssetError(f"is over {MAX_PACKAGE_BYTES} bytes with all its files", where=str(self.folder))
        return data


def _read_file(path: Path, limit: int) -> bytes:
    """Bytes of a regular file that is no link and not over the limit."""
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise AssetError(
                "is a link to another place and is not followed; put the file itself here", where=str(path)
            )
        if not stat.S_ISREG(status.st_mode):
            raise AssetError("is not a plain file", where=str(path))
        if status.st_size > limit:
            raise AssetError(f"has {status.st_size} bytes, over the limit of {limit}", where=str(path))
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise AssetError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    if len(data) > limit:
        raise AssetError(f"is over the limit of {limit} bytes", where=str(path))
    return data


def _replace(path: Path, data: bytes) -> None:
    """Write beside, then rename, so that nobody ever reads half a file."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _named_files(path: Path) -> set[str]:
    """Bulk files, named in our way, of the package that stands at `path`; empty when there is none we can read."""
    if not path.is_file():
        return set()
    try:
        data = parse_json(_read_file(path, MAX_JSON_BYTES), str(path))
    except AssetError:
        return set()  # nothing of a damaged package is removed; its asset.json is replaced
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        return set()
    found: set[str] = set()
    stack: list[Any] = [data]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            file = item.get("file")
            if isinstance(file, str) and _OURS.match(file):
                found.add(file)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return found
