# SPDX-License-Identifier: GPL-3.0-or-later
"""Start of the backend from where the extension is installed: ``python -B <extension>/backend/__main__.py serve``."""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# Started by its path, Python puts this folder in front of the search path, where `render` or `server` would be found
# as top-level modules. What is needed is the folder above, where `backend` and `physx_blender` are packages.
sys.path[:] = [p for p in sys.path if Path(p or ".").resolve() != _HERE]
if str(_HERE.parent) not in sys.path:
    sys.path.insert(0, str(_HERE.parent))

from backend.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
