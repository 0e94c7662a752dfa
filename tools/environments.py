# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual environments: `.venv` for the backend and one per Blender, made once and then left alone.

Blender's own Python and the backend's are separate in production, so they are separate here as well.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import entry_point, pythons
from .console import BuildError, run, run_filtered, say, step

TORCH_INDEX_VARIABLE = "SIMREADY_TORCH_INDEX"
BACKEND_PYTHONS = ("3.11", "3.13", "3.12")
BLENDERS = {"4.5": "3.11", "5.2": "3.13"}
"""Blender version -> the Python its module is built for."""

_PIP_CHATTER = ("Requirement already satisfied", "Looking in ", "WARNING: Location ")
_STAMP = "build-stamp.json"
_CUDA = re.compile(r"(nvidia|cuda)[-_]|triton$|pytorch[-_]triton")


@dataclass(frozen=True)
class TorchSource:
    """Where torch may come from: an extra package index, and whether its CUDA packages are welcome."""

    index: str | None = None
    cuda: bool = False

    @classmethod
    def from_options(cls, index: str | None, cuda: bool) -> TorchSource:
        """The command line first, then the environment."""
        return cls(index=index or os.environ.get(TORCH_INDEX_VARIABLE) or None, cuda=cuda)

    def pip_arguments(self) -> list[str]:
        """What pip has to be told."""
        return ["--extra-index-url", self.index] if self.index else []


