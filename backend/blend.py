# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a .blend of an asset package, in a Blender process of its own: Blender and the backend share no Python.

Blender is, in this order: the Python with the bpy module that `BLENDER_VARIABLE` names, an environment that
``build.py`` made beside this code, or the program ``blender`` of the search path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from physx_blender.errors import AssetError

BLENDER_VARIABLE = "SIMREADY_BLENDER_PYTHON"
ENVIRONMENTS = (".venv-blender-4.5", ".venv-blender-5.2")
TIMEOUT = 300.0
_ROOT = Path(__file__).resolve().parents[1]
_SCRIPT = Path(__file__).resolve().with_name("blend_session.py")


def find_blender(purpose: str = "--blend") -> list[str]:
    """The command that runs a script in Blender, without the script. Raises `AssetError` if there is none.

    purpose: what needs it, for the message.
    """
    named = os.environ.get(BLENDER_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise AssetError(f"names {named}, which is not a file; correct it", where=BLENDER_VARIABLE)
        return [named, "-B"]
    place = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    for name in ENVIRONMENTS:
        python = _ROOT.joinpath(name, *place)
        if python.is_file():
            return [str(python), "-B"]
    program = shutil.which("blender")
    if program is not None:
        return [program, "--background", "--factory-startup", "--python-exit-code", "1", "--python"]
    raise AssetError(
        f"needs Blender; run 'python3 build.py setup', put blender on the search path, or set {BLENDER_VARIABLE}",
        where=purpose,
    )


def write_blend(package: Path, target: Path) -> Path:
    """Build the rigged scene of the asset package in folder `package` and save it as `target`; returns `target`."""
    beside = target.with_name(f".{target.stem}.{os.getpid()}.blend")
    command = [*find_blender(), str(_SCRIPT), "--", str(package), str(beside)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "BLENDER_"))}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT,
            check=False,
        )
        if done.returncode != 0 or not beside.is_file():
            lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
            last = lines[-1].strip() if lines else f"code {done.returncode}"
            raise AssetError(f"Blender could not make it: {last[:400]}", where=str(target))
        beside.replace(target)
    except subprocess.TimeoutExpired:
        raise AssetError(f"Blender took longer than {TIMEOUT:g} s and was ended", where=str(target)) from None
    except OSError as error:
        raise AssetError(f"Blender cannot be started ({error})", where=str(target)) from None
    finally:
        beside.unlink(missing_ok=True)
    return target
