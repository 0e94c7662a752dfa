# SPDX-License-Identifier: GPL-3.0-or-later
"""Lint, types and tests, each in the environment it belongs to, with one summary at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import demo, environments
from .console import BuildError, fail, say
from .console import run as run_command

LINT_STEPS = ("ruff", "format", "types")
STEPS = (*LINT_STEPS, "core", "backend", "blender", "window", "demo")

_MINUTE = 60.0
_LINT_TIMEOUT = 5 * _MINUTE
_TEST_TIMEOUT = 15 * _MINUTE
# bpy 4.5 is known to hang at exit when something stays registered; a hang must not eat the whole run.
_BLENDER_TIMEOUT = 8 * _MINUTE
# A window drawn in software is slow; every session has a limit of its own besides.
_WINDOW_TIMEOUT = 60 * _MINUTE


@dataclass(frozen=True)
class Result:
    """What one step came to; the counts are zero for a step that is no test run."""

    title: str
    status: int
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def good(self) -> bool:
        """Whether it succeeded."""
        return self.status == 0


def count_cases(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped of a JUnit XML report; a missing or cut-off report (a crash) has none passed."""
    try:
        suites = ET.parse(report).getroot().iter("testsuite")
    except (OSError, ET.ParseError):
        return 0, 1, 0
    passed = failed = skipped = 0
    for suite in suites:
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        left = int(suite.get("skipped", 0))
        passed += int(suite.get("tests", 0)) - bad - left
        failed += bad
        skipped += left
    return passed, failed, skipped


def _timed(title: str, action: Callable[[], int]) -> Result:
    say(f"{title} ...")
    start = time.monotonic()
    status = action()
    seconds = time.monotonic() - start
    say(f"{title}: {'passed' if status == 0 else f'FAILED (status {status})'} in {seconds:.0f} s")
    return Result(title, status, seconds)


def _pytest(
    title: str, root: Path, python: Path, arguments: list[str], timeout: float, variables: dict[str, str]
) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command: list[str | Path] = [python, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **variables}
        result = _timed(
            title, lambda: run_command(command, cwd=root, environment=environment, timeout=timeout)
        )
        passed, failed, skipped = count_cases(report)
    # A run whose every test passed but that died afterwards has still failed, and so has one without tests (status 5).
    return Result(title, result.status, result.seconds, passed, failed, skipped)


def _window(root: Path, python: Path, threads: dict[str, str], blender: str | None) -> Result:
    """The sessions of tests/ui in a window of `blender`."""
    variables = {**threads, "SIMREADY_BACKEND_PYTHON": str(python), "SIMREADY_BLENDER": ""}
    if blender is not None:
        executable = shutil.which(blender)
        if executable is None:
            fail(f"{blender} is no program that can be started; give --blender the path of Blender itself")
            return Result("tests in a window", 1, 0.0)
        variables["SIMREADY_BLENDER"] = str(Path(executable).resolve())
    return _pytest("tests in a window", root, python, ["tests/ui"], _WINDOW_TIMEOUT, variables)


def _demo(root: Path, source: environments.TorchSource) -> int:
    """The demo, from the shipped picture into a folder that is thrown away; 0 when everything it promises is there."""
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        output = Path(folder) / "asset"
        try:
            status = demo.run(root, None, output, 0, source)
        except BuildError as error:
            fail(str(error))
            return 1
        made = {path.suffix or path.name for path in output.iterdir()}
        missing = {".blend", ".xml", ".urdf", ".png", ".json", "meshes"} - made
        if missing:
            fail(f"the demo did not write {', '.join(sorted(missing))}")
        return 1 if missing else status


def run(
    root: Path,
    source: environments.TorchSource,
    only: list[str] | None = None,
    blender: str | None = None,
) -> int:
    """Run the chosen steps (all by default); 0 when every one of them passed.

    blender: executable for the sessions in a window; without it these are skipped, and say so.
    """
    wanted = tuple(only) if only else STEPS
    start = time.monotonic()
    python = environments.ensure_backend(root, "dev", source)
    blenders = environments.ensure_blenders(root) if "blender" in wanted else {}
    results: list[Result] = []

    lint: dict[str, tuple[str, list[str]]] = {
        "ruff": ("ruff check", ["ruff", "check", "--output-format", "concise", "."]),
        "format": ("ruff format", ["ruff", "format", "--check", "--output-format", "concise", "."]),
        "types": ("mypy", ["mypy"]),
    }
    for name, (title, words) in lint.items():
        if name in wanted:
            command: list[str | Path] = [python, "-m", *words]
            results.append(
                _timed(title, lambda c=command: run_command(c, cwd=root, timeout=_LINT_TIMEOUT))  # type: ignore[misc]
            )

    # One thread per process: two processes share the cores, and torch's own threads would fight over them.
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    folders = [f"tests/{name}" for name in ("core", "backend") if name in wanted]
    if folders:
        workers = str(min(4, os.cpu_count() or 1))
        arguments = [*folders, "-n", workers, "--dist", "loadfile"]
        title = " and ".join(name.removeprefix("tests/") for name in folders) + " tests"
        results.append(_pytest(title, root, python, arguments, _TEST_TIMEOUT, threads))
    for version, blender_python in blenders.items():
        variables = {**threads, "SIMREADY_BACKEND_PYTHON": str(python)}
        title = f"Blender {version} tests"
        results.append(_pytest(title, root, blender_python, ["tests/blender"], _BLENDER_TIMEOUT, variables))
    if "window" in wanted:
        results.append(_window(root, python, threads, blender))
    if "demo" in wanted:
        results.append(_timed("demo on an example", lambda: _demo(root, source)))
    return _summary(results, time.monotonic() - start)


def _summary(results: list[Result], seconds: float) -> int:
    print(flush=True)
    for result in results:
        counts = ""
        if result.passed or result.failed or result.skipped:
            counts = f"{result.passed} passed, {result.failed} failed, {result.skipped} skipped"
        mark = "ok    " if result.good else "FAILED"
        print(f"  {mark} {result.title:<24} {result.seconds:6.1f} s  {counts}".rstrip())
    print(f"  all steps took {seconds:.0f} s")
    passed, skipped = sum(r.passed for r in results), sum(r.skipped for r in results)
    failed = sum(r.failed for r in results)
    if passed or failed:
        print(f"total: {passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 0 if all(result.good for result in results) else 1
