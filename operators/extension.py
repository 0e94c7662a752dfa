# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the extension is, and what the user has set for it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import bpy
from bpy.types import Context

ROOT_PACKAGE = __package__.rpartition(".")[0]
ROOT = Path(__file__).resolve().parent.parent
BACKEND_MAIN = ROOT / "backend" / "__main__.py"
PYTHON_VARIABLE = "SIMREADY_BACKEND_PYTHON"
"""Environment variable that names the backend's Python where the preferences do not."""


def preferences(context: Context) -> Any:
    """The preferences of this extension."""
    return context.preferences.addons[ROOT_PACKAGE].preferences


def user_folder(name: str) -> Path:
    """A folder of ours for files that outlive an update of the extension."""
    return Path(bpy.utils.extension_path_user(ROOT_PACKAGE, path=name, create=True))


def environment_folder() -> Path:
    """Where the backend's environment is made."""
    return user_folder("backend") / "environment"


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def backend_python(context: Context) -> Path | None:
    """Python of the backend: as set by the user, else our own environment, else that of a checkout; None = there is none."""
    chosen = preferences(context).backend_python or os.environ.get(PYTHON_VARIABLE, "")
    if chosen:
        return Path(bpy.path.abspath(chosen))
    for environment in (environment_folder(), ROOT / ".venv"):
        if python_of(environment).is_file():
            return python_of(environment)
    return None
