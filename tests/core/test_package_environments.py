# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of build.py that decide what is installed and how a run went."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import checks, entry_point, environments, pythons


def _report(*names: str) -> dict[str, object]:
    return {"install": [{"metadata": {"name": name, "version": "1"}} for name in names]}


def test_cuda_packages_are_recognised() -> None:
    report = _report(
        "numpy", "nvidia-cublas", "nvidia_cudnn-cu13", "cuda-toolkit", "triton", "torch", "cudaless"
    )
    assert environments.cuda_packages(report) == [
        "cuda-toolkit",
        "nvidia-cublas",
        "nvidia_cudnn-cu13",
        "triton",
    ]
    assert environments.cuda_packages(_report("numpy", "torch", "tritonclient")) == []


def test_requirement_files_are_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("# a comment\n-r b.txt\nnumpy==1\n")
    (tmp_path / "b.txt").write_text("-c c.txt\nscipy==1\n")
    (tmp_path / "c.txt").write_text("six==1\n")
    names = [path.name for path in environments.requirement_files(tmp_path / "a.txt")]
    assert names == ["a.txt", "b.txt", "c.txt"]


@pytest.mark.parametrize("name", ["core", "backend", "dev", "blender-4.5", "blender-5.2", "tests-blender"])
def test_every_requirement_is_pinned(root: Path, name: str) -> None:
    lines = (root / "requirements" / f"{name}.txt").read_text().splitlines()
    pinned = [line for line in lines if line and not line.startswith(("#", "-r ", "-c "))]
    assert pinned
    assert not [line for line in pinned if "==" not in line]


def test_find_returns_an_interpreter_of_that_version() -> None:
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    found = pythons.find(here)
    assert found is not None
    out = subprocess.run(
        [str(found), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert out.stdout.strip() == here


def test_find_knows_when_there_is_none() -> None:
    assert pythons.find("3.2") is None


def test_counts_of_a_report(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2"/></testsuites>')
    assert checks.count_cases(report) == (3, 2, 2)
    assert checks.count_cases(tmp_path / "missing.xml") == (0, 1, 0)


def test_entry_point_shows_two_packages_and_hides_the_rest(tmp_path: Path) -> None:
    """A real environment, a pretended checkout in a folder with a space, and another working directory."""
    environment, checkout = tmp_path / "env", tmp_path / "check out"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    for package in ("physx_blender", "backend", "ui"):
        (checkout / package).mkdir(parents=True)
        (checkout / package / "__init__.py").write_text("")
    (checkout / "backend" / "cli.py").write_text(
        "import sys\n"
        "def main():\n"
        "    from importlib.util import find_spec\n"
        "    print(find_spec('physx_blender') is not None, find_spec('ui'), sys.argv[1:])\n"
        "    return 3\n"
    )
    entry_point.write(environment, checkout)
    suffix = ".cmd" if sys.platform == "win32" else ""
    command = pythons.in_environment(environment).with_name(f"physx-blender{suffix}")
    answer = subprocess.run(
        [str(command), "generate", "--help"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (answer.returncode, answer.stdout.strip()) == (3, "True None ['generate', '--help']"), (
        answer.stderr
    )
