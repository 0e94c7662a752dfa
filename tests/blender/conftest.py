# SPDX-License-Identifier: GPL-3.0-or-later
"""Real Blender with the extension really installed: the zip of build.py, through Blender's own installer.

A test asks for `bpy` (an empty scene, the extension enabled) and imports what it needs of the extension with
`from_extension("physx_blender.model")`: never `import physx_blender`, which would make a second copy of every class.
"""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tools import extension_zip

ROOT = Path(__file__).resolve().parent.parent.parent
REPOSITORY = "user_default"

collect_ignore_glob: list[str] = []
if find_spec("bpy") is None:
    collect_ignore_glob = ["test_*.py"]
else:
    # Blender reads this when bpy is imported, so it has to come first: the user's own settings stay untouched.
    _USER = Path(tempfile.mkdtemp(prefix="simready-blender-"))
    atexit.register(shutil.rmtree, _USER, ignore_errors=True)
    os.environ["BLENDER_USER_RESOURCES"] = str(_USER)


def package_name() -> str:
    """The dotted name under which Blender imports the extension."""
    return f"bl_ext.{REPOSITORY}.{extension_zip.read_manifest(ROOT)['id']}"


@pytest.fixture(scope="session")
def extension_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension as users get it."""
    return extension_zip.build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def installed_extension(extension_archive: Path) -> Iterator[str]:
    """Install and enable the extension once; the name of its root package."""
    import bpy

    # Blender's own modules can be found only once bpy is there.
    addon_utils = importlib.import_module("addon_utils")
    name = package_name()
    bpy.ops.extensions.package_install_files(
        filepath=str(extension_archive), repo=REPOSITORY, enable_on_install=True
    )
    if name not in bpy.context.preferences.addons:
        # The operator reports a failed register() on the console only; enabling again raises it here.
        addon_utils.enable(name, default_set=True, handle_error=_reraise)
    assert name in bpy.context.preferences.addons, f"{name} was installed but cannot be enabled"
    yield name
    # bpy 4.5 hangs at exit while an operator with properties is still registered.
    addon_utils.disable(name, default_set=True)


def _reraise(error: BaseException) -> None:
    raise error


@pytest.fixture
def bpy(installed_extension: str) -> Any:
    """Blender with an empty scene and the extension enabled."""
    import bpy as module

    module.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    assert installed_extension in module.context.preferences.addons
    return module


@pytest.fixture(scope="session")
def from_extension(installed_extension: str) -> Callable[[str], ModuleType]:
    """Import a module of the installed extension: `from_extension("physx_blender.model")`."""

    def load(name: str) -> ModuleType:
        return importlib.import_module(f"{installed_extension}.{name}" if name else installed_extension)

    return load


@pytest.fixture(scope="session")
def backend_python() -> Path:
    """The Python of the backend's own environment, which is never Blender's."""
    named = os.environ.get("SIMREADY_BACKEND_PYTHON")
    folder = "Scripts" if sys.platform == "win32" else "bin"
    path = Path(named) if named else ROOT / ".venv" / folder / "python"
    if not path.exists():
        pytest.fail(f"{path} does not exist; run `python3 build.py setup` first")
    return path


@pytest.fixture
def backend(
    bpy: Any,
    from_extension: Callable[[str], ModuleType],
    backend_python: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Any]:
    """The session of the extension, with a real backend in its own environment; it ends with the test."""
    monkeypatch.setenv("SIMREADY_BACKEND_PYTHON", str(backend_python))
    session = from_extension("operators.backend_session").session
    yield session
    if session.process is not None and session.process.pid and hasattr(signal, "SIGCONT"):
        os.kill(session.process.pid, signal.SIGCONT)  # a test may have stopped it
    session.stop()