def requirement_files(path: Path) -> list[Path]:
    """`path` and every requirements or constraints file it names, in reading order."""
    found = [path]
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\s*(?:-r|-c)\s+(\S+)", line)
        if match:
            found += requirement_files(path.parent / match.group(1))
    return found


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for file in requirement_files(path):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _read_stamp(environment: Path) -> dict[str, str]:
    try:
        stamp = json.loads((environment / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(environment: Path, stamp: dict[str, str]) -> None:
    beside = environment / f"{_STAMP}.new"
    beside.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    beside.replace(environment / _STAMP)


def _version_of(environment: Path) -> str | None:
    """The Python version of an existing environment; None when there is none or it no longer runs."""
    python = pythons.in_environment(environment)
    if not python.is_file():
        return None
    try:
        return subprocess.run(
            [str(python), "-I", "-c", "import pip, sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True, text=True, timeout=60, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None


def _make(environment: Path, interpreter: Path) -> None:
    if environment.exists():
        shutil.rmtree(environment)
    if run([interpreter, "-m", "venv", environment], cwd=environment.parent) != 0:
        shutil.rmtree(environment, ignore_errors=True)
        raise BuildError(f"{interpreter} could not make {environment}; the lines above say why.")


def _pip(environment: Path, *arguments: str | Path) -> list[str | Path]:
    return [
        pythons.in_environment(environment), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments,
    ]  # fmt: skip


def cuda_packages(report: dict[str, object]) -> list[str]:
    """Names of the CUDA packages in a report of `pip install --dry-run --report`."""
    installs = report["install"]
    assert isinstance(installs, list)
    names = [str(item["metadata"]["name"]) for item in installs]
    return sorted(name for name in names if _CUDA.match(name.lower()))


def _cuda_that_would_come(environment: Path, requirements: Path, source: TorchSource) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        status = run_filtered(
            _pip(
                environment, "install", "--quiet", "--dry-run", "--report", report,
                *source.pip_arguments(), "-r", requirements,
            ),
            cwd=requirements.parent, hide=_PIP_CHATTER,
        )  # fmt: skip
        if status != 0:
            raise BuildError(
                f"pip could not resolve {requirements.name}; the lines above say why. "
                "Check the network, then run the command again."
            )
        return cuda_packages(json.loads(report.read_text(encoding="utf-8")))


def _install(environment: Path, files: list[Path], extra: list[str]) -> None:
    chosen: list[str | Path] = []
    for file in files:
        chosen += ["-r", file]
    command = _pip(environment, "install", *extra, *chosen)
    if sys.stdout.isatty():
        status = run(command, cwd=environment.parent)  # pip draws its progress bars only on a terminal
    else:
        status = run_filtered(command, cwd=environment.parent, hide=_PIP_CHATTER)
    if status != 0:
        raise BuildError(
            f"pip could not install {', '.join(f.name for f in files)}; the lines above say why. "
            "What was downloaded is kept: run the command again."
        )


def ensure_backend(root: Path, requirement_set: str, source: TorchSource) -> Path:
    """Make `.venv` hold `requirements/<requirement_set>.txt`; the path of its Python.

    Does nothing when the stamp says that it already does. CUDA packages are found before they are downloaded, by
    resolving alone, and refused unless `source.cuda`.
    """
    environment = root / ".venv"
    requirements = root / "requirements" / f"{requirement_set}.txt"
    python = pythons.in_environment(environment)
    stamp = _read_stamp(environment)
    if python.exists() and stamp.get(requirement_set) == _digest(requirements):
        entry_point.write(environment, root)
        return python

    refused: dict[str, list[str]] = {}
    present = _version_of(environment)
    versions = [present] if present in BACKEND_PYTHONS else list(BACKEND_PYTHONS)
    for version in versions:
        if version != present:
            interpreter = pythons.find(version)
            if interpreter is None:
                continue
            with step(f"making {environment.name} with Python {version}"):
                _make(environment, interpreter)
        if not source.cuda:
            with step(f"resolving {requirements.name} to see what would come in"):
                cuda = _cuda_that_would_come(environment, requirements, source)
            if cuda:
                refused[version] = cuda
                if version != present:
                    shutil.rmtree(environment)
                continue
        with step(f"installing {requirements.name} into {environment.name}"):
            _install(environment, [requirements], source.pip_arguments())
        digests = {name: _digest(root / "requirements" / f"{name}.txt") for name in ("backend", "dev")}
        names = ("backend", "dev") if requirement_set == "dev" else (requirement_set,)
        _write_stamp(environment, {"python": version} | {name: digests[name] for name in names})
        entry_point.write(environment, root)
        return python
    raise BuildError(_no_backend(refused))


def _no_backend(refused: dict[str, list[str]]) -> str:
    if not refused:
        return (
            f"the backend needs Python {' or '.join(BACKEND_PYTHONS[:2])} with venv and pip, and none was found; "
            "install one (on Debian: python3.11 and python3.11-venv) and run the command again."
        )
    version, names = next(iter(refused.items()))
    some = ", ".join(names[:3])
    return (
        f"for Python {version} pip would bring the CUDA build of torch: {len(names)} packages ({some}, ...), several "
        "gigabytes, so nothing was installed. Either install Python 3.11, or name a package index that has CPU builds "
        f"with --torch-index URL (or {TORCH_INDEX_VARIABLE}), or, on a machine with an NVIDIA GPU, allow them with --cuda."
    )


def ensure_blender(root: Path, blender: str) -> Path | None:
    """Make `.venv-blender-<blender>` with that bpy and the test tools; its Python, or None if no Python fits."""
    environment = root / f".venv-blender-{blender}"
    files = [root / "requirements" / f"blender-{blender}.txt", root / "requirements" / "tests-blender.txt"]
    digest = hashlib.sha256("".join(_digest(file) for file in files).encode()).hexdigest()
    python = pythons.in_environment(environment)
    if python.exists() and _read_stamp(environment).get("blender") == digest:
        return python
    if _version_of(environment) != BLENDERS[blender]:
        interpreter = pythons.find(BLENDERS[blender])
        if interpreter is None:
            return None
        with step(f"making {environment.name} with Python {BLENDERS[blender]}"):
            _make(environment, interpreter)
    with step(f"installing Blender {blender} as a module (about 350 MB the first time)"):
        _install(environment, files, [])
    _write_stamp(environment, {"python": BLENDERS[blender], "blender": digest})
    return python


def ensure_blenders(root: Path) -> dict[str, Path]:
    """Every Blender this machine has a Python for: version -> Python; at least one, or an error."""
    found: dict[str, Path] = {}
    for blender, version in BLENDERS.items():
        python = ensure_blender(root, blender)
        if python is None:
            say(f"Blender {blender} is left out: it needs Python {version}, and none was found")
        else:
            found[blender] = python
    if not found:
        raise BuildError(_no_blender())
    return found


def ensure_any_blender(root: Path) -> Path:
    """The Python of the first Blender that this machine can have."""
    for blender in BLENDERS:
        python = ensure_blender(root, blender)
        if python is not None:
            return python
    raise BuildError(_no_blender())


def _no_blender() -> str:
    wanted = " or ".join(f"Python {version} (for Blender {blender})" for blender, version in BLENDERS.items())
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return f"Blender as a module needs {wanted}; only Python {here} was found. Install one of them."
