# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension archive: what goes in, and that the same input gives the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from tools import extension_zip
from tools.console import BuildError

MANIFEST = 'id = "example"\nversion = "1.2.3"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout with files of every sort."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path / "checkout"
    for name, text in {
        "__init__.py": "",
        "blender_manifest.toml": MANIFEST,
        "README.md": "read me\n",
        "build.py": "",
        "physx_blender/__init__.py": "",
        "physx_blender/model/link.py": "LINK = 1\n",
        "operators/__init__.py": "",
        "backend/weights/model.safetensors": "not text",
        "requirements/backend.txt": "numpy\n",
        "requirements/dev.txt": "pytest\n",
        "tests/core/test_link.py": "",
        "docs/architecture.md": "",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    (folder / "physx_blender" / "untracked.py").write_text("")
    return folder


def test_only_tracked_runtime_files_go_in(checkout: Path, tmp_path: Path) -> None:
    path = extension_zip.build(checkout, tmp_path / "dist")
    assert path.name == "example-1.2.3.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [
            "README.md",
            "__init__.py",
            "backend/weights/model.safetensors",
            "blender_manifest.toml",
            "operators/__init__.py",
            "physx_blender/__init__.py",
            "physx_blender/model/link.py",
            "requirements/backend.txt",
        ]
        assert archive.read("physx_blender/model/link.py") == b"LINK = 1\n"


def test_same_input_same_bytes(checkout: Path, tmp_path: Path) -> None:
    first = extension_zip.build(checkout, tmp_path / "first").read_bytes()
    later = time.time() + 86_400
    for path in checkout.rglob("*.py"):
        path.chmod(0o755)
        os.utime(path, (later, later))
    assert extension_zip.build(checkout, tmp_path / "second").read_bytes() == first


def test_changed_input_changes_bytes(checkout: Path, tmp_path: Path) -> None:
    first = extension_zip.build(checkout, tmp_path / "first").read_bytes()
    (checkout / "physx_blender" / "model" / "link.py").write_text("LINK = 2\n")
    assert extension_zip.build(checkout, tmp_path / "second").read_bytes() != first


def test_deleted_tracked_file_is_an_error(checkout: Path, tmp_path: Path) -> None:
    (checkout / "physx_blender" / "model" / "link.py").unlink()
    with pytest.raises(BuildError, match=r"link\.py"):
        extension_zip.build(checkout, tmp_path / "dist")
    assert not list((tmp_path / "dist").glob("*")) if (tmp_path / "dist").exists() else True


def test_folder_without_git_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "blender_manifest.toml").write_text(MANIFEST)
    with pytest.raises(BuildError, match="git"):
        extension_zip.build(tmp_path, tmp_path / "dist")


def test_the_real_checkout_ships_what_it_runs_and_nothing_else(root: Path) -> None:
    names = set(extension_zip.runtime_files(root))
    assert {"__init__.py", "blender_manifest.toml", "LICENSE", "physx_blender/__init__.py"} <= names
    assert not [name for name in names if name.startswith(("tests/", "tools/", "examples/", ".", "build.py"))]


def test_manifest_obeys_the_platform(root: Path) -> None:
    manifest = extension_zip.read_manifest(root)
    assert "blender" not in str(manifest["name"]).lower()
    assert len(str(manifest["tagline"])) <= 64
    assert "wheels" not in manifest
    permissions = manifest["permissions"]
    assert isinstance(permissions, dict)
    assert set(permissions) == {"files", "network"}
    assert all(len(text) <= 64 and not text.endswith(".") for text in permissions.values())
