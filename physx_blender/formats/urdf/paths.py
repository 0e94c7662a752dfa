# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the files that a URDF names really are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import unquote

from ...errors import AssetError
from ..assembling import inside, upper_folder
from ..xmlsafe import Node, parse_xml

_PACKAGE = re.compile(r"(?:package|model):///?([^/]+)/(.+)\Z")  # three slashes are a common slip
_LEVELS_UP = 4


class Paths:
    """Resolves ``package://name/path``, ``model://``, ``file://`` and relative paths.

    A package is one of `packages`, or a folder above the URDF that is called so or whose package.xml says so, or such
    a folder beside one of those above. Where a package is not around under its name but its file is, counted from one of
    these folders, that folder is taken for the package and listed in `guessed`. Plain relative paths may reach four
    folders up; nothing outside is read.
    """

    def __init__(self, urdf: Path, packages: Mapping[str, Path] | None) -> None:
        self.folder = urdf.resolve().parent
        self.packages = {name: Path(folder) for name, folder in (packages or {}).items()}
        self._found: dict[str, Path | None] = {}
        self.guessed: dict[str, Path] = {}

    def resolve(self, node: Node, reference: str) -> Path:
        """The existing file that the element `node` means by `reference`."""
        text = unquote(reference) if "%" in reference else reference
        text = PureWindowsPath(text).as_posix() if "\\" in text else text
        match = _PACKAGE.match(text)
        try:
            if match:
                root = self._package(match[1]) or self._guess(match[1], match[2])
                if root is None:
                    raise node.error(
                        f"names the package {match[1]!r}, which is not around {self.folder}; "
                        f"put a folder {match[1]!r} with its files beside or above the URDF, "
                        "say where it is (packages={name: folder}), or use a relative path"
                    )
                path = inside(root, root / match[2], "file")
            else:
                text = text.removeprefix("file://")
                if "://" in text:
                    raise node.error(
                        f"names {reference!r}; only package://, file:// and relative paths are read"
                    )
                path = inside(upper_folder(self.folder, _LEVELS_UP), self.folder / text, "file")
        except AssetError as error:
            raise error if error.where == node.where else node.error(str(error)) from None
        if not path.is_file():
            raise node.error(
                f"names {reference!r}, which does not exist ({path}); put it there or correct the reference"
            )
        return path

    def _package(self, name: str) -> Path | None:
        if name in self.packages:
            return self.packages[name]
        if name not in self._found:
            self._found[name] = self._search(name)
        return self._found[name]

    def _search(self, name: str) -> Path | None:
        folders = [self.folder, *self.folder.parents]
        for folder in folders:
            if folder.name == name or _says_package(folder) == name:
                return folder
        for folder in folders[:4]:
            if name not in (".", "..") and (folder / name).is_dir():
                return folder / name
        return None

    def _guess(self, name: str, file: str) -> Path | None:
        """The folder above that holds the file where the package should: a package that was copied under another name."""
        parts = PurePosixPath(file).parts
        if ".." in parts:
            return None
        for folder in [self.folder, *self.folder.parents][: _LEVELS_UP + 1]:
            if folder.joinpath(*parts).is_file():
                self._found[name] = self.guessed[name] = folder
                return folder
        return None


def _says_package(folder: Path) -> str | None:
    """The name in the folder's package.xml; None when there is none that can be read."""
    path = folder / "package.xml"
    if not path.is_file():
        return None
    try:
        text = path.read_text("utf-8", "replace")
        parse_xml(path)
    except (OSError, AssetError):
        return None
    match = re.search(r"<name>\s*([^<\s]+)\s*</name>", text)
    return match[1] if match else None
