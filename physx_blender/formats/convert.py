# SPDX-License-Identifier: GPL-3.0-or-later
"""Anything in, everything out: one door to all formats."""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import AssetError
from ..model import Asset
from . import package
from .files import move_into, write_files
from .layout import plan
from .mjcf import mjcf_files, read_mjcf
from .urdf import read_urdf, urdf_files
from .xmlsafe import parse_xml

_OWN_MESH = re.compile(r'(?:file|filename)="(meshes/[A-Za-z0-9_]+)\.obj"')
_OWN_HEADER = "written by SimReady Props"


@dataclass(frozen=True)
class Written:
    """Where `write_outputs` put what."""

    folder: Path
    package: Path
    mjcf: Path
    urdf: Path


def load_asset(source: Path, *, packages: Mapping[str, Path] | None = None) -> Asset:
    """Read an asset, whatever it is stored as; the content decides, not the suffix.

    source: a PhysX-Anything result folder (basic_info.txt), an asset package (asset.json), an MJCF or a URDF file, or
    a folder that holds exactly one MJCF or URDF.  packages: folders of ROS packages, by name, for URDF.
    Raises AssetError that says what was expected when it is none of these.
    """
    source = Path(source)
    if source.is_dir():
        if (source / package.FILE_NAME).is_file():
            return package.read_package(source)
        if (source / "basic_info.txt").is_file():
            return _read_physx_anything(source)
        files = sorted(
            p for p in source.iterdir() if p.suffix.lower() in (".urdf", ".xml", ".mjcf") and p.is_file()
        )
        if len(files) != 1:
            found = ", ".join(p.name for p in files[:8]) or "none"
            raise AssetError(
                "holds neither asset.json nor basic_info.txt, and not exactly one .xml, .mjcf or .urdf "
                f"(found: {found}); name the file itself",
                where=str(source),
            )
        source = files[0]
    if not source.is_file():
        raise AssetError("does not exist; check the path", where=str(source))
    if source.name == package.FILE_NAME or _begins_with(source, b"{"):
        return package.read_package(source.parent if source.name == package.FILE_NAME else source)
    if source.name == "basic_info.txt":
        return _read_physx_anything(source.parent)
    if not _begins_with(source, b"<"):
        raise AssetError(
            "is neither XML nor JSON; give an MJCF, a URDF, an asset package or a PhysX-Anything result folder",
            where=str(source),
        )
    root = parse_xml(source)
    if root.tag == "mujoco":
        return read_mjcf(source)
    if root.tag == "robot":
        return read_urdf(source, packages=packages)
    raise AssetError(
        f"line {root.line}: the first element is <{root.tag}>; an MJCF begins with <mujoco>, a URDF with <robot>",
        where=str(source),
    )


def _begins_with(path: Path, sign: bytes) -> bool:
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise AssetError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.lstrip(b" \t\r\n\x00").startswith(sign)


def _read_physx_anything(folder: Path) -> Asset:
    from .physx_anything import read_result_folder

    return read_result_folder(folder)


def write_outputs(
    asset: Asset,
    folder: Path,
    *,
    actuators: bool = False,
    scene: bool = False,
    urdf_package: str | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> Written:
    """Write ``asset.json``, one MJCF, one URDF, ``meshes/`` and ``textures/`` that they share into `folder`.

    Everything is made beside the folder first and then renamed into it; files of others stay. When an earlier result
    of this function stands there, its XML, URDF and meshes go, so that exactly one of each remains. The same asset
    gives the same bytes, and the same folders: `meshes` and `textures` are there even when nothing goes into them.
    actuators, scene: put position servos, or a floor and lights, into the MJCF.  urdf_package: use ``package://`` paths.
    pictures: further files, by name, that come and go with the result, such as its preview.
    """
    folder = Path(folder)
    layout = plan(asset)
    files = urdf_files(layout, package=urdf_package) | mjcf_files(layout, actuators=actuators, scene=scene)
    written = Written(
        folder, folder / package.FILE_NAME, folder / f"{asset.name}.xml", folder / f"{asset.name}.urdf"
    )
    if not folder.exists():
        beside = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:8]}.part"
        try:
            write_files(beside, {**files, **(pictures or {})})
            package.write_package(asset, beside)
            _make_folders(beside)
            move_into(beside, folder)
        except OSError as error:
            raise AssetError(f"cannot be written: {error.strerror or error}", where=str(folder)) from None
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return written
    stale = _earlier_files(folder) - set(files)
    write_files(folder, {**files, **(pictures or {})})
    package.write_package(asset, folder)
    for name in sorted(stale):
        (folder / name).unlink(missing_ok=True)
    _make_folders(folder)
    return written


def _make_folders(folder: Path) -> None:
    for name in ("meshes", "textures"):
        (folder / name).mkdir(exist_ok=True)


def _earlier_files(folder: Path) -> set[str]:
    """What an earlier `write_outputs` left: its MJCF and URDF, known by asset.json and our header, and their meshes."""
    try:
        name = json.loads((folder / package.FILE_NAME).read_text("utf-8"))["asset"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    if not isinstance(name, str) or os.sep in name or "/" in name:
        return set()
    found: set[str] = set()
    for suffix in (".xml", ".urdf"):
        path = folder / f"{name}{suffix}"
        try:
            text = path.read_text("utf-8")
        except (OSError, ValueError):
            continue
        if _OWN_HEADER in text[:400]:
            found.add(path.name)
            for mesh in _OWN_MESH.findall(text):
                found |= {f"{mesh}.obj", f"{mesh}.mtl"}
    return found
