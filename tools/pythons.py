# SPDX-License-Identifier: GPL-3.0-or-later
"""Find Python interpreters that really run and can make virtual environments."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# A shim of a version manager may exist and still refuse to run; an interpreter of a distribution may lack venv or ensurepip.
_PROBE = "import ensurepip, sys, venv; print(*sys.version_info[:2], sys._base_executable or sys.executable)"
_WINDOWS = os.name == "nt"


def _candidates(version: str) -> Iterator[Path]:
    if sys.version_info[:2] == tuple(int(n) for n in version.split(".")):
        yield Path(sys.executable)
    names = [f"python{version}", "python3", "python"]
    for folder in os.get_exec_path():
        for name in names:
            path = Path(folder) / (f"{name}.exe" if _WINDOWS else name)
            if path.is_file():
                yield path
    roots = [Path(os.environ["PYENV_ROOT"])] if "PYENV_ROOT" in os.environ else []
    roots.append(Path.home() / ".pyenv")
    for root in roots:
        for release in sorted(root.glob(f"versions/{version}.*"), reverse=True):
            yield release / "bin" / "python"
    for prefix in ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"):
        yield Path(prefix) / f"python{version}"
    if _WINDOWS and "LOCALAPPDATA" in os.environ:
        tag = version.replace(".", "")
        yield Path(os.environ["LOCALAPPDATA"]) / "Programs" / "Python" / f"Python{tag}" / "python.exe"


def find(version: str) -> Path | None:
    """The first working interpreter of `version` ("3.11"), or None when this machine has none."""
    seen: set[Path] = set()
    for candidate in _candidates(version):
        if candidate in seen or not candidate.is_file():
            continue
        seen.add(candidate)
        try:
            answer = subprocess.run(
                [str(candidate), "-I", "-c", _PROBE], capture_output=True, text=True, timeout=30, check=True
            ).stdout.strip()
        except (OSError, subprocess.SubprocessError):
            continue
        major, minor, executable = answer.split(" ", 2)
        if f"{major}.{minor}" == version:
            return Path(executable)
    return None


def in_environment(folder: Path, name: str = "python") -> Path:
    """Where a virtual environment keeps its program `name`."""
    return folder / "Scripts" / f"{name}.exe" if _WINDOWS else folder / "bin" / name
