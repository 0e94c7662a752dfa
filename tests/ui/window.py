# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts a real Blender with a window for a scripted session, and reads what it reports.

`SIMREADY_BLENDER` names the executable (`python3 build.py test --blender PATH` sets it): Blender itself, or anything that
takes its arguments and brings its own screen. Without a display, `xvfb-run` provides one where it is installed.
`SIMREADY_PICTURES` names a folder to keep reports and pictures in.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from physx_blender.formats.package import write_package
from tests.ui.props import sideboard
from tools import extension_zip

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(__file__).resolve().parent
BLENDER = os.environ.get("SIMREADY_BLENDER", "")

needs_window = pytest.mark.skipif(
    not BLENDER, reason="no Blender with a window; run `python3 build.py test --blender PATH`"
)


def run_session(
    script: str, folder: Path, order: dict[str, Any], *, simulate_events: bool = False, timeout: float = 280.0
) -> dict[str, Any]:
    """Run a script of this folder in a window; its report.

    folder: empty folder for the order, Blender's settings and, in `out`, what the session writes.
    order: what the script needs to know besides archive, module and output.
    simulate_events: mouse and keyboard are moved by the script alone.
    Fails when the session reports errors, or Blender prints a traceback.
    """
    output = folder / "out"
    output.mkdir(parents=True)
    whole = {
        "archive": str(extension_zip.build(ROOT, folder)),
        "module": f"bl_ext.user_default.{extension_zip.read_manifest(ROOT)['id']}",
        "output": str(output),
        **order,
    }
    (folder / "order.json").write_text(json.dumps(whole))
    screen = [] if os.environ.get("DISPLAY") or not shutil.which("xvfb-run") else ["xvfb-run", "-a"]
    command = [
        *screen,
        BLENDER,
        "--window-geometry",
        "0",
        "0",
        "1120",
        "700",
        *(["--enable-event-simulate"] if simulate_events else []),
        "--python",
        str(FOLDER / script),
        "--",
        str(folder / "order.json"),
    ]
    environment = {
        **os.environ,
        "BLENDER_USER_RESOURCES": str(folder / "user"),
        "LIBGL_ALWAYS_SOFTWARE": "1",
    }
    told = _run(command, environment, timeout)
    keep = os.environ.get("SIMREADY_PICTURES")
    if keep:
        shutil.copytree(output, Path(keep) / order.get("scene", Path(script).stem), dirs_exist_ok=True)
    assert (output / "report.json").exists(), f"the session ended without a report:\n{told[-4000:]}"
    report: dict[str, Any] = json.loads((output / "report.json").read_text())
    assert report["errors"] == [], "\n".join(report["errors"])
    assert "Traceback" not in told, told[-4000:]
    return report


def _run(command: list[str], environment: dict[str, str], timeout: float) -> str:
    """What a program has printed; where it takes too long, it ends with all that it has started."""
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            return process.communicate(timeout=timeout)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGTERM)
            told = process.communicate()[0]
            pytest.fail(f"the session took more than {timeout:.0f} s:\n{told[-4000:]}")


def play_sideboard(script: str, scene: str, folder: Path) -> dict[str, Any]:
    """Play one scene of a session on the sideboard, in a window of its own."""
    write_package(sideboard(), folder / "sideboard")
    order = {"package": str(folder / "sideboard" / "asset.json"), "rig": "sideboard", "scene": scene}
    return run_session(script, folder / "run", order, simulate_events=True, timeout=560.0)
