# SPDX-License-Identifier: GPL-3.0-or-later
"""The set-up of the backend's environment, as the add-on runs it: real venv, real pip, nothing to download."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "backend" / "install.py"


def begin(tmp_path: Path, requirements: str) -> subprocess.Popen[str]:
    file = tmp_path / "requirements.txt"
    file.write_text(requirements)
    command = [
        sys.executable,
        "-I",
        "-B",
        str(SCRIPT),
        str(tmp_path / "environment"),
        str(file),
        str(tmp_path / "setup.log"),
    ]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def news(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    assert process.stdout is not None
    return [json.loads(line) for line in process.stdout]


def test_packages_that_do_not_work_leave_no_environment(tmp_path: Path) -> None:
    process = begin(tmp_path, "# nothing\n")
    told = news(process)
    assert process.wait(60) == 1
    assert "do not work" in told[-1]["error"]
    fractions = [t["fraction"] for t in told[:-1]]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(0.95)
    assert not (tmp_path / "environment").exists()
    assert "ModuleNotFoundError" in (tmp_path / "setup.log").read_text()


def test_closing_its_input_cancels_and_removes(tmp_path: Path) -> None:
    process = begin(tmp_path, "# nothing\n")
    assert process.stdout is not None
    assert process.stdin is not None
    process.stdout.readline()
    process.stdin.close()
    told = news(process)
    assert process.wait(60) == 1
    assert told[-1] == {"error": "cancelled"}
    assert not (tmp_path / "environment").exists()


def test_cuda_is_found_before_it_is_downloaded(tmp_path: Path) -> None:
    package = tmp_path / "nvidia_nothing"
    package.mkdir()
    (package / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "made"\nbackend-path = ["."]\n'
        '[project]\nname = "nvidia-nothing"\nversion = "1"\n'
    )
    (package / "made.py").write_text(
        "def prepare_metadata_for_build_wheel(folder, settings=None):\n"
        "    import os\n"
        "    name = 'nvidia_nothing-1.dist-info'\n"
        "    os.makedirs(os.path.join(folder, name))\n"
        "    with open(os.path.join(folder, name, 'METADATA'), 'w') as f:\n"
        "        f.write('Metadata-Version: 2.1\\nName: nvidia-nothing\\nVersion: 1\\n')\n"
        "    return name\n"
        "def build_wheel(*arguments, **options):\n"
        "    raise SystemExit('it was built all the same')\n"
    )
    process = begin(tmp_path, f"nvidia-nothing @ {package.as_uri()}\n")
    told = news(process)
    assert process.wait(60) == 1
    assert "CUDA" in told[-1]["error"]
    assert not (tmp_path / "environment").exists()
