# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the checkout usable from its environment: `import backend`, `import physx_blender`, and `physx-blender`.

Putting the checkout on `sys.path` would expose `ui`, `operators` and `tools` as top-level modules of every program
that runs in the environment; a finder that knows two names does not.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .pythons import in_environment

COMMAND = "physx-blender"

_FINDER = """\
# Written by build.py: finds the packages of the checkout, and only those.
from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder

ROOT = {root!r}


class CheckoutFinder:
    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return PathFinder.find_spec(name, [ROOT]) if name in ("physx_blender", "backend") else None


sys.meta_path.append(CheckoutFinder)
"""

_SCRIPT = """\
#!{python}
# Written by build.py.
import sys

from backend.cli import main

if __name__ == "__main__":  # training starts worker processes, which import this file again
    sys.exit(main())
"""

_BATCH = '@"{python}" -c "import sys; from backend.cli import main; sys.exit(main())" %*\r\n'


def _write_if_new(path: Path, text: str) -> None:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="")
    if os.name != "nt" and path.name == COMMAND:
        beside.chmod(0o755)
    beside.replace(path)


def write(environment: Path, root: Path) -> None:
    """Write the finder and the command into `environment`, unless they are already as they should be."""
    python = in_environment(environment)
    libraries = sorted((environment / ("Lib" if os.name == "nt" else "lib")).glob("**/site-packages"))
    if not libraries:
        raise FileNotFoundError(
            f"{environment} has no site-packages folder; delete it and run build.py again"
        )
    _write_if_new(libraries[0] / "_simready_checkout.py", _FINDER.format(root=str(root)))
    _write_if_new(libraries[0] / "_simready_checkout.pth", "import _simready_checkout\n")
    if os.name == "nt":
        _write_if_new(python.with_name(f"{COMMAND}.cmd"), _BATCH.format(python=python))
    else:
        _write_if_new(python.with_name(COMMAND), _SCRIPT.format(python=python))


if __name__ == "__main__":
    write(Path(sys.prefix), Path(__file__).resolve().parent.parent)
