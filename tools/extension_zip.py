# SPDX-License-Identifier: GPL-3.0-or-later
"""The installable extension: the same input gives the same bytes, on every machine.

The official builder stamps the time of day into the archive and takes in whatever lies in the checkout. Here the
files are the ones git tracks, chosen by an explicit rule; the archive is sorted, undated and stored without
compression, whose bytes depend on the version of zlib (the weights would not shrink anyway).
"""

from __future__ import annotations

import subprocess
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

from .console import BuildError, run

MANIFEST = "blender_manifest.toml"
FILES = ("__init__.py", MANIFEST, "LICENSE", "README.md", "CHANGELOG.md")
FOLDERS = ("physx_blender", "operators", "ui", "backend")
REQUIREMENTS = ("core.txt", "backend.txt", "constraints.txt")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def is_runtime_file(name: str) -> bool:
    """Whether the tracked file `name` (relative, with forward slashes) belongs into the extension."""
    path = PurePosixPath(name)
    if len(path.parts) == 1:
        return name in FILES
    if path.parts[0] == "requirements":
        return path.name in REQUIREMENTS
    return path.parts[0] in FOLDERS


def runtime_files(root: Path) -> list[str]:
    """The runtime files git tracks in `root`, sorted; names relative to it, with forward slashes."""
    try:
        listing = subprocess.run(
            ["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True
        ).stdout.decode("utf-8")
    except FileNotFoundError:
        raise BuildError("git is needed to know which files belong to the extension; install git.") from None
    except subprocess.CalledProcessError as error:
        raise BuildError(f"git cannot list the files of {root}: {error.stderr.decode().strip()}") from None
    names = sorted(name for name in listing.split("\0") if name and is_runtime_file(name))
    missing = [name for name in names if not (root / name).is_file()]
    if missing:
        raise BuildError(
            f"git tracks {missing[0]}, but it is not in {root}; restore it or commit its removal."
        )
    for name in ("__init__.py", MANIFEST):
        if name not in names:
            raise BuildError(f"{name} is not tracked by git; `git add` it.")
    return names


def read_manifest(root: Path) -> dict[str, object]:
    """The extension's manifest."""
    return tomllib.loads((root / MANIFEST).read_text(encoding="utf-8"))


def build(root: Path, folder: Path) -> Path:
    """Write `<id>-<version>.zip` into `folder` and return its path."""
    manifest = read_manifest(root)
    names = runtime_files(root)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{manifest['id']}-{manifest['version']}.zip"
    beside = path.with_suffix(".zip.new")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # Unix, also when made on Windows
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, (root / name).read_bytes())
    beside.replace(path)
    return path


def validator(python: Path) -> Path:
    """Blender's own extension tool inside the bpy module of the environment of `python`."""
    found = sorted(python.parent.parent.glob("**/bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py"))
    if not found:
        raise BuildError(
            f"the environment {python.parent.parent} has no bpy; delete it and run the command again."
        )
    return found[0]


def validate(path: Path, python: Path) -> None:
    """Let Blender's own validator read the archive; BuildError when it objects."""
    if run([python, validator(python), "validate", path], cwd=path.parent, timeout=120) != 0:
        raise BuildError(f"Blender's validator does not accept {path.name}; the lines above say why.")
